"""A theme's colours for the style sheet and for the rows of panes.

The style sheet knows a theme's ``[ui]`` colours as ``$ag-NAME`` (``$ag-focus-text``) and uses nothing of Textual's own palette.
"""

from textual.theme import Theme as TextualTheme

from agentgrid.config.themes import Theme, list_themes, load_theme, rgb
from agentgrid.errors import ConfigError
from agentgrid.ui.look import Depth, Look


def variables(theme: Theme) -> dict[str, str]:
    """The style sheet's variables."""
    return {f"ag-{name.replace('_', '-')}": color for name, color in theme.variables().items()}


def textual_theme(theme: Theme) -> TextualTheme:
    """What Textual's own widgets take; ours use the variables."""
    ui = theme.ui
    return TextualTheme(
        name=theme.name,
        primary=ui.accent,
        secondary=ui.accent,
        accent=ui.accent,
        foreground=ui.text,
        background=ui.background,
        surface=ui.surface,
        panel=ui.surface,
        warning=ui.blocked,
        error=ui.error,
        success=ui.done,
        dark=theme.dark,
        variables=variables(theme),
    )


def look_of(theme: Theme, depth: Depth, *, underlines: bool, erases: bool) -> Look:
    """How panes are drawn."""
    palette = theme.palette
    return Look(
        foreground=palette.foreground,
        background=palette.background,
        ansi=palette.ansi,
        selection=rgb(theme.ui.selection),
        selection_text=rgb(theme.ui.selection_text),
        hit=rgb(theme.ui.hit),
        hit_text=rgb(theme.ui.hit_text),
        depth=depth,
        underlines=underlines,
        erases=erases,
    )


def kinds() -> list[tuple[str, str, str]]:
    """(name, how it is called, what kind it is) of every theme that is right."""
    found = []
    for name in list_themes():
        try:
            theme = load_theme(name)
        except ConfigError:
            continue  # 'agentgrid themes' says what is wrong with it; one that cannot be shown is no choice here.
        kind = f"{'high contrast, ' if theme.high_contrast else ''}{'dark' if theme.dark else 'light'}"
        found.append((name, f"{theme.title}: {theme.description}" if theme.description else theme.title, kind))
    return found
