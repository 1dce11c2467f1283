"""How long a person or a script waits: verbs, nine programs and their window from nothing, and nine taken over from a killed server.

Beside each stands the same with tmux, where there is one, and how often a bare ``python3 -c pass`` fits into it.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from agentgrid.geometry import Size
from tests.support.deadline import eventually
from tests.support.program import Program
from tests.support.session import COMMAND, Session

ROUNDS = 5
SHELLS = [["/bin/sh"]] * 9
WINDOW = Size(240, 72)
PROMPTS = {"SHELL": "/bin/sh", "PS1": "$ "}


def timed(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def until_prompts(command: list[str], environment: Mapping[str, str], folder: Path | None = None) -> float:
    """Seconds until the window shows nine prompts."""
    with Program(command, WINDOW, folder=folder, environment=environment) as window:
        return timed(lambda: window.wait(lambda: window.text.count("$") >= len(SHELLS), "nine prompts"))


def ours() -> dict[str, float]:
    """Seconds by what was waited for."""
    with Session() as session:
        (session.folder / "agentgrid.toml").write_text('grid = "3x3"\n[[pane]]\ncommand = ["/bin/sh"]\ncount = 9\n')
        from_nothing = until_prompts([COMMAND], session.environment, session.folder)
    with Session() as session:
        found = {"from nothing to nine prompts": from_nothing}
        found |= {"nine shells": timed(lambda: session.start(SHELLS)), "status": timed(session.panes)}
        session.server().kill()
        eventually(lambda: session.run("status").code == 3, "the server is gone")
        found["nine taken over"] = timed(lambda: (session.ok("up", "--no-attach"), session.panes()))
        found["attach, first whole screen"] = until_prompts([COMMAND], session.environment, session.folder)
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

        starts = ["new-session", *SHELLS[0]]
        for command in SHELLS[1:]:
            starts += [";", "split-window", *command, ";", "select-layout", "tiled"]
        own = ("tmux", "-S", str(Path(folder) / "own"), "-f", "/dev/null")  # A server that is just ending takes nobody in.
        found = {"from nothing to nine prompts": until_prompts([*own, *starts], PROMPTS)}
        subprocess.run([*own, "kill-server"], check=True)
        found |= {"nine shells": timed(nine), "status": timed(lambda: run("list-panes"))}
        with Program([*tmux, "attach"], WINDOW, environment=PROMPTS) as window:
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
