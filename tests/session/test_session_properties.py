"""What holds for any session: any sequence of commands keeps it whole, and the events tell all of it."""

from hypothesis import given
from hypothesis import strategies as st

from agentgrid.errors import UsageError
from agentgrid.session import commands as c
from agentgrid.session import events as e
from agentgrid.session.pane import Pane, PaneId
from agentgrid.session.session import Session

NOW = 1_700_000_000.0


def number_or_any(first: int) -> st.SearchStrategy[int]:
    return st.integers(min_value=first, max_value=12)


IDS = st.integers(min_value=1, max_value=9).map(PaneId)
COMMANDS: st.SearchStrategy[c.AnyCommand] = st.one_of(
    st.builds(
        c.NewPane,
        agent=st.sampled_from(["", "claude", "codex"]),
        command=st.sampled_from([(), ("npm", "test")]),
        name=st.sampled_from(["", "", "x", "claude-2", "7"]),
        number=number_or_any(-1),
    ),
    st.builds(c.ClosePane, pane=IDS),
    st.builds(c.RestartPane, pane=IDS),
    st.builds(c.RenamePane, pane=IDS, name=st.sampled_from(["x", "npm", "claude-1", "%1"])),
    st.builds(c.MovePane, pane=IDS, number=number_or_any(0)),
    st.builds(c.FocusPane, pane=IDS),
    st.builds(c.ZoomPane, pane=st.none() | IDS),
    st.builds(c.ParkPane, pane=IDS),
    st.builds(c.UnparkPane, pane=IDS, number=number_or_any(0)),
    st.builds(c.SetGrid, rows=st.integers(0, 3), columns=st.integers(1, 3)),
)


def check(session: Session) -> None:
    """What holds for every session at every moment."""
    placed = [cell for cell in session.cells if cell is not None]
    on_grid = {key for key, state in session.panes.items() if not state.parked}
    assert len(placed) == len(set(placed))
    assert set(placed) == on_grid
    for key, state in session.panes.items():
        assert state.id == key
        assert state.number == (0 if state.parked else session.cells.index(key) + 1)
    assert len(session.cells) >= session.rows * session.columns
    assert len(session.cells) == session.rows * session.columns or session.cells[-1] is not None
    names = [state.name for state in session.panes.values()]
    assert len(names) == len(set(names))
    assert (session.focus in on_grid) if on_grid else session.focus is None
    assert session.zoom in (None, session.focus)


class Follower:
    """What somebody knows who only hears the events."""

    def __init__(self) -> None:
        self.panes: dict[PaneId, Pane] = {}
        self.focus: PaneId | None = None
        self.zoom: PaneId | None = None
        self.grid = (2, 2)

    def hear(self, event: e.Event) -> None:
        match event:
            case e.PaneCreated(pane=key, state=state) | e.PaneChanged(pane=key, state=state):
                self.panes[key] = state
            case e.PaneClosed(pane=key):
                del self.panes[key]
                assert key not in (self.focus, self.zoom)
            case e.FocusMoved(pane=focus):
                self.focus = focus
            case e.ZoomChanged(pane=zoom):
                self.zoom = zoom
            case e.GridChanged(rows=rows, columns=columns):
                self.grid = (rows, columns)


@given(st.lists(COMMANDS, max_size=40))
def test_any_commands_keep_the_session_whole_and_events_tell_all_of_it(asked: list[c.AnyCommand]) -> None:
    session, follower = Session("work", "/tmp/work", 2, 2), Follower()
    given_ids: list[PaneId] = []
    given_names: list[str] = []
    for command in asked:
        before = session.record()
        try:
            happened = session.apply(command, NOW)
        except UsageError:
            assert session.record() == before
            continue
        assert bool(happened) == (session.record() != before) or isinstance(command, c.RestartPane)
        for event in happened:
            assert event.at == NOW
            follower.hear(event)
            if isinstance(event, e.PaneCreated):
                assert not given_ids or event.pane > given_ids[-1]
                given_ids.append(event.pane)
                if not (isinstance(command, c.NewPane) and command.name):
                    assert event.state.name not in given_names
                    given_names.append(event.state.name)
        check(session)
        assert (follower.panes, follower.focus, follower.zoom) == (session.panes, session.focus, session.zoom)
        assert follower.grid == (session.rows, session.columns)


@given(st.lists(COMMANDS, max_size=30), st.lists(COMMANDS, max_size=10))
def test_a_restored_session_goes_on_as_if_nothing_had_been(before: list[c.AnyCommand], after: list[c.AnyCommand]) -> None:
    session = Session("work", "/tmp/work", 2, 2)
    for command in before:
        attempt(session, command)
    restored = Session.restore(session.record())
    check(restored)
    assert restored.record() == session.record()
    assert restored.cells == session.cells
    for command in after:
        assert attempt(restored, command) == attempt(session, command)
        assert restored.record() == session.record()


def attempt(session: Session, command: c.AnyCommand) -> list[e.Event] | str:
    try:
        return session.apply(command, NOW)
    except UsageError as error:
        return str(error)
