"""A text on the desktop's clipboard by the desktop's own tool, beside OSC 52, which not every terminal takes.

The tool is chosen by the display there is: pbcopy on macOS, wl-copy under Wayland, xclip or xsel under X11, clip.exe under WSL. It is
started without a shell, given the text on its standard input by a thread, and left alone: xclip and wl-copy go on as long as the
text is on the clipboard. Where there is no display or no tool, OSC 52 is all there is; whether a tool did anything is not asked.
"""

import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping

WAYLAND = (("wl-copy", "--type", "text/plain;charset=utf-8"),)
X11 = (("xclip", "-selection", "clipboard", "-in"), ("xsel", "--clipboard", "--input"))
WSL = (("clip.exe",),)
MACOS = (("pbcopy",),)


def tool(environment: Mapping[str, str], platform: str = sys.platform) -> tuple[str, ...]:
    """The command that takes a text; empty where there is none."""
    if platform == "darwin":
        candidates: tuple[tuple[str, ...], ...] = MACOS
    else:
        candidates = (
            *(WAYLAND if environment.get("WAYLAND_DISPLAY") else ()),
            *(X11 if environment.get("DISPLAY") else ()),
            *(WSL if environment.get("WSL_DISTRO_NAME") else ()),
        )
    for command in candidates:
        if found := shutil.which(command[0], path=environment.get("PATH")):
            return (found, *command[1:])
    return ()


def put(text: str, command: tuple[str, ...]) -> None:
    """Give the text to the tool, in a thread of its own: a display that hangs holds up nobody."""

    def run() -> None:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
            )
            process.communicate(text.encode("utf-8", "replace"))
        except OSError:
            return  # It is no program, or has ended before it took the text: OSC 52 was sent as well.

    threading.Thread(target=run, daemon=True, name="agentgrid-copy").start()
