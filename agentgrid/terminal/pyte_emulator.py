"""The emulator: bytes in, effects out, and the screen as values.

    bytes → parser → tokens → interpreter → screen → rows

It ties these together and does nothing itself. See ``emulator`` for what each method promises.
"""

from collections.abc import Sequence
from itertools import compress
from operator import is_not

from agentgrid.geometry import Size
from agentgrid.terminal import dump, effects, flood, interpreter, modes, resizing, switching
from agentgrid.terminal.cells import Cells
from agentgrid.terminal.emulator import Cursor, Modes, Palette, Snapshot
from agentgrid.terminal.graphemes import ClusterTable
from agentgrid.terminal.history import History
from agentgrid.terminal.parser import Parser
from agentgrid.terminal.reading import Reader
from agentgrid.terminal.row import Line, Row, runs
from agentgrid.terminal.screen import Screen
from agentgrid.terminal.style import Style
from agentgrid.terminal.sweeping import StyleBudget, sweep


class PyteEmulator:
    """A terminal over a ``pyte.Screen``. Not shared between threads; one owner, the pane's runtime."""

    def __init__(
        self,
        size: Size,
        *,
        history_limit: int = 10_000,
        ambiguous_width: int = 1,
        palette: Palette | None = None,
        lazy: bool = True,
        budget: StyleBudget | None = None,
    ) -> None:
        """``ambiguous_width``: cells of a character that is narrow or wide by tradition. ``lazy``: keep floods unparsed.

        ``budget``: shared with others of this process.
        """
        self._screen = Screen(max(1, size.columns), max(1, size.rows), clusters=ClusterTable(ambiguous_width))
        self._screen.history = History(history_limit, Reader(self._screen))
        self._screen.tune()
        if palette is not None:
            self._screen.palette = palette
        self._parser = Parser()
        self._lazy = lazy
        self._scout = flood.Scout()
        self._budget = budget or StyleBudget()
        self._generation = 0
        self._edition = 0
        self._rows: list[Cells] = []
        """As ``lines`` has seen them last."""
        self._shown: list[Line] = []
        self._modes = Modes()
        self._made_of: tuple[object, ...] = ()
        """What ``_modes`` is made of: asked for thrice a key, and hardly ever another."""

    @property
    def size(self) -> Size:
        return Size(self._screen.columns, self._screen.lines)

    @property
    def generation(self) -> int:
        return self._generation

    @property
    def edition(self) -> int:
        return self._edition

    @property
    def lines(self) -> Sequence[Line]:
        rows, known, shown = self._screen.rows, self._rows, self._shown
        if len(known) != len(rows):
            self._rows, self._shown = list(rows), [Line(*row) for row in rows]
            return self._shown
        for y in compress(range(len(rows)), map(is_not, rows, known)):  # Few differ; the others take no turn of a loop.
            row = known[y] = rows[y]
            if row != shown[y]:
                shown[y] = Line(*row)
        return shown

    @property
    def cursor(self) -> Cursor:
        screen = self._screen
        return Cursor(screen.cursor.y, screen.cursor.x, not screen.cursor.hidden, screen.cursor_shape)

    @property
    def modes(self) -> Modes:
        """The same object until one of them is another."""
        screen = self._screen
        mode, kitty_flags = screen.mode, screen.kitty[screen.alternate][-1]
        made_of = (mode, screen.alternate, screen.mouse_tracking, screen.mouse_encoding, screen.modify_other_keys, kitty_flags)
        if made_of == self._made_of:
            return self._modes
        self._made_of = (frozenset(mode), *made_of[1:])
        self._modes = Modes(
            alternate_screen=screen.alternate,
            application_cursor=modes.DECCKM in mode,
            application_keypad=modes.DECNKM in mode,
            bracketed_paste=modes.BRACKETED_PASTE in mode,
            focus_events=modes.FOCUS_EVENTS in mode,
            mouse_tracking=screen.mouse_tracking,
            mouse_encoding=screen.mouse_encoding,
            alternate_scroll=modes.ALTERNATE_SCROLL in mode,
            newline=modes.LNM in mode,
            backspace_sends_bs=modes.DECBKM in mode,
            modify_other_keys=screen.modify_other_keys,
            kitty_flags=kitty_flags,
            synchronized=modes.SYNCHRONIZED in mode,
            reverse_screen=modes.DECSCNM in mode,
            resize_reports=modes.RESIZE_REPORTS in mode,
            color_scheme_reports=modes.COLOR_SCHEME in mode,
        )
        return self._modes

    @property
    def title(self) -> str:
        return self._screen.title

    @property
    def styles(self) -> Sequence[Style]:
        return self._screen.styles.styles

    @property
    def clusters(self) -> Sequence[str]:
        return self._screen.clusters.clusters

    def look(self, piece: bytes) -> None:
        if self._lazy:
            self._scout.look(piece)

    def feed(self, data: bytes) -> Sequence[effects.Effect]:
        screen = self._screen
        if self._lazy and len(data) >= flood.FLOOD_BYTES:
            data = flood.swallow(screen, self._parser, data, self._scout)
        self._scout.begin()
        interpreter.run(screen, self._parser.feed(data))
        screen.history.trim()
        self.tidy()
        return self._done()

    def tidy(self) -> None:
        if sweep(self._screen, self._budget):
            self._begin_edition()

    def resize(self, size: Size) -> Sequence[effects.Effect]:
        size = Size(max(1, size.columns), max(1, size.rows))
        if size != self.size:
            resizing.resize(self._screen, size)
            if modes.RESIZE_REPORTS in self._screen.mode:
                switching.report_size(self._screen)
        self.tidy()
        return self._done()

    def end_synchronized_update(self) -> None:
        self._screen.mode.discard(modes.SYNCHRONIZED)
        self._generation += 1

    def set_palette(self, palette: Palette) -> Sequence[effects.Effect]:
        screen = self._screen
        dark = screen.palette.dark
        screen.palette = palette
        if modes.COLOR_SCHEME in screen.mode and dark != palette.dark:
            screen.effects.append(effects.Reply(f"\x1b[?997;{1 if palette.dark else 2}n".encode()))
        return self._done()

    def _done(self) -> Sequence[effects.Effect]:
        self._generation += 1
        done, self._screen.effects = self._screen.effects, []
        return done

    def snapshot(self) -> Snapshot:
        return Snapshot(self.size, tuple(map(self.row, self._screen.rows)), self.cursor, self.modes, self.title)

    def row(self, line: tuple[str, str, bool]) -> Row:
        return runs(line, self._screen.styles.styles, self._screen.clusters.clusters)

    @property
    def history_length(self) -> int:
        return len(self._screen.history)

    @property
    def history_dropped(self) -> int:
        return self._screen.history.dropped

    @property
    def history_at_least(self) -> tuple[int, int]:
        return self._screen.history.at_least

    def history(self, start: int, stop: int) -> tuple[Row, ...]:
        rows = tuple(map(self.row, self._screen.history.read(start, stop)))
        self.tidy()
        return rows

    def history_lines(self, start: int, stop: int) -> Sequence[Line]:
        return [Line(*row) for row in self._screen.history.read(start, stop)]

    def history_texts(self, start: int, stop: int) -> Sequence[Line]:
        return [Line(text, "", wrapped) for text, _, wrapped in self._screen.history.texts(start, stop)]

    def dump(self) -> bytes:
        return dump.save(self._screen, self._parser)

    def load(self, data: bytes) -> None:
        screen, parser = dump.load(data, self._screen)
        screen.history.reader = Reader(screen)
        self._screen, self._parser = screen, parser
        self._scout.begin()
        self._begin_edition()

    def _begin_edition(self) -> None:
        self._rows, self._shown = [], []
        self._edition += 1
        self._generation += 1
