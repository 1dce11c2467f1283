"""A small Textual program on our driver that writes down, one JSON object a line, every message it gets.

``Probe`` starts it in an outer terminal. Its keys: ctrl+q ends it, ctrl+x fails it, ctrl+w wants motion, releases and the keypad,
ctrl+y wants nothing again, ctrl+f floods the terminal with frames and a title between, ctrl+s suspends it.
"""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget

from agentgrid.geometry import Size
from agentgrid.ui.driver import GridDriver
from agentgrid.ui.input_events import Key, Paste, QuietKey, Repaint, Reply, mouse_of
from tests.support.outer import Kind, Outer

FLOOD_FRAMES, FLOOD_BYTES = 200, 20_000


class Pane(Widget, can_focus=True):
    def render_line(self, y: int) -> Strip:
        return Strip([Segment("" if y else "READY", Style())]).adjust_cell_length(self.size.width)


class ProbeApp(App[None], inherit_bindings=False):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, log: str) -> None:
        super().__init__(driver_class=GridDriver)
        self._file = open(log, "a", buffering=1)  # noqa: SIM115 - closed with the program

    def compose(self) -> Any:
        yield Pane()

    def on_ready(self) -> None:
        self.note("ready")

    def note(self, kind: str, **values: object) -> None:
        self._file.write(json.dumps({"event": kind, "at": time.monotonic(), **values}) + "\n")

    async def on_event(self, event: events.Event) -> None:
        driver = self._driver
        if isinstance(driver, GridDriver) and not getattr(event, "is_forwarded", False):
            self._note_event(event, driver)
        await super().on_event(event)

    def _note_event(self, event: events.Event, driver: GridDriver) -> None:
        match event:
            case Key():
                self.note("key", name=event.key, character=event.character, key=_fields(event.pressed))
                self._obey(event.key, driver)
            case Paste():
                self.note("paste", size=len(event.raw), digest=sha256(event.raw).hexdigest())
            case events.MouseEvent():
                self.note("mouse", mouse=_fields(mouse_of(event, driver.cell_pixels)), x=event.pointer_x, y=event.pointer_y)
            case events.Resize():
                self.note("resize", size=list(event.size))
            case events.AppFocus() | events.AppBlur():
                self.note("focus", gained=isinstance(event, events.AppFocus))

    def _obey(self, key: str, driver: GridDriver) -> None:
        match key:
            case "ctrl+q":
                self.exit()
            case "ctrl+x":
                raise RuntimeError("asked to fail")
            case "ctrl+w":
                driver.want(motion=True, releases=True, keypad=True)
            case "ctrl+y":
                driver.want()
            case "ctrl+f":
                for i in range(FLOOD_FRAMES):
                    driver.write_frame(f"\x1b[H<{i}>{'x' * FLOOD_BYTES}</{i}>")
                    if i == FLOOD_FRAMES // 2:
                        driver.write("\x1b]2;a title in the flood\x07")
                self.note("flooded", backlog=driver.backlog)
            case "ctrl+s":
                self.action_suspend_process()

    def on_quiet_key(self, message: QuietKey) -> None:
        self.note("quiet", key=_fields(message.pressed))

    def on_reply(self, message: Reply) -> None:
        self.note("reply", raw=message.raw.decode("latin-1"))

    def on_repaint(self, _message: Repaint) -> None:
        self.note("repaint")


def _fields(value: Any) -> list[object]:
    return [getattr(value, name) for name in value.__struct_fields__] if value is not None else []


class Probe(Outer):
    """The program on an outer terminal, and what it has written down."""

    def __init__(self, folder: Path, kind: Kind = "kitty", size: Size = Size(80, 24), environment: Mapping[str, str] | None = None) -> None:
        self.log = folder / f"{kind}.jsonl"
        self.log.touch()
        super().__init__([sys.executable, "-m", "tests.ui.probe_app", str(self.log)], kind, size, environment, Path(__file__).parents[2])
        self.wait_note(lambda note: note["event"] == "ready")
        self.wait_for(b"READY")
        if kind != "silent":
            self.wait_note(lambda note: note["event"] == "reply" and note["raw"].endswith("c"))

    def notes(self, *kinds: str) -> list[dict[str, Any]]:
        """What it has written down so far, of these kinds or of all."""
        notes: Iterator[dict[str, Any]] = (json.loads(line) for line in self.log.read_text().splitlines())
        return [note for note in notes if not kinds or note["event"] in kinds]

    def wait_note(self, condition: Callable[[dict[str, Any]], object], seconds: float = 20.0) -> None:
        self.read_until(lambda: any(condition(note) for note in self.notes()), seconds, "a note")

    def wait_key(self, name: str, seconds: float = 20.0) -> None:
        """Until it has got this key, by Textual's name."""
        self.wait_note(lambda note: note["event"] == "key" and note["name"] == name, seconds)

    def wait_unread(self, kind: str, count: int = 1, seconds: float = 20.0) -> None:
        """Until it has written down so many of a kind, the terminal not reading the while."""
        deadline = time.monotonic() + seconds
        while len(self.notes(kind)) < count:
            assert time.monotonic() < deadline, f"no {kind}"
            select.select([], [], [], 0.01)

    def settle(self) -> None:
        """Until it has drawn all that it had to draw: a key comes back and nothing else does."""
        before = -1
        while before != len(self.output):
            before = len(self.output)
            self.type(b"")

    def type(self, data: bytes) -> list[dict[str, Any]]:
        """Send bytes and f19 after them; what came of the bytes."""
        before = len(self.notes())
        self.send(data + b"\x1b[33~")
        self.read_until(lambda: any(note.get("name") == "f19" for note in self.notes()[before:]), 60.0, f"what comes of {data[:60]!r}")
        notes = [note for note in self.notes()[before:] if note["event"] != "repaint"]
        return notes[: next(i for i, note in enumerate(notes) if note.get("name") == "f19")]


if __name__ == "__main__":
    if "PROBE_BLOCKS_SIGHUP" in os.environ:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
    app = ProbeApp(sys.argv[1])
    app.run()
    app.note("end", code=app.return_code)
    sys.exit(app.return_code)
