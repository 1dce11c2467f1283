"""Where a pane works. (A first version, of shared folders and paths only; the whole one replaces this file.)

The server calls ``prepare(kind, path, root=…, name=…) -> (folder, branch)``, in a thread where it may take long.
"""

from pathlib import Path

from agentgrid.errors import UsageError


def prepare(kind: str, path: str, *, root: Path, name: str) -> tuple[Path, str]:
    """The folder of a pane called ``name`` in the session at ``root``, made when it has to be, and its branch. Raises UsageError."""
    match kind:
        case "shared":
            return root, ""
        case "path":
            folder = (root / Path(path).expanduser()).resolve()
            if not folder.is_dir():
                raise UsageError(f"the folder {folder} is not there; make it, or name another for {name}")
            return folder, ""
        case _:
            raise UsageError(f"'{kind}' is no kind of folder this version makes")
