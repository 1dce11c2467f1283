"""Waiting for what only looking again can tell: files, processes and answers of the program under test."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

LOOK_AGAIN_SECONDS = 0.02
DEADLINE_SECONDS = 20.0  # Generous: a loaded machine is no failure, and what comes true ends the wait at once.


def eventually(look: Callable[[], Value], what: str = "", *, seconds: float = DEADLINE_SECONDS) -> Value:
    """The first true answer. Where something tells that it happened, wait for that instead."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := look()):
        assert time.monotonic() < deadline, f"not in {seconds} s: {what or look}"
        pause.wait(LOOK_AGAIN_SECONDS)
    return found
