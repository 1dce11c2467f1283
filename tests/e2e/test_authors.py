"""Who wrote which file, from outside: traced panes, the real server, its verbs and its death."""

import json
import os
import shutil
import subprocess
from typing import Any

import psutil
import pytest

from tests.support.deadline import DEADLINE_SECONDS, eventually
from tests.support.session import Session
from tests.support.tracing import needs_tracing

pytestmark = needs_tracing

IDENTITY = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.org",
    "GIT_COMMITTER_EMAIL": "somebody@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(session: Session, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=session.folder, env=session.environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@pytest.fixture
def shells(session: Session) -> Session:
    """Three traced shells in one repository with three files of thirty lines."""
    session.environment |= IDENTITY
    git(session, "init", "-q", "-b", "main")
    for name in "abc":
        (session.folder / name).write_text("".join(f"line {number}\n" for number in range(1, 31)))
    git(session, "add", "-A")
    git(session, "commit", "-qm", "one")
    session.start([["/bin/sh"]] * 3, "2x2", traced=True)
    return session


def counts(session: Session, field: str) -> list[Any]:
    return [pane[field] for pane in session.panes()]


def in_conflict(session: Session, *expected: int) -> None:
    eventually(lambda: counts(session, "conflicts") == list(expected), f"conflicts are {expected}")


def test_two_panes_that_write_one_file_are_flagged(shells: Session) -> None:
    assert counts(shells, "traced") == [True] * 3
    with shells.running("events", "--follow") as following:
        assert following.stdout is not None
        shells.ok("send", "1", "sed -i s/5/five/ a")
        shells.ok("send", "2", "sed -i 's/25/twenty-five/' a")
        raised = next(event for line in following.stdout if (event := json.loads(line))["event"] == "conflict_raised")
    assert (raised["path"], raised["panes"], raised["evidence"]) == ("a", ["%1", "%2"], ["traced", "traced"])
    in_conflict(shells, 1, 1, 0)
    eventually(lambda: counts(shells, "files_changed") == [1, 1, 0], "files are counted")


def test_what_is_known_survives_the_server(shells: Session) -> None:
    shells.ok("send", "1", "echo one >> a")
    shells.ok("send", "2", "echo two >> a")
    in_conflict(shells, 1, 1, 0)
    server = shells.server()
    server.kill()
    server.wait(DEADLINE_SECONDS)
    shells.ok("up", "--no-attach")
    in_conflict(shells, 1, 1, 0)
    assert shells.json("who", "a")["lines"] == [[1, 30, None], [31, 31, "%1"], [32, 32, "%2"]]
    shells.ok("send", "3", "echo three >> a")
    in_conflict(shells, 1, 1, 1)
    assert shells.json("commit", "1", "-m", "one")["files"] == [{"path": "a", "part": "part"}]
    assert git(shells, "show", "HEAD:a").splitlines()[30:] == ["one"]


def test_a_killed_host_fails_no_write(shells: Session) -> None:
    for number, pane in enumerate(shells.panes(), 1):
        psutil.Process(pane["pid"]).parent().kill()  # type: ignore[union-attr]
        shells.ok("send", str(number), f"echo {number} >> a && echo written-$(({number} * 11))")
        shells.wait_text(number, f"written-{number * 11}")
    in_conflict(shells, 1, 1, 1)
    shells.ok("down", "--yes")
    eventually(lambda: shells.processes() == [], "nothing is left")


def test_the_verbs_tell_of_it(shells: Session) -> None:
    shells.ok("send", "1", "sed -i s/line.5/five/ a; echo x > new")
    shells.ok("send", "2", "sed -i 's/line.25/twenty-five/' a")
    in_conflict(shells, 1, 1, 0)
    changes = shells.json("changes")
    assert [(change["pane"], change["kind"], change["path"]) for change in changes if change["path"] in "a new"] == [
        ("%1", "modified", "a"),
        ("%1", "created", "new"),
        ("%2", "modified", "a"),
    ]
    assert {change["pane"] for change in shells.json("changes", "--pane", "2")} == {"%2"}
    (conflict,) = shells.json("conflicts")
    assert (conflict["kind"], conflict["panes"]) == ("same_file", ["%1", "%2"])
    assert shells.json("who", "a")["lines"] == [[1, 4, None], [5, 5, "%1"], [6, 24, None], [25, 25, "%2"], [26, 30, None]]
    held = shells.run("check", "a")
    assert held.code == 1
    assert "sh (pane 1)" in held.out
    assert "lines 5" in held.out
    assert shells.run("check", "b") == (0, "", "")
    shells.ok("ack", str(conflict["id"]))
    in_conflict(shells, 0, 0, 0)
    assert shells.json("conflicts") == []
    assert [conflict["closing"] for conflict in shells.json("conflicts", "--all")] == ["ack"]
    shells.ok("send", "3", "echo three >> a; agentgrid check a || echo held-$((7 * 11))")
    shells.wait_text(3, "held-77")


def test_each_pane_commits_its_own(shells: Session) -> None:
    shells.ok("send", "1", "sed -i s/line.5/five/ a; echo one > only-1; rm b")
    shells.ok("send", "2", "sed -i 's/line.25/twenty-five/' a; echo two > only-2")
    in_conflict(shells, 1, 1, 0)
    (shells.folder / "staged").write_text("by hand\n")
    git(shells, "add", "staged")
    assert shells.json("commit", "1", "--dry-run")["files"] == [
        {"path": "a", "part": "part"},
        {"path": "b", "part": "deleted"},
        {"path": "only-1", "part": "whole"},
    ]
    first = shells.json("commit", "1", "-m", "the first")
    assert git(shells, "show", "--name-status", "--format=", first["commit"]).split() == ["M", "a", "D", "b", "A", "only-1"]
    assert git(shells, "show", "HEAD:a").splitlines()[4] == "five"
    assert git(shells, "show", "HEAD:a").splitlines()[24] == "line 25"
    assert git(shells, "status", "--porcelain").splitlines() == [" M a", "A  staged", "?? only-2"]
    shells.ok("commit", "2", "-m", "the second")
    assert git(shells, "show", "--name-only", "--format=", "HEAD").split() == ["a", "only-2"]
    assert git(shells, "status", "--porcelain").splitlines() == ["A  staged"]
    in_conflict(shells, 0, 0, 0)
    nothing = shells.run("commit", "2", "-m", "again")
    assert nothing.code == 2
    assert "nothing that is not committed" in nothing.err


def test_a_commit_obeys_the_hooks_and_refuses_what_is_entangled(shells: Session) -> None:
    hook = shells.folder / ".git" / "hooks" / "commit-msg"
    hook.write_text('#!/bin/sh\ngrep -q ok "$1" || { echo "no ok in it" >&2; exit 1; }\n')
    hook.chmod(0o755)
    shells.ok("send", "1", "sed -i 's/line 5$/five\\nand more/' a; echo done-$((7 * 11))")
    shells.wait_text(1, "done-77")
    assert "no ok in it" in shells.run("commit", "1", "-m", "bad").err
    assert git(shells, "rev-list", "--count", "HEAD").strip() == "1"
    shells.ok("send", "2", "sed -i 's/^and more/and less/' a")
    in_conflict(shells, 1, 1, 0)
    refused = shells.run("commit", "1", "-m", "ok")
    assert refused.code == 2
    assert "a, lines 5-6: its changes and those of sh-2 (pane 2) stand in one another" in refused.err
    assert not (shells.folder / ".git" / "index.lock").exists()


GPG = """#!/bin/sh
echo "$@" >> "$0.called"
cat > /dev/null
echo '[GNUPG:] SIG_CREATED ' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'
"""


@pytest.mark.parametrize(
    "kind", ["gpg", pytest.param("ssh", marks=pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen"))]
)
def test_a_commit_is_signed_as_git_is_configured(shells: Session, kind: str) -> None:
    if kind == "gpg":
        program = shells.base / "signer"
        program.write_text(GPG)
        program.chmod(0o755)
        git(shells, "config", "gpg.program", str(program))
        git(shells, "config", "user.signingkey", "somebody")
    else:
        key = shells.base / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, timeout=60)
        git(shells, "config", "gpg.format", "ssh")
        git(shells, "config", "user.signingkey", f"{key}.pub")
    git(shells, "config", "commit.gpgsign", "true")
    (shells.folder / "staged").write_text("by hand\n")
    git(shells, "add", "staged")
    shells.ok("send", "1", "echo one >> a; echo done-$((7 * 11))")
    shells.wait_text(1, "done-77")
    eventually(lambda: counts(shells, "files_changed") == [1, 0, 0], "it is known")
    made = shells.json("commit", "1", "-m", "signed")["commit"]
    signature = {"gpg": "PGP SIGNATURE", "ssh": "SSH SIGNATURE"}[kind]
    assert f"BEGIN {signature}" in git(shells, "cat-file", "commit", made)
    assert git(shells, "status", "--porcelain").splitlines() == ["A  staged"]


def test_a_guard_denies_a_write_to_what_another_pane_holds(session: Session) -> None:
    session.environment |= IDENTITY
    git(session, "init", "-q", "-b", "main")
    (session.folder / "a").write_text("one\n")
    git(session, "add", "-A")
    git(session, "commit", "-qm", "one")
    claude = session.base / "bin" / "claude"
    claude.parent.mkdir()
    claude.write_text("#!/bin/sh\nexec /bin/sh\n")
    claude.chmod(0o755)
    session.start([["/bin/sh"], [str(claude)]], "1x2", traced=True, config_text='[conflicts]\nguard = "deny"\n')
    payload = json.dumps({"tool_name": "Edit", "cwd": str(session.folder), "tool_input": {"file_path": str(session.folder / "a")}})
    (session.base / "payload").write_text(payload)
    hook = f'sh "$AGENTGRID_REPORTER" claude PreToolUse < {session.base / "payload"} > {session.base / "said"}; echo asked-$((7 * 11))'
    session.ok("send", "2", hook)
    session.wait_text(2, "asked-77")
    assert (session.base / "said").read_text() == ""
    session.ok("send", "1", "echo two >> a")
    eventually(lambda: session.run("check", "a").code == 1, "pane 1 holds it")
    session.ok("send", "2", f"clear; {hook}")
    decision = eventually(lambda: (session.base / "said").read_text(), "the guard has decided")
    told = json.loads(decision)["hookSpecificOutput"]
    assert told["permissionDecision"] == "deny"
    assert "a was written by sh (pane 1) just now" in told["permissionDecisionReason"]


def test_the_same_file_in_two_worktrees(shells: Session) -> None:
    pane = shells.ok("new", "--folder", "worktree", "--", "/bin/sh").strip()
    shells.ok("send", "1", "sed -i s/line.5/five/ a")
    shells.ok("send", pane, "sed -i s/line.5/cinq/ a")

    def raised() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = shells.json("conflicts")
        return [one for one in found if one["kind"] == "worktree"]

    (conflict,) = eventually(raised, "the worktrees are compared")
    assert (conflict["path"], conflict["panes"]) == ("a", ["%1", pane])
    assert "do not merge" in conflict["summary"]
    shells.ok("send", pane, "git checkout -q a")
    eventually(lambda: not raised(), "they are alike again")


def test_what_was_written_over_a_version_it_had_not_read_is_stale(session: Session) -> None:
    session.environment |= IDENTITY
    git(session, "init", "-q", "-b", "main")
    (session.folder / "a").write_text("".join(f"line {number}\n" for number in range(1, 31)))
    git(session, "add", "-A")
    git(session, "commit", "-qm", "one")
    claude = session.base / "bin" / "claude"
    claude.parent.mkdir()
    claude.write_text("#!/bin/sh\nexec /bin/sh\n")
    claude.chmod(0o755)
    session.start([["/bin/sh"], [str(claude)]], "1x2", traced=True)
    payload = {"tool_name": "Read", "cwd": str(session.folder), "tool_input": {"file_path": str(session.folder / "a")}}
    (session.base / "payload").write_text(json.dumps(payload))
    session.ok("send", "2", f'sh "$AGENTGRID_REPORTER" claude PostToolUse < {session.base / "payload"}; echo read-$((7 * 11))')
    session.wait_text(2, "read-77")
    session.ok("send", "1", "sed -i s/line.5/five/ a")
    eventually(lambda: session.panes()[0]["files_changed"] == 1, "the first has written")
    session.ok("send", "2", "sed -i s/line.25/late/ a")
    (conflict,) = eventually(lambda: session.json("conflicts"), "it is flagged")
    assert conflict["kind"] == "stale"
