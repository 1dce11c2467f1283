"""A wrong verdict as a file: what was on the screen, which signals there were, what was said. Read again, it is a test.

It is a recording (asciicast) that any player shows, with events of our own that players skip: ``s`` is a signal as JSON.
The header's ``agentgrid`` says which agent it was and what was said of it; ``expected`` is for whoever knows better. Played
back with the signals in it the detector says the same again, until a rule is mended; a recording without signals is played
through an emulator, so that an ordinary ``agentgrid record`` can be explained too.

https://docs.asciinema.org/manual/asciicast/v2/
"""

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from agentgrid.agents.detector import Detector
from agentgrid.agents.profiles import Profile
from agentgrid.agents.signals import AnySignal, Started
from agentgrid.agents.verdict import Verdict
from agentgrid.agents.watch import Watch
from agentgrid.errors import UsageError
from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator

VERSION = 2
MAX_SIDE = 1000  # Columns or rows: no terminal is larger, and a file cannot make us fill the memory.
AFTER_SECONDS = 3.0  # What is still to settle when a recording ends.


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of the pane, and what would have been right (empty until somebody writes it in)."""

    agent: str
    state: str = ""
    kind: str = ""
    source: str = ""
    rule: str = ""
    expected: str = ""


class Case(NamedTuple):
    """A recording with its signals. ``outputs``: bytes or a new size, each with its time; times are from the beginning."""

    size: Size
    said: Said
    outputs: tuple[tuple[float, bytes | Size], ...]
    signals: tuple[AnySignal, ...]


class Moment(NamedTuple):
    """From when on a verdict holds."""

    at: float
    verdict: Verdict


def capture(watch: Watch, verdict: Verdict, *, size: Size, painted: bytes, now: float) -> str:
    """The pane as it is now, as the text of a file. ``painted``: bytes that paint its screen on an empty terminal."""
    signals = [*watch.held, *watch.recent]
    start = min((signal.at for signal in signals), default=now)
    said = Said(agent=watch.agent, state=verdict.state, kind=verdict.kind, source=verdict.source, rule=verdict.rule)
    ordered = sorted(dict.fromkeys(signals), key=lambda signal: signal.at)
    moved = tuple(msgspec.structs.replace(signal, at=round(signal.at - start, 3)) for signal in ordered)
    return write_case(Case(size, said, ((round(now - start, 3), painted),), moved))


def write_case(case: Case) -> str:
    """The text of the file."""
    about = {"version": VERSION, "width": case.size.columns, "height": case.size.rows, "agentgrid": msgspec.to_builtins(case.said)}
    decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
    events: list[tuple[float, str, str]] = []
    for at, output in case.outputs:
        if isinstance(output, Size):
            events.append((at, "r", f"{output.columns}x{output.rows}"))
        elif text := decode(output):
            events.append((at, "o", text))
    events += [(signal.at, "s", msgspec.json.encode(signal).decode()) for signal in case.signals]
    lines = [json.dumps(about), *(json.dumps(event) for event in sorted(events, key=lambda event: event[0]))]
    return "\n".join(lines) + "\n"


def read_case(text: str) -> Case:
    """The case in a file. Raises UsageError that names the line."""
    lines = text.splitlines()
    about = _json(lines[0]) if lines else None
    if not isinstance(about, dict) or about.get("version") != VERSION:
        raise UsageError(f"it does not begin as an asciicast of version {VERSION}")
    said = _converted(about.get("agentgrid", {"agent": ""}), Said, 1)
    outputs: list[tuple[float, bytes | Size]] = []
    signals: list[AnySignal] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        match _json(line):
            case [int() | float() as at, "o", str() as data]:
                outputs.append((at, data.encode("utf-8", "surrogateescape")))
            case [int() | float() as at, "r", str() as size]:
                columns, _, rows = size.partition("x")
                outputs.append((at, _size(columns, rows, number)))
            case [int() | float() as at, "s", str() as signal]:
                signals.append(msgspec.structs.replace(_converted(_json(signal), AnySignal, number), at=float(at)))
            case [int() | float(), str(), str()]:
                pass  # Marks and input.
            case _:
                raise UsageError(f"line {number} is no event of an asciicast")
    return Case(_size(str(about.get("width")), str(about.get("height")), 1), said, tuple(outputs), tuple(signals))


def play(case: Case, profiles: Mapping[str, Profile], agent: str = "", utc_offset_seconds: float = 0.0) -> Iterator[Moment]:
    """Every verdict that says something new, with its time. ``agent`` is whose rules apply, the case's own by default."""
    profile = profiles.get(agent or case.said.agent)
    told = _by_signals if case.signals else _by_bytes
    last: tuple[object, ...] | None = None
    for moment in told(case, profile, profiles, utc_offset_seconds):
        verdict = moment.verdict
        says = (verdict.state, verdict.kind, verdict.message, verdict.source, verdict.rule)
        if says != last:
            yield moment
        last = says


def _by_signals(case: Case, profile: Profile | None, profiles: Mapping[str, Profile], utc_offset_seconds: float) -> Iterator[Moment]:
    del profiles
    detector = Detector(profile, utc_offset_seconds)
    end = max([case.signals[-1].at, *(at for at, _ in case.outputs)])
    timer: float | None = None
    for signal in case.signals:
        while timer is not None and timer <= signal.at:
            yield Moment(timer, detector.look(timer))
            timer = detector.next_look(timer)
        detector.take(signal)
        yield Moment(signal.at, detector.look(signal.at))
        timer = detector.next_look(signal.at)
    while timer is not None and timer <= end:
        yield Moment(timer, detector.look(timer))
        timer = detector.next_look(timer)


def _by_bytes(case: Case, profile: Profile | None, profiles: Mapping[str, Profile], utc_offset_seconds: float) -> Iterator[Moment]:
    watch = Watch(profile, profiles, utc_offset_seconds)
    emulator = PyteEmulator(case.size)
    watch.take(Started(at=0.0))
    timer: float | None = None

    def look(now: float) -> Moment:
        nonlocal timer
        found = Moment(now, watch.look(now, None if emulator.modes.synchronized else emulator))
        timer = watch.next_look(now)
        return found

    now = 0.0
    for at, output in case.outputs:
        while timer is not None and timer <= at:
            yield look(timer)
        now = at
        if isinstance(output, Size):
            emulator.resize(output)
        else:
            watch.heard(emulator.feed(output), now)
            watch.printed(len(output), now)
        yield look(now)
    while timer is not None and timer <= now + AFTER_SECONDS:
        yield look(timer)


def lines_of(moments: Iterable[Moment]) -> Iterator[str]:
    """A line for each verdict: when, what, by what."""
    for at, verdict in moments:
        state = f"{verdict.state}/{verdict.kind}" if verdict.kind else verdict.state
        by = f"{verdict.source} {verdict.rule}".strip()
        yield f"{at:9.2f} s  {state:20} {by:32} {verdict.message}".rstrip()


def _size(columns: str, rows: str, line: int) -> Size:
    sides = [int(side) if side.isascii() and side.isdigit() and len(side) < 5 else 0 for side in (columns, rows)]
    if not all(1 <= side <= MAX_SIDE for side in sides):
        raise UsageError(f"line {line} names no size that a terminal can have")
    return Size(columns=sides[0], rows=sides[1])


def _converted(value: object, into: Any, line: int) -> Any:
    try:
        return msgspec.convert(value, into)
    except msgspec.ValidationError as error:
        raise UsageError(f"line {line}: {error}") from error


def _json(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
