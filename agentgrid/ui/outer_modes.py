"""What is set in the outer terminal while agentgrid has it, and how each is undone. Pure.

Asked first: whether it answers to what keeps us from running ahead of it (``pace``), whether it knows synchronized output (2026),
in-band sizes (2048) and the kitty keyboard protocol; the answer to primary device attributes comes last, so that what has not been
answered by then never will be.

Keys: kitty flags where the terminal has them, else modifyOtherKeys 2. Mouse: buttons and drags as SGR numbers, any motion only while a
program wants it, in pixels where the terminal tells its size in pixels.

https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, https://sw.kovidgoyal.net/kitty/keyboard-protocol/
https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036 (2026)
https://contour-terminal.org/vt-extensions/color-palette-update-notifications/ (2031)
"""

import re
from collections.abc import Mapping

import msgspec

from agentgrid.ui.pace import QUESTION

KITTY_FLAGS = 1 | 4 | 8 | 16  # Disambiguate, alternates, all keys, their text.
KITTY_RELEASES = 2
PROGRAM_STATUS_QUERY = "\x1b]7501;?\x1b\\"  # Answered by itself, before the device attributes.
KITTY_FLAGS_WITHOUT_TEXT = 1 | 4  # A terminal that reports all keys but not their text could not be typed into.


class Terminal(msgspec.Struct, frozen=True):
    """What is known of the outer terminal by its environment."""

    can_be_asked: bool = True
    """Apple's Terminal prints the end of a DECRQM query, and takes modifyOtherKeys for underline."""
    tells_sizes: bool = True
    """iTerm2 knows in-band sizes, wrongly (as Textual found)."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Terminal":
        program = environment.get("TERM_PROGRAM", "")
        return cls(
            can_be_asked=program != "Apple_Terminal",
            tells_sizes=program != "iTerm.app" and environment.get("LC_TERMINAL", "") != "iTerm2",
        )


class OuterModes(msgspec.Struct):
    """What is set now. Owned by the driver; each method returns what to send."""

    terminal: Terminal
    mouse: bool = True
    kitty: bool = False
    """It answered ``CSI ? u``: keys come by the kitty protocol."""
    synchronized: bool = False
    """It knows synchronized output."""
    answers: bool = False
    """It answered the question for its device attributes."""
    program_status: bool = False
    """It shows what programs say of themselves (OSC 7501)."""
    modify_other_keys: bool = False
    in_band_sizes: bool = False
    pixels: bool = False
    motion: bool = False
    releases: bool = False
    keypad: bool = False
    cursor_shaped: bool = False
    pointer_shaped: bool = False
    _kitty_flags: int = KITTY_FLAGS

    def start(self) -> str:
        """Take the terminal: the alternate screen, and all that does not depend on an answer."""
        return "".join(
            (
                "\x1b[22;0t",  # The title, to be put back.
                "\x1b[?1049h",
                f"\x1b[>{self._kitty_flags}u",  # On the alternate screen's own stack.
                self._set(),
                QUESTION.decode(),
                "\x1b[?u",
                "\x1b[?2026$p" if self.terminal.can_be_asked else "",
                "\x1b[?2048$p" if self.terminal.can_be_asked and self.terminal.tells_sizes else "",
                PROGRAM_STATUS_QUERY if self.terminal.can_be_asked else "",
                "\x1b[c",
            )
        )

    def again(self) -> str:
        """All modes once more, after somebody else had the terminal without our leave."""
        return "".join(
            (
                f"\x1b[?1049h\x1b[={self._kitty_flags | KITTY_RELEASES * self.releases};1u",
                self._set(),
                "\x1b[>4;2m" if self.modify_other_keys else "",
                "\x1b[?2048h" if self.in_band_sizes else "",
                "\x1b[?1003h" if self.motion and self.mouse else "",
                "\x1b[?1016h" if self.pixels else "",
                "\x1b=" if self.keypad else "",
            )
        )

    def _set(self) -> str:
        mouse = "\x1b[?1000h\x1b[?1002h\x1b[?1006h" if self.mouse else ""
        return f"\x1b[?25l\x1b[?7l\x1b[?1004h\x1b[?2004h\x1b[?2031h{mouse}"

    def stop(self) -> str:
        """Give the terminal back as it was."""
        return "".join(
            (
                "\x1b[?2026l" if self.synchronized else "",
                "\x1b]7501;state=clear\x1b\\" if self.program_status else "",
                "\x1b[0m",
                "\x1b[?1016l" if self.pixels else "",
                "\x1b[?1003l" if self.motion else "",
                "\x1b[?1006l\x1b[?1002l\x1b[?1000l" if self.mouse else "",
                "\x1b[?2048l" if self.in_band_sizes else "",
                "\x1b[?2031l\x1b[?2004l\x1b[?1004l",
                "\x1b[>4m" if self.modify_other_keys else "",
                "\x1b>" if self.keypad else "",
                "\x1b[0 q" if self.cursor_shaped else "",
                "\x1b]22;\x1b\\" if self.pointer_shaped else "",
                "\x1b[<u",
                "\x1b[?7h\x1b[?1049l\x1b[?25h",
                "\x1b[23;0t",
            )
        )

    def on_reply(self, reply: bytes) -> str:
        """The terminal has answered: what to set now that it is known."""
        if mode := _MODE_REPORT.fullmatch(reply):
            known = mode[2] in b"123"
            match mode[1]:
                case b"2026":
                    self.synchronized = known
                case b"2048" if known and not self.in_band_sizes:
                    self.in_band_sizes = True
                    return "\x1b[?2048h"
        elif _PROGRAM_STATUS.fullmatch(reply):
            self.program_status = True
        elif flags := _KITTY_REPORT.fullmatch(reply):
            return self._on_kitty(int(flags[1]))
        elif _DEVICE_ATTRIBUTES.fullmatch(reply):
            self.answers = True
            if not self.kitty and not self.modify_other_keys and self.terminal.can_be_asked:
                self.modify_other_keys = True
                return "\x1b[>4;2m"
        return ""

    def _on_kitty(self, flags: int) -> str:
        """It has the kitty protocol, with these flags set."""
        self.kitty = True
        changes = ""
        if self.modify_other_keys:  # An answer to an older question came first.
            self.modify_other_keys = False
            changes = "\x1b[>4m"
        if flags & 8 and not flags & 16 and self._kitty_flags == KITTY_FLAGS:
            self._kitty_flags = KITTY_FLAGS_WITHOUT_TEXT
            changes += self._kitty()
        return changes

    def on_pixels(self) -> str:
        """The window's size in pixels is known. The answer to the question says from where on the mouse speaks of pixels."""
        if self.pixels or not self.mouse or not (self.terminal.can_be_asked and self.terminal.tells_sizes):
            return ""
        self.pixels = True
        return "\x1b[?1016h\x1b[?1016$p"

    def want(self, motion: bool, releases: bool, keypad: bool) -> str:
        """What programs want to hear of: the pointer without a button, keys released, the keypad apart."""
        changes = ""
        if motion != self.motion and self.mouse:
            self.motion = motion
            changes += f"\x1b[?1003{'h' if motion else 'l'}" + ("" if motion else "\x1b[?1002h")
        if releases != self.releases:
            self.releases = releases
            changes += self._kitty()
        if keypad != self.keypad:
            self.keypad = keypad
            changes += "\x1b=" if keypad else "\x1b>"
        return changes

    def hide_cursor(self) -> str:
        """The cursor hidden and of the terminal's own shape, whatever it was."""
        return "\x1b[?25l" + ("\x1b[0 q" if self.cursor_shaped else "")

    def on_written(self, data: str) -> None:
        """Somebody wrote something of their own that may have to be undone at the end."""
        self.cursor_shaped = self.cursor_shaped or (" q" in data and bool(_CURSOR_SHAPE.search(data)))
        self.pointer_shaped = self.pointer_shaped or data.startswith("\x1b]22;")

    def _kitty(self) -> str:
        return f"\x1b[={self._kitty_flags | KITTY_RELEASES * self.releases};1u"


BEGIN_UPDATE, END_UPDATE = "\x1b[?2026h", "\x1b[?2026l"  # Parts of a frame; they change no cell.

_MODE_REPORT = re.compile(rb"\x1b\[\?([0-9]{1,5});([0-9])\$y")
_KITTY_REPORT = re.compile(rb"\x1b\[\?([0-9]{1,3})u")
_PROGRAM_STATUS = re.compile(rb"\x1b\]7501;\?(?:\x07|\x1b\\)")
_DEVICE_ATTRIBUTES = re.compile(rb"\x1b\[\?[0-9;]*c")
_CURSOR_SHAPE = re.compile(r"\x1b\[[0-9]* q")

_CONTROLS = re.compile(r"(?:\x07|\x1b[=>]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9]* q|\x1b\[(?!\?2026[hl])[<=>?][0-9;:]*[ -/]*[@-~])+")


def is_control(data: str) -> bool:
    """Whether it is modes, titles, bells and the like alone, which are never dropped; else it is (a part of) a frame."""
    return _CONTROLS.fullmatch(data) is not None
