"""``config init`` and ``config show``: what they print is TOML that means the same."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agentgrid.config.load import Config, load
from agentgrid.config.options import ConflictOptions, NotificationOptions, Options, PaneOptions
from agentgrid.config.writing import current_text, initial_text, written

ON = """
grid = "2x3"
shell = ["zsh", "-l"]
[[pane]]
agent = "claude"
count = 2
trace = false
[[pane]]
command = ["sh", "-c", "echo \\"hi\\""]
[agent.claude]
command = ["claude"]
[keys]
"alt+z" = "zoom"
"""


def switched_on(text: str) -> str:
    return "\n".join(line[1:] if line.startswith("#") and line[1:2] not in ("", " ") else line for line in text.splitlines())


def test_the_first_file_switches_nothing_on(write: Callable[[str], Path], folder: Path) -> None:
    assert tomllib.loads(initial_text()) == {}
    assert load(write(initial_text())) == Config()


def test_every_option_of_the_first_file_is_right_when_it_is_switched_on(write: Callable[[str], Path]) -> None:
    config = load(write(switched_on(initial_text())))
    assert config.pane[1] == PaneOptions(agent="codex", folder="worktree", name="experiment")
    assert config.keys == {"prefix": "ctrl+b", "alt+z": "zoom"}
    assert config.agent["reviewer"] == {"command": ["codex", "--profile", "review"], "trace": False}


def test_the_first_file_names_every_option() -> None:
    on = tomllib.loads(switched_on(initial_text()))
    assert set(on) == set(Options.__struct_fields__)
    assert set(on["conflicts"]) == set(ConflictOptions.__struct_fields__)
    assert set(on["notifications"]) == set(NotificationOptions.__struct_fields__)
    assert all(f"#   {key} " in initial_text() for key in PaneOptions.__struct_fields__)


def test_the_first_file_fits_a_terminal() -> None:
    assert max(len(line) for line in initial_text().splitlines()) <= 120


def test_what_is_shown_loads_as_the_same(write: Callable[[str], Path]) -> None:
    config = load(write(ON))
    again = load(write(current_text(config)))
    assert {field: getattr(again, field) for field in Options.__struct_fields__} == {
        field: getattr(config, field) for field in Options.__struct_fields__
    }


def test_what_is_shown_says_where_it_came_from(user_folder: Path, write: Callable[[str], Path]) -> None:
    (user_folder / "config.toml").write_text('theme = "moss"\n[agent.claude]\ntrace = false')
    lines = current_text(load(write(ON))).splitlines()
    for line in (
        'grid = "2x3"  # agentgrid.toml',
        'theme = "moss"  # ~/conf/config.toml',
        "history_rows = 10000  # default",
        "[[pane]]  # agentgrid.toml",
        "trace = false  # ~/conf/config.toml",
        'command = ["claude"]  # agentgrid.toml',
        'window = "20m"  # default',
    ):
        assert line in lines


@given(st.dictionaries(st.text(min_size=1), st.lists(st.text(st.characters(codec="utf-8")) | st.integers(-(2**60), 2**60)) | st.booleans()))
def test_any_table_is_written_as_toml(table: dict[str, object]) -> None:
    assert tomllib.loads(written(table)) == table
