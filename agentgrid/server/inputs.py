"""What persons do with keys, clipboard and mouse: encoded as the pane's program wants it now, and typed into it.

A locked pane takes none of it. Mouse reports of a wheel or a click are input as well: a program may do anything with them.
"""

from typing import TYPE_CHECKING, TypeAlias, assert_never

from agentgrid.profiling import mark
from agentgrid.protocol.messages import KeyPressed, MouseMoved, Pasted
from agentgrid.terminal import keys, mouse

if TYPE_CHECKING:
    from agentgrid.server.runtime import Runtime
    from agentgrid.server.server import Server

Input: TypeAlias = KeyPressed | Pasted | MouseMoved


def take(server: "Server", message: Input) -> None:
    """Type what a person did; nothing happens where no program runs, or the pane is locked."""
    pane = message.pane
    runtime, state = server.runtimes.get(pane), server.session.panes.get(pane)
    if runtime is None or runtime.typing is None or state is None or state.locked:
        return
    mark("server got it")
    modes = runtime.emulator.modes
    match message:
        case KeyPressed(key=key):
            _type(server, runtime, keys.encode(key, modes))
            server.deliveries.pressed(pane, key)
            server.states.pressed(pane, key)
        case Pasted(data=pasted):
            if not _type(server, runtime, keys.encode_paste(pasted, modes)):
                waits = runtime.typing.waiting_bytes >> 20
                server.problem(f"{state.name} does not read what is typed ({waits} MB wait for it): the paste was not taken", pane)
                return
            server.deliveries.pasted(pane, pasted)
            server.states.pressed(pane, keys.Key(""))
        case MouseMoved():
            _type(server, runtime, mouse.encode(message, modes))
        case _:
            assert_never(message)


def _type(server: "Server", runtime: "Runtime", data: bytes) -> bool:
    """False where the program has stopped reading and too much waits for it already."""
    if not data or runtime.typing is None:
        return True
    taken = runtime.typing.write(data)
    mark("server typed it")
    server.typed(runtime)
    return taken or runtime.typing.closed
