"""Which sessions there are, and where their sockets stand.

A session is named after its folder (the root of the git repository, else the folder itself). Below the user's runtime
folder each has a folder of its name, with the server's socket and a file ``folder`` that says where it works, so that
two folders of one name are told apart by a suffix.
"""

import os
import re
import socket
from pathlib import Path
from typing import NamedTuple

from agentgrid.errors import UsageError
from agentgrid.paths import private_folder, runtime_dir, session_folder

MAX_NAME = 40  # A name is part of a socket's path, which may not be long.
SOCKET_NAME = "server.sock"
FOLDER_FILE = "folder"


class SessionAddress(NamedTuple):
    """A session's name, the folder it works in, and its server's socket."""

    name: str
    folder: Path
    socket: Path


def session_root(folder: Path) -> Path:
    """The folder a session that is started here belongs to: the git root around it, else the folder itself."""
    folder = folder.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return folder


def session_name(text: str) -> str:
    """A folder's name as a session's: letters, digits, ``_``, ``-`` and ``.``, not at the start a dot or a dash."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.")[:MAX_NAME].rstrip("-.")
    return name or "session"


def address_for(folder: Path, name: str | None = None) -> SessionAddress:
    """The session of this folder, or the one of that name. It need not run.

    Raises UsageError when the name cannot be one.
    """
    root = session_root(folder)
    if name is not None:
        if session_name(name) != name:
            raise UsageError(f"'{name}' is no name for a session; use letters, digits, '_', '-' and '.', at most {MAX_NAME}")
        return SessionAddress(name, _folder_of(name) or root, session_folder(name) / SOCKET_NAME)
    plain = session_name(root.name)
    number = 1
    while True:
        candidate = plain if number == 1 else f"{plain[: MAX_NAME - 4]}-{number}"
        taken = _folder_of(candidate)
        if taken is None or taken == root:
            return SessionAddress(candidate, root, session_folder(candidate) / SOCKET_NAME)
        number += 1


def claim(address: SessionAddress) -> None:
    """Make the session's runtime folder and write down whose it is."""
    private_folder(runtime_dir())
    place = private_folder(address.socket.parent)
    (place / FOLDER_FILE).write_bytes(os.fsencode(address.folder))


def disown(where: Path) -> None:
    """The session of this socket has ended: its name is free for another folder."""
    (where.parent / FOLDER_FILE).unlink(missing_ok=True)


def running() -> list[SessionAddress]:
    """The sessions whose server takes connections, by name."""
    found = []
    base = runtime_dir()
    if not base.is_dir():
        return []
    for entry in sorted(base.iterdir()):
        folder = _folder_of(entry.name)
        where = session_folder(entry.name) / SOCKET_NAME
        if folder is not None and answers(where):
            found.append(SessionAddress(entry.name, folder, where))
    return found


def answers(where: Path) -> bool:
    """Whether somebody listens on the socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(where))
        except OSError:
            return False
    return True


def _folder_of(name: str) -> Path | None:
    try:
        return Path(os.fsdecode((session_folder(name) / FOLDER_FILE).read_bytes()))
    except OSError:
        return None
