"""opencode's stream of events, which stands in for hooks: HTTP without a wire, and events to signals and edits.

    connect → ``request()`` → ``receive(data)`` … → the connection ends
    phase ``asking``: GET /session, until the answer is 200 (the server is up; a listener that comes earlier hears nothing)
    phase ``listening``: GET /event, a response in chunks that never ends, of ``data: {…}`` lines

Whoever owns it makes a connection to the loopback for each request and gives it what it reads. An ``asking`` connection that
ends, is refused, or is not answered within ``ANSWER_SECONDS`` (a server that starts takes connections that it never answers)
is dropped, and another one made after ``AGAIN_SECONDS``; in phase ``listening`` the next one is made at once (``link``). The
password is of our making, so that nobody else on the machine can listen or answer.

https://html.spec.whatwg.org/multipage/server-sent-events.html, of which only ``data`` is read
"""

import base64
import json
from typing import Any, Literal

from msgspec.structs import replace

from agentgrid.agents.hooks.parsing import LIMIT, Edit, Heard, shown_text
from agentgrid.agents.signals import Hooked
from agentgrid.agents.transcripts import Usage
from agentgrid.agents.verdict import Choice

USER = "opencode"  # The name that its server wants beside the password.
AGAIN_SECONDS = 0.5  # Between two times of asking whether it is up, which takes some seconds.
ANSWER_SECONDS = 2.0  # What an answer takes on a busy machine; one that has not come by then never comes.
MAX_LINE_BYTES = 4 * 1024 * 1024  # An event with a diff in it; a longer one is not looked at.
MAX_HEAD_BYTES = 64 * 1024  # Its headers are some hundred bytes.

Event = dict[str, Any]


class EventStream:
    """One program's events. Owned by whoever holds the connection."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._children: set[str] = set()
        self._resting: Literal["done", "idle", ""] = "done"
        self.phase: Literal["asking", "listening"] = "asking"
        self.session = ""
        self.usage = Usage()
        self._restart()

    def _restart(self) -> None:
        self._head = b""
        self._body = _Body(chunked=False)
        self._status = 0
        self._line = b""

    def request(self) -> bytes:
        """What to send on a new connection."""
        self._restart()
        path = "/session" if self.phase == "asking" else "/event"
        token = base64.b64encode(f"{USER}:{self._password}".encode()).decode()
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Basic {token}", "Connection: close", "", ""]
        return "\r\n".join(lines).encode()

    def receive(self, data: bytes, at: float) -> Heard:
        """What came from the server, in any pieces. Never raises."""
        if not self._status:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                self._head = self._head[:MAX_HEAD_BYTES]
                return Heard()
            words = head.split(b"\r\n", 1)[0].split()
            self._status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 599
            self._body = _Body(chunked=b"transfer-encoding: chunked" in head.lower())
            if self.phase == "asking" and self._status == 200:
                self.phase = "listening"
                return Heard()
        if self.phase == "asking" or self._status != 200:
            return Heard()
        signals: list[Hooked] = []
        edits: list[Edit] = []
        *lines, rest = (self._line + self._body.take(data)).split(b"\n")
        self._line = rest if len(rest) <= MAX_LINE_BYTES else b""
        for line in lines:
            if line.startswith(b"data:"):
                heard = self.event(line[5:], at)
                signals += heard.signals
                edits += heard.edits
        return Heard(tuple(signals), tuple(edits))

    def event(self, text: bytes, at: float) -> Heard:
        """One event, as JSON."""
        try:
            event = json.loads(text)
        except (ValueError, RecursionError):
            return Heard()
        if not isinstance(event, dict):
            return Heard()
        kind, given = _text(event.get("type")), _dict(event.get("properties"))
        session = _text(given.get("sessionID"))
        edits = tuple(_edits(kind, given, at))
        if kind in ("session.created", "session.updated"):
            self._session(session, _dict(given.get("info")))
        state, message, choices, until = self._means(kind, given, session)
        if not state and kind != "session.created":
            return Heard((), edits)
        question = kind.startswith("question.")
        signal = Hooked(
            at=at,
            event=kind,
            state=state,
            kind=("question" if question else "permission") if state == "blocked" else "",
            message=message,
            choices=choices,
            tool=shown_text(given.get("permission")),
            session=self.session,
            until=until,
        )
        return Heard((signal,), edits)

    def _session(self, session: str, info: Event) -> None:
        if info.get("parentID"):
            self._children.add(session)  # A subagent's, whose end is not the end of the turn.
            return
        self.session = session
        tokens, model = _dict(info.get("tokens")), _dict(info.get("model"))
        cached = _dict(tokens.get("cache"))
        sent = [_count(tokens.get("input")), _count(cached.get("read")), _count(cached.get("write"))]
        cost = info.get("cost")
        self.usage = replace(
            self.usage,
            model=shown_text(model.get("id")) or self.usage.model,
            input_tokens=sum(count or 0 for count in sent) if tokens else self.usage.input_tokens,
            output_tokens=_count(tokens.get("output")) if tokens else self.usage.output_tokens,
            cost_dollars=float(cost) if isinstance(cost, int | float) and cost > 0 else self.usage.cost_dollars,
        )

    def _means(self, kind: str, given: Event, session: str) -> tuple[str, str, tuple[Choice, ...], float | None]:
        """The state that begins with an event, its message, its answers, and when a limit is over."""
        child = session in self._children
        match kind:
            case "session.status" if not child:
                return self._status_means(_dict(given.get("status")))
            case "session.idle" if not child:
                return self._resting, "", (), None  # After an error it comes twice.
            case "session.error" if not child:
                error = _dict(given.get("error"))
                if error.get("name") == "MessageAbortedError":
                    self._resting = "idle"
                    return "", "", (), None
                self._resting = ""
                data = _dict(error.get("data"))
                message = shown_text(data.get("message") or error.get("name"))
                return "limited" if data.get("statusCode") == 429 else "error", message, (), None
            case "permission.asked":
                metadata = _dict(given.get("metadata"))
                subject = metadata.get("command") or metadata.get("filepath") or " ".join(map(_text, _list(given.get("patterns"))))
                return "blocked", shown_text(f"{_text(given.get('permission'))}: {_text(subject)}"), (), None
            case "question.asked":
                first = _dict(next(iter(_list(given.get("questions"))), None))
                options = [_dict(option) for option in _list(first.get("options"))]
                choices = tuple(
                    Choice(label=shown_text(option.get("label")), key=str(number), detail=shown_text(option.get("description")))
                    for number, option in enumerate(options, 1)
                )
                return "blocked", shown_text(first.get("question")), choices, None
            case "permission.replied" | "question.replied" | "question.rejected":
                if given.get("reply") == "reject" or kind == "question.rejected":
                    self._resting = "idle"
                return "working", "", (), None
            case _:
                return "", "", (), None

    def _status_means(self, status: Event) -> tuple[str, str, tuple[Choice, ...], float | None]:
        match status.get("type"):
            case "busy":
                self._resting = "done"
                return "working", "", (), None
            case "retry":
                message, again = shown_text(status.get("message")), status.get("next")
                until = again / 1000 if isinstance(again, int | float) else None
                return ("limited", message, (), until) if LIMIT.search(message) else ("working", message, (), None)
            case _:
                return "", "", (), None  # ``idle`` is told by session.idle too.


class _Body:
    """The body of a response, without the framing of its chunks (RFC 9112, 7.1; extensions and trailers are skipped)."""

    def __init__(self, *, chunked: bool) -> None:
        self._chunked = chunked
        self._data = b""
        self._left = 0

    def take(self, data: bytes) -> bytes:
        if not self._chunked:
            return data
        self._data += data
        parts = []
        while self._data:
            if self._left:
                part, self._data = self._data[: self._left], self._data[self._left :]
                self._left -= len(part)
                parts.append(part)
                continue
            size, end, rest = self._data.lstrip(b"\r\n").partition(b"\r\n")
            if not end:
                break
            try:
                self._left = int(size.split(b";")[0], 16)
            except ValueError:
                self._left = 0
            self._data = rest
        return b"".join(parts)


def _edits(kind: str, given: Event, at: float) -> list[Edit]:
    if kind == "file.edited" and (path := _text(given.get("file"))).startswith("/"):
        return [Edit(path, "after", kind, at)]
    if kind == "permission.asked" and given.get("permission") == "edit":
        path = _text(_dict(given.get("metadata")).get("filepath"))
        return [Edit(path, "before", kind, at)] if path.startswith("/") else []
    return []


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> Event:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
