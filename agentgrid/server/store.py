"""The session's record on disk: enough to know every pane again after the server was killed.

One file, replaced whole by a rename, below the state folder; the panes' journals stand beside it. A session's folder is
named after the session and the folder it works in, so that two sessions of one name never share a state.
"""

import hashlib
import os
import shutil
from pathlib import Path

import msgspec

from agentgrid.paths import private_folder, state_dir
from agentgrid.session.pane import PaneId
from agentgrid.session.session import SessionRecord

RECORD = "session.msgpack"
_decode = msgspec.msgpack.Decoder(SessionRecord).decode
_encode = msgspec.msgpack.Encoder().encode


class Store:
    """Owned by the server."""

    def __init__(self, session: str, folder: str) -> None:
        """Raises OSError when the state folder cannot be made."""
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
        private_folder(state_dir())
        self.folder = private_folder(state_dir() / f"{session}-{digest}")
        self._saved = b""

    def pane_folder(self, pane: PaneId) -> Path:
        """Where the pane's journal is."""
        return self.folder / f"pane-{pane}"

    def load(self) -> SessionRecord | None:
        """What the last server saved; None when there is none, or another version wrote it."""
        try:
            return _decode((self.folder / RECORD).read_bytes())
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def save(self, record: SessionRecord) -> bool:
        """Replace the record, if it differs from the last. Raises OSError (a full disk): the old record stands.

        True when somebody had removed the folder: it is made anew, and what else was in it is missing.
        """
        data = _encode(record)
        if data == self._saved:
            return False
        removed = not self.folder.exists()
        private_folder(self.folder)
        fresh = self.folder / f"{RECORD}.new"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        fresh.rename(self.folder / RECORD)
        self._saved = data
        return removed

    def drop_pane(self, pane: PaneId) -> None:
        """The pane is closed: forget what it printed."""
        shutil.rmtree(self.pane_folder(pane), ignore_errors=True)

    def clear(self) -> None:
        """The session has ended: nothing of it is kept."""
        shutil.rmtree(self.folder, ignore_errors=True)
