"""Which keys this terminal cannot tell apart, and what to do about it in the terminal at hand.

A terminal is known by its own name (XTVERSION) or by what it leaves in the environment; where several claim to be it, the inner
one counts. ``docs/keys.md`` shows the same table.

https://sw.kovidgoyal.net/kitty/keyboard-protocol/ (``CSI ? u``)
xterm ctlseqs: XTQMODKEYS (``CSI ? 4 m``), answered with ``CSI > 4 ; Pv m`` by terminals with modifyOtherKeys
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from agentgrid.cli.checks.check import Check

BINDING = 'let Shift+Enter send "\\u001b[13;2u"'
"""Mends the one key in any terminal that can bind keys to text: agentgrid understands it without asking."""

SAME_WITHOUT = (
    ("enter", "shift+enter", "ctrl+enter", "ctrl+m"),
    ("tab", "ctrl+i"),
    ("escape", "ctrl+["),
    ("ctrl+a", "ctrl+shift+a"),
)
"""The first is what they all come in as; not all that are alike, but those that are missed."""
SAME_WITH_OTHER_KEYS = (("ctrl+h", "ctrl+backspace"), ("enter", "kp_enter"))
"""With modifyOtherKeys."""


class Terminal(NamedTuple):
    """``names``: how XTVERSION begins, or what TERM_PROGRAM is. ``variables``: any of them set says so too."""

    name: str
    names: tuple[str, ...]
    variables: tuple[str, ...]
    advice: str


TERMINALS = (
    Terminal(
        "tmux",
        ("tmux",),
        ("TMUX",),
        "in tmux.conf: set -s extended-keys on, and set -as terminal-features ',*:extkeys'; and a terminal around it that tells them apart",
    ),
    Terminal("kitty", ("kitty",), ("KITTY_WINDOW_ID",), "kitty has told them apart since 0.20: update it"),
    Terminal("Ghostty", ("ghostty",), ("GHOSTTY_RESOURCES_DIR",), "Ghostty tells them apart: update it"),
    Terminal("WezTerm", ("WezTerm",), ("WEZTERM_PANE",), "in wezterm.lua: config.enable_kitty_keyboard = true"),
    Terminal(
        "iTerm2",
        ("iTerm2", "iTerm.app"),
        ("ITERM_SESSION_ID",),
        "update to 3.5 or newer; before: Settings, Profiles, Keys: Report modifiers using CSI u",
    ),
    Terminal(
        "Alacritty",
        ("alacritty",),
        ("ALACRITTY_WINDOW_ID",),
        'update to 0.13 or newer; before: bind key "Return" with mods "Shift" to chars "\\u001b[13;2u" in its settings',
    ),
    Terminal("foot", ("foot",), (), "update to 1.10.3 or newer"),
    Terminal(
        "VS Code",
        ("vscode",),
        ("VSCODE_INJECTION",),
        "update it, and leave terminal.integrated.enableKittyKeyboardProtocol on; before: bind shift+enter (docs/keys.md)",
    ),
    Terminal(
        "Windows Terminal",
        ("Windows Terminal",),
        ("WT_SESSION",),
        'in settings.json, actions: bind "shift+enter" to sendInput "\\u001b[13;2u" (docs/keys.md)',
    ),
    Terminal(
        "Terminal.app",
        ("Apple_Terminal",),
        (),
        "it cannot; alt+enter in place of shift+enter, with Settings, Profiles, Keyboard: Use Option as Meta key",
    ),
    Terminal("Konsole", ("Konsole",), ("KONSOLE_VERSION",), 'Settings, Edit Current Profile, Keyboard: Return+Shift outputs "\\E[13;2u"'),
    Terminal("GNOME Terminal", ("VTE",), ("VTE_VERSION",), "it cannot; alt+enter in place of shift+enter"),
    Terminal("xterm", ("XTerm",), ("XTERM_VERSION",), "leave allowModifyOps and modifyOtherKeys as they are by default"),
)
ELSE = f"look for the kitty keyboard protocol in its settings, or {BINDING}"


def keyboard(environment: Mapping[str, str], *, answered: bool, kitty: bool, other_keys: bool, version: str = "") -> Iterator[Check]:
    """What the terminal has answered: anything at all, the kitty protocol, modifyOtherKeys, its name."""
    known = terminal(environment, version)
    if kitty:
        yield Check("keyboard", True, "every key with every modifier (kitty protocol)")
    elif not answered:
        yield Check("keyboard", None, "the terminal did not answer")
    elif other_keys:
        around = ", if the terminal around tmux tells them" if "TMUX" in environment else ""
        yield Check("keyboard", True, f"nearly every key (modifyOtherKeys){around}; alike: {alike(SAME_WITH_OTHER_KEYS)}")
    else:
        yield Check("keyboard", False, f"alike: {alike(SAME_WITHOUT)}", ELSE if known is None else known.advice)


def alike(groups: Iterable[Sequence[str]]) -> str:
    return ", ".join(" = ".join(group) for group in groups)


def terminal(environment: Mapping[str, str], version: str = "") -> Terminal | None:
    """Which one we are in."""
    program, term = environment.get("TERM_PROGRAM", ""), environment.get("TERM", "").removeprefix("xterm-")
    if "TMUX" in environment:
        return TERMINALS[0]
    for name in (version, program, term):
        found = next((known for known in TERMINALS if name and any(name.lower().startswith(word.lower()) for word in known.names)), None)
        if found is not None:
            return found
    return next((known for known in TERMINALS if any(variable in environment for variable in known.variables)), None)


def table() -> str:
    """The table in ``docs/keys.md``."""
    lines = ["| terminal | where keys look the same |", "|---|---|"]
    return "\n".join([*lines, *(f"| {known.name} | {known.advice.replace('|', chr(92) + '|')} |" for known in TERMINALS)])
