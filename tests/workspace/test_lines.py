"""Comparing contents by lines, and carrying the owner of each line along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.workspace.change import Range
from agentgrid.workspace.lines import NOBODY, Version, advance, begin, diff, is_text, lines_of, ranges

A, B, C = 1, 2, 3

CONTENTS = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"\n", b"}\n", b"def f():\n", b"x"]), max_size=30).map(b"".join)


def text(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


TEN = text(*(f"line {number}" for number in range(1, 11)))


def edited(*changes: tuple[int, bytes]) -> tuple[Version, list[object]]:
    """The versions of a file of ten lines after the panes' contents; what each change met and lost."""
    version = begin(TEN)
    seen: list[object] = []
    for author, content in changes:
        version, edit = advance(version, content, author)
        seen.append((sorted({pane for pane, _ in edit.met}), sorted({pane for pane, _ in edit.lost})))
    return version, seen


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now.replace(b"line 9\n", b"B9\n"), ([], []), id="far apart"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now.replace(b"line 3\n", b"B3\n"), ([A], []), id="the next line"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now.replace(b"line 4\n", b"B4\n"), ([], []), id="a line between"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now.replace(b"A2\n", b"B2\n"), ([], [A]), id="the same line"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now.replace(b"A2\n", b"A2 # B\n"), ([A], []), id="more behind it"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\nA3\n"), lambda now: now.replace(b"A3\n", b"B\nA3\n"), ([A], []), id="put between"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now.replace(b"A2\n", b"    A2\n"), ([A], []), id="indented"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now.replace(b"A2\n", b""), ([], [A]), id="deleted"),
        pytest.param(
            TEN.replace(b"line 2\n", b"A2\n"), lambda now: TEN.replace(b"line 9\n", b"B9\n"), ([], [A]), id="written from a stale copy"
        ),
        pytest.param(TEN.replace(b"line 2\n", b""), lambda now: now.replace(b"line 3\n", b"B3\n"), ([A], []), id="where A deleted"),
        pytest.param(TEN.replace(b"line 2\n", b""), lambda now: now.replace(b"line 8\n", b"B8\n"), ([], []), id="far from where A deleted"),
        pytest.param(TEN + b"A\n", lambda now: now + b"B\n", ([A], []), id="both appended"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: b"", ([], [A]), id="the file is gone"),
        pytest.param(TEN.replace(b"line 2\n", b"A2\n"), lambda now: now, ([], []), id="nothing changed"),
    ],
)
def test_what_a_second_pane_does_to_the_lines_of_the_first(first: bytes, second, expected: tuple[list[int], list[int]]) -> None:  # type: ignore[no-untyped-def]
    _, seen = edited((A, first), (B, second(first)))
    assert seen == [([], []), expected]


def test_lines_stay_their_owners_while_others_write_above() -> None:
    first = TEN.replace(b"line 8\n", b"A8\n")
    version, _ = edited((A, first), (B, b"B0\n" + first), (C, (b"B0\n" + first).replace(b"line 5\n", b"")))
    assert lines_of(version, A) == [Range(8, 8)]
    assert lines_of(version, B) == [Range(1, 1)]


def test_where_they_met() -> None:
    version = begin(TEN)
    version, _ = advance(version, TEN.replace(b"line 4\nline 5\n", b"A4\nA5\n"), A)
    _, edit = advance(version, TEN.replace(b"line 4\nline 5\nline 6\n", b"A4\nB5\nB6\nB7\n"), B)
    assert edit.lost == ((A, Range(5, 7)),)
    assert edit.wrote == (Range(5, 7),)


@pytest.mark.parametrize(
    ("old", "new", "hunks"),
    [
        pytest.param(b"", b"", [], id="nothing"),
        pytest.param(b"", b"a\n", [(0, 0, 0, 1)], id="created"),
        pytest.param(b"a\nb\n", b"", [(0, 2, 0, 0)], id="emptied"),
        pytest.param(b"a\nb\nc\n", b"a\nc\n", [(1, 2, 1, 1)], id="a line less"),
        pytest.param(b"a", b"a\n", [(0, 1, 0, 1)], id="a final newline"),
        pytest.param(b"a\rb\n", b"a\rc\n", [(0, 1, 0, 1)], id="a carriage return is no line's end"),
        pytest.param(b"{\n}\n", b"{\n}\n{\n}\n", [(2, 2, 2, 4)], id="nothing unique"),
    ],
)
def test_hunks(old: bytes, new: bytes, hunks: list[tuple[int, int, int, int]]) -> None:
    assert [tuple(hunk) for hunk in diff(begin(old).lines, begin(new).lines)] == hunks


def test_a_large_file_is_compared_in_a_moment() -> None:
    old = [f"line {number}\n".encode() for number in range(20_000)]
    new = [line for number, line in enumerate(old) if number % 1000]
    new[10_000:10_000] = [b"same\n"] * 3000
    assert len(diff(old, new)) == 21


@given(CONTENTS, CONTENTS)
def test_the_hunks_make_the_new_content_of_the_old(old: bytes, new: bytes) -> None:
    before, after = begin(old).lines, begin(new).lines
    made: list[bytes] = []
    done = 0
    for hunk in diff(before, after):
        assert hunk.old_start >= done
        made += before[done : hunk.old_start]
        made += after[hunk.new_start : hunk.new_stop]
        done = hunk.old_stop
    made += before[done:]
    assert b"".join(made) == new


@given(st.lists(st.tuples(st.sampled_from([A, B, C, NOBODY]), CONTENTS), max_size=6))
def test_every_line_has_one_owner_and_nobody_loses_to_themselves(changes: list[tuple[int, bytes]]) -> None:
    version = begin(b"")
    for author, content in changes:
        authors = {NOBODY, author, *version.owners, *(pane for _, pane in version.seams)}
        version, edit = advance(version, content, author)
        assert b"".join(version.lines) == content
        assert len(version.owners) == len(version.lines)
        assert set(version.owners) <= authors
        assert {pane for pane, _ in (*edit.met, *edit.lost)} <= authors - {author, NOBODY}
        assert all(0 <= index <= len(version.lines) for index, _ in version.seams)
        assert list(version.seams) == sorted(version.seams, key=lambda seam: seam[0])


@given(st.sets(st.integers(0, 40)))
def test_ranges_hold_the_same_lines(indices: set[int]) -> None:
    found = ranges(sorted(indices))
    assert {line - 1 for span in found for line in range(span.first, span.last + 1)} == indices


@pytest.mark.parametrize(("content", "lines"), [(b"plain\n", True), (b"", True), (b"\x89PNG\0", False), ("über\n".encode("latin-1"), True)])
def test_only_text_has_lines(content: bytes, lines: bool) -> None:
    assert is_text(content) is lines
