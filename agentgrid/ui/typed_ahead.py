"""Keys for a dialog, one after the other, in the order in which they were typed.

A dialog is drawn some time after the key that opened it, and Textual runs what a key is bound to only when the key has come
up to the app again: a letter that is typed right after ctrl+u would be in the field before the field is emptied. So keys are
held back until the dialog stands, and each until a message has come the same way behind the one before.
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from textual import events
from textual.message_pump import MessagePump

from agentgrid.ui.screens.dialog import Drawn

Typed: TypeAlias = events.Key | events.Paste


class TypedAhead:
    """Owned by the app. ``dispatch`` is Textual's own way of an event."""

    def __init__(self, dispatch: Callable[[events.Event], Awaitable[None]]) -> None:
        self._dispatch = dispatch
        self._held: list[Typed] = []
        self._in_flight = False

    def __bool__(self) -> bool:
        """Something is waiting."""
        return bool(self._held)

    def hold(self, event: Typed) -> None:
        self._held.append(event)

    def arrived(self) -> None:
        """A dialog stands, or the key before has been dealt with, or the dialog it was for is gone."""
        self._in_flight = False

    def take(self) -> list[Typed]:
        """All that waits: there is no dialog any more."""
        held, self._held = self._held, []
        return held

    async def next(self, target: MessagePump) -> None:
        """Give the next one to the dialog, whose focused widget is ``target``."""
        if not self._held or self._in_flight:
            return
        self._in_flight = True
        await self._dispatch(self._held.pop(0))
        if not target.post_message(Drawn()):
            self._in_flight = False
