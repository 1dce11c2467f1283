"""Answers to what a program asks the terminal: each at once, once, in the order of the questions.

Who we say we are: a VT525 with ANSI colour that speaks modern protocols (DA1 65;22), ``agentgrid`` by name (XTVERSION), and
with TERM=xterm-256color. A title is never given back, nor anything else that came as text: it would be typed at a prompt.
"""

from agentgrid import __version__
from agentgrid.terminal import modes, sgr, switching
from agentgrid.terminal.effects import IconNameChanged, Reply, TitleChanged
from agentgrid.terminal.motion import P, first, second
from agentgrid.terminal.screen import Screen
from agentgrid.terminal.style import DEFAULT_CODE


def reply(screen: Screen, text: str) -> None:
    screen.effects.append(Reply(text.encode("utf-8", "replace")))


def primary_attributes(screen: Screen, p: P) -> None:
    """DA1: VT525, with what of its extensions is here.

    Selective erase (6), national sets (9), technical set (15), windows (18), horizontal scrolling (21), colour (22), rectangles (28).
    """
    if first(p, 0) == 0:
        reply(screen, "\x1b[?65;6;9;15;18;21;22;28c")


def secondary_attributes(screen: Screen, p: P) -> None:
    """DA2: a VT500, no cartridge, and a number where an xterm has its patch's: at least 500, for programs that ask for a new one."""
    if first(p, 0) == 0:
        reply(screen, f"\x1b[>64;{500 + _version_number() % 500};0c")


def tertiary_attributes(screen: Screen, p: P) -> None:
    """DA3: a unit of no number."""
    if first(p, 0) == 0:
        reply(screen, "\x1bP!|00000000\x1b\\")


def _version_number() -> int:
    numbers = [int(part) for part in __version__.split(".")[:3] if part.isdigit()]
    return sum(number * 100**power for power, number in enumerate(reversed(numbers)))


def version(screen: Screen, p: P) -> None:
    """XTVERSION."""
    if first(p, 0) == 0:
        reply(screen, f"\x1bP>|agentgrid({__version__})\x1b\\")


def status(screen: Screen, p: P) -> None:
    """DSR 5, CPR."""
    match first(p, 0):
        case 5:
            reply(screen, "\x1b[0n")
        case 6:
            reply(screen, f"\x1b[{_position(screen)}R")


def _position(screen: Screen) -> str:
    row, column = screen.cursor.y, screen.cursor.x
    if modes.DECOM in screen.mode:
        row, column = row - screen.top, column - screen.left
    return f"{row + 1};{column + 1}"


def private_status(screen: Screen, p: P) -> None:
    """DECXCPR, and the DEC reports of what we do not have."""
    match first(p, 0):
        case 6:
            reply(screen, f"\x1b[?{_position(screen)};1R")
        case 15:
            reply(screen, "\x1b[?13n")  # No printer.
        case 25:
            reply(screen, "\x1b[?21n")  # User-defined keys are locked.
        case 26:
            reply(screen, "\x1b[?27;1;0;0n")  # A North American keyboard.
        case 53 | 55:
            reply(screen, "\x1b[?50n")  # No locator.
        case 56:
            reply(screen, "\x1b[?57;0n")
        case 62:
            reply(screen, "\x1b[0*{")  # No space for macros.
        case 63:
            reply(screen, f"\x1bP{p[1] if len(p) > 1 else 0}!~0000\x1b\\")
        case 75:
            reply(screen, "\x1b[?70n")
        case 85:
            reply(screen, "\x1b[?83n")
        case 996:
            reply(screen, f"\x1b[?997;{1 if screen.palette.dark else 2}n")


def terminal_parameters(screen: Screen, p: P) -> None:
    """DECREQTPARM."""
    kind = first(p, 0)
    if kind < 2:
        reply(screen, f"\x1b[{kind + 2};1;1;128;128;1;0x")


def private_mode(screen: Screen, p: P) -> None:
    """DECRQM of a private mode; from level 3 on."""
    if screen.level < 3:
        return
    number = first(p, 0)
    mode = modes.PRIVATE_MODES.get(number)
    state = 0 if mode is None else mode.fixed or (1 if switching.is_set(screen, number) else 2)
    reply(screen, f"\x1b[?{number};{state}$y")


def ansi_mode(screen: Screen, p: P) -> None:
    """DECRQM of an ANSI mode; from level 3 on."""
    if screen.level < 3:
        return
    number = first(p, 0)
    mode = modes.ANSI_MODES.get(number)
    state = 0 if mode is None else mode.fixed or (1 if number in screen.mode else 2)
    reply(screen, f"\x1b[{number};{state}$y")


def modify_other_keys(screen: Screen, p: P) -> None:
    """XTQMODKEYS."""
    resource = first(p, 0)
    if resource == 4:
        reply(screen, f"\x1b[>4;{screen.modify_other_keys}m")
    elif resource in (1, 2):
        reply(screen, f"\x1b[>{resource};2m")


def kitty_keyboard(screen: Screen, _p: P) -> None:
    """The kitty keyboard flags of this screen."""
    reply(screen, f"\x1b[?{screen.kitty[screen.alternate][-1]}u")


def window(screen: Screen, p: P) -> None:
    """XTWINOPS: reports and the title stack; a program moves and sizes no window here."""
    width, height = screen.cell_width, screen.cell_height
    match first(p, 0):
        case 11:
            reply(screen, "\x1b[1t")
        case 13:
            reply(screen, "\x1b[3;0;0t")
        case 14:
            reply(screen, f"\x1b[4;{screen.lines * height};{screen.columns * width}t")
        case 15:
            reply(screen, f"\x1b[5;{screen.lines * height};{screen.columns * width}t")
        case 16:
            reply(screen, f"\x1b[6;{height};{width}t")
        case 18:
            reply(screen, f"\x1b[8;{screen.lines};{screen.columns}t")
        case 19:
            reply(screen, f"\x1b[9;{screen.lines};{screen.columns}t")
        case 20:
            reply(screen, "\x1b]L\x1b\\")  # A title is not given back: it may hold what a program should be made to type.
        case 21:
            reply(screen, "\x1b]l\x1b\\")
        case 22:
            _push_title(screen, second(p, 0))
        case 23:
            _pop_title(screen, second(p, 0))


MAX_TITLES = 10  # xterm's.
BOTH, ICON_NAME, TITLE = range(3)


def _push_title(screen: Screen, which: int) -> None:
    stack = screen.title_stack
    if which in (BOTH, ICON_NAME, TITLE):
        stack.append((screen.icon_name, screen.title))  # Both whatever is asked for, as xterm does: the pop says which comes back.
        del stack[:-MAX_TITLES]


def _pop_title(screen: Screen, which: int) -> None:
    if not screen.title_stack:
        return
    icon_name, title = screen.title_stack.pop()
    if which in (BOTH, ICON_NAME):
        screen.icon_name = icon_name
        screen.effects.append(IconNameChanged(icon_name))
    if which in (BOTH, TITLE):
        screen.title = title
        screen.effects.append(TitleChanged(title))


def rendition(screen: Screen, p: P) -> None:
    """XTREPORTSGR: what all cells of a rectangle have in common, said by its first cell."""
    if p:
        row, column = min(first(p), screen.lines) - 1, min(second(p), screen.columns) - 1
        styles = screen.rows[row][1]
        style = screen.styles.style(styles[column] if column < len(styles) else DEFAULT_CODE)
        reply(screen, f"\x1b[{sgr.parameters(style)}m")
