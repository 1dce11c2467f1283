"""``up``: the session of this folder: attach if it runs, else start it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentgrid.addresses import SessionAddress, address_for, answers
from agentgrid.cli.output import complain
from agentgrid.cli.reach import connect_to, here
from agentgrid.cli.showing import check_terminal, load_screen, look_of, show, window_size
from agentgrid.cli.starting import Plan, Words, choices, difference, pane_of, parse_words, plan
from agentgrid.errors import NoSession, UsageError
from agentgrid.geometry import Size
from agentgrid.server.daemon import start
from agentgrid.server.launching import Launch

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


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
    asked = parse_words(words)
    address = address_for(here(), call.session)
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
        start(address, _launch(address, planned, file, window), meanwhile=None if no_attach else load_screen)
        return _check_same(address, asked)

    if not answers(address.socket):
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
    return 0 if look is None else show(address, look)


def _launch(address: SessionAddress, planned: Plan, file: Path | None, window: Size) -> Launch:
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


def _check_same(address: SessionAddress, words: Words) -> Mapping[str, Any]:
    """The session's status, if it is what was asked for; one that ran before, and was taken up again, may be another.

    Raises UsageError, also VersionMismatch: nothing else could be done with it.
    """
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
