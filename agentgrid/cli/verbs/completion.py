"""``completion``: the scripts for shells, and the words they ask for."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from agentgrid.cli.completing import Candidate, candidates
from agentgrid.cli.output import say
from agentgrid.cli.words import SESSION
from agentgrid.errors import AgentgridError

if TYPE_CHECKING:
    from agentgrid.cli.words import Call

BASH = """\
_agentgrid() {
    local IFS=$'\\n'
    COMPREPLY=($(agentgrid completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _agentgrid agentgrid"""

ZSH = """\
#compdef agentgrid
local -a known
local line word tab=$'\\t'
for line in "${(@f)$(agentgrid completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    word=${line%%$tab*}
    known+=("${word//:/\\\\:}:${line#*$tab}")
done
if (( $#known )); then _describe agentgrid known; else _files; fi"""

FISH = """\
function __agentgrid_words
    set -l typed (commandline -opc)[2..-1] (commandline -ct)
    set -l found (agentgrid completion words -- $typed 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c agentgrid -f -a '(__agentgrid_words)'"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def completion(call: "Call", *, shell: str, line: tuple[str, ...]) -> int:
    """A shell's script; or the candidates for the last word of a line, each with its meaning behind a tab."""
    if shell in SCRIPTS:
        say(SCRIPTS[shell])
        return 0
    asked = call._replace(session=_session_of(line) or call.session)
    for word, meaning in candidates(line, lambda kind: _known(asked, kind)):
        say(f"{word}\t{meaning}")
    return 0


def _session_of(line: tuple[str, ...]) -> str | None:
    """The session that the line names."""
    for word, following in zip(line, (*line[1:], ""), strict=True):
        if word in (SESSION.flag, SESSION.short):
            return following
        if word.startswith(f"{SESSION.flag}="):
            return word.partition("=")[2]
    return None


def _known(call: "Call", kind: str) -> Iterable[Candidate]:
    """The names of that kind there are; none where they cannot be had, since a completion is no place for an error."""
    try:
        return LISTS[kind](call)
    except AgentgridError:
        return []


def _panes(call: "Call") -> list[Candidate]:
    from agentgrid.cli.reach import connect
    from agentgrid.protocol.messages import GetStatus

    with connect(call) as client:
        panes = client.request(GetStatus(), timeout=1.0)["panes"]
    names = [Candidate(pane["name"], f"{pane['number'] or 'parked'}, {pane['state']}") for pane in panes]
    return names + [Candidate(str(pane["number"]), pane["name"]) for pane in panes if pane["number"]]


def _sessions(call: "Call") -> list[Candidate]:  # noqa: ARG001 (one shape for the table below)
    from agentgrid.addresses import running

    return [Candidate(address.name, str(address.folder)) for address in running()]


def _agents(call: "Call") -> list[Candidate]:  # noqa: ARG001
    from agentgrid.agents.profiles import find_agents, load_profiles
    from agentgrid.paths import config_dir

    profiles = load_profiles(config_dir() / "profiles")
    return [Candidate(name, profiles[name].title) for name in find_agents(profiles, os.environ.get("PATH", ""))]


def _themes(call: "Call") -> list[Candidate]:  # noqa: ARG001
    from agentgrid.config.themes import list_themes

    return [Candidate(name) for name in list_themes()]


def _states(call: "Call") -> list[Candidate]:  # noqa: ARG001
    from agentgrid.session.pane import PaneStatus

    return [Candidate(str(status)) for status in PaneStatus]


def _folders(call: "Call") -> list[Candidate]:  # noqa: ARG001
    return [
        Candidate("shared", "the session's folder"),
        Candidate("worktree", "a git worktree of its own"),
        Candidate("copy", "a copy of its own"),
        Candidate("scratch", "an empty folder"),
    ]


LISTS = {"pane": _panes, "session": _sessions, "agent": _agents, "state": _states, "theme": _themes, "folder": _folders}
