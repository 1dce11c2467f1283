"""What the outer terminal sends: bytes in, keys, pastes, mouse events and answers out. Pure.

How it works. ``feed`` takes what was read, in any chunking, and returns what is complete; the rest waits in a buffer. One
regular expression cuts the buffer into tokens: a run of text, a control, or a sequence that begins with ESC. A paste is
found by its end marker alone, so that nothing in it means anything, and is kept in pieces, so that 16 MB cost one copy.

ESC is both a key and the beginning of everything else: what may still go on waits. The caller looks at ``wait_seconds``
and calls ``flush`` when so much time has passed without a byte; then what has waited is taken for what it is. A sequence
that a person can type (ESC, alt+[, alt+O, alt+]) becomes keys. One that only a machine sends, cut off, becomes a ``Reply``:
half an answer must not be typed into anything.

Never raises on any bytes. Runs of text within one ``feed`` are one event, as are mouse moves that follow one another.

https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, https://sw.kovidgoyal.net/kitty/keyboard-protocol/
https://gist.github.com/rockorager/e695fb2924d36b2bcf1fff4a3704bd83 (in-band sizes, mode 2048)
Deviations: no 8-bit C1 controls (they are not UTF-8), no mouse coordinates as UTF-8 (mode 1005, which we never set).
"""

import codecs
import re
from typing import TypeAlias

import msgspec

from agentgrid.terminal.keys import Key, Modifier, character_key
from agentgrid.terminal.mouse import Mouse
from agentgrid.ui import input_keys
from agentgrid.ui.input_mouse import MouseDecoder, WindowSize

ESCAPE_SECONDS = 0.025  # Longer than the gaps inside a sequence, shorter than a person notices.
ESCAPE_SECONDS_KITTY = 0.150  # ESC the key is CSI 27 u there: an ESC byte is a sequence, and a slow line may cut it.
SEQUENCE_SECONDS = 1.0  # A sequence that only a machine sends has begun: it will go on, unless the line is dead.

MAX_REPLY_BYTES = 1024 * 1024  # A clipboard's worth. Longer ones are swallowed.
MAX_PASTE_BYTES = 64 * 1024 * 1024  # What the server takes for one pane. A longer paste comes in parts.


class Paste(msgspec.Struct, frozen=True):
    """A bracketed paste, byte for byte."""

    data: bytes


class Focus(msgspec.Struct, frozen=True):
    """The window gained or lost the focus."""

    gained: bool


class Reply(msgspec.Struct, frozen=True):
    """A terminal's answer or report, or a sequence nobody knows, whole."""

    data: bytes


Input: TypeAlias = Key | Paste | Mouse | Focus | WindowSize | Reply

_PASTE_START, _PASTE_END = b"\x1b[200~", b"\x1b[201~"

_TOKEN = re.compile(
    rb"""
      (?P<text>[\x20-\x7e\x80-\xff]+)
    | (?P<control>[\x00-\x1a\x1c-\x1f\x7f])
    | \x1b\[\[(?P<linux>[A-E])
    | \x1b\[M(?P<x10>[\x20-\xff][\x00\x20-\xff]{2})
    | \x1b\[(?P<rxvt>[0-9]+)\$
    | \x1b\[(?![\[M])(?P<prefix>[<=>?]?)(?P<parameters>(?<=<)[-0-9;]*|[0-9:;]*)(?P<intermediates>[\x20-/]*)(?P<final>[@-~])
    | \x1bO(?P<ss3_parameters>[0-9;]*)(?P<ss3>[ABCDEFHIMPQRSXa-dj-y\x20])
    | (?P<string>\x1b(?:\][0-9][^\x07\x18\x1a\x1b]*(?:\x07|\x1b\\)|(?:P[0-9>!]|_G)[^\x18\x1a\x1b]*\x1b\\))
    """,
    re.VERBOSE,
)

_MAY_GO_ON = re.compile(
    rb"""\x1b(?:
      \[(?:\[|M(?:[\x20-\xff][\x00\x20-\xff]?)?|<[-0-9;]*[\x20-/]*|[=>?]?[0-9:;]*[\x20-/]*)?
    | O[0-9;]*
    | \](?:[0-9][^\x07\x18\x1a\x1b]*\x1b?)?
    | P(?:[0-9>!][^\x18\x1a\x1b]*\x1b?)?
    | _(?:G[^\x18\x1a\x1b]*\x1b?)?
    )?\Z""",
    re.VERBOSE,
)

_BROKEN_OFF = re.compile(
    rb"""\x1b(?:
      \[(?:M[\x20-\xff]{0,2}|<[-0-9;]*|[=>?][0-9:;]*|[0-9:;]+)[\x20-/]*
    | (?:\][0-9][^\x07\x18\x1a\x1b]*|(?:P[0-9>!]|_G)[^\x18\x1a\x1b]*)(?:\x1b\Z)?
    )[\x18\x1a]?""",
    re.VERBOSE,
)
"""What no person types, without its end."""

_END_OF_STRING = re.compile(rb"[\x07\x18\x1a]|\x1b\\?")


class Decoder:
    """One terminal's input. Owned by the driver.

    ``backspace_is_bs``: the terminal sends BS for Backspace (``stty erase ^H``), and DEL for ctrl+Backspace.
    """

    def __init__(self, backspace_is_bs: bool = False) -> None:
        self.kitty_flags = 0
        """What the terminal answered to ``CSI ? u`` last."""
        self.cursor_reports_expected = 0
        """Raised by whoever asks (``CSI 6 n``): F3 with a modifier looks the same."""
        self.mouse = MouseDecoder()
        self._backspace_is_bs = backspace_is_bs
        self._held = b""
        self._paste: list[bytes] | None = None
        self._paste_bytes = 0
        self._swallowing = False
        self._alone: dict[bytes, Key] = {}
        """The keys of single bytes that came so far, when nothing waited: most of what is typed."""

    @property
    def pasting(self) -> bool:
        """Inside a paste whose end has not come."""
        return self._paste is not None

    @property
    def wait_seconds(self) -> float | None:
        """How long to wait for more bytes before ``flush``; None when there is nothing to wait for."""
        if self._paste is not None or not (self._held or self._swallowing):
            return None
        if self._swallowing or not self._held.startswith(b"\x1b") or _BROKEN_OFF.match(self._held):
            return SEQUENCE_SECONDS
        return ESCAPE_SECONDS_KITTY if self.kitty_flags else ESCAPE_SECONDS

    def feed(self, data: bytes) -> list[Input]:
        """Take bytes, return what they complete."""
        if self._held or self._paste is not None or self._swallowing:
            data, self._held = self._held + data, b""
        elif (key := self._alone.get(data)) is not None:
            return [key]
        events = self._decode(data, final=False)
        if len(data) == 1 and len(events) == 1 and isinstance(only := events[0], Key):
            self._alone[data] = only
        return events

    def flush(self) -> list[Input]:
        """Nothing has come for ``wait_seconds``: take what waits for what it is."""
        if self._paste is not None:
            return []
        self._swallowing = False
        data, self._held = self._held, b""
        return self._decode(data, final=True)

    def _decode(self, data: bytes, final: bool) -> list[Input]:
        events: list[Input] = []
        position, size = 0, len(data)
        while position < size and not self._held:
            if self._paste is not None:
                position = self._go_on_pasting(data, position, events)
            elif self._swallowing:
                position = self._go_on_swallowing(data, position)
            elif token := _TOKEN.match(data, position):
                position = token.end()
                if token.lastgroup == "text":
                    self._text(token["text"], events, final or position < size)
                else:
                    events += self._token(token)
            elif not final and _MAY_GO_ON.match(data, position):
                self._hold(data[position:])
                position = size
            else:
                position = self._escape(data, position, events, final)
        return _coalesced(events)

    # ------------------------------------------------------------------ what is not a whole sequence

    def _hold(self, data: bytes) -> None:
        if len(data) <= MAX_REPLY_BYTES:
            self._held = data
            return
        self._swallowing = True
        self._held = b"\x1b" if data.endswith(b"\x1b") else b""

    def _go_on_pasting(self, data: bytes, position: int, events: list[Input]) -> int:
        assert self._paste is not None
        end = data.find(_PASTE_END, position)
        stop = end if end >= 0 else len(data) - _beginning_of(_PASTE_END, data, position)
        self._paste.append(data[position:stop])
        self._paste_bytes += stop - position
        if end < 0 and self._paste_bytes <= MAX_PASTE_BYTES:
            self._held = data[stop:]
            return len(data)
        events.append(Paste(b"".join(self._paste)))
        self._paste, self._paste_bytes = (None, 0) if end >= 0 else ([], 0)
        if end >= 0:
            return end + len(_PASTE_END)
        self._held = data[stop:]
        return len(data)

    def _go_on_swallowing(self, data: bytes, position: int) -> int:
        end = _END_OF_STRING.search(data, position)
        if end is None:
            return len(data)
        if end.end() == len(data) and end.group() == b"\x1b":
            self._held = b"\x1b"
            return len(data)
        self._swallowing = False
        return end.start() if end.group() == b"\x1b" else end.end()

    def _text(self, run: bytes, events: list[Input], final: bool) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        text = decoder.decode(run, final)
        self._held = decoder.getstate()[0]
        if text:
            events.append(character_key(text) if len(text) == 1 else Key("", text))

    def _escape(self, data: bytes, position: int, events: list[Input], final: bool) -> int:
        """ESC that begins no whole sequence: a key of its own, or Alt with what follows."""
        if broken := _BROKEN_OFF.match(data, position):
            events.append(Reply(broken.group()))
            return broken.end()
        after = position + 1
        if after == len(data):
            events.append(Key("escape"))
            return after
        if data[after] == 0x1B:
            return self._two_escapes(data, position, events, final)
        if data[after] < 0x20 or data[after] == 0x7F:
            events.append(input_keys.with_alt(input_keys.control_key(data[after], self._backspace_is_bs)))
            return after + 1
        character, stop = _first_character(data, after, final)
        if not character:
            self._held = data[position:]
        else:
            events.append(input_keys.with_alt(character_key(character)))
        return stop

    def _two_escapes(self, data: bytes, position: int, events: list[Input], final: bool) -> int:
        """ESC before the sequence of a key is Alt in terminals without a better way; else it is the key Escape."""
        after = position + 1
        if not self.kitty_flags:
            token = _TOKEN.match(data, after)
            key = _key(token) if token else None
            if token and key and not key.modifiers & Modifier.ALT:
                events.append(input_keys.with_alt(key))
                return token.end()
            if not token and not final and _MAY_GO_ON.match(data, after):
                self._held = data[position:]
                return len(data)
        events.append(Key("escape"))
        return after

    # ------------------------------------------------------------------ whole sequences

    def _token(self, token: re.Match[bytes]) -> list[Input]:
        raw = token.group()
        match token.lastgroup:
            case "control":
                return [input_keys.control_key(raw[0], self._backspace_is_bs)]
            case "x10":
                code, x, y = (byte - 32 for byte in token["x10"])
                return [self.mouse.numbers(code, x, y) or Reply(raw)]
            case "string":
                return [Reply(raw)]
            case "final":
                if raw == _PASTE_START:
                    self._paste, self._paste_bytes = [], 0
                    return []
                return [self._control_sequence(token) or _key(token) or Reply(raw)]
        return [_key(token) or Reply(raw)]

    def _control_sequence(self, token: re.Match[bytes]) -> Input | None:
        """What is no key: mouse, focus, sizes, answers."""
        prefix, parameters, final = token["prefix"], token["parameters"], token["final"]
        if prefix == b"<" and final in {b"M", b"m"} and len(numbers := _integers(parameters)) == 3:
            return self.mouse.sgr(numbers[0], numbers[1], numbers[2], released=final == b"m")
        if prefix or token["intermediates"]:
            self._notice(token)
            return Reply(token.group())
        match final:
            case b"I" | b"O" if not parameters:
                return Focus(final == b"I")
            case b"t":
                return self._window_size(parameters)
            case b"M":
                numbers = _integers(parameters)
                return self.mouse.numbers(numbers[0] - 32, numbers[1], numbers[2]) if len(numbers) == 3 else None
            case b"R" if parameters and (self.cursor_reports_expected or not parameters.startswith(b"1;")):
                self.cursor_reports_expected = max(0, self.cursor_reports_expected - 1)
                return Reply(token.group())
        return None

    def _notice(self, token: re.Match[bytes]) -> None:
        """Answers that change how the rest is read, from here on."""
        match token["prefix"], token["intermediates"], token["final"]:
            case b"?", b"", b"u":
                self.kitty_flags = (_integers(token["parameters"]) or [0])[0]
            case b"?", b"$", b"y" if token["parameters"].startswith(b"1016;"):
                self.mouse.in_pixels = token["parameters"] in {b"1016;1", b"1016;3"}

    def _window_size(self, parameters: bytes) -> WindowSize | None:
        numbers = _integers(b";".join(field.partition(b":")[0] for field in parameters.split(b";")))
        if len(numbers) not in (3, 5) or numbers[0] != 48 or min(numbers) < 0 or max(numbers) > 0xFFFF:
            return None
        _, rows, columns, height, width = [*numbers, 0, 0][:5]
        if not rows or not columns:
            return None
        self.mouse.window = WindowSize(columns, rows, width, height)
        return self.mouse.window


def _key(token: re.Match[bytes]) -> Key | None:
    """The key of a sequence, None when it is of something else."""
    match token.lastgroup:
        case "linux":
            return input_keys.linux_key(token["linux"].decode())
        case "rxvt":
            return input_keys.csi_key(token["rxvt"], "$")
        case "ss3":
            return input_keys.ss3_key(token["ss3_parameters"], token["ss3"].decode())
        case "final" if not token["prefix"] and not token["intermediates"]:
            return input_keys.csi_key(token["parameters"], token["final"].decode())
    return None


def _integers(parameters: bytes) -> list[int]:
    """Numbers between semicolons; none at all when one is no number."""
    fields = parameters.split(b";")
    return [int(field) for field in fields] if all(re.fullmatch(rb"-?[0-9]{1,9}", field) for field in fields) else []


def _beginning_of(marker: bytes, data: bytes, position: int) -> int:
    """How many bytes at the end of ``data`` may be the beginning of ``marker``."""
    longest = min(len(marker) - 1, len(data) - position)
    return next((count for count in range(longest, 0, -1) if data.endswith(marker[:count])), 0)


def _first_character(data: bytes, position: int, final: bool) -> tuple[str, int]:
    """The first character of UTF-8 and where it ends; "" when it is cut off and may go on."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for stop in range(position + 1, len(data) + 1):
        text = decoder.decode(data[stop - 1 : stop])
        if text:
            return text[0], stop - 1 if len(text) > 1 else stop
    return "\ufffd" if final else "", len(data)


def _coalesced(events: list[Input]) -> list[Input]:
    """Of moves that follow one another only the last: where the pointer was in between is nobody's business."""
    kept: list[Input] = []
    for event in events:
        last = kept[-1] if kept else None
        if (
            isinstance(event, Mouse)
            and isinstance(last, Mouse)
            and (event.kind, event.button, event.modifiers)
            == (last.kind, last.button, last.modifiers)
            == ("move", last.button, last.modifiers)
        ):
            kept.pop()
        kept.append(event)
    return kept
