"""A small Textual program on our driver that writes down, one JSON object a line, every message it gets.

Started by ``test_driver``: ``python -m tests.ui.probe_app LOG``. ctrl+q ends it; ctrl+x fails it; ctrl+w asks for motion and releases.
"""

import json
import sys
import time
from hashlib import sha256
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget

from agentgrid.ui.driver import GridDriver
from agentgrid.ui.input_events import Key, Paste, QuietKey, Repaint, Reply, mouse_of


class Pane(Widget, can_focus=True):
    def render_line(self, y: int) -> Strip:
        return Strip([Segment("" if y else "READY", Style())]).adjust_cell_length(self.size.width)


class Probe(App[None], inherit_bindings=False):
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, log: str) -> None:
        super().__init__(driver_class=GridDriver)
        self._file = open(log, "a", buffering=1)  # noqa: SIM115 - closed with the program

    def compose(self) -> Any:
        yield Pane()

    def note(self, kind: str, **values: object) -> None:
        self._file.write(json.dumps({"event": kind, "at": time.monotonic(), **values}) + "\n")

    async def on_event(self, event: events.Event) -> None:
        if not getattr(event, "is_forwarded", False):
            self._note_event(event)
        await super().on_event(event)

    def _note_event(self, event: events.Event) -> None:
        driver = self._driver
        if not isinstance(driver, GridDriver):
            return
        match event:
            case Key():
                self.note("key", name=event.key, character=event.character, key=_fields(event.pressed))
                if event.key == "ctrl+q":
                    self.exit()
                elif event.key == "ctrl+x":
                    raise RuntimeError("asked to fail")
                elif event.key == "ctrl+w":
                    driver.want(motion=True, releases=True, keypad=True)
            case Paste():
                self.note("paste", size=len(event.raw), digest=sha256(event.raw).hexdigest())
            case events.MouseEvent():
                mouse = mouse_of(event, driver.cell_pixels)
                self.note("mouse", mouse=_fields(mouse), x=event.pointer_x, y=event.pointer_y)
            case events.Resize():
                self.note("resize", size=list(event.size))
            case events.AppFocus() | events.AppBlur():
                self.note("focus", gained=isinstance(event, events.AppFocus))

    def on_quiet_key(self, message: QuietKey) -> None:
        self.note("quiet", key=_fields(message.pressed))

    def on_reply(self, message: Reply) -> None:
        self.note("reply", raw=message.raw.decode("latin-1"))

    def on_repaint(self, _message: Repaint) -> None:
        self.note("repaint")


def _fields(value: Any) -> list[object]:
    return [getattr(value, name) for name in value.__struct_fields__] if value is not None else []


if __name__ == "__main__":
    app = Probe(sys.argv[1])
    app.run()
    app.note("end", code=app.return_code)
    sys.exit(app.return_code)
