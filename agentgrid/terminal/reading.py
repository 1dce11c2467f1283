"""Parts of the history that are kept in another form than rows, read: floods and packed rows, by their kind."""

import weakref

from agentgrid.terminal import flood, packed
from agentgrid.terminal.cells import Cells
from agentgrid.terminal.flood import Flood
from agentgrid.terminal.history import Unparsed
from agentgrid.terminal.packed import Packed
from agentgrid.terminal.screen import Screen


class Reader:
    """Reads for the history of one screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = weakref.proxy(screen)  # It owns the history that owns this: a closed pane's is freed at once.

    def measure(self, block: Unparsed) -> int:
        """How many rows a flood is."""
        assert isinstance(block, Flood)  # Only floods are not counted.
        return flood.count_rows(self._screen, block.data, block.columns) - block.skipped

    def parse(self, block: Unparsed) -> list[Cells]:
        """The rows, as drawing them has left them."""
        if isinstance(block, Packed):
            return packed.unpack(block, self._screen.styles)
        assert isinstance(block, Flood)
        return flood.parse(self._screen, block)

    def texts(self, block: Unparsed) -> list[Cells]:
        """The rows without their styles: what stands there is no code of anything."""
        if isinstance(block, Packed):
            return packed.local_rows(block, packed.opened(block))
        assert isinstance(block, Flood)
        return flood.parse_text(self._screen, block)
