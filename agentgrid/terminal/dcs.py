"""DCS and APC: settings reported (DECRQSS) and restored (DECRSPS), capabilities (XTGETTCAP), and images, which are swallowed.

Images: kitty graphics (APC G) and sixel (DCS q) get no answer and leave no trace, which is how both protocols say "no support";
a program that asked goes on with DA1, which is answered, and draws text.
"""

import re

from agentgrid.terminal import presentation, sgr
from agentgrid.terminal.reports import reply
from agentgrid.terminal.screen import Screen

_REQUEST = re.compile(r"\x1bP([0-9;]*)(\$q|\$t|\+q)([^\x1b]*)\x1b\\").fullmatch


def act(screen: Screen, control: str) -> None:
    """Do what a DCS says. ``control`` is the whole of it, from ESC P to its end."""
    if control[1] != "P":
        return
    match = _REQUEST(control)
    if match is None:
        return
    parameters, kind, text = match.groups()
    if kind == "$q":
        value = _setting(screen, text)
        reply(screen, "\x1bP0$r\x1b\\" if value is None else f"\x1bP1$r{value}{text}\x1b\\")
    elif kind == "$t":
        presentation.restore(screen, parameters, text)
    else:
        for word in text.split(";"):
            reply(screen, _capability(word))


def _setting(screen: Screen, what: str) -> str | None:
    """The present value of what a sequence sets, as its parameters."""
    match what:
        case "m":
            return sgr.parameters(screen.styles.style(screen.pen.code))
        case "r":
            return f"{screen.top + 1};{screen.bottom + 1}"
        case "s":
            return f"{screen.left + 1};{screen.right + 1}"
        case " q":
            return str(screen.cursor_shape or 1)
        case '"q':
            return "1" if screen.is_protecting else "0"
        case '"p':
            return f"6{screen.level};1"
        case "t" | "*|":
            return str(screen.lines)
        case "*x":
            return str(screen.attribute_extent)
        case "$}" | "$~":
            return "0"  # There is no status line.
        case "$|":
            return str(screen.columns)
    return None


_CAPABILITIES = {
    "TN": "xterm-256color",
    "name": "xterm-256color",
    "Co": "256",
    "colors": "256",
    "RGB": "8",
    "Ms": "\x1b]52;%p1%s;%p2%s\x07",
    "Su": "",
    "Tc": "",
    "setrgbf": "\x1b[38:2:%p1%d:%p2%d:%p3%dm",
    "setrgbb": "\x1b[48:2:%p1%d:%p2%d:%p3%dm",
    "Smulx": "\x1b[4:%p1%dm",
    "Setulc": "\x1b[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m",
    "Ss": "\x1b[%p1%d q",
    "Se": "\x1b[2 q",
    "Sync": "\x1b[?2026%?%p1%{1}%-%tl%eh%;",
}


def _capability(word: str) -> str:
    """The answer to one name of an XTGETTCAP, which is in hexadecimal, as the value is."""
    try:
        name = bytes.fromhex(word).decode("ascii")
    except ValueError:
        return f"\x1bP0+r{word[:64] if word.isascii() and word.isalnum() else ''}\x1b\\"
    value = _CAPABILITIES.get(name)
    if value is None:
        return f"\x1bP0+r{word}\x1b\\"
    return f"\x1bP1+r{word}{'=' + value.encode().hex().upper() if value else ''}\x1b\\"
