"""What is typed while looking back in a pane: movements, a search that follows every letter, and what is done with the text.

The table of movements is ``copy_mode``, the search itself ``searching``; here they meet the stage and the server.
"""

from typing import Protocol

from agentgrid.protocol.messages import Response
from agentgrid.protocol.messages import Search as SearchRows
from agentgrid.session.pane import PaneId
from agentgrid.ui import copy_mode
from agentgrid.ui.copy_keys import in_vi
from agentgrid.ui.link import Link
from agentgrid.ui.links import TextLink, links_of_line
from agentgrid.ui.searching import Search, edit, nearest
from agentgrid.ui.selection import Selection, word_at
from agentgrid.ui.stage import Stage

MAX_LINK_ROWS = 2000  # A link further away is none that one is looking for.
LEAVE_SEARCH = frozenset({"escape", "ctrl+c", "ctrl+g"})
AGAIN = {"ctrl+s": True, "down": True, "ctrl+r": False, "up": False}
"""While the text is typed: on to the next place, forward or back."""


class Host(Protocol):
    """What copying asks of the app."""

    def say(self, text: str, *, problem: bool = False) -> None: ...
    def copy(self, pane: PaneId, selection: Selection) -> None: ...
    def copy_text(self, text: str) -> None: ...
    def follow(self, link: TextLink) -> None: ...


class Copying:
    """Owned by the keyboard."""

    def __init__(self, stage: Stage, link: Link, host: Host) -> None:
        self._stage = stage
        self._link = link
        self._host = host
        self.keys = "vi"
        """``vi`` or ``emacs``, where they differ."""

    def press(self, pane: PaneId, mode: copy_mode.CopyMode, pressed: str) -> None:
        """A stroke in copy mode."""
        place = self._place(pane)
        if place is None or not pressed:
            return
        sight = self._stage.sight(pane)
        if sight.search is not None and sight.search.editing:
            self._edit(pane, sight.search, pressed)
            return
        if not mode.pending:
            pressed = in_vi(pressed, self.keys)
        if not mode.pending and (self._searching(pane, mode, pressed, place) or self._linking(pane, mode, pressed, place)):
            return
        match copy_mode.step(mode, pressed, place):
            case copy_mode.CopyMode() as moved:
                sight.copy = moved
                self._stage.redraw_pane(pane)
            case copy_mode.Copy(selection=selection):
                self._host.copy(pane, selection)
                self._stage.go_live(pane)
            case copy_mode.Leave():
                self._stage.go_live(pane)
            case None:
                self._host.say(f"{pressed} means nothing while copying; q leaves, v selects, y copies, / and ? search, tab goes to a link")

    def begin(self, pane: PaneId, *, forward: bool) -> None:
        """Ask for a text to search for."""
        sight = self._stage.sight(pane)
        if sight.copy is not None:
            sight.search = Search(forward, sight.copy)
            self._stage.redraw_pane(pane)

    # ------------------------------------------------------------------ links

    def _linking(self, pane: PaneId, mode: copy_mode.CopyMode, pressed: str, place: copy_mode.Place) -> bool:
        """Whether the stroke was about a link."""
        match pressed:
            case "tab" | "shift+tab":
                self._to_link(pane, mode, place, 1 if pressed == "tab" else -1)
            case "o" | "u" if mode.anchor is None:
                link = self._stage.link_at(pane, mode.cursor)
                if link is None:
                    self._host.say("there is no link here; tab goes to the next one")
                elif pressed == "u":
                    self._host.copy_text(link.words)
                else:
                    self._host.follow(link)
            case _:
                return False
        return True

    def _to_link(self, pane: PaneId, mode: copy_mode.CopyMode, place: copy_mode.Place, step: int) -> None:
        """To the beginning of the next link in that direction, among the rows that are here."""
        view, finder = self._stage.view_of(pane), self._stage.finder(pane)
        assert view is not None
        row = mode.cursor.row
        while place.first <= row <= place.last and abs(row - mode.cursor.row) < MAX_LINK_ROWS and view.read(row) is not None:
            firsts = [link.first for link in links_of_line(row, view.read, place.screen.styles, place.columns, finder)]
            ahead = [first for first in firsts if (first > mode.cursor if step > 0 else first < mode.cursor)]
            if ahead:
                sight = self._stage.sight(pane)
                sight.copy = centred(copy_mode.moved(mode, min(ahead) if step > 0 else max(ahead), place), mode, place)
                self._stage.redraw_pane(pane)
                return
            row += step
        self._host.say("there is no link after this" if step > 0 else "there is no link before this")

    # ------------------------------------------------------------------ searching

    def _searching(self, pane: PaneId, mode: copy_mode.CopyMode, pressed: str, place: copy_mode.Place) -> bool:
        """Whether the stroke was about a search."""
        sight = self._stage.sight(pane)
        match pressed:
            case "/" | "?" | "ctrl+s" | "ctrl+r":
                self.begin(pane, forward=pressed in ("/", "ctrl+s"))
            case "n" | "N":
                if sight.search is None:
                    self._host.say("nothing is searched for; / and ? ask for a text")
                else:
                    self._go(pane, sight.search.forward == (pressed == "n"))
            case "*" | "#":
                view = self._stage.view_of(pane)
                assert view is not None
                first, last = word_at(mode.cursor, view.read, place.columns)
                word = place.text(first.row)[first.column : last.column + 1] if first.row == last.row else ""
                if word.strip():
                    sight.search = Search(pressed == "*", mode, editing=False)
                    self._ask(pane, sight.search, word)
            case "escape" if sight.search is not None and mode.anchor is None:
                sight.search = None
                self._stage.redraw_pane(pane)
            case _:
                return False
        return True

    def _edit(self, pane: PaneId, search: Search, pressed: str) -> None:
        sight = self._stage.sight(pane)
        if pressed in LEAVE_SEARCH or (not search.text and pressed in ("backspace", "enter")):
            sight.copy, sight.search = search.origin, None
        elif pressed == "enter":
            search.editing = False
        elif pressed in AGAIN:
            search.forward = AGAIN[pressed]
            self._go(pane, search.forward)
        elif (text := edit(search.text, pressed)) is not None:
            self._ask(pane, search, text)
            return
        self._stage.redraw_pane(pane)

    def _ask(self, pane: PaneId, search: Search, text: str) -> None:
        """Search for it, and go to the nearest place from where the search began."""
        search.edited(text)

        def answered(response: Response) -> None:
            sight = self._stage.sight(pane)
            if response.error:
                self._host.say(response.message, problem=True)
            elif response.result is not None and sight.search is search and search.text == text:
                search.found(response.result["count"], response.result["hits"])
                sight.copy = search.origin
                self._go(pane, search.forward)

        if text:
            self._link.ask(SearchRows(pane=f"%{pane}", text=text), answered)
        else:
            self._stage.sight(pane).copy = search.origin
        self._stage.redraw_pane(pane)

    def _go(self, pane: PaneId, forward: bool) -> None:
        """To the next hit in that direction."""
        sight, place = self._stage.sight(pane), self._place(pane)
        if sight.search is None or sight.copy is None or place is None:
            return
        found = nearest(sight.search.hits, sight.copy.cursor, forward=forward)
        if found is not None:
            sight.copy = centred(copy_mode.moved(sight.copy, found, place), sight.copy, place)
        self._stage.redraw_pane(pane)

    def _place(self, pane: PaneId) -> copy_mode.Place | None:
        view = self._stage.view_of(pane)
        return view.body() if view is not None else None


def centred(moved: copy_mode.CopyMode, before: copy_mode.CopyMode, place: copy_mode.Place) -> copy_mode.CopyMode:
    """In the middle of the view, where it was out of sight: what stands around a hit is worth seeing."""
    if moved.top == before.top:
        return moved
    return copy_mode.scrolled(moved, moved.cursor.row - moved.top - place.rows // 2, place)


def first_line(data: bytes) -> str:
    """What of a paste can be searched for."""
    return next(iter(data.decode("utf-8", "replace").splitlines()), "")
