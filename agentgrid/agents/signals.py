"""What a pane's program shows of itself, one frozen value a signal, each with its time.

    bytes  → effects  → Reported, Titled, Notified, Progressed, Marked, Rang      (``from_effects``)
           → screen   → Showed                                                     (``screen.bottom``)
           → amount   → Printed
    hooks             → Hooked                                                     (``hooks.parsing``)
    processes         → Started, Ran, Exited
    the person        → Pressed, Prompted, Watched, Seen

``at`` is seconds by any one clock; the detector only compares. A signal says what was seen, never what it means.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from agentgrid.agents.program_status import ProgramStatus, Record
from agentgrid.agents.verdict import Choice
from agentgrid.terminal import effects
from agentgrid.terminal.effects import Effect


class Signal(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Base of all signals."""

    at: float


class Started(Signal, frozen=True, kw_only=True):
    """The program was started: nothing of an earlier run holds."""


class Exited(Signal, frozen=True, kw_only=True):
    """The program ended; negative is the signal that ended it, None when nobody knows."""

    exit_code: int | None = None


class Ran(Signal, frozen=True, kw_only=True):
    """Whose turn it is on the terminal. ``program`` is the foreground program's name, ``agent`` the profile it was recognised
    as, ``own`` whether it is the one that the pane was started with."""

    program: str
    agent: str = ""
    own: bool = True


class Reported(Signal, frozen=True, kw_only=True):
    """OSC 7501: the record that speaks for the pane is this one now; None when there is none any more."""

    record: Record | None


class Titled(Signal, frozen=True, kw_only=True):
    """OSC 0 or 2."""

    title: str


class Notified(Signal, frozen=True, kw_only=True):
    """OSC 9, 99 or 777: a text for the person."""

    body: str
    title: str = ""


class Rang(Signal, frozen=True, kw_only=True):
    """BEL."""


class Progressed(Signal, frozen=True, kw_only=True):
    """OSC 9;4. ``state``: 0 removed, 1 normal, 2 error, 3 indeterminate, 4 paused."""

    state: int
    percent: int = 0


class Marked(Signal, frozen=True, kw_only=True):
    """OSC 133: A a prompt begins, B it ends, C a command's output begins, D the command has ended."""

    mark: str
    exit_code: int | None = None


class Hooked(Signal, frozen=True, kw_only=True):
    """An agent's hook or event stream. ``state`` is the state that begins with it, empty when none does.

    ``background``: how many shells or subagents go on although the turn has ended. ``tool``: what is used or asked for.
    """

    event: str
    state: str = ""
    kind: str = ""
    message: str = ""
    choices: tuple[Choice, ...] = ()
    tool: str = ""
    background: int = 0
    session: str = ""
    transcript: str = ""
    until: float | None = None


class Showed(Signal, frozen=True, kw_only=True):
    """The live bottom of the screen: its last rows down to the last that is not blank, top to bottom."""

    rows: tuple[str, ...]
    columns: int = 80


class Printed(Signal, frozen=True, kw_only=True):
    """The program printed something."""

    count: int = 1


class Pressed(Signal, frozen=True, kw_only=True):
    """The person pressed a key in the pane (or a verb did for them), named as in the configuration; any text is ``text``."""

    key: str = "text"


class Prompted(Signal, frozen=True, kw_only=True):
    """A prompt was delivered with its Enter."""


class Watched(Signal, frozen=True, kw_only=True):
    """The pane is (or is no longer) focused and visible on somebody's screen."""

    watching: bool


class Seen(Signal, frozen=True, kw_only=True):
    """The person says that they know: what was unseen is seen."""


AnySignal: TypeAlias = (
    Started
    | Exited
    | Ran
    | Reported
    | Titled
    | Notified
    | Rang
    | Progressed
    | Marked
    | Hooked
    | Showed
    | Printed
    | Pressed
    | Prompted
    | Watched
    | Seen
)

FROM_BYTES = (Reported, Titled, Notified, Rang, Progressed, Marked, Showed, Printed)
"""Those that the same bytes bring about again: a recording need not hold them."""


def from_effects(happened: Iterable[Effect], status: ProgramStatus, at: float) -> Iterator[AnySignal]:
    """The signals in what a program did, in order. ``status`` takes the reports."""
    for effect in happened:
        match effect:
            case effects.StatusReport(payload=payload):
                if status.report(payload):
                    yield Reported(at=at, record=status.current)
            case effects.TitleChanged(title=title):
                yield Titled(at=at, title=title)
            case effects.Notification(body=body, title=title):
                yield Notified(at=at, body=body, title=title)
            case effects.Progress(state=state, percent=percent):
                yield Progressed(at=at, state=state, percent=percent)
            case effects.PromptMark(mark=mark, exit_code=exit_code):
                if mark == "A":
                    status.settled()
                    yield Reported(at=at, record=status.current)
                yield Marked(at=at, mark=mark, exit_code=exit_code)
            case effects.ScreenReset():
                status.reset()
                yield Reported(at=at, record=None)
            case effects.Bell():
                yield Rang(at=at)
            case _:
                pass  # Replies, colours, the clipboard: they say nothing of a state.
