"""A configuration folder of the test's own, and a folder to work in."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration folder, empty; the home folder is above it."""
    folder = tmp_path / "home" / "conf"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AGENTGRID_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path


@pytest.fixture
def write(folder: Path) -> Callable[[str], Path]:
    """Write the folder's ``agentgrid.toml``; returns the folder."""

    def written(text: str) -> Path:
        (folder / "agentgrid.toml").write_text(text, encoding="utf-8")
        return folder

    return written
