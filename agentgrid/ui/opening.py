"""What opens a link: the desktop's own program for an address, an editor for a file. No shell, and nothing that a text could name.

An address goes as one word to ``xdg-open`` or ``open``, which choose by its scheme; only those of ``uri`` get so far. A file is never given
to them: what the desktop does with a file depends on what the file is. It is read in an editor.
"""

import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping

EDITORS = ("VISUAL", "EDITOR")

_PLUS = frozenset({"vi", "vim", "nvim", "gvim", "view", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "jed", "ne", "pico", "mg"})
_GOTO = frozenset({"code", "code-insiders", "codium", "cursor", "windsurf"})
_COLON = frozenset({"hx", "helix", "subl", "zed"})


def editor(environment: Mapping[str, str]) -> list[str]:
    """The words of the editor that the person has chosen."""
    return next((words for name in EDITORS if (words := shlex.split(environment.get(name, "")))), ["vi"])


def editing(environment: Mapping[str, str], path: str, line: int = 0, column: int = 0) -> tuple[str, ...]:
    """The command that edits a file (by its absolute path) at a line, as far as the editor is known to take one."""
    words = editor(environment)
    if not line:
        return (*words, path)
    name = os.path.basename(words[0])
    if name in _PLUS:
        return (*words, f"+{line}", path)
    place = f"{path}:{line}:{column or 1}"
    if name in _GOTO:
        return (*words, "-g", place)
    return (*words, place if name in _COLON else path)


def opener(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """The program that opens addresses here; empty where there is none, or no display."""
    if platform == "darwin":
        return shutil.which("open", path=environment.get("PATH")) or ""
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") or environment.get("WSL_DISTRO_NAME")):
        return ""
    names = ("xdg-open", "wslview")
    return next((found for name in names if (found := shutil.which(name, path=environment.get("PATH")))), "")


def open_address(program: str, uri: str) -> str:
    """Start it and leave it alone; why that failed, or nothing."""
    try:
        process = subprocess.Popen(
            [program, uri], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        return f"cannot run {os.path.basename(program)}: {error.strerror}"
    threading.Thread(target=process.wait, daemon=True, name="agentgrid-open").start()
    return ""
