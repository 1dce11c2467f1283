"""Where things are: the user's folders, a session's folders, and the files that ship with the package.

Sockets live in the user's runtime folder, what must survive a reboot in the state folder, both 0700.
"""

import errno
import os
from pathlib import Path

MAX_SOCKET_PATH = 100  # sun_path holds 104 bytes on macOS, 108 on Linux, with the final NUL.
LONGEST_SOCKET_NAME = len("/hosts/1000000.sock")


def runtime_dir() -> Path:
    """The folder for sockets: ``$AGENTGRID_RUNTIME_DIR``, ``$XDG_RUNTIME_DIR/agentgrid``, else one in the temporary folder."""
    if own := os.environ.get("AGENTGRID_RUNTIME_DIR"):
        return Path(own)
    base = os.environ.get("XDG_RUNTIME_DIR")
    if base and os.access(base, os.W_OK):
        return Path(base) / "agentgrid"
    return temporary_dir() / f"agentgrid-{os.getuid()}"


def temporary_dir() -> Path:
    """Where POSIX puts what need not last: ``$TMPDIR``, else ``/tmp``."""
    return Path(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 (a folder of ours is made below it, and checked to be ours)


def session_folder(name: str) -> Path:
    """The folder of a session's sockets. Where its path would be too long for a socket, a short one in the temporary folder stands in."""
    folder = runtime_dir() / name
    if len(os.fsencode(folder)) + LONGEST_SOCKET_NAME <= MAX_SOCKET_PATH:
        return folder
    import hashlib  # With tempfile and shutil it was a third of what finding a session's socket took: only the odd case pays.

    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return temporary_dir() / f"agentgrid-{os.getuid()}" / digest


def state_dir() -> Path:
    """The folder for what survives: ``$AGENTGRID_STATE_DIR``, else the platform's."""
    if own := os.environ.get("AGENTGRID_STATE_DIR"):
        return Path(own)
    import platformdirs  # Slow to import, and a running session needs it once.

    return Path(platformdirs.user_state_dir("agentgrid", appauthor=False))


def config_dir() -> Path:
    """The user's configuration folder: ``config.toml``, ``themes/``, ``profiles/``."""
    if own := os.environ.get("AGENTGRID_CONFIG_DIR"):
        return Path(own)
    import platformdirs

    return Path(platformdirs.user_config_dir("agentgrid", appauthor=False))


def data_file(name: str) -> Path:
    """A file or folder that ships with the package (``themes``, ``demo.tcss``): in a wheel below ``data``, else beside the package."""
    here = Path(__file__).resolve().parent
    packaged = here / "data" / name
    return packaged if packaged.exists() else here.parent / name


def private_folder(path: Path) -> Path:
    """Make the folder, or take it when it is ours alone. Raises PermissionError when it belongs to somebody else."""
    _make(path)
    status = path.stat()
    if status.st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to user {status.st_uid}")
    if status.st_mode & 0o077:
        path.chmod(0o700)
    return path


def what_to_do(error: OSError, folder: Path) -> str:
    """What a person can do about a folder that could not be written to."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"free some space in {folder}"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"see to it that you may write to {folder}"
    return f"see what is wrong with {folder}"


def _make(path: Path) -> None:
    """The XDG base directory specification has folders that are not there made for their user alone, those above as well."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError:
        _make(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
