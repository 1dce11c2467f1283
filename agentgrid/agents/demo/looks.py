"""How an agent's mind is drawn: two looks, after the two families of agents. ``box`` frames its composer, ``bar`` shades it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentgrid.agents.demo.agent import Agent, Entry, Question
from agentgrid.agents.demo.paint import Cursor, Text, cut, text_width, wrap

MAX_DETAIL_LINES = 8  # More of a diff or an output is no use in a demo's pane.
MIN_BOX_COLUMNS = 24  # A frame in less leaves no room for text.


class Look(NamedTuple):
    """A family's signs. ``styles``: SGR parameters by the style names that ``draw`` uses."""

    bullet: str
    prompt: str
    spinner: str
    title: str
    """Of an idle agent; ``{title}`` is the role's."""
    busy_titles: tuple[str, ...]
    framed: bool
    styles: Mapping[str, str]


_DIFF = {"added": "38;2;225;245;225;48;2;30;82;44", "removed": "38;2;250;225;225;48;2;106;34;40", "error": "38;2;220;76;82"}

LOOKS = {
    "box": Look(
        bullet="●",
        prompt="> ",
        spinner="·✢✳✶✻✽✻✶✳✢",
        title="✳ {title}",
        busy_titles=("◐ {title}", "◑ {title}"),
        framed=True,
        styles={**_DIFF, "accent": "38;2;207;124;92", "did": "38;2;92;168;104", "dim": "2", "bold": "1", "said": "1", "user": "2"},
    ),
    "bar": Look(
        bullet="•",
        prompt="› ",
        spinner="⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏",
        title="{title}",
        busy_titles=("⠋ {title}", "⠹ {title}", "⠼ {title}", "⠧ {title}"),
        framed=False,
        styles={**_DIFF, "accent": "38;2;64;160;176", "did": "38;2;64;160;176", "dim": "2", "bold": "1", "said": "", "user": "1"},
    ),
}


class Drawing(NamedTuple):
    """The live lines, and where the cursor stands among them."""

    live: list[Text]
    cursor: Cursor


def title(agent: Agent, look: Look) -> str:
    """The window title (OSC 0): who, and whether it works."""
    pattern = look.busy_titles[agent.frame // 8 % len(look.busy_titles)] if agent.report.state == "working" else look.title
    return pattern.format(title=agent.role.title)


def banner(agent: Agent, columns: int) -> list[Text]:
    """What the agent says first."""
    lines: list[Text] = [
        (("accent", "✻ " if LOOKS[agent.role.look].framed else ">_ "), ("bold", "agentgrid demo agent")),
        (("dim", "  scripted: no account, no network, no model"),),
        (),
    ]
    return [cut(line, columns) for line in lines]


def transcript(entry: Entry, look: Look, columns: int) -> list[Text]:
    """An entry as lines, with an empty one after it."""
    match entry.kind:
        case "prompt":
            lines = wrap((("user", look.prompt + entry.text),), columns, 2)
        case "said":
            lines = wrap((("said", look.bullet), ("", f" {entry.text}")), columns, 2)
        case "did":
            lines = wrap((("did", look.bullet), ("bold", f" {entry.text}")), columns, 2) + _detail(entry.detail, columns)
        case "failed":
            lines = wrap((("error", f"{look.bullet} {entry.text}"),), columns, 2)
        case _:
            lines = wrap((("dim", f"  └ {entry.text}"),), columns, 4)
    return [*lines, ()]


def draw(agent: Agent, look: Look, columns: int, rows: int) -> Drawing:
    """The live lines: what is being said, the spinner, and the composer or the question."""
    above: list[Text] = []
    if agent.streaming:
        above += [*wrap((("said", look.bullet), ("", f" {agent.streaming}")), columns, 2), ()]
    if agent.busy and agent.report.state == "working":
        spinner = look.spinner[agent.frame % len(look.spinner)]
        facts = f" ({agent.seconds}s · ↓ {agent.tokens} tokens · esc to interrupt)"
        above += [cut((("accent", f"{spinner} {agent.verb}…"), ("dim", facts)), columns), ()]
    above += [cut((("dim", f"  queued: {text}"),), columns) for text in agent.queued]
    below, cursor = _ask(agent.question, agent.choice, look, columns) if agent.question else _compose(agent, look, columns)
    live = [*above, *below]
    dropped = max(len(live) - max(rows - 1, 1), 0)  # The last row is left to the line that scrolls in.
    return Drawing(live[dropped:], Cursor(max(cursor.row + len(above) - dropped, 0), min(cursor.column, columns - 1)))


def _compose(agent: Agent, look: Look, columns: int) -> tuple[list[Text], Cursor]:
    frame = 4 if look.framed and columns >= MIN_BOX_COLUMNS else 0
    typed = [line for text in agent.composer.split("\n") for line in wrap((("", text),), max(columns - frame - 3, 1))]
    lines: list[Text] = [(("accent", look.prompt if number == 0 else "  "), *line) for number, line in enumerate(typed)]
    if not agent.composer and not frame:
        lines = [(("accent", look.prompt), ("dim", cut((("", "Ask this agent to do something"),), max(columns - 4, 1))[0][1]))]
    last = lines[-1] if agent.composer else (("accent", look.prompt),)
    column = sum(text_width(characters) for _style, characters in last)
    hint = agent.hint or ("? for shortcuts" if look.framed else "⏎ send   ⌃J newline   ⌃C quit")
    footer = cut((("dim", f"  {hint}"),), columns)
    if not frame:
        return [*lines, (), footer], Cursor(len(lines) - 1, column)
    return [*_boxed(lines, columns, "dim"), footer], Cursor(len(lines), column + 2)


def _ask(question: Question, choice: int, look: Look, columns: int) -> tuple[list[Text], Cursor]:
    inner = columns - 4 if look.framed and columns >= MIN_BOX_COLUMNS else columns
    lines: list[Text] = []
    if question.subject != question.text:
        lines += [cut((("bold", question.subject),), inner), *_detail(question.detail, inner), ()]
    lines += wrap((("bold", question.text),), inner)
    for number, option in enumerate(question.options):
        chosen = number == choice
        lines += wrap((("accent" if chosen else "", f"{'❯' if chosen else ' '} {number + 1}. {option}"),), inner, 5)
    at = len(lines) - len(question.options) + choice
    if inner < columns:
        return _boxed(lines, columns, "accent"), Cursor(at + 1, 2)
    return [*lines, (), cut((("dim", "  press enter to confirm or esc to cancel"),), columns)], Cursor(at, 0)


def _boxed(lines: Sequence[Text], columns: int, style: str) -> list[Text]:
    inner = columns - 4
    framed: list[Text] = [((style, f"╭{'─' * (columns - 2)}╮"),)]
    for line in lines:
        blank = inner - sum(text_width(characters) for _style, characters in line)
        framed.append(((style, "│ "), *line, ("", " " * blank), (style, " │")))
    return [*framed, ((style, f"╰{'─' * (columns - 2)}╯"),)]


def _detail(lines: Sequence[str], columns: int) -> list[Text]:
    styles = {"+": "added", "-": "removed"}
    shown: list[Text] = []
    for number, line in enumerate(lines[:MAX_DETAIL_LINES]):
        style = styles.get(line[:1], "dim") if line[1:2] in {" ", ""} else "dim"
        shown.append(cut((("dim", "  └ " if number == 0 else "    "), (style, line)), columns))
    if len(lines) > MAX_DETAIL_LINES:
        shown.append((("dim", f"    … {len(lines) - MAX_DETAIL_LINES} more lines"),))
    return shown
