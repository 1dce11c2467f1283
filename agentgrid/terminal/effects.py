"""What a program does besides drawing: frozen values that ``Emulator.feed`` returns, in order.

Texts are cleaned of control and bidirectional characters; they are untrusted all the same and never go back to a program.
"""

import msgspec


class Effect(msgspec.Struct, frozen=True, tag=True):
    """Base of all effects."""


class Reply(Effect, frozen=True):
    """Bytes to write to the program: an answer to what it asked the terminal."""

    data: bytes


class Bell(Effect, frozen=True):
    """BEL outside any sequence."""


class TitleChanged(Effect, frozen=True):
    """OSC 0 or 2, or a title popped from the stack."""

    title: str


class IconNameChanged(Effect, frozen=True):
    """OSC 0 or 1."""

    name: str


class WorkingDirectoryChanged(Effect, frozen=True):
    """OSC 7 or OSC 1337 CurrentDir, as the program sent it (a file URI or a path)."""

    location: str


class ClipboardSet(Effect, frozen=True):
    """OSC 52 with data. ``selection`` is the program's letters, ``c`` when it named none."""

    selection: str
    data: bytes


class Notification(Effect, frozen=True):
    """OSC 9, 99 or 777: a text for the person."""

    body: str
    title: str = ""


class Progress(Effect, frozen=True):
    """OSC 9;4. ``state``: 0 removed, 1 normal, 2 error, 3 indeterminate, 4 paused; ``percent`` 0…100."""

    state: int
    percent: int


class PromptMark(Effect, frozen=True):
    """OSC 133 (shell integration). ``mark``: A prompt, B command, C output, D end, with its exit code where given."""

    mark: str
    exit_code: int | None = None


class StatusReport(Effect, frozen=True):
    """OSC 7501, the Program Status Protocol: the payload after ``7501;``, not yet interpreted (the detector's work)."""

    payload: str


class UserVariable(Effect, frozen=True):
    """OSC 1337 SetMark, SetUserVar and its kin: name and value, as text."""

    name: str
    value: str


class PaletteChanged(Effect, frozen=True):
    """OSC 4, 10…19, 104, 110…119: the program changed or reset a colour of its own."""


class ScreenReset(Effect, frozen=True):
    """RIS: the program reset its terminal."""
