"""How a demo agent gets at the files of its folder: edits as agents make them, and never outside."""

import os
from pathlib import Path

from agentgrid.agents.demo.steps import Edit


class FolderHands:
    """Edits in one folder. ``renames``: write a temporary file and move it into place, as one family of agents does."""

    def __init__(self, folder: Path, *, renames: bool) -> None:
        self._folder = folder.resolve()
        self._renames = renames

    def edit(self, step: Edit) -> bool:
        """Replace the old text by the new, once; an empty old one appends. Whether it was there."""
        path = self._folder / step.path
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        if step.old not in before:
            return False
        after = before.replace(step.old, step.new, 1) if step.old else before + step.new
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._renames:
            fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            fresh.write_text(after, encoding="utf-8")
            fresh.replace(path)
        else:
            path.write_text(after, encoding="utf-8")
        return True

    def mentioned(self, prompt: str) -> str:
        """The first word of the prompt that is a file of the folder."""
        for word in prompt.split():
            path = (self._folder / word.strip("`'\",;:!?()")).resolve()
            if path.is_file() and path.is_relative_to(self._folder):
                return path.relative_to(self._folder).as_posix()
        return ""
