"""Folders that are ours alone, and what is said when one cannot be written to."""

import errno
from pathlib import Path

import pytest

from agentgrid.paths import private_folder, what_to_do


def test_folders_above_are_private_too(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "state" / "agentgrid" / "session")
    assert {folder.stat().st_mode & 0o777 for folder in (made, *list(made.parents)[:2])} == {0o700}


def test_a_folder_that_is_there_is_made_private(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    private_folder(tmp_path / "state")
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "free some space in /state"),
        (errno.EDQUOT, "free some space in /state"),
        (errno.EACCES, "see to it that you may write to /state"),
        (errno.EROFS, "see to it that you may write to /state"),
        (errno.ENOTDIR, "see what is wrong with /state"),
    ],
    ids=lambda value: errno.errorcode[value] if isinstance(value, int) else None,
)
def test_advice_fits_what_is_wrong(number: int, advice: str) -> None:
    assert what_to_do(OSError(number, "so"), Path("/state")) == advice
