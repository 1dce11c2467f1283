"""The files: what wins, where a value came from, and what is said of a mistake."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentgrid.config.load import Config, load, over
from agentgrid.config.options import PaneOptions
from agentgrid.errors import ConfigError

KNOWN = "known are grid, theme, history_rows, confirm_paste, copy_keys, shell, pane, agent, conflicts, notifications, keys"
GRID = "write rows x columns, as 3x3"
NAME = "use letters, digits, '_', '-' and '.', and begin with a letter, a digit or '_'"
DURATION = "write a number and its unit, as 90s, 20m, 1h30m or 2d"


def test_without_a_file_all_is_as_by_default(folder: Path) -> None:
    config = load(folder)
    assert config == Config()
    assert (config.theme, config.history_rows, config.prefix, config.conflicts.window_seconds) == ("harbour", 10_000, "ctrl+b", 1200)
    assert config.origin("theme") == "default"


def test_the_nearest_value_wins_key_by_key(user_folder: Path, write: Callable[[str], Path]) -> None:
    (user_folder / "config.toml").write_text(
        """
        theme = "moss"
        history_rows = 500
        [[pane]]
        command = ["top"]
        [conflicts]
        window = "5m"
        ignore = ["a"]
        [keys]
        prefix = "ctrl+a"
        "alt+z" = "zoom"
        [agent.claude]
        command = ["claude", "--verbose"]
        trace = false
        """
    )
    config = load(
        write(
            """
            theme = "paper"
            [[pane]]
            agent = "codex"
            count = 2
            [conflicts]
            ignore = ["b"]
            [keys]
            "alt+x" = "close"
            [agent.claude]
            trace = true
            """
        )
    )
    assert config.theme == "paper"
    assert config.history_rows == 500
    assert config.pane == (PaneOptions(agent="codex", count=2),)
    assert (config.conflicts.window, config.conflicts.ignore) == ("5m", ("b",))
    assert config.keys == {"prefix": "ctrl+a", "alt+z": "zoom", "alt+x": "close"}
    assert config.agent == {"claude": {"command": ["claude", "--verbose"], "trace": True}}
    assert {key: config.origin(key) for key in ("theme", "history_rows", "pane", "conflicts.window", "agent.claude.trace", "grid")} == {
        "theme": "agentgrid.toml",
        "history_rows": "~/conf/config.toml",
        "pane": "agentgrid.toml",
        "conflicts.window": "~/conf/config.toml",
        "agent.claude.trace": "agentgrid.toml",
        "grid": "default",
    }


def test_a_file_of_ones_own_takes_the_place_of_the_folders(user_folder: Path, write: Callable[[str], Path], tmp_path: Path) -> None:
    (user_folder / "config.toml").write_text("history_rows = 7")
    folder = write('theme = "paper"')
    (tmp_path / "other.toml").write_text('grid = "2x2"')
    config = load(folder, file=tmp_path / "other.toml")
    assert (config.theme, config.grid, config.history_rows) == ("harbour", "2x2", 7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('them = "x"', "unknown key 'them'; did you mean 'theme'?", id="nearly a key"),
        pytest.param("zzz = 1", f"unknown key 'zzz'; {KNOWN}", id="nothing like a key"),
        pytest.param('"a\\u001b[31m" = 1', f"unknown key 'a\N{REPLACEMENT CHARACTER}[31m'; {KNOWN}", id="an escape sequence"),
        pytest.param("[[pane]]\n[[pane]]\nagnet = 1", "unknown key 'pane.agnet' in [[pane]] no. 2; did you mean 'agent'?", id="in a pane"),
        pytest.param('[conflict]\nwindow = "1m"', "unknown key 'conflict'; did you mean 'conflicts'?", id="nearly a table"),
        pytest.param("[agent.claude]\ncomand = []", "unknown key 'agent.claude.comand'; did you mean 'command'?", id="in an agent"),
        pytest.param("grid = 3", "'grid' is a text in quotes, not 3", id="number for text"),
        pytest.param('history_rows = "9"', "'history_rows' is a whole number, not '9'", id="text for number"),
        pytest.param("history_rows = true", "'history_rows' is a whole number, not true", id="truth for number"),
        pytest.param("history_rows = -1", "'history_rows' is 0 to 1000000, not -1", id="out of range"),
        pytest.param('shell = "zsh"', "'shell' is a list, not 'zsh'", id="text for list"),
        pytest.param("shell = [1]", "'shell' is a text in quotes, not 1", id="number in a list"),
        pytest.param('conflicts = "x"', "'conflicts' is a table, not 'x'", id="text for table"),
        pytest.param("[keys]\nprefix = 1", "'keys.prefix' is a text in quotes, not 1", id="a key's value"),
        pytest.param('[[pane]]\ntrace = "no"', "'pane.trace' in [[pane]] no. 1 is true or false, not 'no'", id="text for truth"),
        pytest.param("theme = 1979-05-27", "'theme' is a text in quotes, not a date", id="a date"),
        pytest.param(
            '[conflicts]\nguard = "denny"',
            "'conflicts.guard' is one of ask, deny, off, warn, not 'denny'; did you mean 'deny'?",
            id="a choice",
        ),
        pytest.param('grid = "3by3"', f"'grid': '3by3' is no grid; {GRID}", id="grid"),
        pytest.param('grid = ""', f"'grid': '' is no grid; {GRID}", id="empty grid"),
        pytest.param("shell = []", "'shell': an empty command starts nothing; leave the key out, or name a program", id="empty command"),
        pytest.param('[conflicts]\nwindow = "soon"', f"'conflicts.window': 'soon' is no duration; {DURATION}", id="duration"),
        pytest.param('[[pane]]\nname = "a b"', f"'pane.name': 'a b' is no name; {NAME}", id="a pane's name"),
        pytest.param('[agent."a b"]', f"'a b' is no name; {NAME}", id="an agent's name"),
        pytest.param(
            "[[pane]]\nnumber = 1\ncount = 2",
            "'pane.number' is one cell and 'pane.count' is 2; leave one of them out",
            id="two in one cell",
        ),
    ],
)
def test_a_mistake_has_file_key_and_what_is_right(text: str, message: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError) as raised:
        load(write(text))
    assert str(raised.value) == f"agentgrid.toml: {message}"


def test_a_mistake_of_syntax_has_file_and_line(write: Callable[[str], Path]) -> None:
    with pytest.raises(
        ConfigError, match=r"^agentgrid\.toml:2: expected '=' after a key in a key/value pair; TOML is explained at toml\.io$"
    ):
        load(write('theme = "paper"\ngrid "3x3"\n'))


def test_a_mistake_in_the_users_file_has_its_path(user_folder: Path, write: Callable[[str], Path]) -> None:
    (user_folder / "config.toml").write_text('tema = "x"')
    with pytest.raises(ConfigError, match=r"^~/conf/config\.toml: unknown key 'tema'; did you mean 'theme'\?$"):
        load(write('theme = "paper"'))


def test_a_file_that_is_asked_for_must_be_there(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"^~/none\.toml: there is no such file; 'agentgrid config init' writes one$"):
        load(folder, file=Path.home() / "none.toml")


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        pytest.param(lambda path: path.write_bytes(b"theme = '\xff'"), "is not UTF-8 text", id="not UTF-8"),
        pytest.param(lambda path: path.mkdir(), "cannot be read", id="a folder"),
    ],
)
def test_a_file_that_cannot_be_read(prepare: Callable[[Path], object], message: str, folder: Path) -> None:
    prepare(folder / "agentgrid.toml")
    with pytest.raises(ConfigError, match=f"^agentgrid.toml: {message}"):
        load(folder)


def test_one_table_over_another() -> None:
    assert over({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"c": 3}, "d": [2]}) == {"a": {"b": 1, "c": 3}, "d": [2]}
