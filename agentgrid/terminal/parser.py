"""Bytes to tokens: the VT500 state machine as two regular expressions.

A token is a pair ``(control, text)``: a control or a whole control sequence (or ``""``), and the printable text up to the
next one. So a screen handles "move there and write this" in one step, and the state machine runs at the speed of ``re``.

How it works. Bytes are decoded as UTF-8; an ill-formed part becomes U+FFFD as the Unicode Standard recommends (maximal
subparts). The 8-bit controls U+0080…U+009F are rewritten as ESC and a letter. What is cut off at the end of the data
waits in ``pending`` for the rest of it, so that chunks make no difference. Long strings wait in ``_string``, a list, and
are looked at once. A CSI or ESC sequence that has controls in it (they take effect at once) or that breaks off is the
business of ``_mend``, off the fast path.

Control strings keep their terminator, because a reply repeats it. Sequences and strings over their limits are swallowed.

https://vt100.net/emu/dec_ansi_parser; DEC STD 070; https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
Deviations, all xterm's: BEL ends an OSC; ``:`` is a parameter character; ESC inside a string cancels the string unless
``\\`` follows; a character beyond ASCII breaks a sequence off, and is printed.
"""

import codecs
import re
from typing import TypeAlias

Token: TypeAlias = tuple[str, str]

MAX_SEQUENCE = 1024  # Characters of a CSI or ESC sequence: thirty-two RGB colours in one SGR, and no more than a row or two.
MAX_STRING = 1024 * 1024  # Characters of an OSC, DCS or APC that are kept: a large clipboard write. The rest is swallowed.

_C0 = r"\x00-\x17\x19\x1c-\x1f"  # Without CAN, SUB and ESC, which end a sequence.

_TOKENS = re.compile(
    rf"""(
      \x1b\[[0-9;:]*[@-~]                            # most of what is sent: CSI without prefix or intermediates
    | \r?\n | [\x00-\x1a\x1c-\x1f\x7f]
    | \x1b\[[<-?]?[0-9;:]*[ -/]*[@-~]
    | \x1b\][^\x07\x18\x1a\x1b]*(?:\x07|\x1b\\)
    | \x1b[PX^_][^\x18\x1a\x1b]*\x1b\\
    | \x1b(?:[0-OQ-WYZ\\`-~]|[ -/]+[0-~])
    | \x1b[]PX^_][^\x18\x1a\x1b]*                    # a string broken off: CAN, SUB or another ESC follows
    | \x1b\[[ -?{_C0}\x7f]*[@-~]?                    # a CSI with controls in it, or malformed, or broken off
    | \x1b(?:[ -/][ -/{_C0}\x7f]*[0-~]?)?            # the same of an ESC sequence
    |)([^\x00-\x1f\x7f]*)""",
    re.VERBOSE,
).findall

_UNFINISHED = re.compile(rf"\x1b(?:\[[ -?{_C0}\x7f]*|[ -/][ -/{_C0}\x7f]*)?\Z").match
_STRING_STARTED = re.compile(r"\x1b(?:\][^\x07\x18\x1a\x1b]*|[PX^_][^\x18\x1a\x1b]*)\x1b?\Z").match
_END_OF_OSC = re.compile(r"[\x07\x18\x1a\x1b]").search
_END_OF_STRING = re.compile(r"[\x18\x1a\x1b]").search
_HAS_C1 = re.compile(r"[\x80-\x9f]").search
_C1 = {code: "\x1b" + chr(code - 0x40) for code in range(0x80, 0xA0)}
_EXECUTED_INSIDE = re.compile(rf"[{_C0}]").findall
_MESSY = re.compile(rf"[{_C0}\x7f]").search
_NO_CONTROLS = dict.fromkeys((*range(24), 25, *range(28, 32), 127))

_SEQUENCE = re.compile(r"\x1b(?:\[[<-?]?[0-9;:]*[ -/]*[@-~]|[0-OQ-WYZ\\`-~]|[ -/]+[0-~])\Z").match
_MISPLACED = re.compile(rf"\x1b([{_C0}\x7f]+)")


class Parser:
    """One program's stream. Owned by its emulator."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pending = ""
        """The beginning of a sequence whose end has not come yet."""
        self._string: list[str] | None = None
        """The parts of a control string whose end has not come yet."""
        self._string_size = 0

    @property
    def in_ground(self) -> bool:
        """Nothing is half done: the next byte begins something new."""
        return not self.pending and self._string is None and not self._decoder.getstate()[0]

    def state(self) -> tuple[bytes, str, list[str] | None, int]:
        """What is half done, for a dump."""
        return self._decoder.getstate()[0], self.pending, self._string, self._string_size

    def restore(self, undecoded: bytes, pending: str, string: list[str] | None, string_size: int) -> None:
        """Go on where another parser was."""
        self._decoder.setstate((undecoded[:4], 0))
        self.pending, self._string, self._string_size = pending, string, string_size

    def feed(self, data: bytes) -> list[Token]:
        """Tokens of the data, and of what was waiting for it."""
        text = self._decoder.decode(data)
        if not text.isascii() and _HAS_C1(text):
            text = text.translate(_C1)
        if self.pending:
            text = self.pending + text
            self.pending = ""
        if _MISPLACED.search(text):
            text = _MISPLACED.sub("\\1\x1b", text)  # Controls right after ESC come before it: they take effect at once.
        tokens: list[Token] = []
        if self._string is not None:
            text = self._continue_string(text, tokens)
            if not text:
                return tokens
        last = text.rfind("\x1b")
        executed: list[str] = []
        if last >= 0:
            text = self._cut_off(text, last, executed)
        tokens += _TOKENS(text)
        tokens += [(control, "") for control in executed]
        return tokens

    def _cut_off(self, text: str, last: int, executed: list[str]) -> str:
        """Put aside what is unfinished at the end, but for controls inside it. ``last``: where the last ESC is."""
        if last == len(text) - 1:
            before = text.rfind("\x1b", 0, last)
            if before >= 0 and (text[before + 1] in "]PX^_") and _STRING_STARTED(text, before):
                self._begin_string(text[before:-1])
                self.pending = "\x1b"
                return text[:before]
        if _UNFINISHED(text, last):
            rest = text[last:]
            executed += _EXECUTED_INSIDE(rest)
            self.pending = rest.translate(_NO_CONTROLS)[: MAX_SEQUENCE + 1]  # One more than allowed is enough to be refused.
            return text[:last]
        if _STRING_STARTED(text, last):
            self._begin_string(text[last:])
            return text[:last]
        return text

    def _begin_string(self, start: str) -> None:
        self._string = [start]
        self._string_size = len(start)

    def _continue_string(self, text: str, tokens: list[Token]) -> str:
        """Take text into the string that was begun; what follows its end is returned."""
        parts = self._string
        assert parts is not None
        end = (_END_OF_OSC if parts[0][1] == "]" else _END_OF_STRING)(text)
        if end is None:
            self._keep(text)
            return ""
        at = end.start()
        if text[at] == "\x1b" and at == len(text) - 1:
            self._keep(text[:at])
            self.pending = "\x1b"
            return ""
        self._string = None
        if text[at] == "\x07" or text.startswith("\x1b\\", at):
            after = at + (1 if text[at] == "\x07" else 2)
            self._string = parts
            self._keep(text[:after])
            self._string = None
            if self._string_size <= MAX_STRING:
                tokens.append(("".join(parts), ""))
            return text[after:]
        return text[at:]

    def _keep(self, text: str) -> None:
        assert self._string is not None
        self._string_size += len(text)
        if self._string_size <= MAX_STRING:
            self._string.append(text)
        else:
            del self._string[1:]


def mend(control: str) -> tuple[list[str], str]:
    """The controls inside a sequence, which take effect at once, and the sequence without them, "" when it is none."""
    inside = _EXECUTED_INSIDE(control) if _MESSY(control) else []
    clean = control.translate(_NO_CONTROLS)
    return inside, clean if len(clean) <= MAX_SEQUENCE and _SEQUENCE(clean) else ""
