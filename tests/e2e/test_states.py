"""States from a program's signals to the verbs: ``wait``, ``status``, ``events``, ``explain``, ``send --when-idle``."""

import json
import sys

import pytest

from tests.support.deadline import eventually
from tests.support.session import Session

ROBOT = r"""#!/bin/sh
stty -echo
report() { printf '\033]7501;%s\033\\' "$1"; }
printf 'robot\n> '
while read -r word; do
  case $word in
    work) report state=working ;;
    rest) report state=done ;;
    settle) report state=clear ;;
    ask)
      printf '\033[2J\033[HProceed with a.py?\n❯ 1. Yes\n  2. No\n\nEsc to cancel\n'
      read -r answer
      printf '\033[2J\033[Hyou said <%s>\n> ' "$answer" ;;
    end) echo bye; exit 3 ;;
    *) printf '%s?\n> ' "$word" ;;
  esac
done
"""
STARTER = r"""
import sys, termios, time
def say(text): sys.stdout.write(text); sys.stdout.flush()
say("\033]7501;state=idle\033\\")
for _ in range(8):  # It says that it is idle, and is not done drawing.
    say("loading\n")
    time.sleep(0.25)
termios.tcflush(0, termios.TCIFLUSH)
say("\033[2J\033[H> ")
print(f"got <{sys.stdin.readline().strip()}>")
sys.stdin.readline()
"""
CONFIG = r"""
[notifications]
command = ["/bin/sh", "-c", 'printf %s "$1" > ../told', "told", "{body}"]

[[pane]]
agent = "robot"
[[pane]]
command = ["/bin/sh"]

[agent.robot]
command = ["../robot"]
enter_pause_seconds = 0
trace = false
[[agent.robot.screens]]
name = "question"
state = "blocked"
kind = "permission"
pattern = '^Proceed '
also = '^(❯ )?1\. '
end = '^Esc to cancel'
question = '^(Proceed [^?]*\?)'
[[agent.robot.screens]]
name = "composer"
state = "idle"
pattern = '^>$'
"""


@pytest.fixture
def robot(session: Session) -> Session:
    """A session of a scripted agent and a shell."""
    program = session.base / "robot"
    program.write_text(ROBOT)
    program.chmod(0o700)
    config = session.base / "robot.toml"
    config.write_text(CONFIG)
    session.ok("up", "--no-attach", "--config", config, "1x2")
    session.ok("wait", "1", "--state", "idle", "--timeout", "20")
    return session


def test_from_signals_to_verbs(robot: Session) -> None:
    robot.ok("send", "1", "work")
    robot.ok("wait", "1", "--state", "working", "--timeout", "20")
    robot.ok("send", "1", "rest")
    robot.ok("wait", "1", "--state", "done", "--timeout", "20")
    first, second = robot.panes()
    assert (first["state"], first["state_source"], first["unseen"]) == ("done", "report", True)
    assert (second["state"], second["agent"]) == ("unknown", "")
    assert first["usage"]["model"] is None
    assert first["usage"]["memory_bytes"] is None or first["usage"]["memory_bytes"] > 100_000
    robot.ok("send", "1", "settle")
    robot.ok("send", "1", "ask", "--when-idle")
    robot.ok("wait", "1", "--state", "blocked", "--timeout", "20")
    asked = robot.panes()[0]
    assert (asked["state_kind"], asked["message"], asked["state_source"]) == ("permission", "Proceed with a.py?", "screen")
    assert [choice["label"] for choice in asked["dialog"]["choices"]] == ["Yes", "No"]
    told = robot.base / "told"
    eventually(lambda: told.exists() and "needs you" in told.read_text(), "they are called")
    assert told.read_text() == "1 robot-1 needs you: Proceed with a.py?"
    why = robot.ok("explain", "1")
    assert why.startswith("blocked (permission) for ")
    assert "the screen that was read" in why
    assert "  model      unknown" in why
    assert robot.json("explain", "1")["reasons"][0]["rule"] == "question"
    robot.ok("send", "1", "1")
    robot.ok("send", "1", "end", "--when-idle")
    robot.ok("wait", "1", "--exit", "--timeout", "20")
    ended = robot.panes()[0]
    assert ended["since_looked"] == {"files": 0, "commits": 0, "questions": 1, "exits": 1}
    assert (ended["state"], ended["message"], ended["exit_code"], ended["state_source"]) == ("exited", "exit code 3", 3, "exit")


def test_events_tell_each_state_once(robot: Session) -> None:
    with robot.running("events", "--follow") as following:
        assert following.stdout is not None
        told = [json.loads(following.stdout.readline())["state"] for _ in robot.panes()]
        assert told == ["idle", "unknown"]
        robot.ok("send", "1", "work")
        robot.ok("wait", "1", "--state", "working", "--timeout", "20")
        robot.ok("send", "1", "end")
        told = []
        for line in following.stdout:
            event = json.loads(line)
            if event["event"] == "state_changed" and event["pane"] == "%1":
                told.append((event["state"], event["source"]))
                if event["state"] == "exited":
                    break
    assert told == [("working", "report"), ("exited", "exit")]


def test_a_new_server_knows_what_the_last_one_knew(robot: Session) -> None:
    """No program says it again: what it said is written down."""
    robot.ok("send", "1", "work")
    robot.ok("wait", "1", "--state", "working", "--timeout", "20")
    before = robot.panes()[0]
    robot.server().kill()
    eventually(lambda: not robot.serves(), "it is gone")
    robot.ok("up", "--no-attach", "--config", robot.base / "robot.toml")
    after = robot.panes()[0]
    assert [after[name] for name in ("state", "state_since", "state_source")] == [
        before[name] for name in ("state", "state_since", "state_source")
    ]
    assert robot.json("explain", "1")["reasons"][0]["rule"] == "7501"
    robot.ok("send", "1", "rest")
    robot.ok("wait", "1", "--state", "done", "--timeout", "20")


def test_a_recording_is_explained(robot: Session) -> None:
    recording = robot.base / "robot.cast"
    with robot.running("record", recording, "1") as recorder:
        eventually(lambda: recording.exists() and "robot" in recording.read_text(), "it is recorded")
        robot.ok("send", "1", "work")
        robot.ok("wait", "1", "--state", "working", "--timeout", "20")
        robot.ok("send", "1", "end")
        recorder.wait(20)
    (robot.folder / "agentgrid.toml").write_text(CONFIG.partition("[agent.robot]")[1] + CONFIG.partition("[agent.robot]")[2])
    states = [line.split()[2] for line in robot.ok("replay", recording, "--explain").splitlines()]
    assert states[0] == "unknown"
    assert states[-1] == "working"
    assert robot.run("replay", recording, "--explain", "--agent", "robt").code == 2


def test_a_prompt_waits_until_the_agent_has_drawn_its_composer(session: Session) -> None:
    """Qwen Code says in its title that it is idle before it takes what is typed."""
    program = session.base / "starter.py"
    program.write_text(STARTER)
    command = f"command = {json.dumps([sys.executable, str(program)])}"
    (session.folder / "agentgrid.toml").write_text(f'[[pane]]\nagent = "starter"\n[agent.starter]\n{command}\ntrace = false\n')
    session.ok("up", "--no-attach", "1x1")
    session.ok("send", "1", "hello", "--when-idle")
    session.wait_text(1, "got <hello>")


def test_a_profile_that_is_edited_counts_at_once(session: Session) -> None:
    profile = session.base / "config" / "profiles" / "talker.toml"
    profile.parent.mkdir(parents=True)
    text = (
        f"""command = {json.dumps([sys.executable, "-c", "print('tea is ready'); input()"])}\ntrace = false\n[[screens]]\nname = "tea"\n"""
    )
    profile.write_text(f"{text}state = 'working'\npattern = '^tea is'\n")
    session.ok("up", "--no-attach", "1x1", "talker")
    session.ok("wait", "1", "--state", "working", "--timeout", "20")
    with session.running("events", "--follow") as following:
        assert following.stdout is not None
        following.stdout.readline()
        profile.write_text(f"{text}state = 'idle'\npatern = '^tea is'\n")
        told = next(event for line in following.stdout if (event := json.loads(line))["event"] == "problem_raised")
        assert "did you mean 'pattern'?" in told["message"]
    assert session.panes()[0]["state"] == "working"
    profile.write_text(f"{text}state = 'idle'\npattern = '^tea is'\n")
    session.ok("wait", "1", "--state", "idle,done", "--timeout", "20")


def test_waiting_for_rest_where_nothing_tells_of_it(robot: Session) -> None:
    answer = robot.run("send", "2", "true", "--when-idle")
    assert answer.code == 2
    assert "it is no agent that is known" in answer.err
