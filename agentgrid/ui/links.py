"""Links in what a pane shows: those of its program (OSC 8), addresses, files that exist. Pure but for ``exists``.

A line is looked at whole, however it is wrapped. What a link is called is one thing, where it leads another: ``TextLink.lies`` tells
where its text is the address of some other place. Nothing is ever opened here (see ``opening``).

Forms of a place in a file: ``a.py:12``, ``a.py:12:7``, ``a.py(12)``, ``a.py(12,7)``, ``"a.py", line 12``, ``a.py``. The ``a/`` and
``b/`` of a diff are taken off where the file is not there with them.
Deviation: no other schemes than those of ``uri``, whatever is registered on the machine.
"""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from agentgrid.terminal.row import BLANK, WIDE_TAIL
from agentgrid.terminal.style import Style
from agentgrid.ui.render import Span
from agentgrid.ui.selection import MAX_WRAPPED_ROWS, Point, Reader, cell, line_end, line_start
from agentgrid.ui.uri import CHARACTERS, is_safe

MAX_CANDIDATES = 40  # Of files on one line: each is looked for on the disk.

_URI = re.compile(rf"\b(?:https?://|file://|mailto:){CHARACTERS}+")
_PATH = re.compile(
    r"(?<![\w/.~@+\-])(?P<path>(?:~/|\.{0,2}/)?[\w.@+\-]+(?:/[\w.@+\-]+)*)"
    r"(?::(?P<line>\d{1,7})(?::(?P<column>\d{1,5}))?|\((?P<row>\d{1,7})(?:, ?(?P<at>\d{1,5}))?\)|\", line (?P<traced>\d{1,7}))?"
)
_TRAILING = ".,;:!?'"
_PAIRS = {")": "(", "]": "["}
_HOST = re.compile(r"^\s*(?:[a-z]+://)?(?:[^/@\s]*@)?(?P<host>[\w\-]+(?:\.[\w\-]+)+)", re.IGNORECASE)


class TextLink(NamedTuple):
    """``target``: a URI, or an absolute path with its ``line`` (0 where none is told). From ``first`` to ``last``, both cells included."""

    first: Point
    last: Point
    target: str
    line: int = 0
    column: int = 0
    is_file: bool = False
    lies: bool = False
    """Its text is the address of another place."""

    def within(self, folder: str) -> str:
        """The same, shorter where it is a file below the folder."""
        return self.words.removeprefix(f"{folder}/") if self.is_file else self.words

    @property
    def words(self) -> str:
        """What is copied, and shown."""
        return self.target + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")


@dataclass(slots=True)
class Finder:
    """What there is in one pane's folder; asked once for each name while somebody looks. Owned by the pane's sight."""

    folder: str
    exists: Callable[[str], bool] = os.path.isfile
    _known: dict[str, bool] = field(default_factory=dict)

    def file(self, name: str) -> str:
        """The absolute path of a file of that name, empty where there is none."""
        for shorter in (name, name[2:] if name[:2] in ("a/", "b/") else ""):
            path = os.path.normpath(os.path.join(self.folder, os.path.expanduser(shorter))) if shorter else ""
            if path and path not in self._known:
                self._known[path] = self.exists(path)
            if path and self._known[path]:
                return path
        return ""


def links_of_line(row: int, read: Reader, styles: Sequence[Style], width: int, finder: Finder) -> list[TextLink]:
    """Those of the line that the row is a part of, in order."""
    start = max(line_start(row, read), row - MAX_WRAPPED_ROWS)
    stop = min(line_end(row, read), row + MAX_WRAPPED_ROWS)
    lines = [read(number) or BLANK for number in range(start, stop + 1)]
    text = "".join(line.text.ljust(width)[:width] for line in lines)
    codes = "".join(line.styles.ljust(width, "\0")[:width] for line in lines)
    found: list[TextLink] = []
    taken = bytearray(len(text))

    def add(first: int, last: int, target: str, **more: int | bool) -> None:
        taken[first:last] = b"\1" * (last - first)
        found.append(TextLink(cell(first, start, width), cell(last - 1, start, width), target, **more))  # type: ignore[arg-type]

    for first, last, uri in _own(codes, styles):
        if is_safe(uri):
            add(first, last, uri, lies=lies(text[first:last].replace(WIDE_TAIL, ""), uri))
        else:
            taken[first:last] = b"\1" * (last - first)
    for match in _URI.finditer(text):
        first, last = match.start(), match.start() + len(_without_tail(match[0]))
        whole = last < match.end() or match.end() == len(text) or not text[match.end()].isalnum()
        if whole and not any(taken[first:last]) and is_safe(text[first:last]):
            add(first, last, text[first:last])
    candidates = 0
    for match in _PATH.finditer(text):
        first, last = match.span()
        if any(taken[first:last]) or not _may_be_file(match) or candidates >= MAX_CANDIDATES:
            continue
        candidates += 1
        name = match["path"]
        if match.end("path") == match.end():
            name = name.rstrip(".")  # Of the sentence.
            last = first + len(name)
        if path := finder.file(name):
            line, column = match["line"] or match["row"] or match["traced"] or 0, match["column"] or match["at"] or 0
            add(first, last, path, line=int(line), column=int(column), is_file=True)
    return sorted(found)


def link_at(point: Point, read: Reader, styles: Sequence[Style], width: int, finder: Finder) -> TextLink | None:
    """The link that the cell is a part of."""
    return next((link for link in links_of_line(point.row, read, styles, width, finder) if link.first <= point <= link.last), None)


def spans_of(links: Iterable[TextLink], width: int) -> dict[int, list[Span]]:
    """The columns to mark, by absolute row."""
    found: dict[int, list[Span]] = {}
    for link in links:
        for row in range(link.first.row, link.last.row + 1):
            start = link.first.column if row == link.first.row else 0
            stop = link.last.column + 1 if row == link.last.row else width
            found.setdefault(row, []).append(Span(start, stop, "link"))
    return found


def links_of_rows(top: int, rows: int, read: Reader, styles: Sequence[Style], width: int, finder: Finder) -> list[TextLink]:
    """Those of all lines that are seen."""
    found: list[TextLink] = []
    row = top
    while row < top + rows:
        found += links_of_line(row, read, styles, width, finder)
        row = line_end(row, read) + 1
    return found


def local_path(uri: str, host: str) -> str:
    """The path of a ``file:`` URI of this machine; empty for another one's."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    path = unquote(parts.path)
    here = (parts.hostname or "").lower() in ("", "localhost", host.lower(), host.lower().partition(".")[0])
    return path if parts.scheme.lower() == "file" and here and path.startswith("/") and path.isprintable() else ""


def lies(text: str, uri: str) -> bool:
    """The text looks like the address of a host, and the link leads to another one."""
    said = _HOST.match(text)
    try:
        meant = urlsplit(uri).hostname or ""
    except ValueError:
        return True
    if said is None or uri.lower().startswith("file:"):
        return False
    shown = said["host"].lower()
    address = "://" in text or shown.startswith("www.") or "/" in text
    return address and shown.removeprefix("www.") != meant.lower().removeprefix("www.")


def _own(codes: str, styles: Sequence[Style]) -> Iterable[tuple[int, int, str]]:
    """Runs of cells with one link of the program's: start, stop, URI."""
    start, link = 0, None
    for index, code in enumerate((*codes, "\0")):
        here = styles[ord(code)].link if index < len(codes) and ord(code) < len(styles) else None
        if here != link:
            if link is not None:
                yield start, index, link.partition(";")[2]
            start, link = index, here


def _without_tail(uri: str) -> str:
    """The address without what belongs to the sentence around it."""
    while uri:
        last = uri[-1]
        if last in _TRAILING or (last in _PAIRS and uri.count(last) > uri.count(_PAIRS[last])):
            uri = uri[:-1]
        else:
            return uri
    return uri


def _may_be_file(match: re.Match[str]) -> bool:
    """A name alone is a file's only with an ending or a line; anything with a slash may be one."""
    name = match["path"]
    return "/" in name or match.end("path") < match.end() or ("." in name.strip(".") and not name.replace(".", "").isdigit())
