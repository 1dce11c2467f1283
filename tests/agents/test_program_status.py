"""Reports of the Program Status Protocol, from its revision 0.2."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.program_status import MAX_RECORDS, ProgramStatus, Record, parse


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("payload", "record"),
    [
        pytest.param("state=idle", Record(state="idle"), id="state"),
        pytest.param("state=blocked:kind=permission", Record(state="blocked", kind="permission"), id="kind"),
        pytest.param("state=blocked:kind=else", Record(state="blocked"), id="unknown kind"),
        pytest.param("state=idle:kind=permission", Record(state="idle"), id="kind without blocked"),
        pytest.param("state=working:progress=40", Record(state="working", progress=40), id="progress"),
        pytest.param("state=working:progress=101", Record(state="working"), id="progress beyond 100"),
        pytest.param("state=done:progress=40", Record(state="done"), id="progress when done"),
        pytest.param("state=working:app=codex:id=a/b-1", Record(state="working", app="codex", id=("a", "b-1")), id="app, id"),
        pytest.param(f"state=working:msg={b64('läuft')}", Record(state="working", message="läuft"), id="message"),
        pytest.param(f"state=working:title={b64('t')}", Record(state="working", title="t"), id="title"),
        pytest.param("state=working:state=done", Record(state="done"), id="the last duplicate wins"),
        pytest.param("state=done:Bad=1:=2:x", Record(state="done"), id="malformed pairs are skipped"),
        pytest.param("state=done:future=1", Record(state="done"), id="unknown keys are ignored"),
        pytest.param("state=clear", Record(state="clear"), id="clear"),
        pytest.param("state=sleeping", None, id="an unknown state rejects"),
        pytest.param("", None, id="empty"),
        pytest.param("state=idle:msg=%%%", Record(state="idle"), id="a value with other characters is malformed"),
        pytest.param("state=idle:msg=abcde", None, id="base64 that is none"),
        pytest.param(f"state=idle:msg={b64('a' + chr(10))}", None, id="a control character"),
        pytest.param(f"state=idle:title={b64('x' * 193)}", None, id="a title too long"),
        pytest.param(f"state=idle:msg={b64('x' * 2049)}", None, id="a message too long"),
        pytest.param("state=idle:id=" + "/".join("abcdefghi"), None, id="too many segments"),
        pytest.param("state=idle:id=a//b", None, id="an empty segment"),
        pytest.param("state=idle:app=" + "x" * 33, None, id="an app too long"),
        pytest.param(f"state=idle:msg={b64('a' + chr(0x202E) + 'b')}", Record(state="idle", message="ab"), id="no bidirectional overrides"),
    ],
)
def test_reports(payload: str, record: Record | None) -> None:
    assert parse(payload) == record


@given(st.text(max_size=300))
def test_any_text_is_a_report_or_none(payload: str) -> None:
    status = ProgramStatus()
    assert status.report(payload) == (parse(payload) is not None)


def reported(*payloads: str) -> ProgramStatus:
    status = ProgramStatus()
    for payload in payloads:
        status.report(payload)
    return status


def state_of(status: ProgramStatus) -> str | None:
    return None if status.current is None else status.current.state


@pytest.mark.parametrize(
    ("payloads", "state"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param(["state=working", "state=done"], "done", id="replaced whole"),
        pytest.param(["state=idle", "state=blocked:id=a"], "idle", id="the root speaks"),
        pytest.param(["state=done:id=a", "state=blocked:id=b"], "blocked", id="else whoever needs a person most"),
        pytest.param(["state=working:id=a", "state=blocked:id=a/b", "state=clear:id=a"], None, id="clear takes those below"),
        pytest.param(["state=working:id=a", "state=working:id=ab", "state=clear:id=a"], "working", id="not those beside"),
        pytest.param(["state=idle", "state=done:id=a", "state=clear"], None, id="clear without id takes all"),
    ],
)
def test_the_state_of_a_pane(payloads: list[str], state: str | None) -> None:
    assert state_of(reported(*payloads)) == state


def test_what_ends_with_the_program() -> None:
    status = reported("state=working", "state=done:id=a")
    status.settled()
    assert state_of(status) == "done"
    status.reset()
    assert status.current is None


def test_records_are_bounded() -> None:
    status = reported(*(f"state=working:id=n{number}" for number in range(MAX_RECORDS + 50)))
    status.report("state=blocked:id=n10")
    assert state_of(status) == "blocked"
    assert len(status._records) == MAX_RECORDS
