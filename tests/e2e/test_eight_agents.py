"""Eight agents in one repository: six planned collisions on three files among 34 writes that are nobody else's, then each pane
commits its own."""

import json
import time

import pytest

from tests.e2e.test_authors import IDENTITY, git
from tests.support.deadline import eventually
from tests.support.session import Session
from tests.support.tracing import needs_tracing

pytestmark = needs_tracing

PANES = range(1, 9)
SHARED = {"shared/one": (1, 2, 3), "shared/two": (4, 5, 6), "shared/three": (7, 8, 1)}
"""Who writes it, one after the other, each at a place of its own: every writer but the first collides with those before."""
OWN = 34
FLAG_SECONDS = 2.0


@pytest.fixture
def eight(session: Session) -> Session:
    session.environment |= IDENTITY
    git(session, "init", "-q", "-b", "main")
    for path in SHARED:
        file = session.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text("".join(f"line {number}\n" for number in range(1, 61)))
    git(session, "add", "-A")
    git(session, "commit", "-qm", "one")
    session.start([["/bin/sh"]] * len(PANES), "3x3", traced=True)
    return session


def own_files(pane: int) -> list[str]:
    return [f"own/{number}" for number in range(OWN) if number % len(PANES) == pane - 1]


def test_six_collisions_are_flagged_and_each_commits_its_own(eight: Session) -> None:
    for pane in PANES:
        eight.ok("send", str(pane), f"mkdir -p own; for f in {' '.join(own_files(pane))}; do echo {pane} > $f; done; echo own-$((7 * 11))")
    for pane in PANES:
        eight.wait_text(pane, "own-77")

    flagged = 0
    with eight.running("events", "--follow") as following:
        assert following.stdout is not None
        for path, panes in SHARED.items():
            for place, pane in enumerate(panes):
                eight.ok("send", str(pane), f"sed -i 's/^line {place * 20 + 5}$/by {pane}/' {path}")
                if place == 0:
                    eventually(lambda path=path: path in [one["path"] for one in eight.json("changes")], "the first write is known")  # type: ignore[misc]
                    continue
                wanted = {f"%{other}" for other in panes[: place + 1]}
                for line in following.stdout:
                    event = json.loads(line)
                    if event["event"].startswith("conflict_") and event["path"] == path and set(event["panes"]) == wanted:
                        assert event["at"] - event["last"] <= FLAG_SECONDS
                        assert time.time() - event["last"] <= FLAG_SECONDS
                        flagged += 1
                        break
    assert flagged == 6
    assert sorted(conflict["path"] for conflict in eight.json("conflicts", "--all")) == sorted(SHARED)

    for pane in PANES:
        eight.ok("commit", str(pane), "-m", f"work of {pane}")
    log = git(eight, "log", "--reverse", "--format=%H", "main").split()[1:]
    assert len(log) == len(PANES)
    for pane, made in zip(PANES, log, strict=True):
        files = sorted([*own_files(pane), *(path for path, panes in SHARED.items() if pane in panes)])
        assert git(eight, "show", "--name-only", "--format=", made).split() == files
        added = [line for line in git(eight, "show", "--format=", "-U0", made).splitlines() if line.startswith("+") and line[1:2] != "+"]
        assert set(added) == {f"+{pane}", f"+by {pane}"}
    assert git(eight, "status", "--porcelain") == ""
    eventually(lambda: [pane["conflicts"] for pane in eight.panes()] == [0] * len(PANES), "all is committed")
