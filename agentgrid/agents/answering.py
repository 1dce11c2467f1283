"""From an answer that a person has chosen to the keys that choose it, if the dialog is still the one they saw.

An answer with a number is chosen by its number, at once: so do Claude Code, Codex, Gemini CLI, Qwen Code and Copilot. Where
there are no numbers, one goes from the marked answer to the other one and presses Enter; where the answers stand in one row
(``choices`` in a profile's rule) one goes right. Keys are named as in the configuration. Nothing is sent here: between the
look and the keys there is no gap only if whoever sends them looks first, in the same turn of the loop.
"""

from typing import NamedTuple

from agentgrid.agents.verdict import Choice, Dialog, Verdict
from agentgrid.errors import UsageError, did_you_mean


class Answer(NamedTuple):
    """The keys to press, and what they choose."""

    keys: tuple[str, ...]
    choice: Choice


def answer(verdict: Verdict, fingerprint: str, chosen: str) -> Answer:
    """The keys that give the answer ``chosen`` (its number, counted from 1, or its text) to the dialog with this fingerprint.

    Raises UsageError when there is no question any more, another one, or no such answer."""
    dialog = verdict.dialog
    if verdict.state != "blocked" or dialog is None:
        raise UsageError("nothing is asked there any more; nothing was sent")
    if not dialog.fingerprint or not dialog.choices:
        raise UsageError("its question is not on the screen in a form that could be answered from here; answer in the pane")
    if dialog.fingerprint != fingerprint:
        raise UsageError("it asks something else by now; nothing was sent. Look at the question again")
    number = _number(dialog, chosen)
    return Answer(_keys(dialog, number), dialog.choices[number])


def _number(dialog: Dialog, chosen: str) -> int:
    """Which of the answers is meant, counted from 0."""
    labels = [choice.label for choice in dialog.choices]
    if chosen.isdecimal() and 1 <= int(chosen) <= len(labels):
        return int(chosen) - 1
    same = [number for number, label in enumerate(labels) if label.casefold() == chosen.casefold()]
    near = same or [number for number, label in enumerate(labels) if label.casefold().startswith(chosen.casefold())]
    if len(near) == 1 and chosen:
        return near[0]
    hint = did_you_mean(chosen, labels) or f"; there are 1 to {len(labels)}: {', '.join(labels)}"
    raise UsageError(f"there is no answer '{chosen}'{hint}")


def _keys(dialog: Dialog, number: int) -> tuple[str, ...]:
    if key := dialog.choices[number].key:
        return (key,)
    marked = next((place for place, choice in enumerate(dialog.choices) if choice.chosen), None)
    if marked is None:
        raise UsageError("which answer is marked cannot be seen; answer in the pane")
    forth, back = ("right", "left") if dialog.in_a_row else ("down", "up")
    return (*([forth] * (number - marked)), *([back] * (marked - number)), "enter")
