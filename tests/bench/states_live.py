"""Agents' states through the server: the six CLIs in nine panes on a scripted model, 60 moments of known truth, with hooks and without.

``make bench-states-live``. Nine agents in one session and one folder are given work at the same time. Each moment is seen
without any rule of the detector: the text of a dialog or the last word of a turn on the screen, a process that has gone, a
kill of our own. It is right when the pane is in its state a second later. A state that calls somebody, or says that there is
nothing to do, at any other time is a false alarm. Prompts and answers go through the server as well, as a person's would.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import psutil

from agentgrid.client.client import Client
from agentgrid.errors import AgentgridError, TimedOut
from agentgrid.protocol.messages import AnswerDialog, FollowEvents, GetScreen, GetStatus, Happened, SendKeys, SendText, WaitFor
from agentgrid.session.events import PromptDelivered, StateChanged
from tests.agents.live import KIT, kit
from tests.support.session import Session

PANES = ("claude", "codex", "opencode", "gemini", "qwen", "copilot", "claude", "qwen", "gemini")
LIMITED = {1: r"429[^\n]*retrying in", 2: "last status: 429", 3: "retrying"}
"""The panes that meet a limit at the end, and by what one sees it."""
KILLED = (1, 3, 6, 8)
LONG = (7, 8, 9)
"""Those that do one more turn."""

LATE_SECONDS = 1.0
EARLY_SECONDS = 2.0  # A hook tells before the screen shows it: on a busy machine by so much.
READ_SECONDS = 1.6  # A person reads before they answer; some agents drop keys that come sooner.
START_SECONDS = 240.0  # Nine agents start at once, on as few as two cores.
STEP_SECONDS = 90.0

PERMISSION = {
    "claude": r"Do you want to (create|make|proceed)",
    "codex": r"Would you like to (make|run)",
    "opencode": r"Permission required",
    "gemini": r"Apply this change\?|Allow execution",
    "qwen": r"Apply this change\?|Allow execution",
    "copilot": r"Do you want to (create|edit|run)",
}
QUESTION = {
    "claude": r"Enter to select",
    "codex": r"enter to submit",
    "opencode": r"enter (confirm|submit)|esc dismiss",
    "gemini": r"Enter to select",
    "qwen": r"Enter: Select",
    "copilot": r"needs information",
}
PLAIN_ASK = 'ask "Which fruit?" Apple Banana'
FRUIT = '{"type":"string","enum":["Apple","Banana"]}'
ASK = {"copilot": f'tool ask_user \'{{"message":"Which fruit?","requestedSchema":{{"properties":{{"fruit":{FRUIT}}}}}}}\''}
LEAVE = {"claude": "/exit", "gemini": "/quit", "qwen": "/quit", "copilot": "/exit"}
CALLING = frozenset({"blocked", "done", "error", "limited", "exited"})


class Moment(NamedTuple):
    """What was so at a time, without any rule of ours. ``seen`` is False when it did not come about in time."""

    pane: int
    at: float
    what: str
    state: str
    kind: str = ""
    seen: bool = True


class Change(NamedTuple):
    """A state that was told."""

    at: float
    pane: int
    state: str
    kind: str
    source: str


class Result(NamedTuple):
    """What was measured, in the order of time."""

    moments: list[Moment]
    changes: list[Change]
    notes: list[str]
    asked: dict[int, float]
    """When each pane got its first prompt."""
    server_seconds: float
    seconds: float


def main() -> None:
    """Print the tables: right of all moments by agent and by kind, how late, false alarms, and what was wrong."""
    if not KIT.is_dir() or any(not (kit().cache_dir() / "bin" / agent).exists() for agent in PANES):
        sys.exit("the agents are not installed: ../shared/agents/install.sh")
    for hooks in (True, False):
        told(measure(hooks=hooks), "with hooks" if hooks else "hooks switched off")


def measure(*, hooks: bool) -> Result:
    """One session of nine agents through their scripts."""
    with Session() as session, model() as url:
        config = []
        for agent in dict.fromkeys(PANES):
            argv, environment, _ = kit().prepare(agent, str(session.base), url, cwd=str(session.folder))
            session.environment |= {name: text for name, text in environment.items() if name != "PATH"}
            config += [f"[agent.{agent}]", f"command = {json.dumps(argv)}", *([] if hooks else ['hooks = ""'])]
        panes = [f'[[pane]]\nagent = "{agent}"' for agent in PANES]
        (session.folder / "agentgrid.toml").write_text("\n".join([*panes, *config]))
        session.ok("up", "--no-attach", "3x3")
        (socket,) = (session.base / "runtime").glob("*/server.sock")
        return Run(socket, session.server()).all()


@contextmanager
def model() -> Iterator[str]:
    """The scripted model's address."""
    command: list[str | Path] = [sys.executable, KIT / "mockllm.py", "--port", "0", "--quiet", "--exit-with", str(os.getpid())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


class Run:
    """Owned by ``measure``; a thread a pane, and one that listens to what is told."""

    def __init__(self, socket: Path, server: psutil.Process) -> None:
        self._socket = socket
        self._server = server
        self._moments: list[Moment] = []
        self._changes: list[Change] = []
        self._notes: list[str] = []
        self._asked: dict[int, float] = {}

    def all(self) -> Result:
        began, before = time.time(), sum(self._server.cpu_times()[:2])
        listener = threading.Thread(target=self._listen, daemon=True)
        listener.start()
        threads = [threading.Thread(target=self._pane, args=(number, agent), daemon=True) for number, agent in enumerate(PANES, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = sum(self._server.cpu_times()[:2]) - before
        moments = sorted(self._moments, key=lambda moment: moment.at)
        return Result(moments, sorted(self._changes), self._notes, self._asked, seconds, time.time() - began)

    def _listen(self) -> None:
        with suppress(AgentgridError, OSError), Client.connect(self._socket) as client:
            client.request(FollowEvents())
            for message in client.messages():
                match message:
                    case Happened(event=StateChanged(at=at, pane=pane, state=state, kind=kind, source=source)):
                        self._changes.append(Change(at, pane, state, kind, source))
                    case Happened(event=PromptDelivered(at=at, pane=pane, receipt=receipt)):
                        self._asked.setdefault(pane, at)
                        if receipt != "delivered":
                            self._notes.append(f"pane {pane}: a prompt was {receipt}")
                    case _:
                        pass

    def _pane(self, number: int, agent: str) -> None:
        with Client.connect(self._socket) as client:
            try:
                Script(client, number, agent, self._moments, self._notes).play()
            except AgentgridError as error:
                screen = client.request(GetScreen(pane=str(number)))
                self._notes.append(f"pane {number} {agent}: {error}\n{screen}")


class Script:
    """What one agent is asked to do, and what is seen of it."""

    def __init__(self, client: Client, number: int, agent: str, moments: list[Moment], notes: list[str]) -> None:
        self._client = client
        self._number = number
        self._agent = agent
        self._moments = moments
        self._notes = notes
        self._words = 0

    def play(self) -> None:
        client, agent, pane = self._client, self._agent, str(self._number)
        client.request(WaitFor(pane=pane, states=("idle",), timeout=START_SECONDS))
        self._prompt(f'say "I look"; sleep 2; write p{pane}.txt "one"; {self._last()}')
        self._asked("permission", PERMISSION[agent], "1")
        self._finished()
        self._prompt(f"{ASK.get(agent, PLAIN_ASK)}; {self._last()}")
        self._asked("question", QUESTION[agent], "2")
        self._finished()
        if self._number in LONG:
            self._prompt(f'sleep 1; write q{pane}.txt "two"; {self._last()}')
            self._asked("permission", PERMISSION[agent], "1")
            self._finished()
        if self._number in LIMITED:
            self._prompt("error 429 99; done")
            self._see("limit", LIMITED[self._number], "limited")
        else:
            self._prompt(f'say "I think"; think 2; sleep 3; say "more"; {self._last()}')
            self._finished()
        self._end()

    # ------------------------------------------------------------------ what is done

    def _last(self) -> str:
        """The step that ends a turn with a word that nobody has said before."""
        self._words += 1
        return f'done "{self._word}"'

    @property
    def _word(self) -> str:
        return f"fin{self._number}x{self._words}"

    def _prompt(self, steps: str) -> None:
        self._client.request(SendText(pane=str(self._number), text=f"mock: {steps}", when_idle=True))

    def _asked(self, kind: str, pattern: str, choice: str) -> None:
        """It asks, and is answered from the list of who needs somebody."""
        self._see(kind, pattern, "blocked", kind)
        pane = self._client.request(GetStatus())["panes"][self._number - 1]
        try:
            dialog = pane["dialog"] or {}
            asked = AnswerDialog(pane=str(self._number), fingerprint=dialog.get("fingerprint", ""), choice=choice)
            receipt = self._client.request(asked)["receipt"]
            if receipt != "answered":
                self._notes.append(f"pane {self._number} {self._agent}: the answer to its {kind} was {receipt}")
        except AgentgridError as error:
            self._notes.append(f"pane {self._number} {self._agent}: its {kind} could not be answered from the list: {error}")
            self._client.request(SendKeys(pane=str(self._number), keys=("enter",)))

    def _finished(self) -> None:
        """Its turn ends: the last word is on the screen, and not as it stands in the prompt."""
        self._see("turn-end", rf'(?<!"){self._word}(?!")', "done")

    def _see(self, what: str, pattern: str, state: str, kind: str = "") -> None:
        seen = True
        try:
            self._client.request(WaitFor(pane=str(self._number), text=pattern, timeout=STEP_SECONDS))
        except TimedOut:
            seen = False
            self._notes.append(f"pane {self._number} {self._agent}: no {what}\n{self._client.request(GetScreen(pane=str(self._number)))}")
        self._moment(what, state, kind, seen=seen)

    def _end(self) -> None:
        program = psutil.Process(self._client.request(GetStatus())["panes"][self._number - 1]["pid"])
        if self._number in KILLED:
            for process in [program, *program.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._moment("kill", "exited")
            return
        if leave := LEAVE.get(self._agent):
            self._client.request(SendText(pane=str(self._number), text=leave, when_idle=True))
        else:
            self._client.request(SendKeys(pane=str(self._number), keys=("ctrl+c",)))
        deadline = time.monotonic() + STEP_SECONDS
        while running(program) and time.monotonic() < deadline:
            time.sleep(0.02)
        self._moment("exit", "exited", seen=not running(program))

    def _moment(self, what: str, state: str, kind: str = "", *, seen: bool = True) -> None:
        self._moments.append(Moment(self._number, time.time(), what, state, kind, seen))
        time.sleep(READ_SECONDS)


def running(program: psutil.Process) -> bool:
    try:
        return program.is_running() and program.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# ---------------------------------------------------------------------- judged


def told(result: Result, title: str) -> None:
    """The table of a run."""
    wrong: list[str] = []
    right: Counter[tuple[str, str]] = Counter()
    count: Counter[tuple[str, str]] = Counter()
    late: list[float] = []
    for moment in result.moments:
        agent = PANES[moment.pane - 1]
        held = at_time(result.changes, moment.pane, moment.at + LATE_SECONDS)
        good = moment.seen and held is not None and (held.state, held.kind) == (moment.state, moment.kind)
        for key in ((agent, moment.what), (agent, ""), ("", moment.what), ("", "")):
            count[key] += 1
            right[key] += good
        if good and held is not None:
            late.append(held.at - moment.at)
        else:
            wrong.append(f"  pane {moment.pane} {agent}, {moment.what}: {moment_told(result.changes, moment)}")
    kinds = [*dict.fromkeys(moment.what for moment in result.moments), ""]
    print(f"{title}: {right['', '']} of {count['', '']} right after {LATE_SECONDS:g} s", end="")
    alarms = false_alarms(result)
    late.sort()
    print(f", {len(alarms)} false alarms" + (f"; half within {late[len(late) // 2]:.2f} s, all within {late[-1]:.2f} s" if late else ""))
    print(f"{'':12}" + "".join(f"{kind or 'together':>14}" for kind in kinds))
    for agent in [*dict.fromkeys(PANES), ""]:
        cells = [f"{right[agent, kind]} of {count[agent, kind]}" if count[agent, kind] else "" for kind in kinds]
        print(f"{agent or 'together':12}" + "".join(f"{cell:>14}" for cell in cells))
    print(f"the server used {result.server_seconds:.1f} s of processor time in {result.seconds:.0f} s")
    for line in [*wrong, *alarms, *(f"  note: {note}" for note in result.notes)]:
        print(line)
    print(flush=True)


def at_time(changes: list[Change], pane: int, at: float) -> Change | None:
    """What was said of the pane at that time."""
    return next((change for change in reversed(changes) if change.pane == pane and change.at <= at), None)


def moment_told(changes: list[Change], moment: Moment) -> str:
    """What was said around a moment."""
    if not moment.seen:
        return "was not seen"
    near = [change for change in changes if change.pane == moment.pane and moment.at - 5 < change.at < moment.at + 8]
    return " ".join(f"{change.at - moment.at:+.2f}:{change.state}/{change.kind}({change.source})" for change in near) or "nothing was said"


def false_alarms(result: Result) -> list[str]:
    """States that were told when they were not so."""
    found = []
    for pane in range(1, len(PANES) + 1):
        moments = [moment for moment in result.moments if moment.pane == pane]
        changes = [change for change in result.changes if change.pane == pane]
        for before, change in pairwise(changes):
            near = [moment for moment in moments if moment.at - EARLY_SECONDS <= change.at <= moment.at + EARLY_SECONDS]
            asked = change.at > result.asked.get(pane, float("inf"))
            rests = change.state == "idle" and before.state == "working" and asked
            if not rests and (change.state not in CALLING or (before.state, before.kind) == (change.state, change.kind)):
                continue
            late = [moment for moment in moments if moment.at <= change.at][-1:]
            known = {(other.state, other.kind) for other in changes if late and late[0].at - EARLY_SECONDS <= other.at < change.at}
            due = [moment for moment in late if (moment.state, moment.kind) not in known]  # Told late is wrong once, above.
            if all((moment.state, moment.kind) != (change.state, change.kind) for moment in (*near, *due)):
                after = f"{change.at - late[0].at:.1f} s after its {late[0].what}" if late else "at its start"
                found.append(f"  pane {pane} {PANES[pane - 1]}, false: {change.state}/{change.kind} ({change.source}) {after}")
    return found


if __name__ == "__main__":
    main()
