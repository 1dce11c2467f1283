"""``docs/cli.md`` is what the code makes, and the fields it documents are those that are printed."""

from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from agentgrid.cli import fields
from agentgrid.cli.checks.check import Check
from agentgrid.cli.reference import page
from agentgrid.cli.table import VERBS
from agentgrid.cli.verbs.events import event_object
from agentgrid.protocol.messages import Happened
from agentgrid.server.report import status_of
from agentgrid.session import commands, events
from agentgrid.session.pane import PaneId
from agentgrid.session.session import Session
from agentgrid.workspace.change import Change, ChangeKind, Evidence, GitAction, GitEvent
from agentgrid.workspace.conflict import Conflict, ConflictKind

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"


def session() -> Session:
    made = Session("project", "/home/me/project", 1, 2)
    made.apply(commands.NewPane(agent="claude", command=("claude",)), 1000.0)
    return made


def test_the_page_is_as_the_code_makes_it() -> None:
    assert DOCS.read_text(encoding="utf-8") == page(), "run: python -m agentgrid.cli.reference > docs/cli.md"


def test_every_verb_has_a_chapter() -> None:
    assert [verb for verb in VERBS if f"\n### `{verb}`\n" not in page()] == []


def test_tables_are_whole() -> None:
    assert [line for line in page().splitlines() if line.startswith("|") and line.count("|") - line.count("\\|") < 3] == []


CHANGE = Change(path="a", kind=ChangeKind.MODIFIED, at=1.0, evidence=Evidence.TRACED)
GIT = GitEvent(action=GitAction.COMMITTED, at=1.0, evidence=Evidence.TRACED)
CONFLICT = Conflict(id=1, kind=ConflictKind.SAME_FILE, path="a", panes=(1, 2), evidence=(Evidence.TRACED,) * 2, first=1.0, last=2.0)


def names(documented: tuple[fields.Field, ...]) -> list[str]:
    return [field.name for field in documented]


def test_the_fields_of_status() -> None:
    status = status_of(session(), 1)
    assert names(fields.STATUS) == list(status)
    assert names(fields.PANE) == list(status["panes"][0])


def test_the_fields_of_a_check() -> None:
    assert names(fields.CHECK) == list(Check._fields)


@pytest.mark.parametrize("kind", get_args(get_type_hints(Happened)["event"]), ids=events.event_name)
def test_the_fields_of_an_event(kind: type[events.Event]) -> None:
    pane = session().panes[PaneId(1)]
    samples: dict[str, Any] = {"pane": PaneId(1), "state": pane if kind in (events.PaneCreated, events.PaneChanged) else "done"}
    samples |= dict.fromkeys(("pid", "exit_code", "rows", "columns"), 7) | dict.fromkeys(
        ("kind", "message", "source", "title", "body", "text", "receipt", "operation", "evidence", "top"), "text"
    )
    samples |= {"count": 7, "paths": (), "panes": (PaneId(1),), "change": CHANGE, "git": GIT, "conflict": CONFLICT}
    event = kind(**{name: samples[name] for name in kind.__struct_fields__ if name != "at"})
    documented = {name: further for name, further, _ in fields.EVENTS}[events.event_name(kind)]
    assert set(event_object(event)) - {"at", "event", "pane"} == set(filter(None, documented.split(", ")))


def test_every_event_is_documented() -> None:
    assert {name for name, _, _ in fields.EVENTS} == {events.event_name(kind) for kind in get_args(get_type_hints(Happened)["event"])}
