"""The verbs that are about files, as data: who wrote them, what collides, and commits of one pane's work."""

from agentgrid.cli.readers import count
from agentgrid.cli.words import PANE, Argument, Option, Verb

FILES = (
    Verb(
        "changes",
        "files:changes",
        "which files have changed, and who wrote them",
        options=(Option("--pane", "only those of this pane", shown="PANE", names="pane"),),
        examples=(("changes", "oldest first"), ("changes --pane claude-2 --json", "for scripts")),
        details="Evidence says how the author is known: traced is exact; see docs/conflicts.md.",
        json=True,
    ),
    Verb(
        "conflicts",
        "files:conflicts",
        "where panes got in each other's way",
        options=(Option("--all", "those that are over, too"),),
        examples=(("conflicts", "the open ones"), ("conflicts --all --json", "")),
        json=True,
    ),
    Verb(
        "who",
        "files:who",
        "who wrote a file, line by line where that is known",
        arguments=(Argument("path", "PATH", "a file", names="file"),),
        examples=(("who src/parser.py", ""),),
        details="Of what is not committed; 'git blame' knows the rest.",
        json=True,
    ),
    Verb(
        "ack",
        "files:ack",
        "acknowledge a conflict: you have seen it",
        arguments=(Argument("conflict", "CONFLICT", "its number", read=count),),
        examples=(("ack 3", "counting begins anew: the next collision is flagged again"),),
        json=True,
    ),
    Verb(
        "check",
        "files:check",
        "whether another pane holds a file: exit code 1 and a line that says who",
        arguments=(Argument("path", "PATH", "a file", names="file"),),
        examples=(("check src/parser.py || exit 0", "in a hook of your own"),),
        details="Another pane holds it when it has written it of late and has not committed it. Within a pane, that pane is not another.",
        json=True,
    ),
    Verb(
        "commit",
        "files:commit",
        "commit exactly what a pane wrote",
        arguments=(PANE,),
        options=(
            Option("--message", "the commit's message", shown="TEXT", short="-m"),
            Option("--dry-run", "only say what would be committed"),
        ),
        examples=(("commit 3 -m 'parser: accept tabs'", ""), ("commit claude-2 --dry-run", "")),
        details=(
            "Of a file in which others have work, too, only this pane's lines are committed, or the commit is refused and says why. "
            "Your staging area stays as it is; git's hooks and signing apply as you have configured them."
        ),
        json=True,
    ),
)
