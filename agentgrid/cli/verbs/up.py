"""``up``: the session of this folder: attach if it runs, else start it.

Nearly all of a start is imports, the server's most of all. So its process is on its way before this one has loaded what it
takes to know what the server is to do.
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentgrid.addresses import SessionAddress, address_for, answers
from agentgrid.cli.output import complain
from agentgrid.cli.reach import connect_to, here
from agentgrid.cli.showing import Look, check_terminal, load_screen, look_of, show, window_size
from agentgrid.config.values import is_grid
from agentgrid.errors import NoSession, UsageError
from agentgrid.geometry import Size
from agentgrid.server.daemon import WaitingServer, start, waiting_server

if TYPE_CHECKING:
    from agentgrid.cli.starting import Plan, Words
    from agentgrid.cli.words import Call
    from agentgrid.server.launching import Launch


def up(
    call: "Call",
    *,
    words: tuple[str, ...],
    no_attach: bool,
    config: str | None,
    theme: str | None,
    css: str | None,
    folder: str | None,
) -> int:
    """Start or attach. All that can be wrong with the words, the files and the terminal is said before anything is started."""
    address = address_for(here(), call.session)
    with ExitStack() as stack:
        waiting = None
        if all(map(is_grid, words)) and not answers(address.socket):  # Other words may be wrong: a verb with a slip in it, for one.
            if not no_attach:
                check_terminal()
            waiting = stack.enter_context(waiting_server())
        look = _up(address, waiting, words, no_attach=no_attach, config=config, theme=theme, css=css, folder=folder)
    if look is None:
        return 0
    return show(address, look)


def _up(
    address: SessionAddress,
    waiting: WaitingServer | None,
    words: tuple[str, ...],
    *,
    no_attach: bool,
    config: str | None,
    theme: str | None,
    css: str | None,
    folder: str | None,
) -> Look | None:
    """Have the session run; how its screen is to look, if there is to be one."""
    from agentgrid.cli.starting import choices, pane_of, parse_words, plan

    asked = parse_words(words)
    file = None if config is None else Path(os.path.abspath(Path(config).expanduser()))
    known = choices(address.folder, file)
    for program in asked.programs:
        pane_of(program, known, here())  # A verb with a slip in it comes here too, and is told so before anything else.
    if not no_attach:
        check_terminal()
    look = None if no_attach else look_of(known, theme, css)

    def begin() -> Mapping[str, Any]:
        planned = plan(asked, known, here(), folder)
        window = Size(0, 0) if no_attach else window_size()
        launch = _launch(address, planned, file, window)
        (start if waiting is None else waiting.launch)(address, launch, None if no_attach else load_screen)
        return _check_same(address, asked)

    if waiting is not None or not answers(address.socket):
        status = begin()
    elif config is not None or folder is not None:
        only = "--config" if config is not None else "--folder"
        raise UsageError(f"session '{address.name}' runs already, and {only} holds when one starts; 'agentgrid' attaches to it")
    else:
        try:
            status = _check_same(address, asked)
        except NoSession:  # Its server was killed this moment: the kernel still took the connection.
            status = begin()
    if no_attach:
        _tell_problems(status)  # On the screen they stand in the panes.
    return look


def _launch(address: SessionAddress, planned: "Plan", file: Path | None, window: Size) -> "Launch":
    from agentgrid.server.launching import Launch

    return Launch(
        session=address.name,
        folder=str(address.folder),
        socket=str(address.socket),
        config_file=None if file is None else str(file),
        rows=planned.grid.rows,
        columns=planned.grid.columns,
        panes=planned.panes,
        window_columns=window.columns,
        window_rows=window.rows,
    )


def _check_same(address: SessionAddress, words: "Words") -> Mapping[str, Any]:
    """The session's status, if it is what was asked for; one that ran before, and was taken up again, may be another.

    Raises UsageError, also VersionMismatch: nothing else could be done with it.
    """
    from agentgrid.cli.starting import difference
    from agentgrid.protocol.messages import GetStatus

    with connect_to(address) as client:
        status: Mapping[str, Any] = client.request(GetStatus())
    found = difference(words, status)
    if found:
        raise UsageError(
            f"session '{address.name}' runs already and {found}; 'agentgrid' attaches, 'agentgrid new' adds a pane, "
            f"'agentgrid down' ends it"
        )
    return status


def _tell_problems(status: Mapping[str, Any]) -> None:
    for pane in status["panes"]:
        if pane["problem"]:
            complain(f"{pane['name']}: {pane['problem']}")
