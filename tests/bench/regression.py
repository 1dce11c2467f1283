"""What has become dearer since the last release: parts of agentgrid, as ratios to plain pyte and to a bare Python.

Both are measured in this run, by turns, where the last release can be had (a tag ``v…`` in this clone); else what
was recorded in ``regression.json`` stands for it, which ``python -m tests.bench.regression --record`` writes. A line that
begins with ``warning:`` is for a person to look at: a machine that does other work makes some too, so nothing fails for it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
RATIOS = Path(__file__).with_name("_ratios.py")
RECORDED = Path(__file__).with_name("regression.json")
WARN_TIMES = 1.3  # Ratios of two runs differ by a tenth or two on a machine that does other work.
ROUNDS = 3
RUN_SECONDS = 60.0  # One takes ten.

Ratios = dict[str, float]


def measured(checkout: Path) -> Ratios:
    """Of a checkout. Raises CalledProcessError, TimeoutExpired."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    run = subprocess.run([sys.executable, str(RATIOS)], env=environment, capture_output=True, check=True, timeout=RUN_SECONDS)
    found: Ratios = json.loads(run.stdout)
    return found


def last_release() -> str:
    """Its tag; empty where there is none, as in a shallow clone."""
    run = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return run.stdout.strip() if run.returncode == 0 else ""


def unpack(tag: str, folder: Path) -> None:
    """What was released under the tag. Raises CalledProcessError."""
    packed = subprocess.run(["git", "archive", "--format=tar", tag, "agentgrid"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed, capture_output=True, check=True)


def best(rounds: list[Ratios]) -> Ratios:
    """Of each figure the least: what disturbs only ever adds."""
    return {name: min(ratios[name] for ratios in rounds) for name in rounds[0]}


def compared() -> tuple[str, Ratios, Ratios]:
    """What to compare with: where it is from and its figures; and those of this checkout."""
    if tag := last_release():
        try:
            with tempfile.TemporaryDirectory() as folder:
                unpack(tag, Path(folder))
                rounds = [(measured(Path(folder)), measured(ROOT)) for _ in range(ROUNDS)]
        except (subprocess.SubprocessError, OSError) as error:
            print(f"{tag} cannot be measured ({error}); the recorded figures stand for it\n")
        else:
            return tag, best([then for then, _ in rounds]), best([now for _, now in rounds])
    recorded: Ratios = json.loads(RECORDED.read_text())
    return "recorded", recorded, best([measured(ROOT) for _ in range(ROUNDS)])


def report(then: Ratios, now: Ratios, source: str) -> list[str]:
    """The table, and a warning for each figure that is much worse."""
    lines = [f"{'less is better':<34}{source:>12}{'now':>10}{'times':>8}"]
    warnings = []
    for name, value in now.items():
        old = then.get(name)
        lines.append(f"{name:<34}{f'{old:.4f}' if old else '–':>12}{value:>10.4f}{f'{value / old:.2f}' if old else '–':>8}")
        if old and value > WARN_TIMES * old:
            warnings.append(f"warning: {name} is {value / old:.2f} times what it was ({source})")
    return lines + warnings


def main() -> None:
    try:
        if "--record" in sys.argv:
            now = best([measured(ROOT) for _ in range(ROUNDS)])
            RECORDED.write_text(json.dumps({name: round(value, 4) for name, value in now.items()}, indent=2) + "\n")
            return
        source, then, now = compared()
    except (subprocess.SubprocessError, OSError) as error:
        print(f"warning: nothing could be measured ({error})")
        return
    print("\n".join(report(then, now, source)))


if __name__ == "__main__":
    main()
