"""``record``: a pane's output with its timing, to a file, until Ctrl+C or the end of the program."""

import os
import time
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from agentgrid.cli.output import complain
from agentgrid.cli.reach import connect
from agentgrid.cli.recording import Moment, Writer
from agentgrid.errors import Unavailable, UsageError
from agentgrid.geometry import Size
from agentgrid.protocol.messages import FollowEvents, GetStatus, Happened, Recorded, RecordPane, ResolvePane, ServerMessage
from agentgrid.session.events import PaneClosed, PaneExited, SessionEnded, StateChanged
from agentgrid.session.pane import PaneId, PaneStatus

if TYPE_CHECKING:
    from agentgrid.cli.words import Call
    from agentgrid.client.client import Client


def record(call: "Call", *, file: str, pane: str) -> int:
    """Write what the pane prints, line by line as it comes; a recorder that is killed leaves a whole recording."""
    with connect(call) as client:
        chosen = PaneId(client.request(ResolvePane(pane=pane)))
        _check_runs(client, f"%{chosen}")
        about = client.request(RecordPane(pane=f"%{chosen}"))
        client.request(FollowEvents())
        written = 0.0
        try:
            with _create(file) as out:
                writer = Writer()
                out.write(
                    writer.header(Size(columns=about["columns"], rows=about["rows"]), about["name"], time.time(), about.get("agent", ""))
                )
                out.flush()
                for moment in _moments(client.messages(), chosen):
                    out.write(writer.line(moment))
                    out.flush()
                    written = moment.at
        except KeyboardInterrupt:
            pass  # The way to end a recording.
        except OSError as error:
            raise Unavailable(f"cannot write {file}: {error.strerror}") from error
    complain(f"{written:.1f} seconds of {about['name']} are in {file}; 'agentgrid replay {file}' plays them")
    return 0


def _check_runs(client: "Client", pane: str) -> None:
    """Raises UsageError when the pane's program has ended: there is nothing to record."""
    for known in client.request(GetStatus())["panes"]:
        if known["id"] == pane and known["state"] == PaneStatus.EXITED:
            raise UsageError(f"the program in {known['name']} has ended; 'agentgrid restart {known['name']}' runs it again")


def _moments(messages: Iterator[ServerMessage], pane: PaneId) -> Iterator[Moment]:
    """What is recorded, until the pane's program has ended."""
    for message in messages:
        match message:
            case Recorded(at=at, columns=columns, rows=rows) if columns:
                yield Moment(at, size=Size(columns=columns, rows=rows))
            case Recorded(at=at, data=data):
                yield Moment(at, data)
            case Happened(event=PaneExited(pane=ended) | PaneClosed(pane=ended)) if ended == pane:
                return
            case Happened(event=StateChanged(pane=ended, state=PaneStatus.EXITED)) if ended == pane:
                return
            case Happened(event=SessionEnded()):
                return
            case _:
                pass


def _create(file: str) -> IO[str]:
    """What a pane shows is its user's business alone."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
