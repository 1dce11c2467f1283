"""A pane's command, environment and folder, before its program starts."""

from collections.abc import Mapping

import msgspec

from agentgrid import __version__
from agentgrid.session.commands import NewPane

FOREIGN = frozenset(
    {
        "TMUX",
        "TMUX_PANE",
        "STY",
        "WINDOW",
        "COLUMNS",
        "LINES",
        "TERMCAP",
        "TERM_PROGRAM",
        "TERM_PROGRAM_VERSION",
        "TERM_SESSION_ID",
        "WINDOWID",
        "VTE_VERSION",
        "KITTY_WINDOW_ID",
        "KITTY_PID",
        "KITTY_LISTEN_ON",
        "KITTY_INSTALLATION_DIR",
        "KITTY_PUBLIC_KEY",
        "WEZTERM_PANE",
        "WEZTERM_UNIX_SOCKET",
        "WEZTERM_EXECUTABLE",
        "WEZTERM_CONFIG_FILE",
        "GHOSTTY_RESOURCES_DIR",
        "GHOSTTY_BIN_DIR",
        "GHOSTTY_SHELL_FEATURES",
        "ALACRITTY_LOG",
        "ALACRITTY_SOCKET",
        "ALACRITTY_WINDOW_ID",
        "KONSOLE_VERSION",
        "KONSOLE_DBUS_SESSION",
        "ITERM_SESSION_ID",
        "ITERM_PROFILE",
        "LC_TERMINAL",
        "LC_TERMINAL_VERSION",
        "WT_SESSION",
        "WT_PROFILE_ID",
        "ZELLIJ",
        "ZELLIJ_SESSION_NAME",
        "ZELLIJ_PANE_ID",
        "COLORFGBG",
        "NO_COLOR",
        "FORCE_COLOR",
    }
)
"""What says something about the terminal outside, which is not the one a program gets."""


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """What a server is started with."""

    session: str
    folder: str
    socket: str
    config_file: str | None = None
    rows: int = 1
    columns: int = 1
    panes: tuple[NewPane, ...] = ()
    window_columns: int = 0
    """The size of the terminal that will attach, so that programs start at the size they will have; 0 when nobody will."""
    window_rows: int = 0


def pane_environment(base: Mapping[str, str], *, session: str, pane: int, name: str, added: Mapping[str, str]) -> dict[str, str]:
    """The environment of a pane's program: the user's own, without what describes another terminal."""
    environment = {key: value for key, value in base.items() if key not in FOREIGN and not key.startswith("AGENTGRID_PANE")}
    environment.update(
        TERM="xterm-256color",
        COLORTERM="truecolor",
        TERM_PROGRAM="agentgrid",
        TERM_PROGRAM_VERSION=__version__,
        AGENTGRID_SESSION=session,
        AGENTGRID_PANE=f"%{pane}",
        AGENTGRID_PANE_NAME=name,
    )
    environment.update(added)
    return environment
