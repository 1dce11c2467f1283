"""``demo``: nine scripted agents at work on a scratch repository."""

from typing import TYPE_CHECKING

from agentgrid.addresses import SessionAddress, address_for, answers
from agentgrid.agents.demo_scenario import demo_panes, prepare_scratch
from agentgrid.agents.demo_scratch import make_scratch
from agentgrid.cli.reach import here, was_running
from agentgrid.cli.showing import check_terminal, load_screen, look_of, show, window_size
from agentgrid.cli.starting import choices
from agentgrid.errors import UsageError
from agentgrid.geometry import Size
from agentgrid.server.daemon import start
from agentgrid.server.launching import Launch
from agentgrid.session.commands import NewPane

if TYPE_CHECKING:
    from agentgrid.cli.words import Call

NAME = "demo"
ROWS, COLUMNS = 3, 3


def demo(call: "Call", *, no_attach: bool, seed: int | None, theme: str | None, css: str | None) -> int:
    """Attach to the demo if it runs, else start one in a new folder."""
    if not no_attach:
        check_terminal()
    address = address_for(here(), call.session or NAME)
    look = None if no_attach else look_of(choices(address.folder), theme, css)
    if answers(address.socket):
        if seed is not None:
            raise UsageError(f"the demo runs already; 'agentgrid down -s {address.name}' ends it")
    else:
        window = Size(0, 0) if no_attach else window_size()
        if not (was_running(address) and address.folder.is_dir()):
            address = address._replace(folder=make_scratch())
            prepare_scratch(address.folder)
        scene = demo_panes(address.folder, seed or 0)
        panes = tuple(NewPane(name=name, command=command, trace=True) for name, command in scene)  # If there are none to take over.
        start(address, _launch(address, panes, window), meanwhile=None if no_attach else load_screen)
    return 0 if look is None else show(address, look)


def _launch(address: SessionAddress, panes: tuple[NewPane, ...], window: Size) -> Launch:
    return Launch(
        session=address.name,
        folder=str(address.folder),
        socket=str(address.socket),
        rows=ROWS,
        columns=COLUMNS,
        panes=panes,
        window_columns=window.columns,
        window_rows=window.rows,
    )
