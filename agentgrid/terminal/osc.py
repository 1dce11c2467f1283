"""OSC: titles, colours, clipboard, notifications and what else programs say in words. A table by number.

Nothing of it ever reaches the screen; an unknown number is swallowed. A reply ends as the question ended (BEL or ST).

https://invisible-island.net/xterm/ctlseqs/ctlseqs.html; OSC 8: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda;
OSC 99: https://sw.kovidgoyal.net/kitty/desktop-notifications/; OSC 7501: the Program Status Protocol, revision 0.2
Deviations: a clipboard is never read (OSC 52 with ``?`` gets no answer); titles and notifications lose control and
bidirectional characters.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import NamedTuple

from agentgrid.terminal import effects, palette
from agentgrid.terminal.reports import reply
from agentgrid.terminal.screen import Screen

MAX_TITLE = 1024  # Characters; no header shows a tenth of it.
MAX_TEXT = 4096  # Characters of a notification or a location.
MAX_LINK = 2083 + 250  # What the OSC 8 specification says a terminal must take: address and id.
MAX_ID = 64  # Characters of a notification's id.
MAX_NOTIFICATIONS = 16  # Notifications that come in parts at once.
MAX_CLIPBOARD = 1024 * 1024  # Bytes of a clipboard write.

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]+")

Action = Callable[[Screen, str, str], None]


def clean(text: str, limit: int) -> str:
    """Without control and bidirectional characters, and not too long."""
    return _UNPRINTABLE.sub("", text)[:limit]


def _set_title(screen: Screen, text: str, _end: str) -> None:
    screen.title = clean(text, MAX_TITLE)
    screen.effects.append(effects.TitleChanged(screen.title))


def _set_icon_name(screen: Screen, text: str, _end: str) -> None:
    screen.icon_name = clean(text, MAX_TITLE)
    screen.effects.append(effects.IconNameChanged(screen.icon_name))


def _set_both(screen: Screen, text: str, end: str) -> None:
    _set_icon_name(screen, text, end)
    _set_title(screen, text, end)


def _link(screen: Screen, text: str, _end: str) -> None:
    parameters, _, uri = text.partition(";")
    link = None
    if uri and len(text) <= MAX_LINK:
        ids = [value for key, _, value in (word.partition("=") for word in parameters.split(":")) if key == "id"]
        link = clean(f"{ids[0] if ids else ''};{uri}", MAX_LINK)
    screen.pen = screen.styles.pen_with(screen.pen, "link", link)


def _location(screen: Screen, text: str, _end: str) -> None:
    screen.effects.append(effects.WorkingDirectoryChanged(clean(text, MAX_TEXT)))


def _notify(screen: Screen, text: str, _end: str) -> None:
    """OSC 9: iTerm2's notification, and ConEmu's numbered words, of which 4 is progress and 9 the folder."""
    words = text.split(";")
    if words[0] == "4" and len(words) > 1:
        state = int(words[1]) if words[1] in "01234" and words[1] else 0
        percent = int(words[2]) if len(words) > 2 and words[2].isascii() and words[2].isdigit() and len(words[2]) < 4 else 0
        screen.effects.append(effects.Progress(state, min(percent, 100)))
    elif words[0] == "9" and len(words) > 1:
        _location(screen, text[2:].strip('"'), _end)
    elif not (words[0].isdigit() and len(words) > 1):
        screen.effects.append(effects.Notification(clean(text, MAX_TEXT)))


def _urxvt_notify(screen: Screen, text: str, _end: str) -> None:
    kind, _, rest = text.partition(";")
    if kind == "notify":
        title, _, body = rest.partition(";")
        screen.effects.append(effects.Notification(clean(body, MAX_TEXT), clean(title, MAX_TITLE)))


def _clipboard(screen: Screen, text: str, _end: str) -> None:
    selection, semicolon, data = text.partition(";")
    if not semicolon or data == "?":
        return
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        content = b""  # What is no base64 clears the selection, says xterm.
    if len(content) <= MAX_CLIPBOARD:
        screen.effects.append(effects.ClipboardSet(clean(selection, 16) or "c", content))


def _prompt(screen: Screen, text: str, _end: str) -> None:
    mark, *words = text.split(";")
    if mark in ("A", "B", "C", "D"):
        code = words[0] if words and mark == "D" else ""
        exit_code = int(code) if code.isascii() and code.isdigit() and len(code) < 6 else None
        screen.effects.append(effects.PromptMark(mark, exit_code))


def _iterm(screen: Screen, text: str, end: str) -> None:
    name, _, value = text.partition("=")
    if name == "CurrentDir":
        _location(screen, value, end)
    elif name == "Capabilities":
        reply(screen, f"\x1b]1337;Capabilities=T3CwLrMSc7UUw9Ts1BFGsGoSyHNo{end}")
    elif name == "SetUserVar":
        name, _, encoded = value.partition("=")
        decoded = _decoded(encoded)
        if decoded is not None:
            screen.effects.append(effects.UserVariable(clean(name, MAX_TITLE), clean(decoded, MAX_TEXT)))
    elif name == "SetMark":
        screen.effects.append(effects.UserVariable("SetMark", ""))


def _status(screen: Screen, text: str, end: str) -> None:
    if text == "?":
        reply(screen, f"\x1b]7501;?{end}")
    else:
        screen.effects.append(effects.StatusReport(text))


def _kitty_notify(screen: Screen, text: str, end: str) -> None:
    """OSC 99: title and body come in parts, by id; ``p=?`` asks what is supported."""
    metadata, semicolon, payload = text.partition(";")
    keys = {key: value for key, _, value in (word.partition("=") for word in metadata.split(":"))}
    identifier = clean(keys.get("i", ""), MAX_ID)
    kind = keys.get("p", "title")
    if kind == "?":
        reply(screen, f"\x1b]99;i={identifier}:p=?;p=title,body,?{end}")
        return
    if not semicolon or kind not in ("title", "body"):
        return
    if keys.get("e") == "1":
        payload = _decoded(payload) or ""
    title, body = screen.notifications.pop(identifier, ("", ""))
    if kind == "title":
        title = clean(title + payload, MAX_TITLE)
    else:
        body = clean(body + payload, MAX_TEXT)
    if keys.get("d") == "0":
        screen.notifications[identifier] = title, body
        if len(screen.notifications) > MAX_NOTIFICATIONS:
            del screen.notifications[next(iter(screen.notifications))]
    else:
        screen.effects.append(effects.Notification(body, title) if body else effects.Notification(title))


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def _dynamic(number: int) -> Action:
    def act(screen: Screen, text: str, end: str) -> None:
        for which, word in enumerate(text.split(";"), number):
            if which > 19:
                break
            if word == "?":
                reply(screen, f"\x1b]{which};{palette.answer(screen.dynamic_color(which))}{end}")
            elif (color := palette.parse(word)) is not None:
                screen.own_colors[-which] = color
                screen.effects.append(effects.PaletteChanged())

    return act


def _reset_dynamic(number: int) -> Action:
    def act(screen: Screen, _text: str, _end: str) -> None:
        if screen.own_colors.pop(-number, None) is not None:
            screen.effects.append(effects.PaletteChanged())

    return act


def _indexed(number: str, offset: int) -> Action:
    """OSC 4, the palette, and OSC 5, the special colours, which OSC 4 knows as those behind the palette."""

    def act(screen: Screen, text: str, end: str) -> None:
        words = text.split(";")
        for word, color in zip(words[::2], words[1::2], strict=False):
            index = _index(word, offset)
            if index is None:
                continue
            if color == "?":
                reply(screen, f"\x1b]{number};{index - offset};{palette.answer(screen.indexed_color(index))}{end}")
            elif (parsed := palette.parse(color)) is not None:
                screen.own_colors[index] = parsed
                screen.effects.append(effects.PaletteChanged())

    return act


def _index(word: str, offset: int) -> int | None:
    index = int(word) + offset if word.isascii() and word.isdigit() and len(word) < 4 else -1
    return index if 0 <= index < PALETTE + SPECIAL_COLORS else None


def _reset_indexed(offset: int) -> Action:
    def act(screen: Screen, text: str, _end: str) -> None:
        everything = range(offset, PALETTE + SPECIAL_COLORS if offset else PALETTE)
        for index in [_index(word, offset) for word in text.split(";")] if text else everything:
            screen.own_colors.pop(index if index is not None else PALETTE + SPECIAL_COLORS, None)
        screen.effects.append(effects.PaletteChanged())

    return act


PALETTE, SPECIAL_COLORS = 256, 5  # Special: bold, underline, blink, reverse, italic.


class Command(NamedTuple):
    name: str
    what: str
    """What we do, for docs/terminal.md."""
    action: Action


COMMANDS: dict[str, Command] = {
    "0": Command("title and icon name", "kept and told, cleaned", _set_both),
    "1": Command("icon name", "kept and told, cleaned", _set_icon_name),
    "2": Command("title", "kept and told, cleaned", _set_title),
    "4": Command("palette", "a colour of the program's own, or answered", _indexed("4", 0)),
    "5": Command("special colours", "a colour of the program's own, or answered", _indexed("5", PALETTE)),
    "7": Command("working directory", "told", _location),
    "8": Command("hyperlink", "part of the rendition of what follows", _link),
    "9": Command("notification; 9;4 progress; 9;9 working directory", "told, cleaned", _notify),
    **{str(number): Command("dynamic colour", "a colour of the program's own, or answered", _dynamic(number)) for number in range(10, 20)},
    "52": Command("clipboard", "a write is told; a read gets no answer", _clipboard),
    "99": Command("notification (kitty)", "told when whole, cleaned; a query is answered", _kitty_notify),
    "104": Command("palette reset", "the theme's colours again", _reset_indexed(0)),
    "105": Command("special colours reset", "the theme's colours again", _reset_indexed(PALETTE)),
    **{str(number + 100): Command("dynamic colour reset", "the theme's colour again", _reset_dynamic(number)) for number in range(10, 20)},
    "133": Command("prompt mark", "told", _prompt),
    "777": Command("notification (urxvt)", "told, cleaned", _urxvt_notify),
    "1337": Command("iTerm2", "CurrentDir, SetMark and SetUserVar are told, Capabilities is answered", _iterm),
    "7501": Command("program status", "told as it came; a query is answered", _status),
}


def act(screen: Screen, control: str) -> None:
    """Do what an OSC says. ``control`` is the whole of it, from ESC ] to its end."""
    end = "\x07" if control[-1] == "\x07" else "\x1b\\"
    number, _, text = control[2 : -len(end)].partition(";")
    command = COMMANDS.get(number)
    if command is not None:
        command.action(screen, text, end)
