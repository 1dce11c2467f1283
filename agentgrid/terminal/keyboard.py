"""What a program asks of the keyboard: modifyOtherKeys and the kitty keyboard protocol, each screen with its own stack.

https://sw.kovidgoyal.net/kitty/keyboard-protocol/
"""

from agentgrid.terminal.motion import P, first
from agentgrid.terminal.screen import Screen

MAX_STACK = 16  # Programs nest two or three deep; the oldest entry goes first.
ALL_FLAGS = 0b11111


def push(screen: Screen, p: P) -> None:
    """``CSI > flags u``."""
    stack = screen.kitty[screen.alternate]
    stack.append(first(p, 0) & ALL_FLAGS)
    if len(stack) > MAX_STACK:
        del stack[1]


def pop(screen: Screen, p: P) -> None:
    """``CSI < count u``; from an empty stack, nothing is left on."""
    stack = screen.kitty[screen.alternate]
    del stack[max(0, len(stack) - first(p)) :]
    if not stack:
        stack.append(0)


def change(screen: Screen, p: P) -> None:
    """``CSI = flags ; how u``: 1 set all, 2 set these, 3 reset these."""
    stack = screen.kitty[screen.alternate]
    flags = first(p, 0) & ALL_FLAGS
    match p[1] if len(p) > 1 else 1:
        case 0 | 1:
            stack[-1] = flags
        case 2:
            stack[-1] |= flags
        case 3:
            stack[-1] &= ~flags


def modify(screen: Screen, p: P) -> None:
    """XTMODKEYS. Only modifyOtherKeys (4) can be changed."""
    resource = first(p, -1)
    if resource in (-1, 4):
        screen.modify_other_keys = min(p[1] if len(p) > 1 else 0, 3)


def stop_modifying(screen: Screen, p: P) -> None:
    """``CSI > 4 n``."""
    if first(p, 0) == 4:
        screen.modify_other_keys = 0
