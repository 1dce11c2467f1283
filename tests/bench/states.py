"""Agents' states: right at every mark of the recordings, and false alarms between them, for each layer of signals.

``make bench-states``, or ``python -m tests.bench states``. The recordings are replayed in their own time (by their
timestamps, not by waiting): bytes to an emulator, effects and screens to a watch, keys as the person pressed them.
"""

import sys
from collections import defaultdict

from tests.agents.playback import LAYERS, Recording, judge, recordings


def main() -> None:
    """Print the table: right of all marks, false alarms, and what is wrong."""
    found = recordings()
    if not found:
        sys.exit("no recordings: neither in ../shared/recordings nor in tests/recordings")
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    wrong: list[str] = []
    print(f"{'':34}" + "".join(f"{layer:>22}" for layer in LAYERS))
    for recording in found:
        cells = [_cell(recording, layer, totals[layer], wrong) for layer in LAYERS]
        print(f"{recording.name:34}" + "".join(f"{cell:>22}" for cell in cells))
    print(f"{'together':34}" + "".join(f"{_told(*totals[layer]):>22}" for layer in LAYERS))
    for line in wrong:
        print(line)


def _cell(recording: Recording, layer: str, total: list[int], wrong: list[str]) -> str:
    result = judge(recording, layer)
    right, marks, alarms = len(result.marks) - len(result.wrong), len(result.marks), len(result.alarms)
    for number, count in enumerate((right, marks, alarms)):
        total[number] += count
    wrong += [f"  {recording.name}, {layer}: {line}" for line in (*result.wrong, *result.alarms)]
    return _told(right, marks, alarms)


def _told(right: int, marks: int, alarms: int) -> str:
    return f"{right} of {marks}" + (f", {alarms} false" if alarms else "")


if __name__ == "__main__":
    main()
