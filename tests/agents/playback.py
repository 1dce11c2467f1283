"""Recordings of real agents, played through a watch as the server plays a pane through it, and judged mark by mark.

A recording is ``NAME.bin`` (the bytes, or ``.bin.gz``) and ``NAME.jsonl`` (one event a line, or ``.jsonl.gz``): ``start``
(size), ``o`` (bytes printed), ``i`` (typed), ``r`` (resized), ``hook`` (what a hook was told), ``mark`` (a moment whose
state is known), ``end``. Time is the recording's own; nothing waits.
"""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from agentgrid.agents.hooks.opencode import EventStream
from agentgrid.agents.hooks.parsing import parse_hook
from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.signals import AnySignal, Exited, Pressed, Started
from agentgrid.agents.verdict import Verdict
from agentgrid.agents.watch import Watch
from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator

SHARED = Path(__file__).parents[2] / ".." / "shared" / "recordings"
OWN = Path(__file__).parents[1] / "recordings"
LAYERS = ("all", "no hooks", "screen only")
FRAME_SECONDS = 1 / 30
LATE_SECONDS = 1.0

STATES = {
    "ready": ("idle", "unknown"),
    "idle": ("idle",),
    "working": ("working",),
    "before-resize": ("working",),
    "after-resize": ("working",),
    "permission": ("blocked",),
    "question": ("blocked",),
    "done": ("done",),
    "after-question": ("done",),
    "exit": ("exited",),
}
"""What is right at a mark that does not say it itself."""
KINDS = {"permission": "permission", "question": "question"}


class Event(NamedTuple):
    """One line of a recording."""

    at: float
    kind: str
    fields: dict[str, Any]


class Recording(NamedTuple):
    """A recording, read when it is played."""

    name: str
    agent: str
    folder: Path

    def data(self) -> bytes:
        return _read(self.folder / f"{self.name}.bin")

    def events(self) -> list[Event]:
        lines = _read(self.folder / f"{self.name}.jsonl").decode().splitlines()
        found = [json.loads(line) for line in lines]
        return [Event(event["t"], event["k"], event) for event in found]


class Mark(NamedTuple):
    """A moment whose state is known. ``states``: those that are right."""

    at: float
    name: str
    states: tuple[str, ...]
    kind: str = ""


class Judged(NamedTuple):
    """How a recording went. ``wrong`` and ``alarms`` are sentences."""

    marks: list[Mark]
    wrong: list[str]
    alarms: list[str]
    told: list[tuple[float, Verdict]]


@cache
def recordings() -> tuple[Recording, ...]:
    """Those of the folder beside the checkout, and our own."""
    found = []
    for folder in (SHARED, OWN):
        for path in sorted(folder.glob("*.jsonl*")) if folder.is_dir() else ():
            name = path.name.partition(".jsonl")[0]
            if not name.endswith("-startup"):
                found.append(Recording(name, name.partition("-")[0], folder))
    return tuple(found)


def marks_of(recording: Recording) -> list[Mark]:
    """The marks, each with the states that are right."""
    found = []
    for event in recording.events():
        if event.kind == "mark":
            name = event.fields["name"]
            stem = next((stem for stem in STATES if name.startswith(stem)), "")
            states = (
                tuple(event.fields["state"].split("|")) if "state" in event.fields else CORRECTED.get((recording.name, name), STATES[stem])
            )
            kind = event.fields.get("kind", KINDS.get(stem, "")) if "blocked" in states else ""
            found.append(Mark(event.at, name, states, kind))
    return found


CORRECTED = {
    ("copilot-80x24-full", "question"): ("done",),
    ("copilot-80x24-full", "after-question"): ("done", "idle"),
    ("copilot-80x24-full", "done3"): ("done", "idle"),
    ("gemini-80x24-full", "done3"): ("done", "idle"),
}
"""With copilot the question could not be asked: the tool refused it, and the turn ended; then, as with gemini's last turn,
somebody pressed Enter, who has thereby seen that it is done."""


def play(recording: Recording, layer: str = "all", *, keys: bool = True) -> Iterator[tuple[float, Verdict]]:
    """Every verdict that is another one than before, with its time; ``layer`` says which signals there are."""
    profiles = load_profiles()
    watch = Watch(profiles[recording.agent], profiles)
    data, events = recording.data(), recording.events()
    start = events[0].fields
    emulator = PyteEmulator(Size(columns=start["cols"], rows=start["rows"]))
    stream = EventStream("")
    watch.take(Started(at=0.0))
    last: Verdict | None = None
    timer: float | None = None

    def looked(now: float) -> Iterator[tuple[float, Verdict]]:
        nonlocal last, timer
        verdict = watch.look(now, None if emulator.modes.synchronized else emulator)
        timer = watch.next_look(now)
        if last is None or _told(verdict) != _told(last):
            yield now, verdict
        last = verdict

    for event in events:
        while timer is not None and timer <= event.at:
            yield from looked(timer)
        now = event.at
        match event.kind:
            case "o":
                offset = event.fields["off"]
                chunk = data[offset : offset + event.fields["len"]]
                happened = emulator.feed(chunk)
                watch.printed(len(chunk), now)
                if layer == "screen only" or not watch.heard(happened, now):
                    timer = min(timer if timer is not None else now + FRAME_SECONDS, now + FRAME_SECONDS)
                    continue
            case "i" if keys:
                for signal in pressed(event.fields["data"], now):
                    watch.take(signal)
            case "r":
                emulator.resize(Size(columns=event.fields["cols"], rows=event.fields["rows"]))
            case "hook" if layer == "all":
                text = event.fields["text"]
                heard = (
                    stream.event(text.encode(), now)
                    if event.fields["agent"] == "opencode"
                    else parse_hook(event.fields["agent"], event.fields["event"], text, now)
                )
                for hooked in heard.signals:
                    watch.take(hooked)
            case "end":
                if event.fields["dead"]:
                    watch.take(Exited(at=now))
            case "mark" if event.fields["name"].startswith(("exit", "killed")):
                watch.take(Exited(at=now))
            case _:
                continue
        yield from looked(now)
    end = events[-1].at + LATE_SECONDS
    while timer is not None and timer <= end:
        yield from looked(timer)


def _told(verdict: Verdict) -> tuple[object, ...]:
    return verdict.state, verdict.kind, verdict.message, verdict.dialog


def pressed(text: str, now: float) -> list[AnySignal]:
    """Typed bytes as keys."""
    names = {"\r": "enter", "\x1b": "escape", "\x03": "ctrl+c"}
    return [Pressed(at=now, key=names.get(text, "text"))]


def judge(recording: Recording, layer: str = "all", *, keys: bool = True) -> Judged:
    """Play it and compare. A mark is right when its state holds then or within ``LATE_SECONDS``; between two marks every
    state but theirs and ``working`` is a false alarm, unless it calls nobody."""
    told = list(play(recording, layer, keys=keys))
    marks = marks_of(recording)
    wrong, alarms = [], []
    for mark in marks:
        states = [(verdict.state, verdict.kind) for verdict in _during(told, mark.at, mark.at + LATE_SECONDS)]
        if not any(state in mark.states and (not mark.kind or kind == mark.kind) for state, kind in states):
            wrong.append(f"{mark.at:.1f} s, {mark.name}: {' '.join('/'.join(filter(None, state)) for state in states) or 'nothing'}")
    calling = {"blocked", "done", "error", "limited", "exited"}
    for before, after in zip([Mark(0.0, "start", ("idle",)), *marks], [*marks, None], strict=True):
        allowed = {*before.states, *(after.states if after is not None else ())}
        end = after.at if after is not None else 1e9
        for (_, last), (at, verdict) in pairwise(told):
            another = (last.state, last.kind) != (verdict.state, verdict.kind)
            if another and before.at < at <= end and verdict.state in calling - allowed:
                alarms.append(f"{at:.1f} s, after {before.name}: {verdict.state}/{verdict.kind} ({verdict.source} {verdict.rule})")
    return Judged(marks, wrong, alarms, told)


def _during(told: list[tuple[float, Verdict]], start: float, end: float) -> list[Verdict]:
    """What was said at the start, and until the end."""
    held = [verdict for at, verdict in told if at <= start][-1:]
    return held + [verdict for at, verdict in told if start < at <= end]


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes())
