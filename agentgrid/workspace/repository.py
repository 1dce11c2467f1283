"""What git knows of a checkout: its last commit's contents, what it ignores, what differs, what a commit brought.

Questions only; nothing here changes a repository. ``CommittedContents`` keeps one ``git cat-file`` running, since a content
is wanted each time a file is changed for the first time.
"""

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from agentgrid.errors import Unavailable
from agentgrid.workspace.git import ask_git, git_environment, path_from, run_git
from agentgrid.workspace.pathname import bytes_of, text_of

LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}
"""A file may be called ``:(top)*``."""
CONTENT_SECONDS = 5.0  # An answer takes a fifth of a millisecond; a cold disk or a network file system needs longer.
MAX_CONTENT_BYTES = 1024 * 1024  # What nobody compares is not read.
MAX_ASKED = 2000  # Paths in one question: beyond that, a file is taken for changed.


class Checkout:
    """One working tree of a repository. Values only, found once."""

    def __init__(self, top: Path, git_dir: Path, common_dir: Path) -> None:
        self.top = top
        self.git_dir = git_dir
        """Its own HEAD and index."""
        self.common_dir = common_dir
        """What all working trees of the repository share."""

    def excludes(self) -> list[bytes]:
        """The rules of ``info/exclude`` and of the user's own file, the stronger first."""
        files = [self.common_dir / "info" / "exclude"]
        code, output, _ = ask_git(self.top, "config", "--path", "--get", "core.excludesFile")
        if code == 0:
            files.append(path_from(output, self.top))
        else:
            home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
            files.append(Path(home) / "git" / "ignore")
        return [file.read_bytes() if file.is_file() else b"" for file in files]

    def tracked_though_ignored(self) -> list[str]:
        """Files that git tracks and its rules ignore."""
        return _names(ask_git(self.top, "ls-files", "-z", "--cached", "--ignored", "--exclude-standard")[1])

    def is_tracked(self, path: str) -> bool:
        """Whether the index has the file."""
        return bool(ask_git(self.top, "ls-files", "-z", "--", os.fsdecode(bytes_of(path)), environment=LITERAL)[1])

    def head(self) -> str:
        """The commit of HEAD; '' when there is none yet."""
        code, output, _ = ask_git(self.top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return output.decode().strip() if code == 0 else ""

    def brought(self, old: str, new: str) -> list[str]:
        """The files that differ between two commits; all of the second when there is no first."""
        if set(old) <= {"0"}:
            return _names(run_git(self.top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", new))
        return _names(run_git(self.top, "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-commit-id", old, new))

    def clean(self, paths: Iterable[str]) -> list[str]:
        """Of these, the files that are as the last commit has them, or as gone as there."""
        asked = list(paths)[:MAX_ASKED]
        if not asked:
            return []
        words = [os.fsdecode(bytes_of(path)) for path in asked]
        output = run_git(
            self.top, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *words, environment=LITERAL
        )
        dirty = {text_of(entry[3:]) for entry in output.split(b"\0") if len(entry) > 3}
        return [path for path in asked if path not in dirty]

    def dirty(self, limit: int) -> list[str]:
        """Files that are not as the last commit has them."""
        output = run_git(self.top, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all")
        return [text_of(entry[3:]) for entry in output.split(b"\0") if len(entry) > 3][:limit]


def open_checkout(folder: Path) -> Checkout | None:
    """The checkout a folder is in; None when it is in none, or git is not there."""
    try:
        code, output, _ = ask_git(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir")
    except Unavailable:
        return None
    lines = output.splitlines()
    if code != 0 or len(lines) != 3:
        return None
    top, git_dir, common = (folder / os.fsdecode(line) for line in lines)
    return Checkout(top.resolve(), git_dir.resolve(), common.resolve())


class CommittedContents:
    """What the last commit has of each file. Owned by a workspace; not for several threads at once."""

    def __init__(self, checkout: Checkout) -> None:
        self._top = checkout.top
        self._process: subprocess.Popen[bytes] | None = None

    def get(self, path: str) -> bytes | None:
        """A file's content; None when the commit has none, or it is too large to compare."""
        name = bytes_of(path)
        if b"\n" in name:
            return self._alone(name)  # A question is a line.
        try:
            return self._ask(b"HEAD:" + name)
        except (OSError, ValueError):
            self.close()
            return None

    def close(self) -> None:
        """End git; the next question starts it again."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()

    def _ask(self, what: bytes) -> bytes | None:
        deadline = time.monotonic() + CONTENT_SECONDS
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self._top,
                env=git_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                bufsize=0,
            )
        assert self._process.stdin is not None
        self._process.stdin.write(what + b"\n")
        answer = self._read(deadline, until_line=True)
        header, _, rest = answer.partition(b"\n")
        words = header.split()
        if header.endswith((b" missing", b" ambiguous")):
            return None
        if len(words) != 3:
            raise ValueError("git answers otherwise than it used to")
        size = int(words[2])
        while len(rest) < size + 1:
            rest += self._read(deadline)
        return rest[:size] if words[1] == b"blob" and size <= MAX_CONTENT_BYTES else None

    def _read(self, deadline: float, *, until_line: bool = False) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        data = b""
        while not data or (until_line and b"\n" not in data):
            poll = select.poll()
            poll.register(self._process.stdout.fileno(), select.POLLIN)
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise OSError("git does not answer")
            more = os.read(self._process.stdout.fileno(), 1 << 20)
            if not more:
                raise OSError("git has ended")
            data += more
        return data

    def _alone(self, name: bytes) -> bytes | None:
        code, output, _ = ask_git(self._top, "cat-file", "blob", "HEAD:" + os.fsdecode(name))
        return output if code == 0 and len(output) <= MAX_CONTENT_BYTES else None


def _names(output: bytes) -> list[str]:
    return [text_of(name) for name in output.split(b"\0") if name]
