"""What is kept of a pane's bytes, through deaths at any moment."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentgrid.geometry import Size
from agentgrid.server.journal import RECORD, TAIL_BYTES, Journal, next_number, read_journal


def kept(folder: Path) -> tuple[bytes, list[bytes | Size]]:
    saved = read_journal(folder)
    assert saved is not None
    return saved[0], list(saved[1])


def test_bytes_after_the_checkpoint_come_back_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.checkpoint(b"dump", 0.0)
    journal.append(b"one")
    journal.resized(Size(100, 30))
    journal.append(b"two\x00\xff")
    assert kept(tmp_path) == (b"dump", [b"one", Size(100, 30), b"two\x00\xff"])
    journal.close()


def test_a_new_checkpoint_begins_a_new_tail(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.checkpoint(b"first", 0.0)
    journal.append(b"lost in the dump")
    journal.checkpoint(b"second", 1.0)
    journal.append(b"after")
    assert kept(tmp_path) == (b"second", [b"after"])
    assert len(list(tmp_path.iterdir())) == 2
    journal.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunks=st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=6), cut=st.integers(0, 60))
def test_a_death_in_the_middle_of_a_write_loses_only_the_end(tmp_path: Path, chunks: list[bytes], cut: int) -> None:
    journal = Journal(tmp_path)
    journal.number = next_number(tmp_path)
    journal.checkpoint(b"d", 0.0)
    for chunk in chunks:
        journal.append(chunk)
    journal.close()
    tail = tmp_path / f"tail.{journal.number}"
    whole = tail.read_bytes()
    tail.write_bytes(whole[: max(0, len(whole) - cut)])
    _, entries = kept(tmp_path)
    found = b"".join(entry for entry in entries if isinstance(entry, bytes))
    assert b"".join(chunks).startswith(found)
    assert len(b"".join(chunks)) - len(found) <= cut


def test_a_death_between_the_two_steps_mixes_nothing(tmp_path: Path) -> None:
    """The new tail exists, the new checkpoint was never renamed: the old pair counts."""
    journal = Journal(tmp_path)
    journal.checkpoint(b"old", 0.0)
    journal.append(b"after old")
    (tmp_path / f"tail.{journal.number + 1}").write_bytes(b"")
    (tmp_path / "checkpoint.new").write_bytes(b"half")
    assert kept(tmp_path) == (b"old", [b"after old"])
    journal.close()
    successor = Journal(tmp_path)
    successor.number = next_number(tmp_path)
    successor.checkpoint(b"new", 0.0)
    successor.append(b"after new")
    assert kept(tmp_path) == (b"new", [b"after new"])
    assert len(list(tmp_path.glob("tail.*"))) == 1
    successor.close()


@pytest.mark.parametrize("content", [b"", b"x", b"something else entirely, longer than a header"])
def test_a_file_that_is_no_checkpoint_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "checkpoint").write_bytes(content)
    assert read_journal(tmp_path) is None


def test_no_checkpoint_is_none(tmp_path: Path) -> None:
    assert read_journal(tmp_path) is None


def test_a_checkpoint_is_wanted_when_the_tail_has_grown(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.checkpoint(b"", 0.0)
    assert not journal.wants_checkpoint(100.0)
    journal.append(bytes(TAIL_BYTES))
    assert journal.wants_checkpoint(100.0)
    assert not journal.wants_checkpoint(0.5), "not so soon after the last"
    journal.close()


def test_a_folder_that_cannot_be_written_is_a_problem_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    journal = Journal(tmp_path / "file" / "pane")
    journal.checkpoint(b"dump", 0.0)
    assert "cannot save" in journal.problem
    journal.append(b"goes on")
    journal.close()


def test_a_folder_that_was_removed_is_made_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "session" / "pane")
    journal.checkpoint(b"old", 0.0)
    assert not journal.wants_checkpoint(5.0)
    shutil.rmtree(tmp_path / "session")
    journal.append(b"to nobody")
    assert journal.wants_checkpoint(10.0)
    journal.checkpoint(b"new", 10.0)
    journal.append(b"after")
    assert kept(tmp_path / "session" / "pane") == (b"new", [b"after"])
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "session", tmp_path / "session" / "pane")} == {0o700}
    journal.close()


def test_files_are_the_user_s_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "pane")
    journal.checkpoint(b"dump", 0.0)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "pane").iterdir()} == {0o600}
    assert RECORD.size == 8
    journal.close()
