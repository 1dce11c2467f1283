"""The mind of a demo agent: steps in, what is said, asked and waited for.

Its work is a generator that yields once a frame; while it waits for an answer nothing is yielded to, so a waiting agent
costs nothing. Files are changed by the ``hands`` it is given. All that looks random comes from the seed.
"""

import zlib
from collections.abc import Generator, Sequence
from typing import NamedTuple, Protocol, TypeAlias, assert_never

from agentgrid.agents.demo.keys import Input, Key, Pasted, Supported
from agentgrid.agents.demo.steps import FRAMES_A_SECOND, Choose, Edit, Fail, Read, Role, Run, Say, Step, Think, Turn

WORDS_A_FRAME = 2
REST_FRAMES = 8  # Between two turns of an endless role; long enough to be seen as the end of one.
VERBS = ("Pondering", "Sounding", "Charting", "Tacking", "Plotting", "Drifting", "Reckoning", "Mooring")
MAX_ENTRIES = 400  # An endless role says something for hours; nobody scrolls back further than this.
YES_NO = ("Yes", "Yes, and don't ask again this session", "No, and say what to do instead (esc)")

Work: TypeAlias = Generator[None, None, None]


class Entry(NamedTuple):
    """One thing in the transcript. ``kind`` picks how it is drawn; ``detail`` are the lines below it."""

    kind: str
    text: str
    detail: tuple[str, ...] = ()


class Question(NamedTuple):
    """What is asked, while it is open. ``kind``: permission or question."""

    kind: str
    text: str
    subject: str
    options: tuple[str, ...]
    detail: tuple[str, ...] = ()


class Report(NamedTuple):
    """What the agent says of its state (OSC 7501)."""

    state: str
    kind: str = ""
    message: str = ""


class Hands(Protocol):
    """How an agent gets at files."""

    def edit(self, step: Edit) -> bool:
        """Whether the old text was there to be replaced."""
        ...

    def mentioned(self, prompt: str) -> str:
        """The file of the folder that a prompt names, empty when none."""
        ...


class Agent:
    """Owned by the program's loop, which calls ``tick`` once a frame while it is ``busy``, and ``take`` for each input."""

    def __init__(self, role: Role, seed: int, hands: Hands) -> None:
        self.role = role
        self.entries: list[Entry] = []
        self.forgotten = 0
        """How many entries have left ``entries`` at its old end."""
        self.streaming = ""
        """What is being said and not yet in the transcript."""
        self.verb = ""
        self.frame = 0
        self.turn_began = 0
        self.composer = ""
        self.queued: list[str] = []
        self.question: Question | None = None
        self.choice = 0
        self.hint = ""
        self.leaving = False
        self._seed = seed
        self._hands = hands
        self._state = Report("idle")
        self._answer: int | None = None
        self._trusted = False
        self._work: Work | None = self._turns(role.turns) if role.turns else None

    @property
    def busy(self) -> bool:
        """Whether frames go by for it."""
        return self._work is not None and self.question is None

    @property
    def report(self) -> Report:
        match self.question:
            case Question(kind=kind, text=text):
                return Report("blocked", kind, text)
            case None:
                return Report("working", message=self.verb) if self._work is not None and self._state.state == "working" else self._state

    @property
    def seconds(self) -> int:
        """How long this turn has taken, in frames' time."""
        return (self.frame - self.turn_began) // FRAMES_A_SECOND

    @property
    def tokens(self) -> int:
        return 310 + self._pick(90) + (self.frame - self.turn_began) * (7 + self._pick(5))

    def tick(self) -> None:
        """A frame goes by."""
        self.frame += 1
        if self._work is None:
            return
        try:
            next(self._work)
        except StopIteration:
            self._work = None
            if self.queued:
                self.prompt(self.queued.pop(0))

    def prompt(self, text: str) -> None:
        """A person gives it something to do."""
        self._work = self._turns((self._improvised(text),), once=True)
        self.tick()

    def take(self, given: Input) -> None:
        """A key, a paste or an answer of the terminal's."""
        match given:
            case Supported():
                return
            case Pasted(text):
                self.composer += text if self.question is None else ""
            case Key(name):
                self._press(name)
            case _:
                assert_never(given)

    # ------------------------------------------------------------------ keys

    def _press(self, name: str) -> None:
        hint, self.hint = self.hint, ""
        if name == "ctrl+c":
            self._interrupted(again=bool(hint))
        elif self.question is not None:
            self._press_at_question(self.question, name)
        elif name == "escape":
            if self._work is not None:
                self._stop()
        elif name == "enter":
            self._submit()
        elif name in {"ctrl+j", "alt+enter"}:
            self.composer += "\n"
        elif name == "backspace":
            self.composer = self.composer[:-1]
        elif name == "ctrl+u":
            self.composer = ""
        elif name == "ctrl+w":
            self.composer = self.composer.rstrip().rpartition(" ")[0]
        elif name == "ctrl+d" and not self.composer:
            self.leaving = True
        elif len(name) == 1:
            self.composer += name

    def _interrupted(self, *, again: bool) -> None:
        """Ctrl+C: empties the composer, else stops the work, else asks to be pressed again."""
        if again:
            self.leaving = True
        elif self.composer:
            self.composer = ""
        elif self._work is not None:
            self._stop()
        else:
            self.hint = "Press ctrl+c again to exit"

    def _press_at_question(self, question: Question, name: str) -> None:
        last = len(question.options) - 1
        if name in {"up", "down"}:
            self.choice = min(max(self.choice + (1 if name == "down" else -1), 0), last)
        elif name == "enter":
            self._answered(self.choice)
        elif name == "escape":
            self._answered(last) if question.kind == "permission" else self._stop()
        elif name.isdecimal() and 1 <= int(name) <= last + 1:
            self._answered(int(name) - 1)

    def _answered(self, choice: int) -> None:
        self.question, self._answer = None, choice
        self.tick()

    def _submit(self) -> None:
        text, self.composer = self.composer.strip(), ""
        if text in {"/exit", "/quit"}:
            self.leaving = True
        elif text and self._work is not None:
            self.queued.append(text)
        elif text:
            self.prompt(text)

    def _stop(self) -> None:
        self._work = self.question = None
        self.streaming = ""
        self._add(Entry("interrupted", "Interrupted · what should be done instead?"))
        self._state = Report("idle")

    # ------------------------------------------------------------------ work

    def _turns(self, turns: Sequence[Turn], *, once: bool = False) -> Work:
        while True:
            for turn in turns:
                yield from self._turn(turn)
                if self.role.endless and not once:
                    yield from self._frames(REST_FRAMES)
            if once or not self.role.endless:
                return

    def _turn(self, turn: Turn) -> Work:
        self._add(Entry("prompt", turn.prompt))
        self.turn_began = self.frame
        self.verb = VERBS[self._pick(len(VERBS))]
        self._state = Report("working")
        for step in turn.steps:
            yield from self._step(step)
            if self._state.state != "working":
                return
        self._state = Report("done", message=self.entries[-1].text)

    def _step(self, step: Step) -> Work:
        match step:
            case Think(frames, verb):
                self.verb = verb
                yield from self._frames(frames)
            case Say(text):
                words = text.split(" ")
                for count in range(1, len(words), WORDS_A_FRAME):
                    self.streaming = " ".join(words[:count])
                    yield
                self.streaming = ""
                self._add(Entry("said", text))
            case Read(path):
                self._add(Entry("did", f"Read({path})", ("Read the file",)))
                yield from self._frames(3)
            case Run(command, output, frames, ask):
                if not ask or (yield from self._permitted("Run this command?", f"Bash({command})", (command,))):
                    yield from self._frames(frames)
                    self._add(Entry("did", f"Bash({command})", output))
            case Edit():
                yield from self._edit(step)
            case Choose(question, options):
                choice = yield from self._asked(Question("question", question, question, options))
                self._add(Entry("did", question, (options[choice],)))
            case Fail(text):
                self._add(Entry("failed", text))
                self._state = Report("error", message=text)
            case _:
                assert_never(step)

    def _edit(self, step: Edit) -> Work:
        name = f"{'Update' if step.old else 'Write'}({step.path})"
        change = changed_lines(step.old, step.new)
        if step.ask and not (yield from self._permitted(f"Make this edit to {step.path}?", name, change)):
            return
        yield from self._frames(2)
        if self._hands.edit(step):
            self._add(Entry("did", name, change))
        else:
            self._add(Entry("failed", f"{name}: the text to replace is not there; somebody changed the file"))
        yield from self._frames(4)

    def _permitted(self, text: str, subject: str, detail: tuple[str, ...]) -> Generator[None, None, bool]:
        if self._trusted:
            return True
        choice = yield from self._asked(Question("permission", text, subject, YES_NO, detail))
        self._trusted = choice == 1
        if choice == 2:
            self._add(Entry("interrupted", f"{subject} was declined"))
            self._state = Report("idle")
        return choice < 2

    def _asked(self, question: Question) -> Generator[None, None, int]:
        self.question, self.choice, self._answer = question, 0, None
        yield
        assert self._answer is not None, "ticked while a question is open"
        return self._answer

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        surplus = max(len(self.entries) - MAX_ENTRIES, 0)
        del self.entries[:surplus]
        self.forgotten += surplus

    def _frames(self, count: int) -> Work:
        for _ in range(count):
            yield

    def _improvised(self, prompt: str) -> Turn:
        """A turn for a prompt that nobody scripted: it edits the file that the prompt names, after asking."""
        verb = VERBS[self._pick(len(VERBS))]
        path = self._hands.mentioned(prompt)
        if not path:
            return Turn(prompt, (Think(8, verb), Say(f"This is a scripted agent, so all I can do about “{prompt}” is to look busy.")))
        line = f"<!-- {self.role.name} was here -->" if path.endswith(".md") else f"# {self.role.name} was here"
        return Turn(prompt, (Think(6, verb), Read(path), Edit(path, "", f"{line}\n", ask=True), Say(f"Done: {path} has a new last line.")))

    def _pick(self, count: int) -> int:
        """A number below ``count`` that looks random and is always the same for a seed, a role and a turn."""
        return zlib.crc32(f"{self._seed} {self.role.name} {self.turn_began}".encode()) % count


def changed_lines(old: str, new: str) -> tuple[str, ...]:
    """An edit as a person reads it: what both begin and end with is left out."""
    before, after = old.splitlines(), new.splitlines()
    while before and after and before[0] == after[0]:
        before, after = before[1:], after[1:]
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    return (*(f"- {line}" for line in before), *(f"+ {line}" for line in after))
