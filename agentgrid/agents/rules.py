"""What a title or the bottom of a screen says, by the rules of a profile: data in, findings out.

A pattern is a regular expression over the normal form of the screen (``screen.normal``), in which ``^`` and ``$`` are the
ends of a row. A blank in a pattern stands for any blanks and line ends, so that a phrase is found however narrow the pane
is. A rule matches when its ``pattern``, ``also`` and ``end`` are found and ``without`` is not; ``end`` is looked for in the
last few rows, so that a dialog that somebody quotes further up is none. Several short patterns and not one long: each then
takes time in proportion to the text. Of the rules that refine nothing the first that matches is the finding; those with
``over`` add to it whatever else matches.
"""

import re
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta

from agentgrid.agents.screen import MAX_BOTTOM_ROWS, normal
from agentgrid.agents.verdict import Dialog

Seen: TypeAlias = Literal["working", "blocked", "done", "idle", "limited", "error", "quiet"]
"""What a rule can say. ``quiet``: it is not at work, and something else must tell whether it waits for somebody."""

FOOT_ROWS = 4  # The footer of a dialog, wrapped in a narrow pane.
FOOT_SEARCH_ROWS = 8  # … with blank rows and borders between.
BLANK = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|( (?=[*+?{]))| ")


class TitleRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of ``[[titles]]``."""

    state: Annotated[Seen, Meta(description="What the title says.")]
    pattern: Annotated[str, Meta(description="A regular expression that is found in the title.", examples=["^✳"])]
    kind: Annotated[Literal["", "permission", "question", "auth"], Meta(description="With `blocked`: what it waits for.")] = ""


class ScreenRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of ``[[screens]]``."""

    name: Annotated[str, Meta(description="How `explain` calls the rule.", examples=["spinner"])]
    state: Annotated[Seen, Meta(description="What the screen says.")]
    pattern: Annotated[str, Meta(description="A regular expression that is found in the last rows; its blanks match line ends too.")] = ""
    also: Annotated[str, Meta(description="One more that is found there.")] = ""
    end: Annotated[str, Meta(description="One that is found in the last four rows that are not blank.")] = ""
    without: Annotated[str, Meta(description="One that is not found in the last rows.")] = ""
    rows: Annotated[int, Meta(ge=1, le=MAX_BOTTOM_ROWS, description="How many of the last rows it looks at.")] = 14
    kind: Annotated[Literal["", "permission", "question", "auth"], Meta(description="With `blocked`: what it waits for.")] = ""
    over: Annotated[
        tuple[Literal["working", "blocked", "done", "idle", "error"], ...],
        Meta(description="States that it refines, also when a stronger signal says them.", examples=[["working"]]),
    ] = ()
    message: Annotated[str, Meta(description="A regular expression whose first group is the message.")] = ""
    until: Annotated[
        str, Meta(description="A regular expression with groups `hours`, `minutes`, `seconds` (from now) or `clock`: when a limit is over.")
    ] = ""
    top: Annotated[
        str, Meta(description="A regular expression for where a dialog begins, above its question; the screen's top where it is not found.")
    ] = ""
    question: Annotated[str, Meta(description="A regular expression whose first group is a dialog's question.")] = ""
    subject: Annotated[str, Meta(description="A regular expression whose first group is what a dialog is about: a command, a file.")] = ""
    choices: Annotated[tuple[str, ...], Meta(description="A dialog's answers, where they are always the same ones in one row.")] = ()


class Finding(NamedTuple):
    """What a rule found. ``clock`` and ``seconds``: when a limit is over, as the screen says it."""

    state: str
    rule: str
    kind: str = ""
    message: str = ""
    over: tuple[str, ...] = ()
    seconds: float | None = None
    clock: str = ""
    dialog: Dialog | None = None


class _Compiled(NamedTuple):
    rule: ScreenRule
    pattern: re.Pattern[str] | None
    also: re.Pattern[str] | None
    end: re.Pattern[str] | None
    without: re.Pattern[str] | None

    def found(self, text: str, foot: str) -> int:
        """Where in the text the rule matches; -1 when it does not."""
        if self.end is not None and not self.end.search(foot):
            return -1
        matched = self.pattern.search(text) if self.pattern is not None else None
        if self.pattern is not None and matched is None:
            return -1
        if (self.also is not None and not self.also.search(text)) or (self.without is not None and self.without.search(text)):
            return -1
        return matched.start() if matched is not None else 0


def compiled(pattern: str) -> re.Pattern[str]:
    """The expression of a pattern: its blanks stand for any white space, but in a character class. Raises re.error."""
    return re.compile(BLANK.sub(lambda found: found.group(1) or (r"\s" if found.group(2) else r"\s+"), pattern), re.MULTILINE)


def mistake(rule: TitleRule | ScreenRule) -> str:
    """The key whose value is no regular expression, with what is wrong; empty when all are."""
    if not rule.pattern and not getattr(rule, "end", ""):
        return "pattern' is missing, and so is 'end': the rule would always match"
    for key in ("pattern", "also", "end", "without", "message", "until", "top", "question", "subject"):
        text = getattr(rule, key, "")
        try:
            groups = compiled(text).groups if text else 1
        except re.error as error:
            return f"{key}' is no regular expression ({error})"
        if key in ("message", "question", "subject") and not groups:
            return f"{key}' has no group; put what is to be shown in parentheses"
    return ""


def read_title(rules: tuple[TitleRule, ...], title: str) -> Finding | None:
    """The first rule that the title matches."""
    for rule, pattern in _titles(rules):
        if pattern.search(title):
            return Finding(rule.state, f"title {rule.pattern}", rule.kind)
    return None


def read_screen(rules: tuple[ScreenRule, ...], rows: tuple[str, ...], columns: int) -> tuple[Finding, ...]:
    """The finding, if there is one, then what refines."""
    texts: dict[int, str] = {}
    found: list[Finding] = []
    decided = False
    foot = "\n".join([row for row in normal(rows[-FOOT_SEARCH_ROWS:]).split("\n") if row][-FOOT_ROWS:])
    for entry in _screens(rules):
        rule = entry.rule
        if decided and not rule.over:
            continue
        text = texts.get(rule.rows)
        if text is None:
            text = texts[rule.rows] = normal(rows[-rule.rows :])
        start = entry.found(text, foot)
        if start < 0:
            continue
        finding = _finding(entry, start, text, rows[-rule.rows :], columns)
        if rule.over:
            found.append(finding)
        else:
            decided = True
            found.insert(0, finding)
    return tuple(found)


def _finding(entry: _Compiled, start: int, text: str, rows: tuple[str, ...], columns: int) -> Finding:
    rule = entry.rule
    seconds, clock = _until(rule.until, text) if rule.until else (None, "")
    dialog = None
    if rule.state == "blocked":
        start = text.rfind("\n", 0, start) + 1
        if rule.top:
            start = max((found.start() for found in compiled(rule.top).finditer(text) if found.start() <= start), default=0)
        from agentgrid.agents import dialogs  # Most of who reads profiles never reads a screen.

        feet = [found.start() for found in entry.end.finditer(text, start)] if entry.end is not None else []
        dialog = dialogs.read(
            kind=rule.kind,
            text=text[start:],
            rows=rows[text.count("\n", 0, start) :],
            footer=text.count("\n", start, feet[-1]) if feet else None,
            columns=columns,
            question=_first(rule.question, text[start:]),
            subject=_first(rule.subject, text[start:]),
            fixed=rule.choices,
        )
    message = _first(rule.message, text) or (dialog.question if dialog else "")
    return Finding(rule.state, rule.name, rule.kind, message, rule.over, seconds, clock, dialog)


def _first(pattern: str, text: str) -> str:
    """The first group that took part in a match, on one line."""
    found = compiled(pattern).search(text) if pattern else None
    return "" if found is None else " ".join(next((group for group in found.groups() if group), "").split())


def _until(pattern: str, text: str) -> tuple[float | None, str]:
    found = compiled(pattern).search(text)
    if found is None:
        return None, ""
    named = found.groupdict()
    counts = [(named.get(unit), seconds) for unit, seconds in (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))]
    if any(count for count, _ in counts):
        return sum(float(count) * seconds for count, seconds in counts if count), ""
    return None, named.get("clock") or ""


@lru_cache(maxsize=64)  # One entry for each profile in use, and some that were edited.
def _titles(rules: tuple[TitleRule, ...]) -> tuple[tuple[TitleRule, re.Pattern[str]], ...]:
    return tuple((rule, compiled(rule.pattern)) for rule in rules)


@lru_cache(maxsize=64)
def _screens(rules: tuple[ScreenRule, ...]) -> tuple[_Compiled, ...]:
    return tuple(
        _Compiled(rule, *(compiled(text) if text else None for text in (rule.pattern, rule.also, rule.end, rule.without))) for rule in rules
    )
