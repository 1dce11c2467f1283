"""Where the style sheet's word on headers is read: two widgets that are never shown, one of them ``-focused``.

All panes look alike, so the sheet is asked once for all of them and not once a pane: with a hundred panes a theme changes
as fast as with one, and a focus that moves needs no new styles at all.
"""

from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.widget import Widget

from agentgrid.session.pane import PaneStatus
from agentgrid.terminal.style import Style
from agentgrid.ui.chrome import role_styles
from agentgrid.ui.look import Depth, Look

HEADER_ROLES = ("number", "name", "title", "note", "files", "conflict", "scrolled", "queued", "locked", "shared", *PaneStatus)
BODY_ROLES = ("empty", "hint", "problem")
ROLES = (*HEADER_ROLES, *BODY_ROLES)


class Header(Widget):
    """One kind of header. ``version`` grows when its styles may be others."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"pane--{role}" for role in ROLES}

    def __init__(self, *, focused: bool) -> None:
        super().__init__(classes="-focused" if focused else None)
        self.display = False
        self.focused = focused
        self.version = 0
        self._styles: dict[str, Style] = {}

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}
        self.version += 1

    def styles_by_role(self, look: Look) -> dict[str, Style]:
        if not self._styles:
            self._styles = role_styles(self, "pane", HEADER_ROLES, look, strong=self.focused, ruled=not self.focused)
            self._styles |= role_styles(self, "pane", BODY_ROLES, look)
        return self._styles


class HeaderStyles(Widget):
    """Both kinds. Owned by the stage; part of the screen so that the sheet applies to it."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._plain = Header(focused=False)
        self._focused = Header(focused=True)
        self.look = Look()

    def compose(self) -> ComposeResult:
        yield self._plain
        yield self._focused

    @property
    def version(self) -> int:
        return self._plain.version + self._focused.version

    def restyle(self, look: Look) -> None:
        self.look = look
        for header in (self._plain, self._focused):
            header.notify_style_update()

    def shared(self) -> dict[str, Style]:
        """The same of a pane that is typed into together with others: the whole row in one colour, the focused one's too."""
        styles = self.of(False)
        ground = styles["shared"]
        if self.look.depth <= Depth.ANSI:
            return dict.fromkeys(styles, ground)
        return {
            role: replace(style, foreground=ground.foreground, background=ground.background, bold=True) for role, style in styles.items()
        }

    def of(self, focused: bool) -> dict[str, Style]:
        """The styles of a header's parts, by role."""
        return (self._focused if focused else self._plain).styles_by_role(self.look)
