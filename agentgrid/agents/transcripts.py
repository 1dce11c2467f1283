"""What an agent's own transcript tells of a conversation: model, tokens, context, cost, and when a limit is over.

Each agent but opencode (whose event stream tells the same) appends JSON lines to a file as it works. ``Transcript`` takes the
bytes as they come and adds up; what a transcript does not tell stays None, which is not 0. Lines that are no JSON, or of
another shape, are skipped: these files are the agents' own and change with their versions.

Not here: reading the files. ``find_transcript`` says which one it is.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

MAX_LINE_BYTES = 8 * 1024 * 1024  # A tool's whole output is one line; a longer one is not looked at.
MAX_MODEL_CHARACTERS = 60  # A model's name in a list.
ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")

Entry = dict[str, Any]


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What is known; None where nothing has told. Tokens are those of the whole conversation."""

    model: str | None = None
    input_tokens: int | None = None
    """With those read from a cache."""
    output_tokens: int | None = None
    context_tokens: int | None = None
    """What the last request held."""
    context_window: int | None = None
    """What a request may hold."""
    cost_dollars: float | None = None
    limit_used_percent: float | None = None
    limit_resets_at: float | None = None

    @property
    def context_percent(self) -> float | None:
        """How full the context is."""
        if self.context_tokens is None or not self.context_window:
            return None
        return 100 * self.context_tokens / self.context_window


class Transcript:
    """One conversation's file as it grows. Owned by whoever reads the file."""

    def __init__(self, agent: str) -> None:
        self._fold = FOLDS.get(agent)
        self._rest = b""
        self._skipping = False
        self._counted: set[str] = set()
        self.usage = Usage()
        self.offset = 0
        """How many bytes of the file were taken: where to go on."""

    def take(self, data: bytes) -> None:
        """The next bytes of the file."""
        self.offset += len(data)
        *lines, rest = (self._rest + data).split(b"\n")
        if self._skipping and lines:
            lines, self._skipping = lines[1:], False
        if len(rest) > MAX_LINE_BYTES:
            rest, self._skipping = b"", True
        self._rest = b"" if self._skipping else rest
        for line in lines:
            entry = _object(line)
            if entry and self._fold is not None:
                self.usage = self._fold(self.usage, entry, self._once)

    def _once(self, key: object) -> bool:
        """Whether something is counted for the first time: Claude Code writes a message once for each of its parts."""
        if not isinstance(key, str) or not key:
            return True
        if key in self._counted:
            return False
        self._counted.add(key)
        return True


Once = Callable[[object], bool]


def _claude(usage: Usage, entry: Entry, once: Once) -> Usage:
    match entry.get("type"):
        case "assistant":
            message = _dict(entry.get("message"))
            told = _dict(message.get("usage"))
            if not told or message.get("model") == "<synthetic>":
                return usage
            sent = _sum(told, "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
            if once(message.get("id")):
                usage = _added(usage, sent, _count(told.get("output_tokens")))
            if entry.get("isSidechain"):  # A subagent has a context of its own.
                return usage
            return replace(usage, model=_name(message.get("model")) or usage.model, context_tokens=sent)
        case "cost-state":
            cost = _number(entry.get("totalCostUSD"))
            return usage if cost is None or entry.get("hasUnknownModelCost") else replace(usage, cost_dollars=cost)
        case _:
            return usage


def _codex(usage: Usage, entry: Entry, once: Once) -> Usage:
    del once
    payload = _dict(entry.get("payload"))
    if entry.get("type") == "turn_context":
        return replace(usage, model=_name(payload.get("model")) or usage.model)
    if payload.get("type") != "token_count":
        return usage
    info = _dict(payload.get("info"))
    total, last = _dict(info.get("total_token_usage")), _dict(info.get("last_token_usage"))
    limits = _dict(payload.get("rate_limits"))
    used = [_dict(limits.get(name)) for name in ("primary", "secondary")]
    fullest = max(used, key=lambda limit: _number(limit.get("used_percent")) or 0.0)
    return Usage(
        model=usage.model,
        input_tokens=_count(total.get("input_tokens")) if total else usage.input_tokens,
        output_tokens=_count(total.get("output_tokens")) if total else usage.output_tokens,
        context_tokens=_count(last.get("total_tokens")) if last else usage.context_tokens,
        context_window=_count(info.get("model_context_window")) or usage.context_window,
        limit_used_percent=_number(fullest.get("used_percent")),
        limit_resets_at=_number(fullest.get("resets_at")),
    )


def _gemini(usage: Usage, entry: Entry, once: Once) -> Usage:
    tokens = _dict(entry.get("tokens"))
    if entry.get("type") != "gemini" or not tokens:
        return usage
    sent = _count(tokens.get("input"))
    if once(entry.get("id")):
        usage = _added(usage, sent, _count(tokens.get("output")))
    return replace(usage, model=_name(entry.get("model")) or usage.model, context_tokens=sent)


def _qwen(usage: Usage, entry: Entry, once: Once) -> Usage:
    told = _dict(entry.get("usageMetadata"))
    if entry.get("type") != "assistant" or not told:
        return usage
    sent = _count(told.get("promptTokenCount"))
    if once(entry.get("uuid")):
        usage = _added(usage, sent, _count(told.get("candidatesTokenCount")))
    window = _count(entry.get("contextWindowSize")) or usage.context_window
    return replace(usage, model=_name(entry.get("model")) or usage.model, context_tokens=sent, context_window=window)


def _copilot(usage: Usage, entry: Entry, once: Once) -> Usage:
    data = _dict(entry.get("data"))
    match entry.get("type"):
        case "session.start":
            return replace(usage, model=_name(data.get("selectedModel")) or usage.model)
        case "session.model_change":
            return replace(usage, model=_name(data.get("newModel")) or usage.model)
        case "session.usage_record":
            told = _dict(data.get("usage"))
            sent = _count(told.get("inputTokens"))
            if once(told.get("apiCallId")):
                usage = _added(usage, sent, _count(told.get("outputTokens")))
            if told.get("interactionType") not in (None, "conversation-agent"):
                return usage
            window = _count(told.get("maxPromptTokens")) or usage.context_window
            return replace(usage, model=_name(told.get("model")) or usage.model, context_tokens=sent, context_window=window)
        case _:
            return usage


FOLDS: dict[str, Callable[[Usage, Entry, Once], Usage]] = {
    "claude": _claude,
    "codex": _codex,
    "gemini": _gemini,
    "qwen": _qwen,
    "copilot": _copilot,
}
"""By the name that a profile's ``transcript`` has. Copilot's cost is in requests, not in money."""


def find_transcript(agent: str, session: str, folder: str, environment: Mapping[str, str]) -> Path | None:
    """The file of a conversation, if it is there. ``environment`` is the agent's own, ``folder`` where it works."""
    if not ID.match(session):
        return None
    home = Path(environment.get("HOME", ""))
    dashed = re.sub(r"[^A-Za-z0-9]", "-", os.path.normpath(folder))
    return next(_candidates(agent, session, home, dashed, environment), None)


def _candidates(agent: str, session: str, home: Path, dashed: str, environment: Mapping[str, str]) -> Iterator[Path]:
    match agent:
        case "claude":
            places = [Path(environment.get("CLAUDE_CONFIG_DIR") or home / ".claude") / "projects" / dashed / f"{session}.jsonl"]
        case "qwen":
            places = [home / ".qwen" / "projects" / dashed / "chats" / f"{session}.jsonl"]
        case "copilot":
            places = [Path(environment.get("COPILOT_HOME") or home / ".copilot") / "session-state" / session / "events.jsonl"]
        case "codex":
            root = Path(environment.get("CODEX_HOME") or home / ".codex") / "sessions"
            places = sorted(root.glob(f"*/*/*/rollout-*-{session}.jsonl"), reverse=True)
        case "gemini":
            places = sorted((home / ".gemini" / "tmp").glob(f"*/chats/session-*-{session[:8]}.json*"), reverse=True)
        case _:
            places = []
    return (place for place in places if place.is_file())


def _added(usage: Usage, sent: int | None, received: int | None) -> Usage:
    return replace(
        usage,
        input_tokens=usage.input_tokens if sent is None else (usage.input_tokens or 0) + sent,
        output_tokens=usage.output_tokens if received is None else (usage.output_tokens or 0) + received,
    )


def _sum(told: Entry, *keys: str) -> int | None:
    counts = [count for key in keys if (count := _count(told.get(key))) is not None]
    return sum(counts) if counts else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _number(value: object) -> float | None:
    """A number, or a time as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return None
    return None


def _name(value: object) -> str | None:
    if not isinstance(value, str) or not value.isprintable():
        return None
    return value[:MAX_MODEL_CHARACTERS] or None


def _dict(value: object) -> Entry:
    return value if isinstance(value, dict) else {}


def _object(line: bytes) -> Entry:
    try:
        return _dict(json.loads(line))
    except (ValueError, RecursionError):
        return {}
