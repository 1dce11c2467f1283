"""How far the terminal is behind, by its own word, and whether it may be sent more. Pure.

Between us and the terminal there may be a line with buffers that nobody can look into: of the PTY, of ssh, of a modem. What is
written into them counts as taken, and is seconds late when the line is slow. So the terminal is asked something every few
thousand bytes, to which each has an answer (``CSI 5 n``: "are you well?"): with the answer it has read all that came before.
While more than ``MAX_BYTES_ON_THE_WAY`` are unanswered, no frame is begun; the next one then shows the latest state.

Nothing is known of the line but how long answers take: that says how long one is waited for (as TCP does it). One that does not
come is given up, at most a few times in a row; a terminal that has not answered at its start is never waited for. Answers carry
no number and come in order: one of a question that was given up stands for the next one, which is no worse than a bit too early.

https://vt100.net/docs/vt100-ug/chapter3.html#DSR, https://www.rfc-editor.org/rfc/rfc6298
"""

import re
from collections import deque

ASK_BYTES = 8 * 1024  # A hundredth of a second at 5 Mbit/s; nine working agents print so much in half a second.
MAX_BYTES_ON_THE_WAY = 32 * 1024  # The twentieth of a second at 5 Mbit/s, about half a frame of nine floods.
QUESTION = b"\x1b[5n"
FIRST_SECONDS, LEAST_SECONDS, MOST_SECONDS = 1.0, 0.3, 30.0  # How long an answer is waited for.
MAX_UNANSWERED = 5  # In a row: it does not answer any more.

_ANSWER = re.compile(rb"\x1b\[[03]n")
_BEGUN = re.compile(rb"\x1b(?:\[[03]?)?\Z")


def is_answer(data: bytes) -> bool:
    return _ANSWER.fullmatch(data) is not None


class Answers:
    """Takes answers out of what the terminal sends: some come in the middle of a paste or a character, and in two reads."""

    def __init__(self) -> None:
        self.begun = b""
        """The end of the last read, which may be the beginning of an answer."""

    def take_out(self, data: bytes, most: int) -> tuple[bytes, int]:
        """What is left of ``begun`` and ``data``, and how many answers there were; no more than are waited for."""
        data, self.begun = self.begun + data, b""
        count = 0
        if most:
            data, count = _ANSWER.subn(b"", data, most)
        if count < most and (begun := _BEGUN.search(data)):
            data, self.begun = data[: begun.start()], begun.group()
        return data, count

    def give_back(self) -> bytes:
        """``begun``, which is no answer after all."""
        begun, self.begun = self.begun, b""
        return begun


class Pace:
    """Of one terminal. Owned by its output."""

    def __init__(self) -> None:
        self.answers = False
        """It has answered, and not been silent since."""
        self._asked: deque[tuple[int, float]] = deque()
        """Of each open question: how many bytes it stands for, and when it was asked."""
        self._asked_bytes = 0
        self._since = 0
        """Bytes since the last question."""
        self._unanswered = 0
        self._usual: float | None = None
        self._spread = 0.0
        self._patience = FIRST_SECONDS

    @property
    def too_far(self) -> int:
        """Bytes that are on their way, when there are too many for another frame; else 0."""
        on_the_way = self._asked_bytes + self._since
        return on_the_way if self._asked and on_the_way > MAX_BYTES_ON_THE_WAY else 0

    @property
    def unanswered(self) -> int:
        """How many answers are still to come."""
        return len(self._asked)

    @property
    def wait_seconds(self) -> float:
        """How long the answers that are still to come may take; 0 when there are none."""
        return self._patience if self._asked else 0.0

    def asks(self, count: int) -> bool:
        """Whether a piece shall be followed by a question, when so many bytes with it are not out yet."""
        return self.answers and self._since + count >= ASK_BYTES

    def on_sent(self, count: int) -> None:
        self._since += count

    def on_asked(self, now: float) -> None:
        """A question is out, behind all that was sent."""
        self._asked.append((self._since, now))
        self._asked_bytes += self._since
        self._since = 0

    def on_answer(self, now: float) -> None:
        self.answers, self._unanswered = True, 0
        if not self._asked:
            return
        count, asked = self._asked.popleft()
        self._asked_bytes -= count
        self._learn(now - asked)

    def give_up(self) -> None:
        """No answer has come in time: go on as if it had."""
        self._asked.clear()
        self._asked_bytes = 0
        self._unanswered += 1
        self._patience = min(2 * self._patience, MOST_SECONDS)
        if self._unanswered >= MAX_UNANSWERED:
            self.answers = False

    def _learn(self, took: float) -> None:
        """RFC 6298, 2: the usual time and four times its spread."""
        if self._usual is None:
            self._usual, self._spread = took, took / 2
        else:
            self._spread += (abs(took - self._usual) - self._spread) / 4
            self._usual += (took - self._usual) / 8
        self._patience = min(max(LEAST_SECONDS, self._usual + 4 * self._spread), MOST_SECONDS)
