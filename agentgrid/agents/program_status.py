"""What programs say of themselves: OSC 7501, the Program Status Protocol (revision 0.2), the terminal's side.

A report is ``key=value`` pairs joined by ``:``. Each replaces the record of its ``id`` whole; ``clear`` drops the record and
those below it. A pane's state is its root record's; where there is none, that of the record most in need of a person.
Everything in a report is untrusted: what breaks a limit is discarded whole, texts are one line without control characters.

Not here: the detection query (``7501;?``), which the emulator answers, and what other signals say.
"""

import base64
import binascii
import re
import unicodedata

import msgspec

# The limits are the protocol's own; what breaks one is discarded, so that no program can fill memory or a header.
MAX_RECORDS = 256  # The least recently updated goes first.
MAX_PAYLOAD = 4096  # From OSC to ST.
MAX_ID_BYTES = 128  # Eight segments of a reasonable name.
MAX_ID_SEGMENTS = 8  # Sub-agents of sub-agents.
MAX_TITLE_BYTES = 192  # Decoded.
MAX_MESSAGE_BYTES = 2048  # Decoded; one line.

STATES = ("blocked", "error", "working", "done", "idle")
"""In the order of a person's interest."""
KINDS = frozenset({"permission", "question", "auth"})
_WORD = re.compile(r"[A-Za-z0-9_.+-]{1,32}\Z")
_KEY = re.compile(r"[a-z]{1,16}\Z")
_VALUE = re.compile(r"[A-Za-z0-9_.,+/=-]*\Z")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One report, decoded. ``progress`` is 0…100, None where not known."""

    state: str
    kind: str = ""
    progress: int | None = None
    app: str = ""
    id: tuple[str, ...] = ()
    title: str = ""
    message: str = ""


def parse(payload: str) -> Record | None:
    """The report in a payload (what follows ``7501;``); None when it is to be discarded. ``clear`` is a state here."""
    if len(payload) > MAX_PAYLOAD:
        return None
    pairs: dict[str, str] = {}
    for pair in payload.split(":"):
        key, equals, value = pair.partition("=")
        if equals and _KEY.match(key) and _VALUE.match(value):
            pairs[key] = value
    state = pairs.get("state", "")
    if state not in STATES and state != "clear":
        return None
    path = tuple(pairs["id"].split("/")) if "id" in pairs else ()
    if len(path) > MAX_ID_SEGMENTS or len(pairs.get("id", "")) > MAX_ID_BYTES or not all(map(_WORD.match, path)):
        return None
    title = _text(pairs.get("title", ""), MAX_TITLE_BYTES)
    message = _text(pairs.get("msg", ""), MAX_MESSAGE_BYTES)
    app = pairs.get("app", "")
    if title is None or message is None or (app and not _WORD.match(app)):
        return None
    progress = pairs.get("progress", "")
    shown = state in ("working", "blocked") and progress.isdigit() and int(progress) <= 100
    kind = pairs.get("kind", "") if state == "blocked" else ""
    return Record(
        state=state,
        kind=kind if kind in KINDS else "",
        progress=int(progress) if shown else None,
        app=app,
        id=path,
        title=title,
        message=message,
    )


class ProgramStatus:
    """The records of one pane. Owned by whoever watches the pane."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, ...], Record] = {}

    def report(self, payload: str) -> bool:
        """Take a report; whether it was one."""
        record = parse(payload)
        if record is None:
            return False
        if record.state == "clear":
            below = [path for path in self._records if path[: len(record.id)] == record.id]
            for path in below:
                del self._records[path]
            return True
        self._records.pop(record.id, None)
        self._records[record.id] = record
        while len(self._records) > MAX_RECORDS:
            del self._records[next(iter(self._records))]
        return True

    def settled(self) -> None:
        """The program ended, or a prompt began: nobody works or waits any more."""
        for path in [path for path, record in self._records.items() if record.state in ("working", "blocked")]:
            del self._records[path]

    def reset(self) -> None:
        """The terminal was reset."""
        self._records.clear()

    @property
    def current(self) -> Record | None:
        """The record that speaks for the pane."""
        root = self._records.get(())
        if root is not None:
            return root
        return min(self._records.values(), key=lambda record: STATES.index(record.state), default=None)


def _text(encoded: str, most: int) -> str | None:
    """A base64 text, '' when there is none, None when it breaks a rule."""
    if len(encoded) > (most + 2) // 3 * 4:
        return None
    try:
        text = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if len(text.encode()) > most or any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text):
        return None
    return "".join(c for c in text if unicodedata.bidirectional(c) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
