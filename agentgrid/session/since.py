"""What a pane has done since somebody looked at it, in numbers. A value."""

import msgspec


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """Files that it has written, commits, questions that it asked, ends of its program."""

    files: int = 0
    commits: int = 0
    questions: int = 0
    exits: int = 0


def since_words(since: Since) -> str:
    """``3 files, 1 commit``; empty when nothing happened."""
    counts = ((since.files, "file"), (since.commits, "commit"), (since.questions, "question"), (since.exits, "exit"))
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)
