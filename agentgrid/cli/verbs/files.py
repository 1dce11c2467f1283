"""``changes``, ``conflicts``, ``who``, ``ack``, ``check`` and ``commit``: who wrote which file, and what to do about it."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentgrid.cli.output import complain, one_line, say, say_json
from agentgrid.cli.reach import connect, here
from agentgrid.cli.roster import ago, width_of
from agentgrid.protocol import asked as q
from agentgrid.protocol.messages import GetStatus
from agentgrid.workspace.pathname import shown

if TYPE_CHECKING:
    from agentgrid.cli.words import Call
    from agentgrid.client.client import Client

CLOSED_WORDS = {"commit": "committed", "revert": "reverted", "ack": "acknowledged", "expired": "expired"}
KIND_WORDS = {
    "same_file": "both wrote it",
    "overlap": "their lines meet",
    "overwrite": "one removed what the other wrote",
    "stale": "written over a version it had not read",
    "git": "git changed it under the others",
    "worktree": "differs between worktrees",
}
COMMON_LINES = 2  # How many lines of nobody's are shown around those of a pane.


def changes(call: "Call", *, pane: str | None) -> int:
    """Every change, oldest first."""
    with connect(call) as client:
        found: list[dict[str, Any]] = client.request(q.GetChanges(pane=pane or ""))
        names = _names(client)
    if call.json:
        say_json(found)
        return 0
    rows = [
        (
            time.strftime("%H:%M:%S", time.localtime(change["at"])),
            _author(change, names),
            change["kind"],
            shown(change["path"]),
            change["evidence"] + (f", {change['operation']}" if "operation" in change else ""),
        )
        for change in found
    ]
    _say_table(rows, "no file has changed")
    return 0


def conflicts(call: "Call", *, all: bool) -> int:  # noqa: A002
    """The open ones, or all that are remembered."""
    with connect(call) as client:
        found: list[dict[str, Any]] = client.request(q.GetConflicts(closed=all))
        names = _names(client)
    if call.json:
        say_json(found)
        return 0
    now = time.time()
    rows = [
        (
            str(conflict["id"]),
            conflict["kind"],
            shown(conflict["path"]) or one_line(conflict.get("summary", "")),
            " and ".join(names.get(pane, pane) for pane in conflict["panes"]),
            _lines(conflict["lines"]),
            f"{ago(now - conflict['last'])} ago",
            "" if conflict["open"] else CLOSED_WORDS.get(conflict.get("closing", ""), "over"),
        )
        for conflict in found
    ]
    _say_table(rows, "no conflicts")
    return 0


def who(call: "Call", *, path: str) -> int:
    """Who has work in a file that is not committed, line by line where that is known."""
    with connect(call) as client:
        found: dict[str, Any] = client.request(q.GetAuthors(path=_absolute(path)))
        names = _names(client)
    if call.json:
        say_json(found)
        return 0
    now = time.time()
    rows = [
        (_author(change, names), change["kind"], f"{ago(now - change['at'])} ago", change["evidence"], change.get("program", ""))
        for change in found["authors"]
    ]
    last = found["last"]
    if not rows and last is not None:
        say(f"nobody has work in it that is not committed; last {last['kind']} by {_author(last, names)}, {ago(now - last['at'])} ago")
        return 0
    _say_table(rows, "no pane of this session has written it")
    if any(owner is not None for *_, owner in found["lines"]):
        for line in _blame(found, names):
            say(line)
    return 0


def ack(call: "Call", *, conflict: int) -> int:
    """A person has seen it: the flag goes, and counting begins anew."""
    with connect(call) as client:
        found: dict[str, Any] = client.request(q.Acknowledge(conflict=conflict))
    if call.json:
        say_json(found)
    return 0


def check(call: "Call", *, path: str) -> int:
    """1, and a line, when another pane holds the file."""
    own = os.environ.get("AGENTGRID_PANE", "") if call.session is None else ""
    with connect(call) as client:
        found: list[dict[str, Any]] = client.request(q.CheckPath(path=_absolute(path), pane=own))
    if call.json:
        say_json(found)
    elif found:
        now = time.time()
        for holder in found:
            place = f"pane {holder['number']}" if holder["number"] else holder["pane"]
            lines = f" (lines {_lines(holder['lines'])})" if holder["lines"] else ""
            say(
                f"{shown(holder['path'])}: {holder['name']} ({place}) wrote it {ago(now - holder['at'])} ago and has not committed it"
                f"{lines}; read it again before you write, or work elsewhere"
            )
    return 1 if found else 0


def commit(call: "Call", *, pane: str, message: str | None, dry_run: bool) -> int:
    """Commit exactly what a pane wrote; its hash and files."""
    with connect(call) as client:
        found: dict[str, Any] = client.request(q.CommitPane(pane=pane, message=message or "", dry_run=dry_run))
    if call.json:
        say_json(found)
        return 0
    if found["summary"]:
        say(one_line(found["summary"]))
    for file in found["files"]:
        words = {"whole": "", "part": "  (its part of it)", "deleted": "  (deleted)"}
        say(f"  {shown(file['path'])}{words[file['part']]}")
    if dry_run:
        complain("nothing was committed: --dry-run")
    return 0


# ------------------------------------------------------------------ below


def _names(client: "Client") -> dict[str, str]:
    """How to call panes: ``claude-2``."""
    return {pane["id"]: one_line(pane["name"]) for pane in client.request(GetStatus())["panes"]}


def _author(change: dict[str, Any], names: dict[str, str]) -> str:
    if change["pane"] is not None:
        return names.get(change["pane"], str(change["pane"]))
    if change["evidence"] == "outside":
        return "outside"
    return "? " + " or ".join(names.get(pane, pane) for pane in change["candidates"]) if change["candidates"] else "?"


def _lines(lines: Sequence[Sequence[int]]) -> str:
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in lines)


def _absolute(path: str) -> str:
    return os.path.join(here(), os.path.expanduser(path))


def _say_table(rows: Sequence[Sequence[str]], nothing: str) -> None:
    if not rows:
        say(nothing)
        return
    widths = [max(width_of(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (text + " " * (width - width_of(text)) for text, width in zip(row, widths, strict=True) if width)
        say("  ".join(cells).rstrip())


def _blame(found: dict[str, Any], names: dict[str, str]) -> list[str]:
    """The file's lines with their authors; of the others only those around them."""
    try:
        text = (Path(found["folder"]) / found["path"]).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        text = []
    owners: dict[int, str | None] = {}
    for first, last, pane in found["lines"]:
        owners.update(dict.fromkeys(range(first, last + 1), pane))
    near = {number + step for number, pane in owners.items() if pane for step in range(-COMMON_LINES, COMMON_LINES + 1)}
    width = max((width_of(names.get(pane, pane)) for pane in owners.values() if pane), default=0)
    lines: list[str] = []
    before = 0
    for number in sorted(near & owners.keys()):
        if number != before + 1:
            lines.append(f"{'':{width}}      …")
        before = number
        pane = owners[number]
        author = names.get(pane, pane) if pane else ""
        line = text[number - 1] if number <= len(text) else ""
        lines.append(f"{author}{' ' * (width - width_of(author))} {number:>5} {one_line_kept(line)}".rstrip())
    return lines


def one_line_kept(text: str) -> str:
    """A line of a file with its indentation, and nothing in it that a terminal would act on."""
    return shown(text.expandtabs(4))
