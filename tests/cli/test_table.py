"""The table of verbs: every row has a function that takes what the row says, and a help that fits the screen."""

import inspect
import re
from importlib import import_module
from operator import or_
from types import GenericAlias
from typing import get_type_hints

import pytest

from agentgrid.cli import help as pages
from agentgrid.cli.table import VERBS
from agentgrid.cli.words import Argument, Call, Option, Verb
from agentgrid.terminal.keys import parse_key
from tests.cli.conftest import Run

EVERY = [pytest.param(verb, id=name) for name, verb in VERBS.items()]
CONTRACT = """
    up attach detach ls down new close restart rename move focus zoom park unpark send keys broadcast
    screen wait status explain events record replay themes config doctor demo
"""


def test_every_verb_of_the_contract_is_there() -> None:
    assert set(CONTRACT.split()) <= set(VERBS)


@pytest.mark.parametrize("verb", EVERY)
def test_the_function_takes_what_the_table_says(verb: Verb) -> None:
    module, _, name = verb.run.partition(":")
    function = getattr(import_module(f"agentgrid.cli.verbs.{module}"), name)
    hints = get_type_hints(function, localns={"Call": Call})
    first, *others = inspect.signature(function).parameters.values()
    assert hints[first.name] is Call
    assert hints["return"] is int
    expected = {each.name: kind(each) for each in taken(verb)}
    if verb.after_dashes:
        expected[verb.after_dashes] = tuple[str, ...]
    assert {parameter.name: hints[parameter.name] for parameter in others} == expected
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in others)


def taken(verb: Verb) -> list[Argument | Option]:
    return [*verb.arguments, *verb.options]


def kind(each: Argument | Option) -> object:
    """The type of a value of this argument or option."""
    if isinstance(each, Option) and not each.shown:
        return bool
    read = get_type_hints(each.read)["return"]
    plain = str if read is object else read
    if isinstance(each, Argument) and each.many:
        return GenericAlias(tuple, (plain, ...))
    needed = isinstance(each, Argument) and not each.optional
    return plain if needed else or_(plain, None)


@pytest.mark.parametrize("verb", EVERY)
def test_the_help_fits_80_columns(run: Run, verb: Verb) -> None:
    ended = run(verb.name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("agentgrid ")
    too_long = [line for line in ended.out.splitlines() if len(line) > pages.WIDTH and not line.startswith("  agentgrid ")]
    assert too_long == []
    assert "Examples:" in ended.out
    for each in taken(verb):
        assert (each.flag if isinstance(each, Option) else each.shown) in ended.out


def test_the_overview_names_every_verb_on_one_line(run: Run) -> None:
    lines = run("--help").out.splitlines()
    assert max(map(len, lines)) <= pages.WIDTH
    assert [line.split()[0] for line in lines if line.startswith("  ") and line.split()[0] in VERBS] == list(VERBS)


def test_the_version(run: Run) -> None:
    from agentgrid import __version__

    assert run("--version") == (0, f"agentgrid {__version__}\n", "")
    assert run("status", "--version") == (0, f"agentgrid {__version__}\n", "")


def test_the_keys_that_the_help_names_are_keys() -> None:
    details = VERBS["keys"].details
    _, _, named = details.partition("Names: ")
    words = re.findall(r"[a-z_]+[0-9]*", named.partition(", those of the keypad")[0])
    assert len(words) > 20
    others = "kp_0 kp_9 kp_enter kp_add left_shift right_control media_play mute_volume C-c M-x BSpace NPage"
    for word in (*words, *others.split()):
        parse_key(word)
    for modifier in ("ctrl", "alt", "shift", "super", "hyper", "meta"):
        assert f"{modifier}+" in details
        parse_key(f"{modifier}+up")
