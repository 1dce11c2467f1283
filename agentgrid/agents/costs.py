"""What a pane costs, as lines for people: ``unknown`` where nothing tells, never 0. Pure."""

import time
from collections.abc import Mapping
from typing import Any

UNKNOWN = "unknown"


def told_usage(usage: Mapping[str, Any], *, agent: bool) -> list[str]:
    """The ``usage`` of ``status --json``; of a program that is no ``agent`` only what it takes of the machine."""
    rows = {"processor": _percent(usage.get("cpu_percent")), "memory": _bytes(usage.get("memory_bytes"))}
    if agent:
        rows = {
            "model": usage.get("model") or UNKNOWN,
            "tokens": _tokens(usage.get("input_tokens"), usage.get("output_tokens")),
            "context": _context(usage),
            "cost": _dollars(usage.get("cost_dollars")),
            "limit": _limit(usage),
        } | rows
    return ["what it costs", *(f"  {name:10} {text}" for name, text in rows.items())]


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.1f} %"


def _bytes(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value / 1e9:.1f} GB" if value >= 1e9 else f"{value / 1e6:.0f} MB"


def _dollars(value: float | None) -> str:
    return UNKNOWN if value is None else f"${value:.2f}" if value >= 0.1 else f"${value:.4f}"


def _tokens(taken: int | None, given: int | None) -> str:
    if taken is None and given is None:
        return UNKNOWN
    return ", ".join(f"{UNKNOWN if count is None else f'{count:,}'} {word}" for count, word in ((taken, "in"), (given, "out")))


def _context(usage: Mapping[str, Any]) -> str:
    used, window, percent = usage.get("context_tokens"), usage.get("context_window"), usage.get("context_percent")
    if used is None:
        return UNKNOWN
    return f"{used:,} tokens" + ("" if window is None or percent is None else f", {percent:.0f} % of {window:,}")


def _limit(usage: Mapping[str, Any]) -> str:
    used, resets = usage.get("limit_used_percent"), usage.get("limit_resets_at")
    if used is None and resets is None:
        return UNKNOWN
    parts = [
        f"{used:.0f} % used" if used is not None else "",
        f"until {time.strftime('%a %H:%M', time.localtime(resets))}" if resets else "",
    ]
    return ", ".join(part for part in parts if part)
