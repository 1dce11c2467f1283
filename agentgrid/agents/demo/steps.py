"""What a demo agent can do in a turn, as data. Lengths of time are frames, ten to a second, so that nothing reads a clock."""

from typing import NamedTuple, TypeAlias

FRAMES_A_SECOND = 10


class Think(NamedTuple):
    """Be busy: a spinner and a word for it."""

    frames: int
    verb: str = "Thinking"


class Say(NamedTuple):
    """Speak, a few words a frame."""

    text: str


class Read(NamedTuple):
    """Look at a file."""

    path: str


class Run(NamedTuple):
    """Run a command, as far as one can see: its output is scripted."""

    command: str
    output: tuple[str, ...] = ()
    frames: int = 10
    ask: bool = False


class Edit(NamedTuple):
    """Change a file, for real. An empty ``old`` appends, and makes the file where there is none."""

    path: str
    old: str
    new: str
    ask: bool = False


class Choose(NamedTuple):
    """Ask a question with choices and wait for the answer."""

    question: str
    options: tuple[str, ...]


class Fail(NamedTuple):
    """Give up with an error that ends the turn."""

    text: str


Step: TypeAlias = Think | Say | Read | Run | Edit | Choose | Fail


class Turn(NamedTuple):
    """A prompt and what the agent does about it."""

    prompt: str
    steps: tuple[Step, ...]


class Role(NamedTuple):
    """A part to play."""

    name: str
    title: str
    look: str
    """``box`` or ``bar``, see ``looks``."""
    turns: tuple[Turn, ...] = ()
    endless: bool = False
    """Begin again with the first turn after the last."""
    log: tuple[str, ...] = ()
    """Lines of a program that is no agent (a development server), printed over and over."""
