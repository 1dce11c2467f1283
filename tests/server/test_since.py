"""What a pane has done since somebody looked at it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from agentgrid.server.server import Server
from agentgrid.server.since import SinceLooked
from agentgrid.session import events
from agentgrid.session.pane import Pane, PaneId
from agentgrid.session.since import Since, since_words
from agentgrid.workspace.change import Change, ChangeKind, Evidence, GitAction, GitEvent

ONE, TWO = PaneId(1), PaneId(2)


class Fake:
    """As much of a server as counts."""

    def __init__(self) -> None:
        self.now = 0.0
        self.loop = SimpleNamespace(now=lambda: self.now)
        self.session = SimpleNamespace(panes={pane: Pane(id=pane, name=f"p{pane}", command=()) for pane in (ONE, TWO)})
        self.since = SinceLooked(cast("Server", self))

    def change(self, pane: PaneId, **facts: Any) -> None:
        self.session.panes[pane] = replace(self.session.panes[pane], **facts)

    def happens(self, *happened: events.Event) -> None:
        for event in happened:
            self.since.happened(event)

    def looks(self, pane: PaneId | None, at: float) -> None:
        self.now = at
        self.since.watching(pane)

    def of(self, pane: PaneId) -> Since:
        found: Since = self.session.panes[pane].since
        return found


def wrote(path: str, pane: PaneId | None = ONE) -> events.FileChanged:
    change = Change(path=path, kind=ChangeKind.MODIFIED, pane=pane, evidence=Evidence.TRACED, at=0.0)
    return events.FileChanged(pane=pane, change=change, top="/w")


def ran(action: GitAction) -> events.GitRan:
    return events.GitRan(pane=ONE, git=GitEvent(action=action, at=0.0, evidence=Evidence.TRACED), top="/w")


SWEPT = events.FilesChanged(pane=ONE, operation="checkout", count=300, paths=("a", "b"), evidence="traced", top="/w")


@pytest.mark.parametrize(
    ("happened", "since"),
    [
        pytest.param([wrote("a"), wrote("b")], Since(files=2), id="files"),
        pytest.param([wrote("a"), wrote("a")], Since(files=1), id="a file twice"),
        pytest.param([wrote("a", None), wrote("b", TWO)], Since(), id="files of others"),
        pytest.param([wrote("a"), SWEPT], Since(files=300), id="a sweep"),
        pytest.param([ran(GitAction.COMMITTED), ran(GitAction.SWITCHED)], Since(commits=1), id="a commit"),
        pytest.param(
            [events.StateChanged(pane=ONE, state="blocked"), events.StateChanged(pane=ONE, state="working")],
            Since(questions=1),
            id="a question",
        ),
        pytest.param([events.PaneExited(pane=ONE, exit_code=1)], Since(exits=1), id="an end"),
    ],
)
def test_counted(happened: list[events.Event], since: Since) -> None:
    fake = Fake()
    fake.happens(*happened)
    assert fake.of(ONE) == since


def test_it_stays_while_one_looks_and_goes_when_one_leaves() -> None:
    fake = Fake()
    fake.happens(wrote("a"))
    fake.looks(ONE, at=10.0)
    fake.happens(wrote("b"))
    assert fake.of(ONE) == Since(files=2)
    fake.looks(TWO, at=12.0)
    assert fake.of(ONE) == Since()
    fake.happens(wrote("a"))
    assert fake.of(ONE) == Since(files=1), "a file that is written again is news"


def test_who_only_passes_by_has_not_looked() -> None:
    fake = Fake()
    fake.happens(wrote("a"))
    fake.looks(ONE, at=10.0)
    fake.looks(None, at=10.5)
    assert fake.of(ONE) == Since(files=1)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        pytest.param(Since(), "", id="nothing"),
        pytest.param(Since(files=1, commits=2), "1 file, 2 commits", id="some"),
        pytest.param(Since(questions=2, exits=1), "2 questions, 1 exit", id="others"),
    ],
)
def test_words(since: Since, words: str) -> None:
    assert since_words(since) == words
