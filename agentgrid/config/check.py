"""What ``config check`` finds: everything that the files name is looked up, not only their keys."""

from pathlib import Path

from agentgrid.agents.profiles import load_profiles
from agentgrid.config.agents import configured_profiles
from agentgrid.config.load import merged, read_layers
from agentgrid.config.panes import configured_panes
from agentgrid.config.themes import hard_to_read, load_theme
from agentgrid.errors import ConfigError
from agentgrid.paths import config_dir

MAX_PAIRS = 5  # A theme that is hard to read is so in a dozen ways; the worst are enough to see it.


def check(folder: Path, *, file: Path | None = None) -> list[str]:
    """Lines about what was read, and what is allowed and yet doubtful. Raises ConfigError for the first mistake."""
    layers = read_layers(folder, file=file)
    config = merged(layers)
    profiles = configured_profiles(config, load_profiles(config_dir() / "profiles"))
    panes = configured_panes(config, profiles)
    try:
        theme = load_theme(config.theme)
    except ConfigError as error:
        raise ConfigError(f"{config.origin('theme')}: 'theme': {error}") from error
    said = [f"{layer.label}: right" for layer in layers] or ["no configuration file; all is as by default"]
    if panes:
        said.append("1 pane is configured" if len(panes) == 1 else f"{len(panes)} panes are configured")
    return said + [
        f"theme {theme.name}: {pair.text} on {pair.ground} is hard to read (contrast {pair.ratio:.1f}, at least {pair.least} is right)"
        for pair in hard_to_read(theme)[:MAX_PAIRS]
    ]
