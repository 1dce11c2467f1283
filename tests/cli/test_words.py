"""A command line, read by a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.cli.readers import count
from agentgrid.cli.table import DEFAULT, VERBS
from agentgrid.cli.words import Argument, Call, Option, Verb, parse
from agentgrid.errors import UsageError

UP = Verb(
    "up",
    "",
    "",
    (Argument("words", "WORD…", "", many=True, optional=True),),
    (Option("--config", "", shown="FILE"), Option("--no-attach", "")),
)
SEND = Verb("send", "", "", (Argument("pane", "PANE", ""), Argument("text", "TEXT", "")), (Option("--no-enter", ""),), json=True)
MOVE = Verb("move", "", "", (Argument("pane", "PANE", ""), Argument("number", "N", "", read=count)))
NEW = Verb("new", "", "", (Argument("agent", "AGENT", "", optional=True),), (Option("--name", "", shown="NAME"),), after_dashes="command")
PICK = Verb("pick", "", "", (Argument("what", "a|b", "", choices=("apple", "pear")),))
TABLE = {verb.name: verb for verb in (UP, SEND, MOVE, NEW, PICK)}


def words(line: str) -> list[str]:
    return line.split()


@pytest.mark.parametrize(
    ("line", "verb", "call", "values"),
    [
        pytest.param("", "up", Call(), {"words": (), "config": None, "no_attach": False}, id="nothing: the default verb"),
        pytest.param("3x3 claude*4", "up", Call(), {"words": ("3x3", "claude*4"), "config": None, "no_attach": False}, id="no verb"),
        pytest.param("--no-attach 3x3", "up", Call(), {"words": ("3x3",), "config": None, "no_attach": True}, id="options first"),
        pytest.param("--config send 3x3", "up", Call(), {"words": ("3x3",), "config": "send", "no_attach": False}, id="a value is no verb"),
        pytest.param("send 3 hello", "send", Call(), {"pane": "3", "text": "hello", "no_enter": False}, id="arguments"),
        pytest.param("send --no-enter 3 hello", "send", Call(), {"pane": "3", "text": "hello", "no_enter": True}, id="option first"),
        pytest.param("send 3 hello --no-enter", "send", Call(), {"pane": "3", "text": "hello", "no_enter": True}, id="option last"),
        pytest.param("-s x send 3 hello", "send", Call("x"), {"pane": "3", "text": "hello", "no_enter": False}, id="-s before"),
        pytest.param("send 3 hello -s x", "send", Call("x"), {"pane": "3", "text": "hello", "no_enter": False}, id="-s after"),
        pytest.param("send -sx 3 hello", "send", Call("x"), {"pane": "3", "text": "hello", "no_enter": False}, id="-sNAME"),
        pytest.param("send --session=x 3 hello", "send", Call("x"), {"pane": "3", "text": "hello", "no_enter": False}, id="--session=NAME"),
        pytest.param("-s send send 3 hello", "send", Call("send"), {"pane": "3", "text": "hello", "no_enter": False}, id="-s VERB"),
        pytest.param("-s a send 3 hello -s b", "send", Call("b"), {"pane": "3", "text": "hello", "no_enter": False}, id="the last one"),
        pytest.param("--json send 3 hello", "send", Call(json=True), {"pane": "3", "text": "hello", "no_enter": False}, id="--json before"),
        pytest.param("send 3 -- --no-enter", "send", Call(), {"pane": "3", "text": "--no-enter", "no_enter": False}, id="-- ends options"),
        pytest.param("send 3 -", "send", Call(), {"pane": "3", "text": "-", "no_enter": False}, id="a lone -"),
        pytest.param("move 3 4", "move", Call(), {"pane": "3", "number": 4}, id="a number"),
        pytest.param("new", "new", Call(), {"agent": None, "name": None, "command": ()}, id="optional"),
        pytest.param("new x --name y", "new", Call(), {"agent": "x", "name": "y", "command": ()}, id="optional given"),
        pytest.param(
            "new -- ls -la --name", "new", Call(), {"agent": None, "name": None, "command": ("ls", "-la", "--name")}, id="a command"
        ),
        pytest.param("new -- sh -- x", "new", Call(), {"agent": None, "name": None, "command": ("sh", "--", "x")}, id="a second --"),
        pytest.param("new -- x --help", "new", Call(), {"agent": None, "name": None, "command": ("x", "--help")}, id="not our --help"),
        pytest.param("pick pear", "pick", Call(), {"what": "pear"}, id="a choice"),
    ],
)
def test_understood(line: str, verb: str, call: Call, values: dict[str, object]) -> None:
    parsed = parse(TABLE, "up", words(line))
    assert parsed.verb is TABLE[verb]
    assert (parsed.call, parsed.values) == (call, values)
    assert not parsed.help
    assert not parsed.version


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("send 3", "'send' needs TEXT; 'agentgrid send --help' shows how", id="too few"),
        pytest.param("send 3 two words", "'send' has no use for 'words'; a text of several words goes in quotes", id="too many"),
        pytest.param("send 3 x --no-entre", "'send' takes no '--no-entre'; did you mean '--no-enter'?", id="a slip"),
        pytest.param("send 3 -5", "'send' takes no '-5'; what begins with a dash and is no option goes after --", id="a text with a dash"),
        pytest.param("send 3 x --no-enter=1", "--no-enter takes no value", id="a switch with a value"),
        pytest.param("new --name", "--name needs a value: --name NAME", id="no value"),
        pytest.param("new --name -- x", "--name needs a value: --name NAME", id="no value before --"),
        pytest.param("move 3 x", "N: 'x' is no whole number", id="no number"),
        pytest.param("move 3 4 --json", "'move' prints nothing that could be JSON; leave --json out", id="nothing to print"),
        pytest.param("pick aple", "a|b is one of apple, pear, not 'aple'; did you mean 'apple'?", id="no choice"),
        pytest.param("--no-attach send 3 x", "'send' takes no '--no-attach'", id="an option of another verb"),
    ],
)
def test_refused(line: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(TABLE, "up", words(line))
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        pytest.param("--help", None, id="of all"),
        pytest.param("-h", None, id="short"),
        pytest.param("-s x --help", None, id="with an option"),
        pytest.param("send --help", "send", id="of a verb"),
        pytest.param("--help send", "send", id="before it"),
        pytest.param("send 1 2 3 4 --wrong --help", "send", id="whatever else is wrong"),
        pytest.param("up -h", "up", id="of the default verb"),
        pytest.param("help", None, id="as a word"),
        pytest.param("help send", "send", id="as a word, of a verb"),
    ],
)
def test_help(line: str, verb: str | None) -> None:
    parsed = parse(TABLE, "up", words(line))
    assert parsed.help
    assert parsed.verb is (TABLE[verb] if verb else None)


WORD = st.one_of(
    st.sampled_from(sorted(VERBS)),
    st.sampled_from(sorted({option.flag for verb in VERBS.values() for option in verb.options})),
    st.sampled_from(["--", "-", "-s", "-h", "--json", "--session=x", "", "3", "3x3", "claude*4"]),
    st.text(max_size=6),
)


@given(st.lists(WORD, max_size=8))
def test_any_words_are_understood_or_refused(words: list[str]) -> None:
    try:
        parsed = parse(VERBS, DEFAULT, words)
    except UsageError:
        return
    if parsed.verb is not None and not parsed.help:
        expected = {argument.name for argument in parsed.verb.arguments} | {option.name for option in parsed.verb.options}
        assert set(parsed.values) == expected | ({parsed.verb.after_dashes} - {""})
