"""The model of a session: what each command does and which events tell of it."""

from typing import TypeAlias

import pytest

from agentgrid.errors import UsageError
from agentgrid.session import commands as c
from agentgrid.session import events as e
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.session.session import MAX_NUMBER, Session

NOW = 1_700_000_000.0
Facts: TypeAlias = dict[str, object]


def pane(number: int) -> PaneId:
    return PaneId(number)


def session_of(*agents: str, rows: int = 2, columns: int = 2) -> Session:
    """A session with a pane for each agent, ids from 1."""
    session = Session("work", "/tmp/work", rows, columns)
    for agent in agents:
        session.apply(c.NewPane(agent=agent, command=(agent,)), NOW)
    return session


def place(session: Session) -> list[str]:
    """The names by cell, '' for an empty one."""
    return ["" if cell is None else session.panes[cell].name for cell in session.cells]


def names_of(happened: list[e.Event]) -> list[str]:
    return [type(event).__name__ for event in happened]


class TestNewPane:
    def test_it_fills_the_first_empty_cell_and_the_first_pane_has_the_focus(self) -> None:
        session = Session("work", "/tmp/work", 1, 2)
        first = session.apply(c.NewPane(agent="claude", command=("claude",), trace=True), NOW)
        second = session.apply(c.NewPane(command=("/usr/bin/npm", "run", "dev")), NOW)
        assert names_of(first) == ["PaneCreated", "FocusMoved"]
        assert names_of(second) == ["PaneCreated"]
        assert place(session) == ["claude-1", "npm"]
        assert session.focus == 1
        assert session.panes[pane(1)].status is PaneStatus.STARTING
        assert session.panes[pane(1)].status_since == NOW
        assert session.panes[pane(1)].trace
        assert not session.panes[pane(2)].trace

    def test_one_too_many_begins_another_page(self) -> None:
        assert place(session_of("a", "b", "c", rows=1, columns=2)) == ["a-1", "b-1", "c-1"]

    def test_a_cell_can_be_asked_for(self) -> None:
        session = session_of("a")
        session.apply(c.NewPane(command=("top",), number=4), NOW)
        session.apply(c.NewPane(command=("sh",), number=7), NOW)
        assert place(session) == ["a-1", "", "", "top", "", "", "sh"]

    @pytest.mark.parametrize(
        ("command", "message"),
        [
            pytest.param(c.NewPane(number=1), "cell 1 holds a-1; name an empty one, or none for the first that is", id="taken"),
            pytest.param(c.NewPane(number=-1), f"cells are numbered from 1 to {MAX_NUMBER}, there is no -1", id="below"),
            pytest.param(c.NewPane(number=1000), f"cells are numbered from 1 to {MAX_NUMBER}, there is no 1000", id="above"),
            pytest.param(c.NewPane(name="a-1"), "the name 'a-1' is taken by pane 1; choose another", id="name taken"),
            pytest.param(c.NewPane(name="12"), "the name '12' is a number, and numbers are places on the grid; add a letter", id="number"),
        ],
    )
    def test_what_cannot_be(self, command: c.NewPane, message: str) -> None:
        session = session_of("a")
        before = session.record()
        with pytest.raises(UsageError) as raised:
            session.apply(command, NOW)
        assert str(raised.value) == message
        assert session.record() == before


class TestNames:
    @pytest.mark.parametrize(
        ("agent", "command", "names"),
        [
            pytest.param("claude", ("claude", "-c"), ["claude-1", "claude-2", "claude-3"], id="agents count from one"),
            pytest.param("", ("npm", "run", "dev"), ["npm", "npm-2", "npm-3"], id="programs from the second"),
            pytest.param("", ("./bin/run it.sh",), ["run-it.sh", "run-it.sh-2", "run-it.sh-3"], id="a space"),
            pytest.param("", ("/opt/7",), ["pane-7", "pane-7-2", "pane-7-3"], id="a number"),
            pytest.param("", ("/opt/日本",), ["pane", "pane-2", "pane-3"], id="not ASCII"),
            pytest.param("", ("/opt/.hidden",), ["hidden", "hidden-2", "hidden-3"], id="a dot file"),
            pytest.param("", (), ["shell", "shell-2", "shell-3"], id="no command"),
        ],
    )
    def test_who_is_not_named(self, agent: str, command: tuple[str, ...], names: list[str]) -> None:
        session = Session("work", "/tmp/work")
        for _ in names:
            session.apply(c.NewPane(agent=agent, command=command), NOW)
        assert [made.name for made in session.panes.values()] == names

    def test_a_name_is_not_given_twice(self) -> None:
        session = session_of("claude", "claude")
        session.apply(c.ClosePane(pane=pane(2)), NOW)
        session.apply(c.NewPane(agent="claude"), NOW)
        assert place(session) == ["claude-1", "claude-3", "", ""]

    def test_a_name_that_somebody_chose_is_passed_over(self) -> None:
        session = session_of("claude")
        session.apply(c.NewPane(agent="claude", name="claude-2"), NOW)
        session.apply(c.NewPane(agent="claude"), NOW)
        assert place(session)[:3] == ["claude-1", "claude-2", "claude-3"]

    @pytest.mark.parametrize("name", ["a", "experiment", "A_b-c.d", "x1", "1x", "_", "a" * 40])
    def test_can_be(self, name: str) -> None:
        session = session_of("a")
        assert names_of(session.apply(c.RenamePane(pane=pane(1), name=name), NOW)) == ["PaneChanged"]
        assert session.panes[pane(1)].name == name

    @pytest.mark.parametrize("name", ["", "3", "%7", "-x", ".", "..", "a b", "a/b", "é", "a\n", "a" * 41])
    def test_cannot_be(self, name: str) -> None:
        with pytest.raises(UsageError):
            session_of("a").apply(c.RenamePane(pane=pane(1), name=name), NOW)

    def test_one_of_another_pane_cannot_be(self) -> None:
        session = session_of("a", "b")
        session.apply(c.ParkPane(pane=pane(2)), NOW)
        with pytest.raises(UsageError, match="taken by pane %2"):
            session.apply(c.RenamePane(pane=pane(1), name="b-1"), NOW)


class TestPlaces:
    def test_moving_to_an_empty_cell(self) -> None:
        session = session_of("a", "b")
        happened = session.apply(c.MovePane(pane=pane(1), number=4), NOW)
        assert place(session) == ["", "b-1", "", "a-1"]
        assert [(event.pane, event.state.number) for event in happened if isinstance(event, e.PaneChanged)] == [(1, 4)]

    def test_moving_to_a_taken_cell_swaps(self) -> None:
        session = session_of("a", "b")
        happened = session.apply(c.MovePane(pane=pane(1), number=2), NOW)
        assert place(session) == ["b-1", "a-1", "", ""]
        assert [(event.pane, event.state.number) for event in happened if isinstance(event, e.PaneChanged)] == [(1, 2), (2, 1)]

    def test_the_last_page_goes_when_it_is_empty(self) -> None:
        session = session_of("a", "b", "c", rows=1, columns=2)
        session.apply(c.ClosePane(pane=pane(3)), NOW)
        assert place(session) == ["a-1", "b-1"]

    def test_closing_leaves_the_others_their_numbers(self) -> None:
        session = session_of("a", "b", "c")
        session.apply(c.ClosePane(pane=pane(2)), NOW)
        assert place(session) == ["a-1", "", "c-1", ""]

    def test_a_parked_pane_has_no_number_and_comes_back(self) -> None:
        session = session_of("a", "b")
        session.apply(c.ParkPane(pane=pane(1)), NOW)
        assert place(session) == ["", "b-1", "", ""]
        assert (session.panes[pane(1)].number, session.panes[pane(1)].parked) == (0, True)
        session.apply(c.UnparkPane(pane=pane(1), number=3), NOW)
        assert place(session) == ["", "b-1", "a-1", ""]
        assert not session.panes[pane(1)].parked

    def test_a_smaller_grid_moves_nobody(self) -> None:
        session = session_of("a", "b", "c")
        assert session.apply(c.SetGrid(rows=1, columns=2), NOW) == [e.GridChanged(at=NOW, rows=1, columns=2)]
        assert place(session) == ["a-1", "b-1", "c-1"]

    @pytest.mark.parametrize("grid", [(0, 3), (3, 0), (11, 1), (1, 11), (-1, -1)])
    def test_a_grid_that_cannot_be(self, grid: tuple[int, int]) -> None:
        with pytest.raises(UsageError, match="1 to 10 each"):
            session_of("a").apply(c.SetGrid(rows=grid[0], columns=grid[1]), NOW)
        with pytest.raises(UsageError, match="1 to 10 each"):
            Session("work", "/tmp/work", *grid)

    @pytest.mark.parametrize(
        "command",
        [
            pytest.param(c.FocusPane(pane=pane(1)), id="focus"),
            pytest.param(c.ZoomPane(pane=pane(1)), id="zoom"),
            pytest.param(c.MovePane(pane=pane(1), number=2), id="move"),
        ],
    )
    def test_what_a_parked_pane_cannot(self, command: c.AnyCommand) -> None:
        session = session_of("a", "b")
        session.apply(c.ParkPane(pane=pane(1)), NOW)
        with pytest.raises(UsageError, match="a-1 is parked; 'agentgrid unpark a-1' brings it back"):
            session.apply(command, NOW)

    @pytest.mark.parametrize(
        "command",
        [
            c.ClosePane(pane=pane(9)),
            c.RestartPane(pane=pane(9)),
            c.RenamePane(pane=pane(9), name="x"),
            c.MovePane(pane=pane(9), number=1),
            c.FocusPane(pane=pane(9)),
            c.ZoomPane(pane=pane(9)),
            c.ParkPane(pane=pane(9)),
            c.UnparkPane(pane=pane(9)),
        ],
        ids=lambda command: type(command).__name__,
    )
    def test_a_pane_that_is_gone(self, command: c.AnyCommand) -> None:
        with pytest.raises(UsageError, match="there is no pane %9 any more"):
            session_of("a").apply(command, NOW)

    @pytest.mark.parametrize(
        "command",
        [
            c.FocusPane(pane=pane(1)),
            c.ZoomPane(pane=None),
            c.MovePane(pane=pane(1), number=1),
            c.RenamePane(pane=pane(1), name="a-1"),
            c.UnparkPane(pane=pane(1)),
            c.SetGrid(rows=2, columns=2),
        ],
        ids=lambda command: type(command).__name__,
    )
    def test_what_is_so_already_is_no_event(self, command: c.AnyCommand) -> None:
        assert session_of("a").apply(command, NOW) == []


class TestFocus:
    @pytest.mark.parametrize(
        ("closed", "focused"),
        [pytest.param(1, 2, id="the next"), pytest.param(4, 3, id="the one before"), pytest.param(2, 1, id="of two the lower")],
    )
    def test_closing_the_focused_pane_focuses_the_nearest(self, closed: int, focused: int) -> None:
        session = session_of("a", "b", "c", "d")
        session.apply(c.FocusPane(pane=pane(closed)), NOW)
        happened = session.apply(c.ClosePane(pane=pane(closed)), NOW)
        assert names_of(happened) == ["FocusMoved", "PaneClosed"]
        assert session.focus == focused

    def test_closing_another_pane_leaves_the_focus(self) -> None:
        session = session_of("a", "b")
        assert names_of(session.apply(c.ClosePane(pane=pane(2)), NOW)) == ["PaneClosed"]
        assert session.focus == 1

    def test_without_a_pane_there_is_none(self) -> None:
        session = session_of("a")
        session.apply(c.ParkPane(pane=pane(1)), NOW)
        assert session.focus is None
        session.apply(c.UnparkPane(pane=pane(1)), NOW)
        assert session.focus == 1

    def test_zoom_takes_the_focus_and_follows_it(self) -> None:
        session = session_of("a", "b", "c")
        assert names_of(session.apply(c.ZoomPane(pane=pane(2)), NOW)) == ["FocusMoved", "ZoomChanged"]
        assert names_of(session.apply(c.FocusPane(pane=pane(3)), NOW)) == ["FocusMoved", "ZoomChanged"]
        assert (session.focus, session.zoom) == (3, 3)

    def test_zoom_ends_with_its_pane(self) -> None:
        session = session_of("a", "b")
        session.apply(c.ZoomPane(pane=pane(2)), NOW)
        happened = session.apply(c.ClosePane(pane=pane(2)), NOW)
        assert names_of(happened) == ["ZoomChanged", "FocusMoved", "PaneClosed"]
        assert session.zoom is None


class TestChange:
    @pytest.mark.parametrize(
        ("facts", "told"),
        [
            pytest.param({"title": "✳ Claude Code"}, [e.TitleChanged(at=NOW, pane=pane(1), title="✳ Claude Code")], id="title"),
            pytest.param({"pid": 42}, [e.PaneStarted(at=NOW, pane=pane(1), pid=42)], id="pid"),
            pytest.param({"exit_code": -9}, [e.PaneExited(at=NOW, pane=pane(1), exit_code=-9)], id="exit code"),
            pytest.param(
                {"status": PaneStatus.BLOCKED, "status_kind": "question", "message": "Which?", "status_source": "report"},
                [e.StateChanged(at=NOW, pane=pane(1), state="blocked", kind="question", message="Which?", source="report")],
                id="status",
            ),
            pytest.param({"columns": 79, "rows": 22}, [], id="size"),
            pytest.param({"problem": "no such command"}, [], id="problem"),
        ],
    )
    def test_a_new_fact_has_its_event_and_then_the_whole_pane(self, facts: Facts, told: list[e.Event]) -> None:
        session = session_of("a")
        happened = session.change(pane(1), NOW, **facts)
        assert happened == [*told, e.PaneChanged(at=NOW, pane=pane(1), state=session.panes[pane(1)])]
        assert session.change(pane(1), NOW, **facts) == []

    def test_a_new_status_is_told_whole(self) -> None:
        session = session_of("a")
        session.change(pane(1), NOW, status=PaneStatus.BLOCKED, status_kind="permission", message="Run it?", status_source="title")
        session.change(pane(1), NOW + 1, status=PaneStatus.WORKING)
        state = session.panes[pane(1)]
        assert (state.status_kind, state.message, state.status_source, state.status_since) == ("", "", "", NOW + 1)

    def test_another_message_of_the_same_status_does_not_begin_it_anew(self) -> None:
        session = session_of("a")
        session.change(pane(1), NOW, status=PaneStatus.WORKING, message="reads")
        assert names_of(session.change(pane(1), NOW + 1, message="writes")) == ["StateChanged", "PaneChanged"]
        assert session.panes[pane(1)].status_since == NOW

    @pytest.mark.parametrize("fact", ["id", "name", "number", "parked"])
    def test_what_only_a_command_changes(self, fact: str) -> None:
        with pytest.raises(ValueError, match=fact):
            session_of("a").change(pane(1), NOW, **{fact: 1})

    def test_a_restarted_pane_has_forgotten_its_last_run(self) -> None:
        session = session_of("a")
        session.change(pane(1), NOW, status=PaneStatus.EXITED, exit_code=3, title="bye", problem="it died", traced=True)
        happened = session.apply(c.RestartPane(pane=pane(1)), NOW + 1)
        state = session.panes[pane(1)]
        assert names_of(happened) == ["StateChanged", "TitleChanged", "PaneChanged"]
        assert (state.status, state.status_since, state.exit_code, state.title, state.problem, state.traced) == (
            PaneStatus.STARTING, NOW + 1, None, "", "", False,
        )  # fmt: skip
