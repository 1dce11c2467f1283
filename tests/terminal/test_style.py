"""Styles and their codes."""

import pytest

from agentgrid.terminal import style
from agentgrid.terminal.style import DEFAULT_CODE, DEFAULT_VALUES, FIELDS, FIRST_SURROGATE, LAST_SURROGATE, Style, StyleTable, Values


def rgb(number: int, **fields: object) -> Values:
    values = list(DEFAULT_VALUES)
    values[FIELDS["foreground"]] = number >> 16 & 255, number >> 8 & 255, number & 255
    for name, value in fields.items():
        values[FIELDS[name]] = value
    return tuple(values)


def test_code_zero_is_the_default_style() -> None:
    table = StyleTable()
    assert list(table.styles) == [Style()]
    assert table.pen_of(DEFAULT_VALUES).code == DEFAULT_CODE


def test_a_style_has_one_code() -> None:
    table = StyleTable()
    assert table.pen_of(rgb(5)) is table.pen_of(rgb(5))
    assert table.pen(table.pen_of(rgb(5)).code) is table.pen_of(rgb(5))
    assert table.style(table.pen_of(rgb(5)).code) == Style(foreground=(0, 0, 5))


def test_protection_is_no_matter_of_looks() -> None:
    table = StyleTable()
    guarded, plain = table.pen_of(rgb(5, protected=True)), table.pen_of(rgb(5))
    assert guarded.code != plain.code
    assert table.style(guarded.code) == table.style(plain.code)
    assert guarded.code in table.protected
    assert plain.code not in table.protected


def test_what_a_pen_erases_keeps_its_background() -> None:
    table = StyleTable()
    pen = table.pen_of(rgb(1, background=4, bold=True))
    assert table.style(pen.fill) == Style(background=4)
    assert table.pen(pen.fill).fill == pen.fill
    assert table.pen_of(rgb(1)).fill == DEFAULT_CODE


def test_no_code_is_a_surrogate_and_there_is_an_end() -> None:
    table = StyleTable()
    codes = {table.pen_of(rgb(number)).code for number in range(70_000)}
    assert not any(FIRST_SURROGATE <= ord(code) <= LAST_SURROGATE for code in codes)
    assert len(table.styles) == len(table) <= style.MAX_CODES + 2
    "".join(codes).encode()  # They can be sent.
    last = table.style(table.pen_of(rgb(0xFFFFFF, bold=True)).code)
    assert last.bold
    assert table.style(table.pen_of(rgb(0x102030, bold=True, background=7)).code).background == 7


def test_links_beyond_their_memory_are_text_without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "MAX_LINK_BYTES", 200)
    table = StyleTable()
    styles = [table.style(table.pen_of(rgb(number, link=f";http://a/{number:04}")).code) for number in range(10)]
    assert styles[0].link == ";http://a/0000"
    assert styles[-1] == Style(foreground=(0, 0, 9))


def test_steps_are_forgotten_beyond_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "MAX_STEPS", 10)
    table = StyleTable()
    pen = table.pen_of(DEFAULT_VALUES)
    for number in range(100):
        table.remember(pen, f"\x1b[{number}m", pen)
    assert len(pen.after) <= 10


def test_what_one_table_remembers_is_nothing_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "MAX_STEPS", 2)
    table, other = StyleTable(), StyleTable()
    for step in range(10):
        table.remember(table.pen_of(DEFAULT_VALUES), f"\x1b[{step}m", table.pen_of(rgb(step)))
    assert other.pen_of(DEFAULT_VALUES).after == {}
    assert table.pen_of(rgb(3)).after == {}
