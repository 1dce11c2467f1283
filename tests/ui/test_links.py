"""What is a link in a pane, where it leads, and what must not be one."""

from collections.abc import Callable, Sequence

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.ui.links import Finder, TextLink, lies, links_of_rows, local_path, spans_of
from agentgrid.ui.uri import is_safe

FILES = (
    "/project/src/a.py",
    "/project/README.md",
    "/project/Makefile",
    "/project/src/with-dash.test.ts",
    "/etc/hosts",
    "/project/notes v2.md",
)


def links(text: str, columns: int = 60, files: Sequence[str] = FILES) -> list[TextLink]:
    """Of a screen that shows the text."""
    made = PyteEmulator(Size(columns, 6))
    made.feed(text.encode())
    finder = Finder("/project", files.__contains__)
    read = lambda row: made.lines[row] if 0 <= row < 6 else None  # noqa: E731
    return links_of_rows(0, 6, read, made.styles, columns, finder)


def noting(asked: list[str]) -> Callable[[str], bool]:
    """There is nothing; who asked is noted."""

    def exists(path: str) -> bool:
        asked.append(path)
        return False

    return exists


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("see https://example.org/a?b=c#d for more", "https://example.org/a?b=c#d", id="an address"),
        pytest.param("(https://example.org/a_(b)).", "https://example.org/a_(b)", id="brackets and a full stop around it"),
        pytest.param("https://example.org, and", "https://example.org", id="a comma"),
        pytest.param('href="https://example.org/x"', "https://example.org/x", id="quotes"),
        pytest.param("│https://example.org/x│", "https://example.org/x", id="a frame beside it"),
        pytest.param("http://[::1]:8080/", "http://[::1]:8080/", id="IPv6"),
        pytest.param("mailto:a@example.org", "mailto:a@example.org", id="mail"),
        pytest.param("\x1b]8;;https://example.org/long\x1b\\PR 12\x1b]8;;\x1b\\", "https://example.org/long", id="OSC 8"),
        pytest.param("src/a.py:12", "/project/src/a.py:12", id="a line"),
        pytest.param("src/a.py:12:7: error", "/project/src/a.py:12:7", id="a line and a column"),
        pytest.param("src/a.py(12,7): error", "/project/src/a.py:12:7", id="in brackets"),
        pytest.param('  File "src/a.py", line 12, in go', "/project/src/a.py:12", id="Python's traceback"),
        pytest.param("● Update(src/a.py)", "/project/src/a.py", id="an agent's tool"),
        pytest.param("+++ b/src/a.py", "/project/src/a.py", id="a diff"),
        pytest.param("./src/../src/a.py", "/project/src/a.py", id="dots"),
        pytest.param("/etc/hosts:3", "/etc/hosts:3", id="an absolute path"),
        pytest.param("in README.md.", "/project/README.md", id="at the end of a sentence"),
        pytest.param("Makefile:3", "/project/Makefile:3", id="no ending, but a line"),
        pytest.param("src/with-dash.test.ts:9", "/project/src/with-dash.test.ts:9", id="dashes and dots"),
    ],
)
def test_a_link(text: str, found: str) -> None:
    assert [link.words for link in links(text)] == [found]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("src/missing.py:12", id="no such file"),
        pytest.param("Makefile", id="a word that is a file's name"),
        pytest.param("version 1.2.3", id="numbers"),
        pytest.param("javascript:alert(1)", id="another scheme"),
        pytest.param("ssh://example.org", id="one that starts a program"),
        pytest.param("https://ex\u0430mple.org", id="letters that look like others: not half of it either"),
        pytest.param("https://example\u3002org", id="a full stop that looks like another ends the address"),
        pytest.param(
            "\x1b]8;;vscode://x/run\x1b\\src/a.py:1\x1b]8;;\x1b\\", id="a link of the program's own to what is not opened, over a path"
        ),
    ],
)
def test_no_link(text: str) -> None:
    assert [link.words for link in links(text) if link.words != "https://example"] == []


def test_over_wrapped_rows() -> None:
    (link,) = links("x " + "https://example.org/" + "a" * 30, columns=20)
    assert link.target == "https://example.org/" + "a" * 30
    assert {row: [(span.start, span.stop) for span in spans] for row, spans in spans_of([link], 20).items()} == {
        0: [(2, 20)],
        1: [(0, 20)],
        2: [(0, 12)],
    }


def test_what_is_shown_of_it() -> None:
    (inside, outside, address) = links("src/a.py:12 /etc/hosts https://example.org")
    assert [link.within("/project") for link in (inside, outside, address)] == ["src/a.py:12", "/etc/hosts", "https://example.org"]


def test_beside_wide_characters() -> None:
    (link,) = links("日本 src/a.py:1 日本")
    assert (link.first, link.last) == ((0, 5), (0, 14))


def test_a_folder_is_asked_once_for_a_name() -> None:
    asked: list[str] = []
    finder = Finder("/project", noting(asked))
    for _ in range(3):
        assert finder.file("a.py") == ""
    assert asked == ["/project/a.py"]


def test_a_line_full_of_names_asks_for_some() -> None:
    asked: list[str] = []
    made = PyteEmulator(Size(600, 2))
    made.feed(b"a/b " * 140)
    found = links_of_rows(0, 1, lambda row: made.lines[row] if row >= 0 else None, made.styles, 600, Finder("/", noting(asked)))
    assert found == []
    assert len(asked) <= 40


@pytest.mark.parametrize(
    ("uri", "safe"),
    [
        pytest.param("https://example.org/", True, id="https"),
        pytest.param("HTTP://example.org/", True, id="HTTP"),
        pytest.param("file:///etc/hosts", True, id="file"),
        pytest.param("https://example.org/\x1b]0;x\x07", False, id="controls"),
        pytest.param("https://example.org/a b", False, id="a blank"),
        pytest.param("https://example.org/'$(touch%20x)'", True, id="what a shell would run is data here"),
        pytest.param("https://example.org/`touch x`", False, id="back quotes have no place in an address"),
        pytest.param("-https://example.org", False, id="an option"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("x-man-page://ls", False, id="a scheme that starts a program"),
        pytest.param("https:", False, id="nothing"),
        pytest.param("https://" + "a" * 3000, False, id="too long"),
    ],
)
def test_what_may_be_opened(uri: str, safe: bool) -> None:
    assert is_safe(uri) is safe


@pytest.mark.parametrize(
    ("text", "uri", "lie"),
    [
        pytest.param("https://example.org", "https://example.org/x", False, id="the same place"),
        pytest.param("www.example.org/", "https://example.org/", False, id="www"),
        pytest.param("https://example.org", "https://example.com/", True, id="another place"),
        pytest.param("https://example.org", "https://example.org@evil.test/", True, id="a user that looks like a place"),
        pytest.param("PR 12", "https://example.org/12", False, id="a name"),
        pytest.param("src/a.py", "https://example.org/12", False, id="a path"),
        pytest.param("notes.md", "https://example.org/notes.md", False, id="a file's name"),
    ],
)
def test_a_text_that_is_the_address_of_another_place(text: str, uri: str, lie: bool) -> None:
    assert lies(text, uri) is lie


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c", "/a/b c"),
        ("file://here/a", "/a"),
        ("file://localhost/a", "/a"),
        ("file://elsewhere/a", ""),
        ("file:///a%0ab", ""),
        ("https://here/a", ""),
    ],
)
def test_a_file_of_this_machine(uri: str, path: str) -> None:
    assert local_path(uri, "here.example.org") == path
