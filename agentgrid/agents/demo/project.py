"""The scratch project that the demo's agents work on: a small library of tide tables. Every file as it is in the last commit."""

FILES = {
    "README.md": """\
# tidebook

Tide tables for small harbours, without a network.

    python3 -m tidebook Whitby
""",
    "CHANGELOG.md": """\
# Changelog

## 0.3.0
- Harbours know their time zone.
""",
    ".gitignore": "__pycache__/\nbuild/\n",
    "pyproject.toml": """\
[project]
name = "tidebook"
version = "0.3.0"
requires-python = ">=3.11"
""",
    "tidebook/__init__.py": '"""Tide tables for small harbours."""\n',
    "tidebook/__main__.py": """\
import sys

from tidebook.harbours import find
from tidebook.table import table

print(table(find(sys.argv[1])))
""",
    "tidebook/harbours.py": """\
from typing import NamedTuple


class Harbour(NamedTuple):
    name: str
    lag_minutes: int
    range_metres: float


HARBOURS = [
    Harbour("Whitby", 225, 4.6),
    Harbour("Staithes", 219, 4.4),
    Harbour("Robin Hood's Bay", 229, 4.7),
]


def find(name):
    for harbour in HARBOURS:
        if harbour.name == name:
            return harbour
    return None
""",
    "tidebook/tides.py": '''\
from math import cos, pi

LUNAR_DAY_MINUTES = 1490


def height(harbour, minute):
    """Metres above the lowest tide, a minute of the lunar day given."""
    phase = 4 * pi * (minute - harbour.lag_minutes) / LUNAR_DAY_MINUTES
    return harbour.range_metres / 2 * (1 + cos(phase))


def high_waters(harbour):
    return [harbour.lag_minutes, harbour.lag_minutes + 745]
''',
    "tidebook/table.py": """\
from tidebook.tides import height


def table(harbour):
    rows = []
    for hour in range(0, 24, 2):
        rows.append(f"{hour:02}:00  {height(harbour, hour * 60):.1f} m")
    return "\\n".join(rows)
""",
    "tidebook/server.py": """\
from http.server import BaseHTTPRequestHandler, HTTPServer


class Tides(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("localhost", 8000), Tides).serve_forever()
""",
    "tests/test_tides.py": """\
from tidebook.harbours import find
from tidebook.tides import height, high_waters


def test_high_water_is_the_highest():
    whitby = find("Whitby")
    assert height(whitby, high_waters(whitby)[0]) == whitby.range_metres
""",
    "docs/api.md": """\
# API

| call | answers |
|---|---|
| `GET /harbours` | the harbours |
| `GET /tides/NAME` | a day's heights |
""",
    "docs/guide.md": """\
# Guide

Pick a harbour, print its table, mind the wind.
""",
}
"""Path to content."""

HISTORY = (
    (
        "2026-03-02T09:15:00+00:00",
        "Heights of the tide",
        ("README.md", ".gitignore", "pyproject.toml", "tidebook/__init__.py", "tidebook/tides.py"),
    ),
    (
        "2026-03-09T17:40:00+00:00",
        "Harbours and their tables",
        ("tidebook/harbours.py", "tidebook/table.py", "tidebook/__main__.py", "tests/test_tides.py"),
    ),
    ("2026-03-20T11:05:00+00:00", "Serve the tables", ("tidebook/server.py", "docs/api.md", "docs/guide.md", "CHANGELOG.md")),
)
"""Commits, oldest first: date, subject, the files each brings."""

AUTHOR = ("Mara Finch", "mara@example.com")
