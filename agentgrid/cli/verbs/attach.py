"""``attach``: show a session that runs."""

from typing import TYPE_CHECKING

from agentgrid.cli.reach import address_of, connect_to
from agentgrid.cli.showing import check_terminal, look_of, show
from agentgrid.cli.starting import choices

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def attach(call: "Call", *, theme: str | None, css: str | None) -> int:
    address = address_of(call)
    connect_to(address).close()  # Whatever is wrong with the session comes before what is wrong with the terminal.
    check_terminal()
    return show(address, look_of(choices(address.folder), theme, css))
