"""The pages of ``docs/`` that are made from the code: configuration, agents, themes.

``python -m agentgrid.config.document docs`` writes them; a test holds them equal to what this module makes.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from agentgrid.agents.profiles import DEMO, SHELL, ProfileTable, load_profiles
from agentgrid.agents.rules import ScreenRule, TitleRule
from agentgrid.config.contrast import GLYPH_LEAST, HIGH_GLYPH_LEAST, HIGH_TEXT_LEAST, TEXT_LEAST
from agentgrid.config.options import ConflictOptions, NotificationOptions, Options, PaneOptions
from agentgrid.config.schema import Option, options_of
from agentgrid.config.themes import ANSI, DEFAULT_THEME, TerminalColors, ThemeFile, UiColors, list_themes, load_theme
from agentgrid.config.writing import AGENT_EXAMPLES, TABLES, initial_text, written
from agentgrid.paths import data_file

CONFIGURATION = """\
# Configuration

agentgrid runs without any. What you want otherwise stands in two files:

- `agentgrid.toml` in the folder you work in, for everybody who works there;
- `config.toml` in your own configuration folder, for every folder
  (Linux: `~/.config/agentgrid`, macOS: `~/Library/Application Support/agentgrid`, or where `$AGENTGRID_CONFIG_DIR` says).

The nearest value wins, key by key: a flag over `agentgrid.toml` over `config.toml` over the default.
A list, `[[pane]]` too, is one value and wins whole. `--config FILE` takes FILE in place of `agentgrid.toml`.

- `agentgrid config init` writes an `agentgrid.toml` in which everything is explained and nothing is switched on.
- `agentgrid config check` reads what would hold here, follows every name, and reports the first mistake with file and key.
- `agentgrid config show` prints what holds here, and which file each value comes from.

An unknown key is a mistake, and the message names the nearest right one:

```
agentgrid.toml: unknown key 'them'; did you mean 'theme'?
agentgrid.toml: unknown key 'pane.agnet' in [[pane]] no. 2; did you mean 'agent'?
```

`agentgrid.toml` can start any program. In a folder that you have from somebody else, read it before you type `agentgrid`,
as you would read a Makefile.

## Top level

{options}
## `[[pane]]`: what a session starts with

{panes}
Without any `[[pane]]`, and without agents on the command line, there is one of each agent that is installed, and nine
shells when none is.

## `[agent.NAME]`: agents

Adds to the profile of an agent that ships, key by key, or defines an agent of your own, which needs a `command`.
The keys are those of a profile: [agents](agents.md).

```toml
{agents}```

## `[conflicts]`

{conflicts}
## `[notifications]`

How you are called to panes that are not in view, that is, on no screen whose window has the focus. What comes about together
is told once, and then there is a rest of ten seconds. `agentgrid events` tells it as `attention_called`.

{notifications}
## `[keys]`

`prefix` is the key before all others. Any other line binds a key to an action: as it stands, without the prefix; with `prefix ` in front,
after it. `"none"` gives a key to the program. Names of keys are told in [keys](keys.md), [the screen](screen.md) lists the actions.

```toml
[keys]
prefix = "ctrl+b"
"alt+z" = "zoom"             # without the prefix
"prefix Z" = "zoom"          # after it
"alt+1" = "none"             # ours no longer: the program gets it
```

## Everything at once

This is what `agentgrid config init` writes:

```toml
{initial}```
"""

AGENTS = """\
# Agents

An agent is a program in a pane that agentgrid knows something about: how to find and recognise it, how to give it a prompt,
how to take up an earlier conversation. What it knows is data, one TOML file an agent.

| name | program | traced | reports by | takes up a conversation | conversation's id of our choice |
|---|---|---|---|---|---|
{agents}

How each tells its state, and what its hooks are for, is told in [states](states.md).

Any other program is a pane as well: `agentgrid new -- htop`, or a `[[pane]]` with a `command`. `shell` is your own shell.
A command that is an agent's is recognised, also behind `node`, `bun`, `npx`, `python -m`, `uvx`, `env` or `sh -c`.

To change a few keys of an agent, or to define one quickly, use `[agent.NAME]` in your [configuration](configuration.md).
To replace a profile whole, or to keep your own as a file, put `NAME.toml` into `profiles/` in your configuration folder.
Unknown keys are mistakes there too. Sessions that run take up what you write there at once; what is wrong in a file is shown, and
the profiles stay as they were until it is right.

## The keys of a profile

{keys}
Keys are named as in the configuration: `escape`, `ctrl+c`, `enter`.

An example, `profiles/reviewer.toml`:

```toml
title = "Reviewer"
command = ["codex", "--profile", "review"]
like = "codex"
packages = ["@openai/codex"]
resume = ["resume", "{{session}}"]
```

## Rules: what its titles and its screen say

An agent that reports its state itself needs none. For others a profile says by which titles and by which texts at the bottom
of the screen one sees what it does. `agentgrid explain PANE` shows which rule matched, on which rows.

```toml
[[titles]]
state = "working"
pattern = '^⠋'

[[screens]]
name = "permission"
state = "blocked"
kind = "permission"
pattern = '^Run this command\\?'
end = 'enter to confirm'
question = '^(Run [^\\n]*)'
```

The patterns are Python's regular expressions. They are applied to the rows without borders and scroll bars at their sides;
`^` and `$` are the ends of a row, and a blank in a pattern matches line ends too, so that a phrase is found however narrow the
pane is. What `quiet` says is only that the agent is not at work; something else has to tell whether it waits for somebody.
An agent without rules has those of `generic`, which `profiles/generic.toml` in your configuration folder replaces.

### `[[titles]]`

{titles}
### `[[screens]]`

{screens}"""

THEMES = """\
# Themes

`theme = "NAME"` in your [configuration](configuration.md), `agentgrid --theme NAME`, or `t` after the prefix, which shows
each as you choose.

| name | kind | |
|---|---|---|
{themes}

High contrast means that text has at least {high_text:g} to 1 on its ground and every glyph {high_glyph:g} to 1; the others have
{text:g} and {glyph:g} (WCAG 2.2). What a state is never stands in its colour alone: each has a glyph and a word.

## A theme of your own

Put `NAME.toml` into `themes/` in your configuration folder. With `base` it takes everything it does not say from another
theme:

```toml
title = "My harbour"
base = "harbour"

[ui]
accent = "#ffd166"
```

`agentgrid config check` says which colours of your theme are hard to read. A theme of the name of one that ships takes its
place, and may be based on it. To restyle more than colours, use a style sheet: `agentgrid --css FILE`, see `demo.tcss`.

{file}
### `[ui]`

{ui}
### `[terminal]`

{terminal}
and the sixteen: {ansi}. Programs in the panes that ask for their colours are told these.
"""


HOOKS = {
    "claude": "hooks (`--settings`)",
    "codex": "hooks (`-c hooks`)",
    "codex-notify": "the end of a turn (`-c notify`)",
    "opencode": "its event stream (`--port`)",
    "gemini": "hooks (`GEMINI_CLI_HOME`)",
    "qwen": "hooks (`QWEN_CODE_SYSTEM_SETTINGS_PATH`)",
    "copilot": "hooks (`--plugin-dir`)",
}
"""By what a profile's ``hooks`` names: how the launch is made to report."""


def pages() -> dict[str, str]:
    """File name to text."""
    return {"configuration.md": configuration_page(), "agents.md": agents_page(), "themes.md": themes_page()}


def configuration_page() -> str:
    return CONFIGURATION.format(
        options=table(option for option in options_of(Options) if option.key not in TABLES),
        panes=table(options_of(PaneOptions)),
        conflicts=table(options_of(ConflictOptions)),
        notifications=table(options_of(NotificationOptions)),
        agents="\n".join(written({"agent": {name: keys}}) for name, keys in AGENT_EXAMPLES.items()),
        initial=initial_text(),
    )


def agents_page() -> str:
    rows = []
    for name, profile in load_profiles().items():
        if name == DEMO:
            continue
        program = "your own" if name == SHELL else f"`{' '.join(profile.command)}`"
        hooks = HOOKS.get(profile.hooks, "no")
        cells = [f"`{name}`", program, "yes" if profile.trace else "no", hooks, code(profile.resume), code(profile.session_id)]
        rows.append(f"| {' | '.join(cells)} |")
    keys, titles, screens = (table(options_of(struct)) for struct in (ProfileTable, TitleRule, ScreenRule))
    return AGENTS.format(agents="\n".join(rows), keys=keys, titles=titles, screens=screens)


def themes_page() -> str:
    rows = []
    for name in list_themes(folders := [data_file("themes")]):
        theme = load_theme(name, folders)
        kinds = ["dark" if theme.dark else "light", *(["high contrast"] if theme.high_contrast else [])]
        kinds += ["the default"] if name == DEFAULT_THEME else []
        rows.append(f"| `{name}` | {', '.join(kinds)} | {theme.description} |")
    return THEMES.format(
        themes="\n".join(rows),
        text=TEXT_LEAST,
        glyph=GLYPH_LEAST,
        high_text=HIGH_TEXT_LEAST,
        high_glyph=HIGH_GLYPH_LEAST,
        file=short_table(option for option in options_of(ThemeFile) if option.description),
        ui=short_table(options_of(UiColors)),
        terminal=short_table(option for option in options_of(TerminalColors) if option.description),
        ansi=", ".join(f"`{name}`" for name in ANSI),
    )


def table(options: Iterable[Option]) -> str:
    """Options as a table: key, what it takes, default, documentation with an example."""
    rows = ["| key | takes | default | |", "|---|---|---|---|"]
    for key, kind, default, description, example in options:
        shown = "" if default is None or default in ((), "") else f"`{value(default)}`"
        for_example = "" if example is None or example == default else f" Example: `{value(example)}`."
        rows.append(f"| `{key}` | {kind} | {shown} | {description}{for_example} |")
    return "\n".join(rows) + "\n"


def short_table(options: Iterable[Option]) -> str:
    """Keys and their documentation only."""
    return "\n".join(["| key | |", "|---|---|", *(f"| `{option.key}` | {option.description} |" for option in options)]) + "\n"


def value(something: Any) -> str:
    """As TOML writes it."""
    return written({"x": msgspec.to_builtins(something)}).removeprefix("x = ").strip()


def code(arguments: tuple[str, ...]) -> str:
    return f"`{' '.join(arguments)}`" if arguments else "no"


if __name__ == "__main__":
    for file_name, text in pages().items():
        (Path(sys.argv[1]) / file_name).write_text(text, encoding="utf-8")
