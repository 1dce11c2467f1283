"""The server's end of a pane's records: what its programs were about to write, as far as it has come."""

import socket

from agentgrid.workspace.trace.records import Flag, Record, What, decode

MAX_BATCH_BYTES = 256 * 1024  # The outlet's batches are far smaller.
AT_ONCE = 32  # Batches, some 10,000 records: the rest is still readable the next time, and something else gets its turn.


class RecordReader:
    """Owned by a ``Host``."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """Readable when there are records, and for good when the host is gone; -1 when closed."""
        return self._socket.fileno()

    def read(self) -> list[Record]:
        """The records that are there. What another version's host says and we cannot read counts as lost."""
        found: list[Record] = []
        for _ in range(AT_ONCE):
            try:
                batch = self._socket.recv(MAX_BATCH_BYTES)
            except BlockingIOError:
                break
            if not batch:
                break
            try:
                found.extend(decode(batch))
            except ValueError:
                found.append(Record(What.LOST, Flag(0), 1, 0))
        return found

    def close(self) -> None:
        self._socket.close()
