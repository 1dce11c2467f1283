"""Where the demo's scratch repository stands: in a new folder below the temporary one, for as long as its session lives."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from agentgrid.errors import Unavailable

PREFIX, NAME = "agentgrid-demo-", "tidebook"


def make_scratch() -> Path:
    """The folder for the repository, not there yet, in a new one that is ours alone."""
    try:
        return Path(tempfile.mkdtemp(prefix=PREFIX)).resolve() / NAME
    except OSError as error:
        raise Unavailable(f"cannot make the demo's folder: {error.strerror}") from error


def remove_scratch(folder: Path) -> None:
    """The session of this folder has ended: if it was the demo, take the repository away, and the folder unless there is more in it.

    A folder of that name anywhere but where ``make_scratch`` puts them is a person's own.
    """
    if folder.name == NAME and folder.parent.name.startswith(PREFIX) and folder.parent.parent == Path(tempfile.gettempdir()).resolve():
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()
