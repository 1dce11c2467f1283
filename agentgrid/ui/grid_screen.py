"""The Textual screen of the panes: what it holds is the stage's; what need not be painted again is the painter's to say."""

from typing import TYPE_CHECKING, cast

from textual import events
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from agentgrid.geometry import Size
from agentgrid.ui.setting import setting_of

if TYPE_CHECKING:
    from agentgrid.ui.grid_app import GridApp


class GridScreen(Screen[None]):
    """The grid and the status line. Covered by its widgets: nothing of it is worth rendering."""

    ALLOW_SELECT = False

    @property
    def _grid_app(self) -> "GridApp":
        return cast("GridApp", self.app)

    def render_lines(self, crop: Region) -> list[Strip]:
        return [Strip.blank(crop.width)] * crop.height

    def _compositor_refresh(self) -> None:
        """Textual paints whatever may have changed, in a start all of it four times: leave to the painter what it can do."""
        app, compositor = self._grid_app, self._compositor
        dirty = compositor._dirty_regions  # noqa: SLF001
        setting = setting_of(compositor.visible_widgets) if dirty and self is app.screen else None
        if setting is not None and app.painter.takes_over(setting):
            dirty.clear()
            self._dirty_widgets.clear()
            app._update_mouse_over(self)  # noqa: SLF001
            return
        whole = compositor.size.region in dirty
        frames = app.foreign_frames
        super()._compositor_refresh()
        if whole and app.foreign_frames == frames + 1 and (setting := setting_of(compositor.visible_widgets)) is not None:
            app.painter.has_painted(setting)

    def on_mount(self) -> None:
        app = self._grid_app
        app.stage.begin(Size(*app.size))
        self.mount(app.stage.styles, app.stage.grid, app.stage.status)
        self.screen_layout_refresh_signal.subscribe(self, app.laid_out)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        event.refresh_styles = False  # Textual asks for it once, at the start, when every widget has just got its styles.
