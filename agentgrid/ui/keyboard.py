"""What a key means: ours or the pane's. The prefix, direct keys, copy mode, looking back, and the type-ahead guard.

Every key goes to the active pane, but the prefix and what the user binds. A key that was pressed before the person could see
that the focus had moved goes to the pane it was meant for; when that is gone, for a moment to nobody. What was asked for and
comes late (a dialog, a new pane) does not get what the person types into the pane meanwhile and goes on typing.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from agentgrid.protocol.messages import KeyPressed, Pasted
from agentgrid.session.pane import PaneId
from agentgrid.terminal.keys import Key, KeyKind
from agentgrid.ui import copy_mode
from agentgrid.ui.broadcast import Broadcast
from agentgrid.ui.copying import Copying, first_line
from agentgrid.ui.keymap import Keymap, stroke
from agentgrid.ui.link import Link
from agentgrid.ui.links import TextLink
from agentgrid.ui.selection import Selection
from agentgrid.ui.stage import Stage

GUARD_SECONDS = 0.4  # Somebody types some ten keys a second: so long fingers go on after the eyes have seen the change.


class Host(Protocol):
    """What the keyboard asks of the app."""

    def act(self, action: str) -> None: ...
    def say(self, text: str, *, problem: bool = False) -> None: ...
    def copy(self, pane: PaneId, selection: Selection) -> None: ...
    def copy_text(self, text: str) -> None: ...
    def follow(self, link: TextLink) -> None: ...
    def confirm_paste(self, data: bytes, panes: Sequence[PaneId]) -> None: ...
    @property
    def broadcast(self) -> Broadcast: ...


class Keyboard:
    """Owned by the app. ``prefixed``: the prefix has been pressed and the next key is ours."""

    def __init__(self, stage: Stage, link: Link, host: Host, keys: Keymap, clock: Callable[[], float]) -> None:
        """``clock`` counts as Textual stamps its messages."""
        self.keys = keys
        self.prefixed = False
        self.copying = Copying(stage, link, host)
        self.confirm_paste = True
        """Whether to ask before several lines are pasted into a program that would take each for a command."""
        self._stage = stage
        self._link = link
        self._host = host
        self._clock = clock
        self._bound = {stroke for stroke in (keys.prefix, *keys.direct) if len(stroke) == 1}
        """Characters that are ours although they type text: a run of fast typing is looked through for them."""
        self._taken: set[str] = set()
        """Keys that were ours when they were pressed: their release is ours too."""
        self.typed_on = False
        """Something was typed into a pane since the person last asked for something."""
        self._late_until = 0.0
        self._meant_for: PaneId | None = None
        self._guarded_until = 0.0
        stage.moved_by_others = self._moved_by_others

    def press(self, key: Key, at: float) -> None:
        """A key was pressed at that time."""
        if at < self._guarded_until and self._stage.active is not None and not self.prefixed and self._guard(key):
            return
        pressed = stroke(key)
        mode = self._copying
        if len(key.text) > 1 and not key.name and (self.prefixed or mode is not None or self._bound.intersection(key.text)):
            for character in key.text:
                self.press(Key(character, character), at)
            return
        if self.prefixed:
            self._take(key)
            self.prefixed = False
            self._after_prefix(pressed)
        elif pressed == self.keys.prefix:
            self._take(key)
            self.prefixed = True
            self._stage.paint({})
        elif (action := self.keys.direct.get(pressed)) is not None:
            self._take(key)
            self._host.act(action)
        elif mode is not None:
            self._take(key)
            assert self._stage.active is not None
            self.copying.press(self._stage.active, mode, pressed)
        else:
            if self._taken:
                self._taken.discard(key.name)
            self.send(key)

    def quiet(self, key: Key, at: float) -> None:
        """A key was released, or a modifier pressed alone: for a program that asked for such events."""
        if key.kind == KeyKind.RELEASE and key.name in self._taken:
            self._taken.discard(key.name)
            return
        screen = self._stage.screen_of(self._stage.active)
        if screen is not None and screen.modes.kitty_flags and not self.prefixed and self._copying is None and at >= self._guarded_until:
            self._send_to(self._stage.active, key)

    def paste(self, data: bytes, at: float) -> None:
        """Text was pasted."""
        self.prefixed = False
        pane = self._meant_for if at < self._guarded_until else self._stage.active
        if pane is not None and (search := self._stage.sight(pane).search) is not None and search.editing:
            for character in first_line(data):
                self.copying.press(pane, search.origin, character)
            return
        if self._host.broadcast.on:
            self._host.confirm_paste(data, self._host.broadcast.targets())
        elif pane is not None and pane in self._stage.mirror.panes:
            if self._stage.mirror.panes[pane].locked:
                self._locked(pane)
            elif self._breaks(pane, data):
                self._host.confirm_paste(data, [pane])
            else:
                self.paste_into([pane], data)

    def opened_late(self) -> None:
        """A dialog opens. Where the person has typed on since it was asked for, it came between two keys."""
        if self.typed_on:
            self._late_until = self._clock() + GUARD_SECONDS

    def before_dialog(self, event: Key | bytes, at: float) -> bool:
        """Whether a key or a paste was meant for the pane, although a dialog stands there; it is dealt with then."""
        if at >= self._late_until:
            return False
        if isinstance(event, bytes):
            self._host.say("a dialog came between; what you pasted went nowhere")
        elif self._copying is None and not self.prefixed:
            self.send(event)
        return True

    def paste_into(self, panes: Sequence[PaneId], data: bytes) -> None:
        """The paste goes to these, whoever was asked."""
        self.typed_on = True
        for pane in panes:
            self._stage.go_live(pane)
            self._link.press(Pasted(pane=pane, data=data))

    def send(self, key: Key) -> None:
        """A key for the active pane's program."""
        pane = self._stage.active
        self.typed_on = True
        if self._host.broadcast.on:
            for target in self._host.broadcast.targets():
                self._stage.go_live(target)
                self._send_to(target, key)
        elif pane is not None:
            self._stage.go_live(pane)
            if pane in self._stage.mirror.panes and self._stage.mirror.panes[pane].locked:
                self._locked(pane)
            else:
                self._send_to(pane, key)

    # ------------------------------------------------------------------ below

    @property
    def _copying(self) -> copy_mode.CopyMode | None:
        pane = self._stage.active
        return self._stage.sight(pane).copy if pane is not None else None

    def _locked(self, pane: PaneId) -> None:
        self._host.say(f"{self._stage.mirror.panes[pane].name} is locked; {self.keys.hint('lock')} opens it")

    def _breaks(self, pane: PaneId, data: bytes) -> bool:
        """A paste of several lines, and its program would take each for a command."""
        screen = self._stage.screen_of(pane)
        lines = data.rstrip(b"\r\n")
        return self.confirm_paste and screen is not None and not screen.modes.bracketed_paste and (b"\n" in lines or b"\r" in lines)

    def _take(self, key: Key) -> None:
        if len(self._taken) > 64:  # A terminal that tells no releases.
            self._taken.clear()
        self._taken.add(key.name)

    def _send_to(self, pane: PaneId | None, key: Key) -> None:
        if pane is not None:
            self._link.press(KeyPressed(pane=pane, key=key))

    def _after_prefix(self, pressed: str) -> None:
        action = self.keys.after_prefix.get(pressed)
        if action is not None:
            self._host.act(action)
        elif pressed == "escape" or not pressed:
            self._stage.paint({})
        else:
            self._host.say(f"{self.keys.prefix} {pressed} means nothing; {self.keys.hint('help')} shows all keys")
        self._stage.paint({})

    # ------------------------------------------------------------------ the guard

    def _moved_by_others(self, before: PaneId | None) -> None:
        """The focus was taken elsewhere: what is typed now is still meant for where it was."""
        now = self._clock()
        if now >= self._guarded_until:
            self._meant_for = before
        self._guarded_until = now + GUARD_SECONDS

    def _guard(self, key: Key) -> bool:
        """Whether a key was dealt with because it was meant for another pane."""
        pressed = stroke(key)
        if pressed == self.keys.prefix or pressed in self.keys.direct:
            self._guarded_until = 0.0
            return False
        if self._meant_for in self._stage.mirror.panes:
            self._send_to(self._meant_for, key)
        else:
            self._host.say("the pane you typed into is gone; what you typed went nowhere")
        return True
