"""What a person can do to the grid: a table. Names are what ``[keys]`` binds; help, palette and documentation are made from it.

Pure data. What an action does stands in ``deeds``; which key means it, in ``keymap``.
"""

from typing import NamedTuple


class Action(NamedTuple):
    """``keys`` follow the prefix; ``direct`` keys need none. ``menu`` actions stand in the palette."""

    name: str
    description: str
    group: str
    keys: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    menu: bool = True


FOCUS, PANES, TEXT, SESSION = "Move", "Panes", "Text", "Session"

ACTIONS: tuple[Action, ...] = (
    Action("focus-left", "Focus the pane to the left", FOCUS, ("left", "h"), menu=False),
    Action("focus-down", "Focus the pane below", FOCUS, ("down", "j"), menu=False),
    Action("focus-up", "Focus the pane above", FOCUS, ("up", "k"), menu=False),
    Action("focus-right", "Focus the pane to the right", FOCUS, ("right", "l"), menu=False),
    *(Action(f"focus-{n}", f"Focus pane {n}", FOCUS, (str(n),), (f"alt+{n}",), menu=False) for n in range(1, 10)),
    Action("next-pane", "Focus the next pane", FOCUS, ("o",)),
    Action("last-pane", "Focus the pane you were in", FOCUS, (";",)),
    Action("next-waiting", "Focus the next one that needs you", FOCUS, ("n",)),
    Action("answer", "Answer who has waited longest", FOCUS, ("a",)),
    Action("next-page", "Show the next page of panes", FOCUS, ("tab",)),
    Action("previous-page", "Show the page before", FOCUS, ("shift+tab",)),
    Action("new-pane", "Start an agent or a program", PANES, ("c",)),
    Action("close-pane", "Close it and end its program", PANES, ("x",)),
    Action("restart-pane", "Run its program again", PANES, ("r",)),
    Action("rename-pane", "Give it another name", PANES, (",",)),
    Action("zoom", "Give it the window, or give it back", PANES, ("z",)),
    Action("swap-previous", "Swap it with the one before", PANES, ("{",)),
    Action("swap-next", "Swap it with the one after", PANES, ("}",)),
    Action("park", "Park it: it goes on, off the grid", PANES, ("p",)),
    Action("unpark", "Bring a parked one back", PANES, ("u",)),
    Action("grid", "Other rows and columns", PANES, ("space",)),
    Action("lock", "Let nothing be typed into it, or open it", PANES, ("L",)),
    Action("conflicts", "Show where panes got in each other's way", PANES, ("f",)),
    Action("changes", "Show what it has changed, as a diff", PANES, ("g",)),
    Action("explain", "Say why it is in its state", PANES, ("e",)),
    Action("copy-mode", "Look back and copy", TEXT, ("[",)),
    Action("prompt", "Send it a prompt, with a receipt", TEXT, ("P",)),
    Action("queue", "Prompts that wait for it", TEXT, ("q",)),
    Action("broadcast", "Type into several panes, or into one", TEXT, ("b",)),
    Action("choose", "Choose it to be typed into with others", TEXT, ("s",)),
    Action("search", "Find text in it, its history too", TEXT, ("/",)),
    Action("paste", "Paste what was copied last", TEXT, ("]",)),
    Action("scroll-up", "Look back one page", TEXT, ("pageup",), menu=False),
    Action("send-prefix", "Send the prefix itself", TEXT, (), menu=False),
    Action("palette", "Find an action by its name", SESSION, (":",), menu=False),
    Action("theme", "Choose a theme", SESSION, ("t",)),
    Action("sessions", "Show the sessions that run", SESSION, ("w",)),
    Action("redraw", "Draw the whole window again", SESSION, ("ctrl+l",)),
    Action("detach", "Leave; everything goes on", SESSION, ("d",)),
    Action("help", "Show all keys", SESSION, ("?",)),
)

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}
