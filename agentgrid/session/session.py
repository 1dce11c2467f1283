"""What panes a session has and how they are arranged: ``apply(command) → events``, ``change(pane, facts) → events``.

Cells are a list: number n is ``cells[n - 1]``, row by row, one page after the other; an empty one is None. A pane is in
exactly one cell, or it is parked. The focus is on a pane of the grid whenever there is one; the zoom is off or on the
focused pane. Closing and parking leave an empty cell, so that no other pane changes its number.

Events come in an order that leaves whoever applies them one by one with a session that holds together: the focus leaves a
pane before the pane goes. A specific event (``StateChanged``, ``TitleChanged``, ``PaneStarted``, ``PaneExited``) is
followed by ``PaneChanged`` with the whole pane.

What it does not do: start anything, know a size, or read a clock; ``now`` is seconds since the epoch.
"""

from typing import Any, assert_never

import msgspec

from agentgrid.errors import UsageError
from agentgrid.names import checked_name
from agentgrid.session import commands, events
from agentgrid.session.names import fresh_name
from agentgrid.session.pane import Pane, PaneId, PaneStatus

MAX_GRID = 10  # Rows or columns: a hundred cells on a page is more than any window shows.
MAX_NUMBER = 999  # Cells on all pages: three digits in a header, and a number typed wrong does not make a million cells.

OURS = frozenset({"id", "name", "number", "parked", "locked"})
"""Fields of a pane that only commands change."""
NOTHING_SAID: dict[str, Any] = {
    "status_source": "",
    "status_kind": "",
    "status_until": None,
    "message": "",
    "progress": None,
    "dialog": None,
}
"""What is said of a state goes with the state."""


class SessionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A session as it is saved. Which cell a pane is in stands in its number."""

    name: str
    folder: str
    rows: int
    columns: int
    panes: tuple[Pane, ...] = ()
    focus: PaneId | None = None
    zoom: PaneId | None = None
    next_pane: int = 1
    counters: dict[str, int] = {}


class Session:
    """The model of one session. Owned by the server; everybody else sees events and copies of panes."""

    def __init__(self, name: str, folder: str, rows: int = 1, columns: int = 1) -> None:
        """Raises UsageError for a grid that cannot be."""
        self.name = name
        self.folder = folder
        self.rows, self.columns = checked_grid(rows, columns)
        self.panes: dict[PaneId, Pane] = {}
        self.cells: list[PaneId | None] = [None] * (rows * columns)
        self.focus: PaneId | None = None
        self.zoom: PaneId | None = None
        self._next_pane = 1
        self._counters: dict[str, int] = {}
        """How many panes were named after each agent or program: a name is not given twice, as an id is not."""

    @classmethod
    def restore(cls, record: SessionRecord) -> "Session":
        """The session that was saved; ids and names go on after the last that was given."""
        session = cls(record.name, record.folder, record.rows, record.columns)
        for pane in record.panes:
            session.panes[pane.id] = pane
            if pane.number:
                session._put(pane.id, pane.number)
        session.focus, session.zoom = record.focus, record.zoom
        session._next_pane = max([record.next_pane, *(pane.id + 1 for pane in record.panes)])
        session._counters = dict(record.counters)
        return session

    def record(self) -> SessionRecord:
        """Everything that a successor needs to go on."""
        return SessionRecord(
            name=self.name,
            folder=self.folder,
            rows=self.rows,
            columns=self.columns,
            panes=tuple(self.panes.values()),
            focus=self.focus,
            zoom=self.zoom,
            next_pane=self._next_pane,
            counters=dict(self._counters),
        )

    def apply(self, command: commands.AnyCommand, now: float) -> list[events.Event]:
        """Do it, and say what happened; nothing when it was so already. Raises UsageError, and nothing has changed then."""
        match command:
            case commands.NewPane():
                return self._create(command, now)
            case commands.ClosePane(pane=pane):
                return self._close(self._known(pane), now)
            case commands.RestartPane(pane=pane):
                return self._restart(self._known(pane), now)
            case commands.RenamePane(pane=pane, name=name):
                return self._rename(self._known(pane), name, now)
            case commands.MovePane(pane=pane, number=number):
                return self._move(self._on_grid(pane), number, now)
            case commands.FocusPane(pane=pane):
                return self._focus(self._on_grid(pane).id, now)
            case commands.ZoomPane(pane=pane):
                return self._zoom(None, now) if pane is None else self._focus(self._on_grid(pane).id, now) + self._zoom(pane, now)
            case commands.ParkPane(pane=pane):
                return self._park(self._known(pane), now)
            case commands.UnparkPane(pane=pane, number=number):
                return self._unpark(self._known(pane), number, now)
            case commands.LockPane(pane=pane, locked=locked):
                return [] if self._known(pane).locked == locked else self._set(pane, now, locked=locked)
            case commands.SetGrid(rows=rows, columns=columns):
                return self._arrange(rows, columns, now)
            case _:
                assert_never(command)

    def change(self, pane: PaneId, now: float, **facts: Any) -> list[events.Event]:
        """New facts about a pane from whoever runs it, by the names of ``Pane``'s fields; no event when nothing is new.

        A new ``status`` is told whole: source, kind and message that do not come with it are gone.
        """
        if ours := OURS & facts.keys():
            raise ValueError(f"{', '.join(sorted(ours))}: only a command changes this")
        old = self.panes[pane]
        if facts.get("status", old.status) != old.status:
            facts = NOTHING_SAID | {"status_since": now} | facts
        new = msgspec.structs.replace(old, **facts)
        if new == old:
            return []
        self.panes[pane] = new
        return [*_told(old, new, now), events.PaneChanged(at=now, pane=pane, state=new)]

    # ------------------------------------------------------------------ panes

    def _create(self, command: commands.NewPane, now: float) -> list[events.Event]:
        number = self._empty_cell(command.number)
        if command.name:
            name = self._free_name(command.name)
        else:
            taken = {pane.name for pane in self.panes.values()}
            name, stem, count = fresh_name(command.agent, command.command, taken, self._counters)
            self._counters[stem] = count
        pane = Pane(
            id=PaneId(self._next_pane),
            name=name,
            command=command.command,
            agent=command.agent,
            folder=command.folder,
            number=number,
            status_since=now,
            trace=bool(command.trace),
        )
        self._next_pane += 1
        self.panes[pane.id] = pane
        self._put(pane.id, number)
        happened: list[events.Event] = [events.PaneCreated(at=now, pane=pane.id, state=pane)]
        if self.focus is None:  # Otherwise it stays: somebody may be typing.
            happened += self._focus(pane.id, now)
        return happened

    def _close(self, pane: Pane, now: float) -> list[events.Event]:
        happened = self._leave(pane, now)
        del self.panes[pane.id]
        return [*happened, events.PaneClosed(at=now, pane=pane.id)]

    def _restart(self, pane: Pane, now: float) -> list[events.Event]:
        return self.change(
            pane.id,
            now,
            status=PaneStatus.STARTING,
            status_since=now,
            pid=0,
            title="",
            traced=False,
            unseen=False,
            exit_code=None,
            problem="",
        )

    def _rename(self, pane: Pane, name: str, now: float) -> list[events.Event]:
        return [] if name == pane.name else self._set(pane.id, now, name=self._free_name(name))

    # ------------------------------------------------------------------ places

    def _move(self, pane: Pane, number: int, now: float) -> list[events.Event]:
        other = self._cell(number)
        if other == pane.id:
            return []
        self.cells[pane.number - 1] = None
        self._put(pane.id, number)
        happened = self._set(pane.id, now, number=number)
        if other is not None:
            self._put(other, pane.number)
            happened += self._set(other, now, number=pane.number)
        return happened

    def _park(self, pane: Pane, now: float) -> list[events.Event]:
        if pane.parked:
            return []
        return self._leave(pane, now) + self._set(pane.id, now, number=0, parked=True)

    def _unpark(self, pane: Pane, number: int, now: float) -> list[events.Event]:
        if not pane.parked:
            if number in (0, pane.number):
                return []
            raise UsageError(f"{pane.name} is not parked; 'agentgrid move {pane.name} {number}' moves it")
        number = self._empty_cell(number)
        self._put(pane.id, number)
        happened = self._set(pane.id, now, number=number, parked=False)
        if self.focus is None:
            happened += self._focus(pane.id, now)
        return happened

    def _arrange(self, rows: int, columns: int, now: float) -> list[events.Event]:
        if (rows, columns) == (self.rows, self.columns):
            return []
        self.rows, self.columns = checked_grid(rows, columns)
        self._trim()
        return [events.GridChanged(at=now, rows=rows, columns=columns)]

    def _leave(self, pane: Pane, now: float) -> list[events.Event]:
        """Empty the pane's cell; the zoom ends with it and the focus goes to the nearest pane."""
        if not pane.number:
            return []
        self.cells[pane.number - 1] = None
        self._trim()
        if self.focus != pane.id:
            return []
        happened = self._zoom(None, now)
        remaining = [(abs(number - pane.number), number, other) for number, other in enumerate(self.cells, 1) if other is not None]
        return happened + self._focus(min(remaining)[2] if remaining else None, now)

    # ------------------------------------------------------------------ focus and zoom

    def _focus(self, pane: PaneId | None, now: float) -> list[events.Event]:
        if pane == self.focus:
            return []
        self.focus = pane
        moved: list[events.Event] = [events.FocusMoved(at=now, pane=pane)]
        return moved if self.zoom is None else moved + self._zoom(pane, now)

    def _zoom(self, pane: PaneId | None, now: float) -> list[events.Event]:
        if pane == self.zoom:
            return []
        self.zoom = pane
        return [events.ZoomChanged(at=now, pane=pane)]

    # ------------------------------------------------------------------ parts

    def _set(self, pane: PaneId, now: float, **fields: Any) -> list[events.Event]:
        new = self.panes[pane] = msgspec.structs.replace(self.panes[pane], **fields)
        return [events.PaneChanged(at=now, pane=pane, state=new)]

    def _put(self, pane: PaneId, number: int) -> None:
        self.cells += [None] * (number - len(self.cells))
        self.cells[number - 1] = pane
        self._trim()

    def _trim(self) -> None:
        """A page at least, and no empty cells after the last pane beyond it."""
        page = self.rows * self.columns
        self.cells += [None] * (page - len(self.cells))
        while len(self.cells) > page and self.cells[-1] is None:
            self.cells.pop()

    def _cell(self, number: int) -> PaneId | None:
        """Who is in the cell. Raises UsageError for a number that no cell has."""
        if not 1 <= number <= MAX_NUMBER:
            raise UsageError(f"cells are numbered from 1 to {MAX_NUMBER}, there is no {number}")
        return self.cells[number - 1] if number <= len(self.cells) else None

    def _empty_cell(self, number: int) -> int:
        """The cell for a pane that comes: the one that is asked for, else the first that is empty."""
        if number == 0:
            number = next((empty for empty, pane in enumerate(self.cells, 1) if pane is None), len(self.cells) + 1)
        if (holder := self._cell(number)) is not None:
            raise UsageError(f"cell {number} holds {self.panes[holder].name}; name an empty one, or none for the first that is")
        return number

    def _free_name(self, name: str) -> str:
        for pane in self.panes.values():
            if pane.name == name:
                raise UsageError(f"the name '{name}' is taken by pane {pane.number or f'%{pane.id}'}; choose another")
        return checked_name(name)

    def _known(self, pane: PaneId) -> Pane:
        try:
            return self.panes[pane]
        except KeyError:
            raise UsageError(f"there is no pane %{pane} any more") from None

    def _on_grid(self, pane: PaneId) -> Pane:
        known = self._known(pane)
        if known.parked:
            raise UsageError(f"{known.name} is parked; 'agentgrid unpark {known.name}' brings it back")
        return known


def checked_grid(rows: int, columns: int) -> tuple[int, int]:
    """The grid, if it can be one. Raises UsageError."""
    if not (1 <= rows <= MAX_GRID and 1 <= columns <= MAX_GRID):
        raise UsageError(f"a grid of {rows}x{columns} cannot be; rows and columns are 1 to {MAX_GRID} each")
    return rows, columns


def _told(old: Pane, new: Pane, now: float) -> list[events.Event]:
    """The specific events of a pane's new facts."""
    told: list[events.Event] = []
    if new.pid and new.pid != old.pid:
        told.append(events.PaneStarted(at=now, pane=new.id, pid=new.pid))
    if (new.status, new.status_kind, new.message) != (old.status, old.status_kind, old.message):
        told.append(
            events.StateChanged(at=now, pane=new.id, state=new.status, kind=new.status_kind, message=new.message, source=new.status_source)
        )
    if new.exit_code is not None and new.exit_code != old.exit_code:
        told.append(events.PaneExited(at=now, pane=new.id, exit_code=new.exit_code))
    if new.title != old.title:
        told.append(events.TitleChanged(at=now, pane=new.id, title=new.title))
    return told
