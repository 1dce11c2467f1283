"""What the JSON holds, field by field: documentation as data, which tests hold against what is really printed."""

from typing import NamedTuple


class Field(NamedTuple):
    """A field of an object."""

    name: str
    type: str
    meaning: str


STATUS = (
    Field("session", "text", "its name"),
    Field("folder", "text", "where it works"),
    Field("grid", "text", 'rows x columns of a page: `"3x3"`'),
    Field("clients", "number", "screens that show it"),
    Field("panes", "list of panes", "those on the grid by number, then the parked ones"),
)
PANE = (
    Field("id", "text", "`%7`, never used twice in a session"),
    Field("number", "number", "its cell, counted from 1; 0 while it is parked"),
    Field("name", "text", ""),
    Field("agent", "text", "the agent's name, empty for another program"),
    Field("command", "list of texts", "what runs"),
    Field("folder", "text", "where it works"),
    Field("branch", "text", "the branch of its own worktree, else empty"),
    Field("pid", "number", "the program's process; 0 when none runs"),
    Field("columns", "number", "the width of its screen"),
    Field("rows", "number", "the height of its screen"),
    Field("state", "text", "starting, working, blocked, done, idle, limited, error, exited or unknown"),
    Field("state_since", "time", ""),
    Field("state_source", "text", "what the state was told by (docs/states.md); empty when it is not known"),
    Field("state_kind", "text", "of `blocked`: permission, question or auth"),
    Field("state_until", "time or null", "of `limited`: when it is over, where that is known"),
    Field("message", "text", "what the agent says of its state, such as its question"),
    Field("progress", "number or null", "0 to 100, where the program tells it"),
    Field("dialog", "object or null", "what it asks: `kind`, `question`, `subject`, `choices`, `fingerprint`"),
    Field("title", "text", "the terminal title the program has set"),
    Field("conversation", "text", "the id of the agent's own conversation, which `restart` takes up; empty when it is not known"),
    Field("earlier_conversations", "list of texts", "the ids of those before, oldest first"),
    Field("traced", "true or false", "whether every write of it is seen, with its author"),
    Field("untraced_because", "text", "why not"),
    Field("files_changed", "number", "files in which it has work that is not committed"),
    Field("conflicts", "number", "conflicts it has a part in"),
    Field("unseen", "true or false", "it has finished something and nobody has looked"),
    Field("since_looked", "object", "what it has done since somebody looked at it: `files`, `commits`, `questions`, `exits`"),
    Field("exit_code", "number or null", "of the last run, negative for a signal; null while it runs"),
    Field("parked", "true or false", "it lives on without a cell"),
    Field(
        "usage",
        "object or null",
        "`cpu_percent` since it was last asked for, `memory_bytes` of all its processes; `model`, `input_tokens`, `output_tokens`, "
        "`context_tokens`, `context_window`, `context_percent`, `cost_dollars`, `limit_used_percent`, `limit_resets_at` as its "
        "transcript tells; null for what is not known",
    ),
    Field("queued", "number", "prompts that wait until it has nothing to do"),
    Field("locked", "true or false", "nothing is typed into it"),
    Field("problem", "text", "why it could not be started"),
)
CHANGE = (
    Field("path", "text", "relative to `folder`"),
    Field("kind", "text", "created, modified, deleted or renamed"),
    Field("pane", "text or null", "its author; null when nobody is known"),
    Field("candidates", "list of panes", "who it may have been, where the author is not known"),
    Field("evidence", "text", "traced, reported, observed, only_candidate, unknown or outside: how the author is known"),
    Field("at", "time", ""),
    Field("folder", "text", "the workspace: the top of the repository, or the folder that is in none"),
    Field("old_path", "text", "of a renamed file; here and below: only where it is known"),
    Field("digest", "text", "of the content"),
    Field("size", "number", "in bytes"),
    Field("program", "text", "which program wrote"),
    Field("operation", "text", "what it was a part of: `git checkout`, or `bulk` for many files in one sweep"),
)
CONFLICT = (
    Field("id", "number", "as `ack` takes it"),
    Field("kind", "text", "the worst of `kinds`: same_file, overlap, stale, overwrite, git or worktree"),
    Field("path", "text", "relative to `folder`; empty where git concerned no file in particular"),
    Field("panes", "list of panes", "in the order in which they came in; of git's, the one that ran git first"),
    Field("lines", "list of pairs", "first and last line of each place where they meet"),
    Field("evidence", "list of texts", "for each of `panes`, the best there is"),
    Field("first", "time", ""),
    Field("last", "time", ""),
    Field("open", "true or false", ""),
    Field("kinds", "list of texts", "all that it has been"),
    Field("writes", "number", "how many changes it stands for"),
    Field("folder", "text", "the workspace"),
    Field("paths", "list of texts", "all the files, where it is about more than one; here and below: only where there is any"),
    Field("summary", "text", "git's own words, or whether two worktrees merge"),
    Field("closing", "text", "why it is over: commit, revert, ack or expired"),
)
WHO = (
    Field("path", "text", "relative to `folder`"),
    Field("folder", "text", "the workspace"),
    Field("authors", "list of changes", "the last change of each pane with work in it that is not committed, newest first"),
    Field("last", "change or null", "the last change by anybody"),
    Field("lines", "list of triples", "first line, last line, and whose they are: a pane, or null when committed or nobody's of ours"),
)
SESSION = (
    Field("session", "text", "its name"),
    Field("folder", "text", "where it works"),
    Field("panes", "number or null", "null when it could not be asked"),
    Field("clients", "number or null", "screens that show it"),
    Field("problem", "text", "why it could not be asked"),
)
CHECK = (
    Field("check", "text", "what was looked at"),
    Field("ok", "true, false or null", "null where it cannot be told"),
    Field("found", "text", ""),
    Field("advice", "text", "what to do about a no"),
    Field("needed", "true or false", "agentgrid does not work without; such a no makes the exit code 1"),
)
THEME = (
    Field("name", "text", "as `--theme` takes it"),
    Field("title", "text", ""),
    Field("description", "text", ""),
    Field("dark", "true or false", ""),
    Field("high_contrast", "true or false", ""),
    Field("problem", "text", "what is wrong with its file"),
)

OBJECTS: tuple[tuple[str, str, tuple[Field, ...]], ...] = (
    ("status", "An object:", STATUS),
    ("status: a pane", "Each of `panes`:", PANE),
    ("changes", "A list of objects, oldest first:", CHANGE),
    ("conflicts", "A list of objects:", CONFLICT),
    ("who", "An object:", WHO),
    ("ls", "A list of objects:", SESSION),
    ("doctor", "A list of objects:", CHECK),
    ("themes", "A list of objects:", THEME),
)

SHORT = (
    ("new", '`{"id": "%7"}`'),
    ("send", '`{"receipt": "delivered"}`: delivered, stranded, queued or unknown'),
    ("broadcast", '`{"%1": {"receipt": "delivered"}, …}`'),
    ("screen", '`{"pane": "3", "text": "…"}`: the pane as it was named, rows joined by line breaks'),
    ("wait", '`{"state": "done"}`, `{"text": "what matched"}` or `{"exit_code": 0}`'),
    ("detach", '`{"detached": 1}`: how many screens'),
    ("ack", "the conflict"),
    ("check", 'a list of who holds it: `{"pane": "%2", "name", "number", "path", "at", "lines"}`'),
    ("commit", '`{"commit": "hash", "summary", "files": [{"path", "part": "whole|part|deleted"}]}`; the hash is empty with --dry-run'),
    ("explain", "an object with what is known of the state and from where"),
    ("config init", '`{"file": "…"}`'),
    ("config check", "a list of lines"),
    ("config show", "the configuration as an object; `origins` says which file each value is from"),
)
"""Results too small for a table."""

CONFLICT_FIELDS = "id, kind, path, panes, lines, evidence, first, last, open, kinds, writes, folder"
EVENTS = (
    ("pane_created", "status", "a pane was added; `status` is the pane as in `status --json`"),
    ("pane_started", "pid", "its program runs"),
    ("pane_exited", "exit_code", "its program has ended; negative for a signal"),
    ("pane_closed", "", "it is gone"),
    ("pane_changed", "status", "a field of it is another now"),
    ("state_changed", "state, kind, message, source", "as `state`, `state_kind`, `message` and `state_source` of a pane"),
    ("title_changed", "title", ""),
    ("bell_rung", "", ""),
    ("notification_shown", "title, body", "the program asked for a notification"),
    ("clipboard_set", "text", "the program put a text on the clipboard"),
    ("prompt_delivered", "receipt", "a prompt was typed; the receipt is that of `send`"),
    (
        "file_changed",
        "path, kind, candidates, evidence, folder",
        "a file was written; `pane` is its author or null, and there is what else is known, as in `changes --json`",
    ),
    (
        "files_changed",
        "operation, count, paths, evidence, folder",
        "many files were, in one sweep such as a checkout; `paths` has the first 200",
    ),
    ("git_ran", "action, summary, paths, evidence, candidates, folder", "git has done something to the checkout in `folder`"),
    ("conflict_raised", CONFLICT_FIELDS, "as in `conflicts --json`"),
    ("conflict_updated", CONFLICT_FIELDS, "it goes on; told at most once a second"),
    ("conflict_closed", CONFLICT_FIELDS, "`closing` says why: commit, revert, ack or expired"),
    ("attention_called", "title, body, panes", "panes that are not in view need you; `panes` are ids, the texts what a notification says"),
    ("problem_raised", "message", "something does not work and a person should know"),
    ("focus_moved", "", "`pane` is null when no pane has the focus"),
    ("zoom_changed", "", "`pane` is null when the grid is shown"),
    ("grid_changed", "rows, columns", ""),
    ("session_ended", "", "the last event there is"),
)
"""(event, fields beside ``at``, ``event`` and ``pane``, when it happens)"""
