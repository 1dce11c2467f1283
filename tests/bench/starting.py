"""How long a person or a script waits: verbs, nine programs from nothing, and nine taken over from a killed server.

Beside each stands the same with tmux, where there is one, and how often a bare ``python3 -c pass`` fits into it.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from agentgrid.geometry import Size
from tests.support.deadline import eventually
from tests.support.program import Program
from tests.support.session import COMMAND, Session

ROUNDS = 5
SHELLS = [["/bin/sh"]] * 9
WINDOW = Size(240, 72)


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ours() -> dict[str, float]:
    """Seconds by what was waited for."""
    with Session() as session:
        found = {"nine shells": timed(lambda: session.start(SHELLS)), "status": timed(session.panes)}
        session.server().kill()
        eventually(lambda: session.run("status").code == 3, "the server is gone")
        found["nine taken over"] = timed(lambda: (session.ok("up", "--no-attach"), session.panes()))
        with Program([COMMAND], WINDOW, folder=session.folder, environment=session.environment) as window:
            found["attach, first whole screen"] = timed(lambda: window.wait(lambda: window.text.count("$") >= len(SHELLS), "nine prompts"))
        found["--help"] = timed(lambda: session.ok("--help"))
        return found


def theirs() -> dict[str, float]:
    """The same with tmux, as far as it has it."""
    with tempfile.TemporaryDirectory() as folder:
        tmux = ("tmux", "-S", str(Path(folder) / "socket"), "-f", "/dev/null")

        def run(*arguments: str) -> None:
            subprocess.run([*tmux, *arguments], check=True, capture_output=True)

        def nine() -> None:
            run("new-session", "-d", "-x", str(WINDOW.columns), "-y", str(WINDOW.rows), *SHELLS[0])
            for command in SHELLS[1:]:
                run("split-window", *command)
                run("select-layout", "tiled")

        found = {"nine shells": timed(nine), "status": timed(lambda: run("list-panes"))}
        environment = {"SHELL": "/bin/sh", "PS1": "$ "}
        with Program([*tmux, "attach"], WINDOW, environment=environment) as window:
            found["attach, first whole screen"] = timed(lambda: window.wait(lambda: len(window.text.split()) > len(SHELLS), "prompts"))
        run("kill-server")
        return found


def main() -> None:
    bare = statistics.median(timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)) for _ in range(ROUNDS))
    rounds = [(ours(), theirs() if shutil.which("tmux") else {}) for _ in range(ROUNDS)]
    print(f"{'milliseconds, medians of ' + str(ROUNDS):<34}{'agentgrid':>10}{'tmux':>8}{'bare Pythons':>14}")
    for name in rounds[0][0]:
        own = statistics.median(mine[name] for mine, _ in rounds)
        other = [f"{their[name] * 1000:.0f}" for _, their in rounds if name in their]
        print(f"{name:<34}{own * 1000:>10.0f}{sorted(other, key=int)[len(other) // 2] if other else '–':>8}{own / bare:>14.1f}")
