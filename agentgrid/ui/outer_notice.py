"""A notification as the outer terminal shows it: OSC 9, 99 or 777. Pure.

Which of them it knows is guessed from its environment only where that is sure; an unknown sequence is no harm but no help
either. Inside another multiplexer nothing gets through, but for tmux, which may be asked (``outer_tmux``). Texts are one clean line.

https://sw.kovidgoyal.net/kitty/desktop-notifications/
https://iterm2.com/documentation-escape-codes.html
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["osc9", "osc99", "osc777", "off"]

BY_PROGRAM: dict[str, Kind] = {"ghostty": "osc9", "iTerm.app": "osc9", "WezTerm": "osc9", "kitty": "osc99", "rio": "osc9"}
BY_TERM: dict[str, Kind] = {"xterm-kitty": "osc99", "xterm-ghostty": "osc9", "wezterm": "osc9", "foot": "osc777", "rxvt-unicode": "osc777"}


def spoken(environment: Mapping[str, str]) -> Kind:
    """What the terminal knows, as far as its environment tells."""
    if environment.get("TMUX") or environment.get("STY") or environment.get("ZELLIJ"):
        return "off"
    program, term = environment.get("TERM_PROGRAM", ""), environment.get("TERM", "")
    return BY_PROGRAM.get(program) or BY_TERM.get(term) or BY_TERM.get(term.removesuffix("-256color").removesuffix("-extra")) or "off"


def sequence(kind: Kind, title: str, body: str) -> str:
    """What to write to the terminal; empty where nothing is to be."""
    match kind:
        case "osc9":
            return f"\x1b]9;{title}: {body}\x1b\\"
        case "osc99":
            return f"\x1b]99;i=agentgrid:d=0:p=title;{title}\x1b\\\x1b]99;i=agentgrid:d=1:p=body;{body}\x1b\\"
        case "osc777":
            return f"\x1b]777;notify;{title.replace(';', ',')};{body}\x1b\\"
        case "off":
            return ""
