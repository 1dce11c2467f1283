"""Which files do not count: what git ignores (gitignore(5)), git's own, and caches, with or without a repository.

git itself could be asked (``git check-ignore --stdin``), but it reads its rules once, and a program that has to answer
within each event would be one more that can hang. So its rules are read here, by folder, when they are first needed, and
again when they have changed (``forget``). The tests compare the two on generated rules.

Precedence as git's: a folder's own ``.gitignore`` over those above it, over ``info/exclude``, over the user's; within one
file the last line that matches. What is in an ignored folder is ignored, whatever else says so. What is tracked though it
is ignored counts (``tracked``).

Deviations: patterns are case-sensitive; a repository inside a repository obeys the outer one's rules as well.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from agentgrid.workspace.pathname import bytes_of

MAX_REMEMBERED = 50_000  # Answers; a build's temporary files would fill the memory otherwise.
MAX_RULES_BYTES = 1024 * 1024  # Nobody writes more rules; a file that large is no list of them.
RULES = ".gitignore"

ALWAYS = b"""
.git
.agentgrid/
.hg/
.svn/
.jj/
__pycache__/
node_modules/
.venv/
.tox/
.nox/
.mypy_cache/
.pytest_cache/
.ruff_cache/
.hypothesis/
.gradle/
.next/
.turbo/
.parcel-cache/
.DS_Store
*.py[co]
*.sw[a-p]
*~
4913
.#*
\\#*#
.goutputstream-*
.nfs*
*.db-journal
*.db-wal
*.db-shm
*.sqlite-journal
*.sqlite-wal
*.sqlite-shm
*.sqlite3-journal
*.sqlite3-wal
*.sqlite3-shm
"""
"""What counts in no folder: version control, ours, caches of tools, and what editors and SQLite leave beside a file while it is open."""


class Rule(NamedTuple):
    """A line of a ``.gitignore``."""

    matches: re.Pattern[bytes]
    negated: bool
    folders_only: bool
    anchored: bool
    """Against the path from the file's folder, not the last part alone."""


class Ignore:
    """The rules of one workspace. Owned by its watcher.

    ``read`` gives the content of a ``.gitignore``, None when there is none; ``common`` are rules for the whole workspace,
    the strongest first (``info/exclude``, then the user's own file); ``tracked`` are ignored paths that git tracks.
    """

    def __init__(self, read: Callable[[str], bytes | None], common: Iterable[bytes] = (), tracked: Iterable[str] = ()) -> None:
        self._read = read
        self._common = [parse_rules(content) for content in common]
        self._always = parse_rules(ALWAYS)
        self._tracked = frozenset(tracked)
        self._tracked_folders = frozenset(parent for path in self._tracked for parent in _parents(path))
        self._rules: dict[str, list[Rule]] = {}
        self._answers: dict[tuple[str, bool], bool] = {}

    def ignores(self, path: str, *, folder: bool = False) -> bool:
        """Whether a file (or a folder, with all that is in it) does not count."""
        key = path, folder
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= MAX_REMEMBERED:
                self._answers.clear()
            answer = self._answers[key] = self._ask(path, folder)
        return answer

    def forget(self) -> None:
        """Some ``.gitignore`` has changed."""
        self._rules.clear()
        self._answers.clear()

    def _ask(self, path: str, folder: bool) -> bool:
        if path in self._tracked or (folder and path in self._tracked_folders):
            return False
        above, _, name = path.rpartition("/")
        if above and self.ignores(above, folder=True):
            return True
        raw, last = bytes_of(path), bytes_of(name)
        if _verdict(self._always, raw, last, folder):
            return True
        base = above
        while True:
            rules = self._rules_of(base)
            if rules:
                verdict = _verdict(rules, raw[len(bytes_of(base)) + 1 :] if base else raw, last, folder)
                if verdict is not None:
                    return verdict
            if not base:
                break
            base = base.rpartition("/")[0]
        for rules in self._common:
            verdict = _verdict(rules, raw, last, folder)
            if verdict is not None:
                return verdict
        return False

    def _rules_of(self, folder: str) -> list[Rule]:
        rules = self._rules.get(folder)
        if rules is None:
            content = self._read(f"{folder}/{RULES}" if folder else RULES)
            rules = self._rules[folder] = parse_rules(content or b"")
        return rules


def parse_rules(content: bytes) -> list[Rule]:
    """The rules of a file, in its order."""
    lines = content[:MAX_RULES_BYTES].removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [rule for line in lines if (rule := _rule(line.removesuffix(b"\r"))) is not None]


def matches(rules: list[Rule], path: str) -> bool:
    """Whether rules are about a file, or about a folder that it is in."""
    raw = bytes_of(path)
    if _verdict(rules, raw, raw.rpartition(b"/")[2], folder=False):
        return True
    above = [bytes_of(parent) for parent in _parents(path)]
    return any(_verdict(rules, parent, parent.rpartition(b"/")[2], folder=True) for parent in above)


def _rule(line: bytes) -> Rule | None:
    if line.startswith(b"#"):
        return None
    while line.endswith(b" ") and not line.endswith(b"\\ "):
        line = line[:-1]
    negated = line.startswith(b"!")
    pattern = line[1:] if negated else line
    folders_only = pattern.endswith(b"/")
    pattern = pattern.removesuffix(b"/")
    anchored = b"/" in pattern
    pattern = pattern.removeprefix(b"/")
    if not pattern:
        return None
    expression = _expression(pattern, anchored)
    return None if expression is None else Rule(expression, negated, folders_only, anchored)


def _verdict(rules: list[Rule], path: bytes, name: bytes, folder: bool) -> bool | None:
    """What a file's rules say; None when none of them is about the path."""
    for rule in reversed(rules):
        if (folder or not rule.folders_only) and rule.matches.fullmatch(path if rule.anchored else name):
            return not rule.negated
    return None


CLASSES = {
    b"alnum": b"0-9A-Za-z",
    b"alpha": b"A-Za-z",
    b"blank": b" \\t",
    b"cntrl": b"\\x00-\\x1f\\x7f",
    b"digit": b"0-9",
    b"graph": b"!-~",
    b"lower": b"a-z",
    b"print": b" -~",
    b"punct": b"!-/:-@\\[-`{-~",
    b"space": b" \\t-\\r",
    b"upper": b"A-Z",
    b"xdigit": b"0-9A-Fa-f",
}


def _expression(pattern: bytes, anchored: bool) -> re.Pattern[bytes] | None:
    """A pattern (wildmatch.c) as a regular expression; None for one that can match nothing."""
    parts: list[bytes] = []
    at = 0
    while at < len(pattern):
        char = pattern[at : at + 1]
        if char == b"*":
            stars = len(pattern[at:]) - len(pattern[at:].lstrip(b"*"))
            before, after = pattern[:at], pattern[at + stars :]
            whole = stars >= 2 and anchored and (not before or before.endswith(b"/")) and (not after or after.startswith(b"/"))
            if whole and after:
                parts.append(b"(?:.*/)?")
                stars += 1
            else:
                parts.append(b".*" if whole else b"[^/]*")
            at += stars
        elif char == b"?":
            parts.append(b"[^/]")
            at += 1
        elif char == b"[":
            found = _brackets(pattern, at)
            if found is None:
                return None
            expression, at = found
            parts.append(expression)
        elif char == b"\\":
            if at + 1 == len(pattern):
                return None
            parts.append(re.escape(pattern[at + 1 : at + 2]))
            at += 2
        else:
            parts.append(re.escape(char))
            at += 1
    try:
        return re.compile(b"".join(parts), re.DOTALL)
    except re.error:  # A range that runs backwards: git lets it match nothing.
        return None


def _brackets(pattern: bytes, start: int) -> tuple[bytes, int] | None:
    """``[a-z]`` as an expression, and where it ends; None when it does not."""
    at = start + 1
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    inside: list[bytes] = []
    first = True
    while first or pattern[at : at + 1] != b"]":
        first = False
        if at >= len(pattern):
            return None
        if pattern.startswith(b"[:", at):
            end = pattern.find(b":]", at)
            if end < 0 or pattern[at + 2 : end] not in CLASSES:
                return None
            inside.append(CLASSES[pattern[at + 2 : end]])
            at = end + 2
            continue
        at += pattern[at : at + 1] == b"\\"
        char = pattern[at : at + 1]
        if not char:
            return None
        at += 1
        if pattern[at : at + 1] == b"-" and pattern[at + 1 : at + 2] not in (b"]", b""):
            at += 1
            at += pattern[at : at + 1] == b"\\"
            inside.append(re.escape(char) + b"-" + re.escape(pattern[at : at + 1]))
            at += 1
        else:
            inside.append(re.escape(char))
    return b"(?!/)[" + (b"^" if negated else b"") + b"".join(inside) + b"]", at + 1


def _parents(path: str) -> Iterable[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
