"""``replay``: play a recording in this terminal. Space pauses, q ends."""

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agentgrid.cli.output import colourful, harmless, say
from agentgrid.cli.playback import ENTER, LEAVE, Stage
from agentgrid.cli.reach import here
from agentgrid.cli.recording import Moment, read_header, read_moments
from agentgrid.cli.starting import choices
from agentgrid.errors import Unavailable, UsageError
from agentgrid.geometry import Size

if TYPE_CHECKING:
    from agentgrid.cli.words import Call

FRAME_SECONDS = 1 / 30  # As often as a recording that never rests is shown.
PAUSE = b" "
QUIT = (b"q", b"")  # The end of input too.


def replay(call: "Call", *, file: str, speed: float | None, instant: bool, explain: bool, agent: str | None) -> int:  # noqa: ARG001 (every verb is told its call)
    """Play the file, and leave its last screen behind; where no person watches, print only that."""
    if agent is not None and not explain:
        raise UsageError("--agent goes with --explain")
    try:
        if explain:
            with open(file, encoding="utf-8", errors="surrogateescape") as text:
                _explain(text.read(), agent or "")
            return 0
        with open(file, encoding="utf-8", errors="replace", newline="\n") as lines:
            stage = Stage(read_header(lines.readline()))
            moments = read_moments(lines)
            if instant or not _watched():
                for moment in moments:
                    stage.take(moment)
            else:
                with _terminal():
                    _play(stage, moments, speed or 1.0)
    except OSError as error:
        raise Unavailable(f"cannot read {file}: {error.strerror}") from error
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from error
    say(stage.text(ansi=colourful()))
    return 0


def _explain(text: str, agent: str) -> None:
    """Every state that is told of the recording, when, and by which rule; and what was told of it then."""
    from agentgrid.agents.cases import lines_of, play, read_case
    from agentgrid.config.agents import checked_agent

    profiles = choices(here()).profiles
    case = read_case(text)
    name = agent or case.said.agent
    if name:
        checked_agent(name, profiles)
    for line in lines_of(play(case, profiles, name, time.localtime().tm_gmtoff)):
        say(harmless(line))
    if case.said.state:
        by = f"{case.said.source} {case.said.rule}".strip()
        expected = f", and {case.said.expected} was expected" if case.said.expected else ""
        say(f"then: {case.said.state}{f'/{case.said.kind}' if case.said.kind else ''}, by {by or 'nothing'}{expected}")


def _watched() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty()


def _play(stage: Stage, moments: Iterable[Moment], speed: float) -> None:
    """Show each moment at its time. A pause moves all that come later."""
    started = shown = time.monotonic()
    for moment in moments:
        while (wait := started + moment.at / speed - time.monotonic()) > 0:
            _show(stage)
            shown = time.monotonic()
            key = _key(wait)
            if key == PAUSE:
                key = _key(None)
                started += time.monotonic() - shown
            if key in QUIT:
                return
        stage.take(moment)
        if time.monotonic() - shown > FRAME_SECONDS:  # So much at once that it is never waited for.
            _show(stage)
            shown = time.monotonic()


def _show(stage: Stage) -> None:
    size = os.get_terminal_size(sys.stdout.fileno())
    sys.stdout.write(stage.frame(Size(columns=size.columns, rows=size.lines)))
    sys.stdout.flush()


def _key(seconds: float | None) -> bytes | None:
    """What is typed within the time; None when it is over."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    return os.read(sys.stdin.fileno(), 1) if ready else None


@contextmanager
def _terminal() -> Iterator[None]:
    """The terminal as the player needs it, and afterwards as it was. Ctrl+C still interrupts."""
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        sys.stdout.write(ENTER)
        yield
    finally:
        sys.stdout.write(LEAVE)
        sys.stdout.flush()
        termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, before)
