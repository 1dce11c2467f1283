"""One prompt on its way into a program: typed as a person would, then looked after until it is known what became of it.

    hold the pane's typing → paste → the pause of the agent's profile, and until the paste is seen → Enter → let go → watch

The receipt says what was seen afterwards, not what was hoped:

    delivered   the text has left the composer, or the program has gone to work on it
    stranded    the program took nothing, or the text still stands in the composer ``WATCH_SECONDS`` after Enter
    unknown     nothing can be seen: no Enter was asked for, or the program does not show what is typed

An agent that does not show the text gets no Enter: one that is stopped would find both when it goes on, long after it was said
to be stranded, and somebody may have sent the prompt again.
"""

from collections.abc import Callable
from typing import NamedTuple

from agentgrid.agents.composer import Composer, composer, holds
from agentgrid.process.foreground import is_stopped
from agentgrid.process.pty import in_line_mode, unread_bytes
from agentgrid.server.loop import Loop
from agentgrid.server.runtime import Runtime
from agentgrid.server.typing import Hold
from agentgrid.session.pane import Pane, PaneStatus
from agentgrid.terminal import keys

LOOK_SECONDS = 0.05
TAKE_SECONDS = 5.0  # A program that reads nothing for so long is stopped or stuck.
ECHO_SECONDS = 15.0  # An agent shows a paste within a second; one that starts, on a busy machine, takes several.
STOPPED_SECONDS = 1.0  # A program that is stopped will not show anything; it may be stopped for a moment.
PLAIN_ECHO_SECONDS = 0.25  # Other programs echo at once or not at all.
WATCH_SECONDS = 12.0
PLAIN_WATCH_SECONDS = 2.0
SURE_LOOKS = 3  # An agent that draws anew may show an empty composer for a moment …
SURE_WITHOUT_LOOKS = 20  # … and no composer at all for longer.


class Subject(NamedTuple):
    """Whom a prompt is for. ``state``: the pane as it is now, None once it is closed. ``entered`` is called with Enter.

    ``agent``: it has a composer, and shows there what is typed.
    """

    runtime: Runtime
    loop: Loop
    state: Callable[[], Pane | None]
    pause_seconds: float
    agent: bool
    entered: Callable[[], None]

    @property
    def status(self) -> PaneStatus:
        pane = self.state()
        return PaneStatus.EXITED if pane is None else pane.status

    @property
    def works(self) -> bool:
        """It says that it works: that it prints something is no more than what is seen here."""
        pane = self.state()
        return pane is not None and pane.status is PaneStatus.WORKING and pane.status_source != "activity"

    def composer(self) -> Composer:
        emulator = self.runtime.emulator
        return composer(emulator.lines, emulator.clusters, emulator.cursor)


class Sending:
    """A prompt on its way; ``done`` gets the receipt. With ``typed`` the text stands in the composer already and only lacks its Enter."""

    def __init__(self, subject: Subject, text: str, *, enter: bool, done: Callable[[str], None], typed: bool = False) -> None:
        self._subject = subject
        self._text = text
        self._enter = enter
        self._done = done
        self._typed = typed
        self._hold: Hold | None = None
        self._before = subject.composer()
        self._shown = self._before
        self._waiting = 0
        self._since = subject.loop.now()
        self._printed = 0
        self._worked = False
        self._composes = subject.agent
        self._emptied = 0
        self._sure = SURE_LOOKS

    def start(self) -> None:
        typing = self._subject.runtime.typing
        if typing is None or typing.closed:
            self._done("stranded")
            return
        self._typing = typing
        self._hold = typing.hold(self._begin)
        self._again(self._taking)

    # ------------------------------------------------------------------ the steps

    def _begin(self, hold: Hold) -> None:
        self._hold = hold  # It may have its turn at once, before whoever asked for it has it.
        runtime = self._subject.runtime
        self._before = self._shown = self._subject.composer()
        self._composes = self._subject.agent and not in_line_mode(runtime.descriptor)
        self._printed = runtime.read_total
        if not self._typed:
            hold.write(keys.encode_paste(self._text.encode("utf-8", "surrogateescape"), runtime.emulator.modes))
        hold.then(self._taken)

    def _taking(self) -> None:
        """Until the program's PTY has taken all of it."""
        if self._waiting < 0:
            return
        now, waiting = self._subject.loop.now(), self._typing.waiting_bytes
        if waiting != self._waiting:
            self._waiting, self._since = waiting, now
        if self._gone or now - self._since > TAKE_SECONDS:
            self._end("stranded")
        else:
            self._again(self._taking)

    def _taken(self) -> None:
        if self._waiting < 0:
            return  # It took too long, and was told.
        self._waiting = -1
        self._since = self._subject.loop.now()
        if self._enter:
            self._echo()
        else:
            self._end("unknown")

    def _echo(self) -> None:
        """Until what was typed is seen."""
        subject = self._subject
        elapsed = subject.loop.now() - self._since
        self._shown = subject.composer()
        if self._gone:
            self._end("stranded")
        elif elapsed < subject.pause_seconds:
            self._again(self._echo)
        elif self._echoed or self._stuck or elapsed >= (ECHO_SECONDS if self._composes else PLAIN_ECHO_SECONDS):
            if not self._echoed and self._composes and (subject.runtime.read_total == self._printed or self._unread):
                self._end("stranded")
            else:
                self._press()
        else:
            self._again(self._echo)

    def _press(self) -> None:
        assert self._hold is not None
        runtime = self._subject.runtime
        self._worked = self._subject.works
        self._printed = runtime.read_total
        self._since = self._subject.loop.now()
        self._hold.write(keys.encode(keys.Key("enter"), runtime.emulator.modes))
        self._subject.entered()
        self._hold.release()
        self._again(self._watch)

    def _watch(self) -> None:
        """Until it is seen what became of it."""
        subject = self._subject
        if self._gone or (subject.works and not self._worked):
            self._end("delivered")
            return
        self._emptied = self._emptied + 1 if self._left(subject.composer()) else 0
        if self._emptied >= self._sure:
            self._end("delivered")
        elif not self._stuck and subject.loop.now() - self._since < (WATCH_SECONDS if self._composes else PLAIN_WATCH_SECONDS):
            self._again(self._watch)
        elif self._unread or (self._echoed and not self._emptied) or subject.runtime.read_total == self._printed:
            self._end("stranded")
        else:
            self._end("unknown")

    # ------------------------------------------------------------------ what is seen

    @property
    def _gone(self) -> bool:
        """The program has ended, or another one runs in its place."""
        return self._subject.runtime.typing is not self._typing or self._typing.closed or self._subject.status is PaneStatus.EXITED

    @property
    def _echoed(self) -> bool:
        return self._typed or self._shown.typed != self._before.typed

    @property
    def _unread(self) -> bool:
        """Bytes lie in the terminal that the program has not read."""
        return bool(unread_bytes(self._subject.runtime.descriptor))

    @property
    def _stuck(self) -> bool:
        """The program has been stopped."""
        runtime = self._subject.runtime
        return self._subject.loop.now() - self._since > STOPPED_SECONDS and is_stopped(runtime.descriptor) and self._unread

    def _left(self, now: Composer) -> bool:
        """Whether the text has left the place where it was typed."""
        runtime = self._subject.runtime
        if not self._echoed or runtime.read_total == self._printed or runtime.synchronized_since or self._unread:
            return False
        self._sure = SURE_LOOKS if now.certain == self._shown.certain else SURE_WITHOUT_LOOKS
        if now.certain and self._shown.certain:
            return not holds(now.typed, self._shown.typed)
        return not now.typed.startswith(self._shown.typed)

    def _again(self, step: Callable[[], None]) -> None:
        self._subject.loop.call_later(LOOK_SECONDS, step)

    def _end(self, receipt: str) -> None:
        self._waiting = -1
        if self._hold is not None:
            self._hold.release()
        self._done(receipt)
