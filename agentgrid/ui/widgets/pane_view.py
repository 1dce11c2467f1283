"""A cell of the grid: one header row, and below it a pane's screen, a part of its history, or what an empty cell has to say.

The view keeps finished rows and says which of them are new; it paints nothing itself (see ``direct``). What it shows of a
pane (how far it is scrolled back, what is selected) is in the pane's ``Sight``, so that it survives a change of page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agentgrid.client.mirror import PaneScreen
from agentgrid.geometry import Rect
from agentgrid.session.pane import Pane
from agentgrid.terminal.row import BLANK, Line
from agentgrid.terminal.style import Style
from agentgrid.ui import viewport
from agentgrid.ui.chrome import draw
from agentgrid.ui.copy_mode import CopyMode, Place
from agentgrid.ui.links import Finder, links_of_rows, spans_of
from agentgrid.ui.look import Look
from agentgrid.ui.parts import Part, cells, clean, clip
from agentgrid.ui.render import Span, layered
from agentgrid.ui.row_cache import RowCache
from agentgrid.ui.row_strip import RowStrip
from agentgrid.ui.searching import Search, marks
from agentgrid.ui.selection import Selection, span
from agentgrid.ui.widgets.header import header
from agentgrid.ui.widgets.header_styles import HeaderStyles
from agentgrid.ui.widgets.rows import Rows


@dataclass(slots=True)
class Sight:
    """How one pane is looked at. Owned by the stage; changed by mouse, wheel and copy mode."""

    top: int | None = None
    """The absolute row at the top; None is the live screen."""
    selection: Selection | None = None
    kept: str = ""
    """What was copied of the selection: when its rows say something else, it is no selection any more."""
    copy: CopyMode | None = None
    search: Search | None = None
    finder: Finder | None = None
    """Which files there are, for links; while somebody looks for some."""
    mark: str = ""
    """``chosen`` to be typed into with others, or ``shared``: it is now."""

    @property
    def live(self) -> bool:
        return self.top is None and self.copy is None

    @property
    def selected(self) -> Selection | None:
        return self.copy.selection if self.copy is not None else self.selection

    @property
    def shown_top(self) -> int | None:
        return self.copy.top if self.copy is not None else self.top


@dataclass(frozen=True, slots=True)
class Hints:
    """The keys that cells mention, as the user has bound them."""

    new: str = ""
    restart: str = ""
    close: str = ""


class PaneView(Rows):
    """Owned by the grid; told what to show by the stage."""

    def __init__(self, styles: HeaderStyles, rivals: Callable[[Pane], tuple[int, ...]]) -> None:
        """``rivals`` says with which panes one is in conflict."""
        super().__init__()
        self._rivals = rivals
        self._header_styles = styles
        self._version = -1
        self.number = 0
        self.header_rows = 1
        self.pane: Pane | None = None
        self.screen_shown: PaneScreen | None = None
        self.sight = Sight()
        self.focused = False
        self.look = Look()
        self.hints = Hints()
        self._cache: RowCache | None = None
        self._header_key: object = None

    # ------------------------------------------------------------------ what it shows

    def stand(self, place: Rect, header_rows: int, number: int) -> None:
        """Stand there from now on. All rows are to be made anew."""
        self.place = place
        self.header_rows = header_rows
        self.number = number
        self.forget()

    def show(self, pane: Pane | None, screen: PaneScreen | None, sight: Sight, *, focused: bool) -> None:
        """Show this pane from now on; ``update`` makes the rows."""
        if screen is not self.screen_shown or (pane is None) != (self.pane is None):
            self.forget()
        self.pane, self.screen_shown, self.sight = pane, screen, sight
        self.focused = focused

    def restyle(self, look: Look, hints: Hints) -> None:
        self.look, self.hints = look, hints
        self.forget()

    def forget(self) -> None:
        self._end_cache()
        self._header_key = None
        self.rows = []

    # ------------------------------------------------------------------ rows

    @property
    def stale(self) -> bool:
        return len(self.rows) != self.place.rows or self._version != self._header_styles.version

    def make_rows(self) -> None:
        self.update()

    def update(self, changed: Iterable[int] | None = None) -> list[int]:
        """Bring rows up to date; which of them are new ones. ``changed``: screen rows, None when any may be."""
        place = self.place
        if place.columns < 1 or place.rows < 1:
            return []
        if self._version != self._header_styles.version:
            self._version = self._header_styles.version
            self.forget()
        whole = len(self.rows) != place.rows
        fresh: list[int] = []
        if whole:
            self.rows = [self._blank()] * place.rows
            fresh = list(range(place.rows))
        if self._update_header() and not whole:
            fresh.append(0)
        screen = self.screen_shown
        if screen is None or self.pane is None or self.pane.problem:
            for y, parts in enumerate(self._words(place.rows - self.header_rows), self.header_rows):
                self.rows[y] = draw(parts, self.styles_by_role(), self.look, place.column)
            return list(range(place.rows))
        moved = whole or self.sight.shown_top is not None or self.sight.selected is not None
        wanted = (
            range(place.rows - self.header_rows) if changed is None or moved else [y for y in changed if y < place.rows - self.header_rows]
        )
        cache = self._row_cache(screen)
        top = viewport.top_of(screen, self.sight.shown_top)
        reverse = screen.modes.reverse_screen
        rows, selection = self.rows, self.sight.selected
        hits, links = self._hits(screen, top), self._links(screen, top)
        for y in wanted:
            line = viewport.line_at(screen, top + y) or BLANK
            marked = span(selection, top + y, self.read, place.columns) if selection is not None else None
            spans: list[Span] = links.get(top + y, [])
            for over in (*hits.get(top + y, ()), marked):
                spans = layered(over, spans)
            row = cache.row(line, reverse=reverse, spans=spans)
            if rows[y + self.header_rows] is not row:
                rows[y + self.header_rows] = row
                if not whole:
                    fresh.append(y + self.header_rows)
        return fresh

    def patch(self, changed: Iterable[int]) -> list[int]:
        """The same for screen rows alone, when nothing else of the pane is new: the way of an echo."""
        cache, screen, sight = self._cache, self.screen_shown, self.sight
        if cache is None or screen is None or cache.screen is not screen or self.stale or not sight.live or sight.selection is not None:
            return self.update(changed)
        rows, lines, above = self.rows, screen.lines, self.header_rows
        reverse, seen = screen.modes.reverse_screen, len(rows) - above
        fresh: list[int] = []
        for y in changed:
            if y < seen:
                row = cache.row(lines[y], reverse=reverse)
                if rows[y + above] is not row:
                    rows[y + above] = row
                    fresh.append(y + above)
        return fresh

    def read(self, row: int) -> Line | None:
        """The line at an absolute row of the pane that is shown."""
        return viewport.line_at(self.screen_shown, row) if self.screen_shown is not None else None

    def body(self) -> Place | None:
        """Screen and size of the view, for movements."""
        if self.screen_shown is None:
            return None
        return Place(self.screen_shown, self.place.columns, self.place.rows - self.header_rows)

    def styles_by_role(self) -> dict[str, Style]:
        return self._header_styles.of(self.focused)

    # ------------------------------------------------------------------ below

    def _hits(self, screen: PaneScreen, top: int) -> dict[int, list[Span]]:
        """What a search has found on the rows that are shown."""
        search = self.sight.search
        if search is None or self.sight.copy is None or not search.text:
            return {}
        return marks(search.text, self.read, screen.clusters, top, self.place.rows - self.header_rows, self.place.columns)

    def _links(self, screen: PaneScreen, top: int) -> dict[int, list[Span]]:
        """Links on the rows that are shown, while copying."""
        if self.sight.copy is None or self.sight.finder is None:
            return {}
        width = self.place.columns
        rows = self.place.rows - self.header_rows
        return spans_of(links_of_rows(top, rows, self.read, screen.styles, width, self.sight.finder), width)

    def _end_cache(self) -> None:
        if self._cache is not None:
            self._cache.end()
            self._cache = None

    def _row_cache(self, screen: PaneScreen) -> RowCache:
        cache, place = self._cache, self.place
        if cache is None or (cache.screen, cache.look, cache.width, cache.column) != (screen, self.look, place.columns, place.column):
            self._end_cache()
            cache = self._cache = RowCache(screen, self.look, place.columns, place.column, f"p{self.pane.id if self.pane else 0}")
        return cache

    def _update_header(self) -> bool:
        """Make the header row anew if it would be another one."""
        pane, screen = self.pane, self.screen_shown
        back = viewport.scrolled(screen, self.sight.shown_top) if screen is not None else 0
        rivals = self._rivals(pane) if pane is not None else ()
        key = (pane, self.number, self.place, self.focused, back, rivals, self.sight.mark)
        if key == self._header_key or not self.header_rows:
            return False
        self._header_key = key
        if pane is None:
            parts = [Part(f" {self.number} ".ljust(self.place.columns)[: self.place.columns], "number")]
        else:
            mark = self.sight.mark
            parts = header(pane, self.place.columns, focused=self.focused, scrolled=back, note=self._note(pane), rivals=rivals, mark=mark)
        styles = self._header_styles.shared() if self.sight.mark == "shared" else self.styles_by_role()
        self.rows[0] = draw(parts, styles, self.look, self.place.column)
        return True

    def _note(self, pane: Pane) -> str:
        if pane.exit_code is None or pane.problem:
            return ""
        return f"{self.hints.restart} runs it again"

    def _words(self, rows: int) -> list[list[Part]]:
        """What stands in place of a screen: why there is none, and which key helps."""
        width = self.place.columns
        if self.pane is None:
            words = [("empty", "empty"), ("", ""), (f"{self.hints.new} starts an agent here", "hint")]
        elif self.pane.problem:
            words = [*((line, "problem") for line in wrapped(clean(self.pane.problem), width - 4)), ("", "")]
            words.append((f"{self.hints.restart} tries again, {self.hints.close} closes", "hint"))
        else:
            words = []
        above = max(0, (rows - len(words)) // 2)
        found = [[Part(" " * width, "empty")] for _ in range(above)]
        found += [centred(text, width, role) for text, role in words[:rows]]
        return found + [[Part(" " * width, "empty")] for _ in range(rows - len(found))]

    def _blank(self) -> RowStrip:
        return draw([Part(" " * self.place.columns, "empty")], self.styles_by_role(), self.look, self.place.column)


def centred(text: str, width: int, role: str) -> list[Part]:
    text = clip(text, width)
    left = (width - cells(text)) // 2
    return [Part(" " * left, "empty"), Part(text, role), Part(" " * (width - left - cells(text)), "empty")]


def wrapped(text: str, width: int) -> list[str]:
    """Words on lines of at most ``width`` columns."""
    lines: list[str] = []
    for word in text.split():
        if lines and cells(lines[-1]) + 1 + cells(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(clip(word, max(1, width)))
    return lines
