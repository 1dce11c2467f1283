"""A fault of ours: the person gets one line when the terminal is given back, the rest is kept in a file."""

import traceback

from agentgrid.paths import state_dir
from agentgrid.ui.app import Outcome

FILE = "screen-failed.txt"


def recorded(error: BaseException) -> Outcome:
    """Write down what happened; the outcome says where. The session is not concerned, and it says that too."""
    try:
        state_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
        path = state_dir() / FILE
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        path.chmod(0o600)
        where = f"{path} says where"
    except OSError as reason:
        where = f"where could not be written down: {reason.strerror}"
    text = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
    return Outcome("failed", f"the screen failed ({what}; {where}). The session goes on: 'agentgrid attach' shows it again")
