"""The outer terminal, for Textual: bytes in by the decoder, bytes out by the writer, modes set and given back.

The only module that touches Textual's driver. It stands in for Textual's own, which loses keys, ends on odd bytes, blocks
the loop when the terminal is slow and leaves it in raw mode when a signal comes.

How it works. Input and output are watched by the event loop, without threads: nothing wakes up while nothing happens. What is
read goes through ``Decoder``; what it returns becomes messages (``input_events``). A lone ESC is taken for a key when the
decoder's time has passed. What is written collects until Textual has finished an update, and goes out in one write.

The terminal is given back whatever way it ends: at the end of the app, when it fails, on SIGTERM, SIGHUP and SIGQUIT, on
suspension, and at the latest when the interpreter exits. Only SIGKILL cannot be helped.

https://textual.textualize.io (``textual.driver``; the version is pinned)
Deviations: bound to the process's own terminal; inline mode and Textual's web driver are not served.
"""

import asyncio
import atexit
import fcntl
import os
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable
from typing import Any

from textual import messages
from textual.app import App
from textual.driver import Driver
from textual.message import Message

from agentgrid.profiling import mark
from agentgrid.terminal.keys import Key
from agentgrid.terminal.mouse import Mouse
from agentgrid.ui.input import Decoder, Input, Reply
from agentgrid.ui.input_events import Repaint, message_of
from agentgrid.ui.input_mouse import WindowSize
from agentgrid.ui.outer_modes import BEGIN_UPDATE, END_UPDATE, OuterModes, Terminal, is_control
from agentgrid.ui.output import Output, open_terminal
from agentgrid.ui.pace import Answers, is_answer

READ_BYTES = 4096  # What a terminal gives at once.
END_SECONDS = 1.0  # How long the end waits for a terminal that does not read.
SETTLE_SECONDS = 0.3  # How long for the answer that says it has read everything, so that no report reaches the shell.
MAX_SETTLE_SECONDS = 3.0  # Where the line is known to be slow: nobody waits longer to get the shell back.
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

_RAW_LOCAL = termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG
_RAW_INPUT = termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP | termios.BRKINT | termios.PARMRK


class GridDriver(Driver):
    """``App(driver_class=GridDriver)``. Lives in the event loop's thread alone."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._input = sys.__stdin__.fileno() if sys.__stdin__ else 0
        self._modes = OuterModes(Terminal.of(os.environ), mouse=mouse)
        self._decoder = Decoder()
        self._answers = Answers()
        self._output: Output | None = None
        self._descriptor, self._own_descriptor = -1, True
        self._attributes: list[Any] | None = None
        self._pending: list[tuple[str, bool]] = []
        self._flushing: asyncio.Handle | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._reading = False
        self._size_sent = WindowSize(0, 0)
        self._pointer: Mouse | None = None
        self.foreign_frames = 0
        """How often somebody but the painter has written what cells show, or what they show was lost."""
        self.on_room: Callable[[], None] = lambda: None
        """Told when the terminal has taken what it had to be waited for."""
        self.on_key: Callable[[Key], bool] = lambda _: False
        """Told of every key first; whether it has dealt with it, so that no message is made."""

    # ------------------------------------------------------------------ for the app

    @property
    def backlog(self) -> int:
        """Bytes that the terminal has not taken yet, or too many that it has not read: draw nothing while there are any."""
        return self._output.ahead if self._output else 0

    @property
    def synchronized(self) -> bool:
        """The terminal knows synchronized output (mode 2026)."""
        return self._modes.synchronized

    @property
    def kitty(self) -> bool:
        """Keys come by the kitty protocol: nothing is lost."""
        return self._modes.kitty

    @property
    def cell_pixels(self) -> tuple[float, float] | None:
        """Width and height of a cell, where the mouse is told in pixels."""
        window = self._decoder.mouse.window
        if not self._decoder.mouse.in_pixels or not window.pixel_width:
            return None
        return window.pixel_width / window.columns, window.pixel_height / window.rows

    def want(self, *, motion: bool = False, releases: bool = False, keypad: bool = False) -> None:
        """What the programs on the screen want to hear of: the pointer without a button (1003), keys released, the keypad apart."""
        self._control(self._modes.want(motion, releases, keypad))

    @property
    def takes_program_status(self) -> bool:
        """Whether the terminal shows what programs say of themselves, and so what panes do."""
        return self._modes.program_status

    def write(self, data: str) -> None:
        """Textual's way out: whole sequences; goes with the next flush, or when the loop comes round."""
        if self._output is None:
            return
        control = is_control(data)
        if control:
            self._modes.on_written(data)
        elif data not in (BEGIN_UPDATE, END_UPDATE):
            self.foreign_frames += 1
        self._pending.append((data, not control))
        if self._flushing is None:
            self._flushing = self._loop.call_soon(self.flush)

    def write_frame(self, text: str) -> None:
        """Rows, wrapped in mode 2026 by the caller where ``synchronized``: at once, after what was written before."""
        if self._output is not None:
            self._modes.on_written(text)
            self._pending.append((text, True))
            self.flush()
            mark("screen painted")

    def flush(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        pending, self._pending = self._pending, []
        if self._output is None or not pending:
            return
        start = 0
        for stop in range(1, len(pending) + 1):
            if stop == len(pending) or pending[stop][1] != pending[start][1]:
                text = "".join(data for data, _ in pending[start:stop])
                self._output.write(text.encode("utf-8", "replace"), is_frame=pending[start][1])
                start = stop

    # ------------------------------------------------------------------ input

    def _readable(self) -> None:
        try:
            data = os.read(self._input, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._gone()
            return
        mark("screen read a key")
        unanswered = self._output.unanswered if self._output is not None else 0
        if unanswered or self._answers.begun:
            data, count = self._answers.take_out(data, unanswered)
            for _ in range(count):
                self._output.on_answer()  # type: ignore[union-attr]
        events = self._decoder.feed(data)
        if self._answers.begun and not self._decoder.pasting:
            events += self._decoder.feed(self._answers.give_back())  # It can tell by itself what that is, and ESC must not wait.
        self._take(events)

    def _patience_over(self) -> None:
        self._waiting = None
        self._take(self._decoder.flush())

    def _take(self, inputs: list[Input]) -> None:
        for event in inputs:
            if isinstance(event, Key):
                if self.on_key(event):
                    continue
            elif isinstance(event, Reply):
                if is_answer(event.data):
                    if self._output is not None:
                        self._output.on_answer()
                    continue
                self._on_reply(event)
            elif isinstance(event, WindowSize):
                self._resized(event)
                continue
            self.process_message(message_of(event, self._decoder.mouse.window, self._pointer))
            if isinstance(event, Mouse):
                self._pointer = event
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._reading and (seconds := self._decoder.wait_seconds) is not None:
            self._waiting = self._loop.call_later(seconds, self._patience_over)

    def _on_reply(self, reply: Reply) -> None:
        synchronized = self._modes.synchronized
        self._control(self._modes.on_reply(reply.data))
        if self._modes.synchronized and not synchronized:
            self.process_message(messages.TerminalSupportsSynchronizedOutput())

    def _resized(self, size: WindowSize) -> None:
        """The size came in band, or with SIGWINCH: whichever comes last is right, and the same one twice is one."""
        self._decoder.mouse.window = size
        if size.pixel_width and size.pixel_height and self._modes.in_band_sizes:
            self._control(self._modes.on_pixels())
        if size != self._size_sent:
            self._size_sent = size
            self.foreign_frames += 1  # A terminal moves what it shows when its size changes, each in its own way.
            self.process_message(message_of(size, size, None))

    def send_message(self, message: Message) -> None:
        self._app.post_message(message)

    def _gone(self) -> None:
        """The terminal is not there any more."""
        self.disable_input()
        self._app.exit(return_code=128 + signal.SIGHUP)

    # ------------------------------------------------------------------ beginning and end

    def start_application_mode(self) -> None:
        try:
            self._start()
        except BaseException:
            self.stop_application_mode()
            raise

    def _start(self) -> None:
        self._modes = OuterModes(Terminal.of(os.environ), mouse=self._mouse)
        self._make_raw()
        self._descriptor, self._own_descriptor = open_terminal((1, 2, self._input))
        self._output = Output(self._descriptor, self._loop, on_drained=self._repaint, on_room=lambda: self.on_room(), on_gone=self._gone)
        atexit.register(self.stop_application_mode)
        self._loop.add_reader(self._input, self._readable)
        self._reading = True
        self._watch_signals()
        self._size_sent = WindowSize(0, 0)
        self._resized(self._window_size())
        self._control(self._modes.start())

    def disable_input(self) -> None:
        if not self._reading:
            return
        self._reading = False
        if not self._loop.is_closed():
            self._loop.remove_reader(self._input)
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def stop_application_mode(self) -> None:
        """Give the terminal back. Blocks until it has taken everything, a second at most."""
        atexit.unregister(self.stop_application_mode)
        self.disable_input()
        self._unwatch_signals()
        try:
            self._end_output()
        finally:
            self._make_cooked()

    def _end_output(self) -> None:
        """Undo the modes, after what was written before and without the frames that wait."""
        output = self._output
        if output is None:
            return
        self.flush()
        self._output = None
        output.drop_frames()
        settle_seconds = min(max(SETTLE_SECONDS, output.wait_seconds), MAX_SETTLE_SECONDS)
        output.write((self._modes.stop() + ("\x1b[c" if self._modes.answers else "")).encode(), is_frame=False)
        output.drain(END_SECONDS)
        if self._modes.answers and not output.backlog:
            self._settle(settle_seconds)
        output.close()
        if not self._own_descriptor:
            os.set_blocking(self._descriptor, True)
        os.close(self._descriptor)

    def _make_cooked(self) -> None:
        if self._attributes is None:
            return
        attributes, self._attributes = self._attributes, None
        try:
            termios.tcsetattr(self._input, termios.TCSANOW, attributes)
            termios.tcflush(self._input, termios.TCIFLUSH)
        except termios.error:
            return  # The terminal is gone, and its modes with it.

    def close(self) -> None:
        self.stop_application_mode()

    def _settle(self, seconds: float) -> None:
        """Swallow what the terminal still sends, up to its answer that it has seen the end."""
        poll = select.poll()
        poll.register(self._input, select.POLLIN)
        deadline, seen = time.monotonic() + seconds, Decoder()
        while (left := deadline - time.monotonic()) > 0 and poll.poll(left * 1000):
            try:
                data = os.read(self._input, READ_BYTES)
            except OSError:
                return
            if not data or any(isinstance(event, Reply) and event.data.endswith(b"c") for event in seen.feed(data)):
                return

    def _make_raw(self) -> None:
        if not os.isatty(self._input):
            return
        attributes = termios.tcgetattr(self._input)
        if self._attributes is None:
            self._attributes = termios.tcgetattr(self._input)
            self._decoder = Decoder(backspace_is_bs=attributes[6][termios.VERASE] == b"\x08")
        attributes[0] &= ~_RAW_INPUT
        attributes[3] &= ~_RAW_LOCAL
        attributes[6][termios.VMIN], attributes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._input, termios.TCSANOW, attributes)

    def _window_size(self) -> WindowSize:
        try:
            packed = fcntl.ioctl(self._descriptor, termios.TIOCGWINSZ, bytes(8))
        except OSError:
            packed = bytes(8)
        rows, columns, pixel_width, pixel_height = struct.unpack("HHHH", packed)
        return WindowSize(columns or 80, rows or 24, pixel_width, pixel_height)

    def _control(self, sequences: str) -> None:
        if sequences and self._output is not None:
            self._pending.append((sequences, False))
            self.flush()

    def _repaint(self) -> None:
        """What the terminal shows is not known: bring the cursor into a known state, and draw everything."""
        self.foreign_frames += 1
        self._control(self._modes.hide_cursor())
        self.process_message(Repaint())
        self._app.refresh(layout=True)

    # ------------------------------------------------------------------ signals

    def _watch_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in ENDING_SIGNALS:
            self._loop.add_signal_handler(number, self._on_ending_signal, number)
        self._loop.add_signal_handler(signal.SIGWINCH, self._on_window_changed)
        self._loop.add_signal_handler(signal.SIGTSTP, self._on_suspend)
        self._loop.add_signal_handler(signal.SIGCONT, self._on_continue)

    def _unwatch_signals(self) -> None:
        if threading.current_thread() is threading.main_thread() and not self._loop.is_closed():
            for number in (*ENDING_SIGNALS, signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT):
                self._loop.remove_signal_handler(number)

    def _on_window_changed(self) -> None:
        size, known = self._window_size(), self._decoder.mouse.window
        if self._modes.in_band_sizes:
            if (size.columns, size.rows) == (known.columns, known.rows):
                return  # Told already, with its pixels.
            width, height = size.columns * known.pixel_width // known.columns, size.rows * known.pixel_height // known.rows
            size = WindowSize(size.columns, size.rows, width, height)
        self._resized(size)

    def _on_ending_signal(self, number: int) -> None:
        self._app.exit(return_code=128 + number)

    @property
    def can_suspend(self) -> bool:
        return True

    def resume_application_mode(self) -> None:
        """Take the terminal again after ``suspend_application_mode``."""
        self.start_application_mode()
        self._repaint()

    def _on_suspend(self) -> None:
        """SIGTSTP: give the terminal back, stop, and take it again when continued."""
        self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)
        self.resume_application_mode()
        self.process_message(self.SignalResume())

    def _on_continue(self) -> None:
        """SIGCONT after a SIGSTOP that nobody told us of: somebody may have changed the terminal."""
        self._make_raw()
        self._control(self._modes.again())
        self._repaint()
