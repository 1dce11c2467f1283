"""Kept sides of contested files: what is let go of when there are too many."""

import os
from pathlib import Path

import pytest

from agentgrid.workspace import contents
from agentgrid.workspace.contents import Contents

A, B = 1, 2


def test_the_oldest_go_but_for_what_is_still_somebodys_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_DISK_FILES", 5)
    store = tmp_path / "store"
    kept = Contents(bytes(tmp_path), store, lambda _: None)
    os.utime(store / kept.keep("f", A, b"of long ago\n"), (1, 1))
    digests = [kept.keep("g", B, b"%d\n" % number) for number in range(20)]
    for age, digest in enumerate(reversed(digests)):
        os.utime(store / digest, (1000 - age, 1000 - age))
    kept.tidy()
    assert kept.side("f", A) == b"of long ago\n"
    assert kept.side("g", B) == b"19\n"
    assert len(list(store.iterdir())) <= 6
    assert kept.kept(digests[0]) is None
