"""What is asked about files: who changed which, what collides, both sides of it; and commits of one pane's work.

What is known is asked of the observer, in its thread; what reads a disk or runs git goes on in a thread of its own. The server's
loop only passes things on.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, assert_never

from agentgrid.errors import AgentgridError, Unavailable, UsageError
from agentgrid.protocol import asked as q
from agentgrid.server.authors import View
from agentgrid.server.report import pane_word
from agentgrid.session.pane import PaneId
from agentgrid.session.select import resolve
from agentgrid.workspace import contest
from agentgrid.workspace.archive import Archive
from agentgrid.workspace.change import change_object
from agentgrid.workspace.committing import Committed, Item, Work, commit, plan
from agentgrid.workspace.conflict import Conflict, conflict_object
from agentgrid.workspace.git import git_root
from agentgrid.workspace.lines import NOBODY, lines_of
from agentgrid.workspace.observation import Observation
from agentgrid.workspace.pathname import text_of_native
from agentgrid.workspace.repository import Checkout

if TYPE_CHECKING:
    from agentgrid.server.server import Server

MAX_CHANGES = 20_000  # What `changes` lists at the most: a day of nine busy agents, 4 MB of JSON.


class Ticket(Protocol):
    """Where an answer goes."""

    def done(self, result: Any = None) -> None: ...
    def failed(self, error: AgentgridError) -> None: ...


class Place(NamedTuple):
    """A file of a workspace."""

    observation: Observation
    path: str


def answer(server: "Server", ticket: Ticket, what: q.FileQuestion) -> None:
    """Answer, now or later. Raises UsageError."""
    names = {int(pane.id): f"{pane.name} (pane {pane.number or f'%{pane.id}'})" for pane in server.session.panes.values()}

    def ask(question: Callable[[View], Any], then: Callable[[Any], Any] | None = None) -> None:
        """The answer of the observer's thread; ``then`` goes on with it in a thread of its own."""
        go_on = ticket.done if then is None else lambda found: server.loop.in_thread(lambda: then(found), end)
        server.authors.ask(question, go_on, ticket.failed)

    def end(result: Any, error: BaseException | None) -> None:
        if isinstance(error, AgentgridError):
            ticket.failed(error)
        elif isinstance(error, OSError):
            ticket.failed(Unavailable(str(error)))
        elif error is not None:
            raise error
        else:
            ticket.done(result)

    def pane_of(word: str) -> PaneId:
        return resolve(word, server.session.panes.values())

    match what:
        case q.GetChanges(pane=word):
            only = pane_of(word) if word else None
            ask(
                lambda view: {str(top): observation.archive.folder for top, observation in view.items()},
                lambda found: _changes(found, only),
            )
        case q.GetConflicts(closed=closed):
            ask(lambda view: _conflicts(view, closed))
        case q.GetAuthors(path=path):
            ask(lambda view: _authors(place_of(view, path)))
        case q.Acknowledge(conflict=number):
            _acknowledge(server, ticket, number)
        case q.CheckPath(path=path, pane=word):
            own = pane_of(word) if word else None
            numbers = {int(pane.id): (pane.name, pane.number) for pane in server.session.panes.values()}
            ask(lambda view: holders(place_of(view, path), own, numbers, server.clock()))
        case q.CommitPane(pane=word, message=message, dry_run=dry_run):
            _commit(server, ticket, pane_of(word), message, names, dry_run=dry_run)
        case q.GetContest(conflict=number):
            ask(lambda view: contest.sides(_of_conflict(view, number), number))
        case q.GetHot():
            ask(_hot)
        case q.GetWork(pane=word):
            pane = pane_of(word)
            ask(lambda view: [contest.work(observation, pane) for observation in view.values()], contest.diffs)
        case q.RestoreSide(conflict=number, pane=side):
            ask(lambda view: contest.restored(_of_conflict(view, number), number, side), contest.restore)
        case _:
            assert_never(what)


# ------------------------------------------------------------------ where things are


def place_of(view: View, path: str) -> Place:
    """The workspace that a path (absolute) is in, and its name there. Raises UsageError."""
    absolute = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    tops = [top for top in view if absolute.startswith(f"{top}/")]
    if not tops:
        raise UsageError(f"{path} is in no folder that a pane of this session works in")
    top = max(tops, key=lambda top: len(str(top)))
    return Place(view[top], text_of_native(os.path.relpath(absolute, top)))


def _of_conflict(view: View, number: int) -> Observation:
    for observation in view.values():
        if observation.conflicts.get(number) is not None:
            return observation
    there = [conflict.id for observation in view.values() for conflict in observation.conflicts.conflicts()]
    raise UsageError(f"there is no conflict {number} (open: {', '.join(map(str, there)) or 'none'})")


# ------------------------------------------------------------------ answers


def _stores(view: View) -> dict[str, Path]:
    return {str(top): observation.archive.folder for top, observation in view.items()}


def _changes(stores: dict[str, Path], only: PaneId | None) -> list[dict[str, Any]]:
    found = [change_object(change) | {"folder": top} for top, store in stores.items() for change in Archive(store).latest(MAX_CHANGES)]
    word = None if only is None else pane_word(only)
    return sorted((change for change in found if word is None or change["pane"] == word), key=lambda change: change["at"])[-MAX_CHANGES:]


def _conflicts(view: View, closed: bool) -> list[dict[str, Any]]:
    found = [
        conflict_object(conflict) | {"folder": str(top)}
        for top, observation in view.items()
        for conflict in observation.conflicts.conflicts(closed=closed)
    ]
    return sorted(found, key=lambda conflict: conflict["first"])


def _authors(place: Place) -> dict[str, Any]:
    """Who wrote a file: the panes with uncommitted work in it, line by line where that is known, and who was last."""
    observation, path = place
    version = observation.contents.version(path)
    lines: list[list[Any]] = []
    for number, owner in enumerate(version.owners if version is not None else (), 1):
        word = None if owner == NOBODY else pane_word(owner)
        if lines and lines[-1][2] == word:
            lines[-1][1] = number
        else:
            lines.append([number, number, word])
    last = next((change for change in observation.ledger.tail(MAX_CHANGES) if change.path == path), None)
    return {
        "path": path,
        "folder": str(observation.top),
        "authors": [change_object(change) for change in observation.ledger.workers(path).values()],
        "last": None if last is None else change_object(last),
        "lines": lines,
    }


def _acknowledge(server: "Server", ticket: Ticket, number: int) -> None:
    def question(view: View) -> tuple[Observation, Conflict]:
        observation = _of_conflict(view, number)
        conflict = observation.conflicts.get(number)
        assert conflict is not None
        return observation, conflict

    def answered(found: tuple[Observation, Conflict]) -> None:
        observation, conflict = found
        if not conflict.open:
            closing = "" if conflict.closing is None else conflict.closing.value
            ticket.failed(UsageError(f"conflict {number} is over already ({closing})"))
            return
        server.authors.do(lambda _: observation.acknowledge(number))
        ticket.done(conflict_object(conflict))

    server.authors.ask(question, answered, ticket.failed)


def holders(place: Place, own: PaneId | None, names: dict[int, tuple[str, int]], now: float) -> list[dict[str, Any]]:
    """Who else has written a file of late and not committed it; ``names``: name and number of each pane."""
    observation, path = place
    version = observation.contents.version(path)
    return [
        {
            "pane": pane_word(writer.pane),
            "name": names.get(writer.pane, (pane_word(writer.pane), 0))[0],
            "number": names.get(writer.pane, ("", 0))[1],
            "path": path,
            "at": writer.last,
            "lines": [] if version is None else [[span.first, span.last] for span in lines_of(version, writer.pane)],
        }
        for writer in observation.conflicts.writers.others(path, own, now)
    ]


def _hot(view: View) -> list[dict[str, Any]]:
    found = [
        {"path": path, "folder": str(top), "panes": count} for top, observation in view.items() for path, count in observation.ledger.hot()
    ]
    return sorted(found, key=lambda hot: -int(str(hot["panes"])))


# ------------------------------------------------------------------ a commit


def _commit(server: "Server", ticket: Ticket, pane: PaneId, message: str, names: dict[int, str], *, dry_run: bool) -> None:
    folder = Path(server.session.panes[pane].folder.path)
    if not dry_run and not message.strip():
        raise UsageError("a commit needs a message: -m TEXT")

    def gather(view: View) -> tuple[Observation, Checkout, dict[str, Work]]:
        top = (git_root(folder) or folder).resolve()
        observation = view.get(top)
        if observation is None or observation.checkout is None:
            raise UsageError(f"{folder} is in no git repository; there is nothing to commit to")
        work = {
            path: Work(
                change,
                tuple(other for other in observation.ledger.workers(path) if other != pane),
                observation.contents.version(path),
            )
            for path, change in observation.ledger.work_of(pane).items()
        }
        return observation, observation.checkout, work

    def go(found: tuple[Observation, Checkout, dict[str, Work]]) -> None:
        """git is run in a thread; what it did is told to the observer."""
        observation, checkout, work = found

        def job() -> Committed:
            items = plan(checkout, work, pane, names)
            if not items:
                raise UsageError(f"{names[pane]} has written nothing that is not committed")
            return Committed("", tuple(items), "", ()) if dry_run else commit(checkout, items, message)

        def made(result: Committed | None, error: BaseException | None) -> None:
            if isinstance(error, AgentgridError):
                ticket.failed(error)
            elif isinstance(error, OSError):
                ticket.failed(Unavailable(f"cannot commit: {error}"))
            elif error is not None:
                raise error
            else:
                assert result is not None
                if result.commit:
                    paths = tuple(item.path for item in result.items)
                    server.authors.do(lambda _: observation.committed_exactly(pane, paths, result.clean, result.summary))
                ticket.done({"commit": result.commit, "summary": result.summary, "files": [_told(item) for item in result.items]})

        server.loop.in_thread(job, made)

    server.authors.ask(gather, go, ticket.failed)


def _told(item: Item) -> dict[str, Any]:
    part = "deleted" if item.content is None else "whole" if item.whole else "part"
    return {"path": item.path, "part": part}
