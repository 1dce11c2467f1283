"""Typing a text as a person would, with a receipt.

The text goes as one paste (bracketed when the program asked for it), then, after the pause that the agent's profile
names, Enter as a write of its own: pasted together, some agents take the Enter for a line break. The receipt says what
was seen afterwards, not what was hoped:

    delivered   the program took the bytes and printed something after Enter
    stranded    the program did not take them, or printed nothing for ``QUIET_SECONDS``: the text may sit in its composer
    unknown     no Enter was asked for, so there is nothing to see
"""

from collections.abc import Callable

from agentgrid.server.loop import Loop
from agentgrid.server.runtime import Runtime
from agentgrid.terminal import keys

QUIET_SECONDS = 3.0  # An agent that got a prompt redraws within a second, also on a busy machine.
POLL_SECONDS = 0.05


def send_text(
    runtime: Runtime,
    loop: Loop,
    text: str,
    *,
    enter: bool,
    pause_seconds: float,
    done: Callable[[str], None],
    entered: Callable[[], None] = lambda: None,
) -> None:
    """Type into a pane whose program runs; ``entered`` is called with Enter, ``done`` gets the receipt once it is known."""
    typing = runtime.typing
    if typing is None or not typing.write(keys.encode_paste(text.encode("utf-8", "surrogateescape"), runtime.emulator.modes)):
        done("stranded")
        return
    if not enter:
        typing.then(lambda: done("unknown"))
        return
    if pause_seconds > 0:
        typing.pause(pause_seconds)
    typing.then(lambda: _press_enter(runtime, loop, done, entered))


def _press_enter(runtime: Runtime, loop: Loop, done: Callable[[str], None], entered: Callable[[], None]) -> None:
    if runtime.typing is None:
        done("stranded")
        return
    before = runtime.read_total
    runtime.typing.write(keys.encode(keys.Key("enter"), runtime.emulator.modes))
    entered()
    _watch(runtime, loop, before, loop.now() + QUIET_SECONDS, done)


def _watch(runtime: Runtime, loop: Loop, before: int, deadline: float, done: Callable[[str], None]) -> None:
    if runtime.read_total > before:
        done("delivered")
    elif loop.now() >= deadline or runtime.typing is None:
        done("stranded")
    else:
        loop.call_later(POLL_SECONDS, lambda: _watch(runtime, loop, before, deadline, done))
