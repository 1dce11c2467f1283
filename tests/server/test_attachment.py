"""The mirror after updates equals what the emulator shows: the invariant of the whole way of a row."""

from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.client.mirror import Mirror
from agentgrid.geometry import Size
from agentgrid.protocol.messages import HistoryRows, PaneUpdate
from agentgrid.server.attachment import Attachment
from agentgrid.session.pane import PaneId
from agentgrid.terminal.emulator import Cursor, Modes
from agentgrid.terminal.row import BLANK, Line
from agentgrid.terminal.style import DEFAULT_STYLE, Style

PANE = PaneId(7)


class Screen:
    """As much of an emulator as an attachment looks at, changed by hand."""

    def __init__(self) -> None:
        self.size = Size(4, 3)
        self.generation = 0
        self.edition = 0
        self.lines: list[Line] = [BLANK] * 3
        self.cursor = Cursor()
        self.modes = Modes()
        self.styles: list[Style] = [DEFAULT_STYLE]
        self.clusters: list[str] = []
        self.kept: list[Line] = []
        self.history_dropped = 0

        self.uncounted = 0

    @property
    def history_length(self) -> int:
        self.uncounted = 0
        return len(self.kept)

    @property
    def history_at_least(self) -> tuple[int, int]:
        return len(self.kept) - self.uncounted, self.history_dropped

    def history_lines(self, start: int, stop: int) -> Sequence[Line]:
        return self.kept[start:stop]

    def draw(self, row: int, text: str, color: int) -> None:
        style = Style(foreground=color)
        if style not in self.styles:
            self.styles.append(style)
        code = chr(self.styles.index(style))
        self.lines[row % self.size.rows] = Line(text, code * len(text))
        self.generation += 1

    def scroll(self) -> None:
        self.kept.append(self.lines.pop(0))
        self.lines.append(BLANK)
        if len(self.kept) > 5:
            del self.kept[0]
            self.history_dropped += 1
        self.generation += 1

    def sweep(self) -> None:
        """The styles have other codes: here, in another order."""
        default, *others = self.styles
        self.styles = [default, *reversed(others)]
        codes = {len(self.styles) - number: chr(number) for number in range(1, len(self.styles))}
        for lines in (self.lines, self.kept):
            lines[:] = [line._replace(styles=line.styles.translate(codes)) for line in lines]
        self.edition += 1
        self.generation += 1

    def resize(self, columns: int, rows: int) -> None:
        self.size = Size(columns, rows)
        self.lines = (self.lines + [BLANK] * rows)[:rows]
        self.generation += 1


TEXT = st.text("abc 日", min_size=0, max_size=4)
STEP = st.one_of(
    st.tuples(st.just("draw"), st.integers(0, 5), TEXT, st.integers(0, 5)),
    st.tuples(st.just("scroll")),
    st.tuples(st.just("resize"), st.integers(1, 6), st.integers(1, 6)),
    st.tuples(st.just("cluster"), st.text("é👩", min_size=2, max_size=3)),
    st.tuples(st.just("cursor"), st.integers(0, 2), st.integers(0, 3)),
    st.tuples(st.just("update")),
    st.tuples(st.just("forget")),
    st.tuples(st.just("history")),
    st.tuples(st.just("sweep")),
)


def over_the_wire(message: PaneUpdate | HistoryRows) -> PaneUpdate | HistoryRows:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=type(message))


@given(st.lists(STEP, max_size=40))
def test_the_mirror_after_updates_equals_the_emulator(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    screen, attachment, mirror = Screen(), Attachment(), Mirror()

    def update() -> None:
        message = attachment.update(PANE, screen)  # type: ignore[arg-type]
        if message is not None:
            mirror.apply(over_the_wire(message))

    for step in [*steps, ("update",)]:
        match step:
            case ("draw", row, text, color):
                screen.draw(row, text, color)
            case ("scroll",):
                screen.scroll()
            case ("resize", columns, rows):
                screen.resize(columns, rows)
            case ("cluster", text):
                screen.clusters.append(text)
                screen.draw(0, chr(0x100000 + len(screen.clusters) - 1), 1)
            case ("cursor", row, column):
                screen.cursor = Cursor(row, column)
                screen.generation += 1
            case ("sweep",):
                screen.sweep()
            case ("forget",):
                attachment.forget(PANE)
            case ("history",):
                update()
                mirror.apply(over_the_wire(attachment.history(PANE, screen, 0, 100)))  # type: ignore[arg-type]
                known = mirror.screens[PANE]
                assert [known.history[screen.history_dropped + index] for index in range(len(screen.kept))] == screen.kept
            case _:
                update()
    known = mirror.screens[PANE]
    assert known.size == screen.size
    assert known.lines == screen.lines
    assert known.cursor == screen.cursor
    assert (known.history_length, known.history_dropped) == (screen.history_length, screen.history_dropped)
    for line in known.lines:  # What no line uses need not have come yet.
        assert all(known.styles[ord(code)] == screen.styles[ord(code)] for code in line.styles)
    assert known.styles == screen.styles[: len(known.styles)]
    assert known.clusters == screen.clusters[: len(known.clusters)]


def test_nothing_new_is_no_message() -> None:
    screen, attachment = Screen(), Attachment()
    assert attachment.update(PANE, screen) is not None  # type: ignore[arg-type]
    assert attachment.update(PANE, screen) is None  # type: ignore[arg-type]
    screen.generation += 1
    assert attachment.update(PANE, screen) is None, "a change that was undone"  # type: ignore[arg-type]


def test_only_the_rows_that_differ_are_sent() -> None:
    screen, attachment = Screen(), Attachment()
    attachment.update(PANE, screen)  # type: ignore[arg-type]
    screen.draw(1, "ab", 3)
    message = attachment.update(PANE, screen)  # type: ignore[arg-type]
    assert message is not None
    assert [row[0] for row in message.rows] == [1]
    assert message.styles == (Style(foreground=3),)
    screen.draw(2, "ab", 3)
    message = attachment.update(PANE, screen)  # type: ignore[arg-type]
    assert message is not None
    assert message.styles == ()


def test_a_client_that_was_away_gets_the_latest_state_only() -> None:
    screen, attachment = Screen(), Attachment()
    attachment.update(PANE, screen)  # type: ignore[arg-type]
    for count in range(100):
        screen.draw(0, str(count), 1)
    message = attachment.update(PANE, screen)  # type: ignore[arg-type]
    assert message is not None
    assert [row[1] for row in message.rows] == ["99"]


def test_the_history_of_a_flood_is_counted_when_it_ends_or_when_somebody_looks_back() -> None:
    screen, attachment = Screen(), Attachment()
    attachment.update(PANE, screen)  # type: ignore[arg-type]

    def told(floods: bool, *, printed: bool = True) -> int | None:
        """How long the history is for the client, two of its rows being uncounted; None when it is told nothing."""
        if printed:
            screen.scroll()
            screen.uncounted = 2
        message = attachment.update(PANE, screen, floods=floods)  # type: ignore[arg-type]
        return None if message is None else message.history_length

    for _ in range(3):
        screen.scroll()
    assert told(floods=True) == 2
    assert told(floods=True, printed=False) is None
    assert told(floods=False, printed=False) == 4, "the flood has ended, and nothing else was printed"
    assert told(floods=False, printed=False) is None
    assert told(floods=True) == 3
    assert attachment.history(PANE, screen, 0, 1).history_length == 5  # type: ignore[arg-type]
    assert told(floods=True) == 5, "somebody looks back"
    assert told(floods=False) == 5
    assert told(floods=True) == 3, "and does so no more"


def test_rows_of_the_history_come_again_when_their_codes_are_others() -> None:
    screen, attachment, mirror = Screen(), Attachment(), Mirror()
    for row in range(8):
        screen.draw(0, f"r{row}", row % 3 + 1)
        screen.scroll()
    attachment.update(PANE, screen)  # type: ignore[arg-type]
    attachment.history(PANE, screen, 1, 3)  # type: ignore[arg-type]
    screen.sweep()
    update = attachment.update(PANE, screen)  # type: ignore[arg-type]
    assert update is not None
    mirror.apply(over_the_wire(update))  # In one message: nothing is blank in between.
    known = mirror.screens[PANE]
    assert known.history == {screen.history_dropped + index: screen.kept[index] for index in (1, 2)}
    assert known.styles == screen.styles
    screen.kept.clear()  # A flood has carried them away.
    screen.history_dropped += 5
    screen.sweep()
    update = attachment.update(PANE, screen)  # type: ignore[arg-type]
    assert update is not None
    assert update.whole
    assert not update.history
