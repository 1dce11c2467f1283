"""Every verb, as data: what it takes, what its help says, and where its function is. Help, completion and docs read it."""

from agentgrid.cli.readers import comma_list, count, grid_number, history, seconds, speed
from agentgrid.cli.table_of_files import FILES
from agentgrid.cli.words import PANE, Argument, Option, Verb

DEFAULT = "up"

FOLDER = Option("--folder", "where it works: shared (with the session), worktree, copy, scratch or a path", shown="FOLDER", names="folder")
THEME = Option("--theme", "colours; 'agentgrid themes' lists them", shown="NAME", names="theme")
CSS = Option("--css", "a style sheet of your own over the theme's, read again whenever it changes", shown="FILE", names="file")

SESSIONS = (
    Verb(
        "up",
        "up:up",
        "start the session of this folder, or attach to it",
        arguments=(
            Argument(
                "words",
                "[RxC] [AGENT[*N]…]",
                "a grid (3x3), and agents or programs to fill it, each as often as N says; cells without one stay empty",
                names="agent",
                optional=True,
                many=True,
            ),
        ),
        options=(
            Option("--no-attach", "start the server only; return when every pane has started"),
            Option("--config", "take this file, not the folder's agentgrid.toml", shown="FILE", names="file"),
            THEME,
            CSS,
            FOLDER,
        ),
        examples=(
            ("", "the session of this folder: attach if it runs, else start it"),
            ("3x3 claude*4 codex*3", "nine cells, seven agents, in this folder"),
            ("2x3 codex*6 --folder worktree", "each in a git worktree of its own"),
            ("up 1x2 bash htop", "any program is a pane"),
            ("up --no-attach --config team.toml", "for scripts: start, and do not show"),
        ),
        details=(
            "A session that runs is attached to. Else it is started: from the words, else from agentgrid.toml and your own "
            "config.toml, else with the agents that are found on PATH, else with your shell. Words that do not fit the session "
            "that runs are refused. Panes nobody has looked at yet are 80x24. In zsh, 'claude*4' wants quotes."
        ),
    ),
    Verb(
        "attach",
        "attach:attach",
        "show a session that runs",
        options=(THEME, CSS),
        examples=(("attach", "the session of this folder"), ("attach -s demo", "the session named demo")),
    ),
    Verb(
        "detach",
        "sessions:detach",
        "close every screen of the session; it goes on",
        examples=(("detach", "as ctrl+b d does, from outside"),),
        json=True,
    ),
    Verb(
        "ls",
        "sessions:ls",
        "list the sessions that run",
        examples=(("ls", "name, folder, panes, screens"), ("ls --json", "for scripts")),
        json=True,
    ),
    Verb(
        "down",
        "sessions:down",
        "end the session and all its programs",
        options=(Option("--yes", "do not ask, even if programs run"),),
        examples=(("down", "asks first if programs run"), ("down --yes -s demo", "for scripts")),
        details=(
            "Every program gets SIGHUP, then SIGTERM, and SIGKILL after 5 seconds. What it had started ends with it. "
            "Files, branches and worktrees stay as they are."
        ),
    ),
)

PANES = (
    Verb(
        "new",
        "panes:new",
        "start an agent or a program in a new pane, and print its id",
        arguments=(
            Argument("agent", "AGENT", "an agent or a program; without one, and without COMMAND, your shell", optional=True, names="agent"),
        ),
        options=(
            FOLDER,
            Option("--name", "what to call it", shown="NAME"),
            Option("--prompt", "its first prompt, typed once it is ready", shown="TEXT"),
        ),
        examples=(
            ("new claude --prompt 'fix the failing test'", "an agent at work"),
            ("new codex --folder worktree --name experiment", "in a git worktree of its own"),
            ("new -- npm run dev", "any command"),
        ),
        usage="[AGENT] [--folder FOLDER] [--name NAME] [--prompt TEXT] [-- COMMAND…]",
        after_dashes="command",
        json=True,
    ),
    Verb("close", "panes:close", "end its program and remove the pane", (PANE,), examples=(("close 3", "the others keep their numbers"),)),
    Verb(
        "restart",
        "panes:restart",
        "run a pane's command again, in place",
        arguments=(PANE,),
        examples=(("restart claude-2", "a program that still runs is ended first"),),
    ),
    Verb(
        "rename",
        "panes:rename",
        "call a pane something else",
        arguments=(PANE, Argument("name", "NAME", "letters, digits, '_', '-' and '.'")),
        examples=(("rename 3 parser", ""),),
    ),
    Verb(
        "move",
        "panes:move",
        "put a pane into another cell",
        arguments=(PANE, Argument("number", "N", "the cell's number", read=grid_number)),
        examples=(("move codex-1 1", "whoever is there takes its place"),),
    ),
    Verb("focus", "panes:focus", "give a pane the focus", arguments=(PANE,), examples=(("focus 3", ""),)),
    Verb(
        "zoom",
        "panes:zoom",
        "give a pane the whole window; without a PANE, show the grid again",
        arguments=(PANE._replace(optional=True),),
        examples=(("zoom 3", ""), ("zoom", "back to the grid")),
    ),
    Verb(
        "park",
        "panes:park",
        "take a pane off the grid; it lives on",
        arguments=(PANE,),
        examples=(("park 3", ""), ("park claude-2 && agentgrid move codex-1 2", "make room")),
    ),
    Verb(
        "lock",
        "panes:lock",
        "let nothing be typed into a pane",
        arguments=(PANE,),
        examples=(("lock build", "no key, paste, click or prompt reaches it; its header says so"),),
    ),
    Verb("unlock", "panes:unlock", "open a locked pane again", arguments=(PANE,), examples=(("unlock build", ""),)),
    Verb("unpark", "panes:unpark", "bring a parked pane back", arguments=(PANE,), examples=(("unpark claude-2", ""),)),
)

INPUT = (
    Verb(
        "send",
        "typing:send",
        "type a text into a pane, press Enter, and print the receipt",
        arguments=(PANE, Argument("text", "TEXT", "the text; - reads it from standard input")),
        options=(
            Option("--no-enter", "leave the text where it was typed"),
            Option("--when-idle", "let it wait until the agent has nothing to do; 'agentgrid queue' shows what waits"),
        ),
        examples=(
            ("send 4 'run the tests again'", ""),
            ("send claude-2 - < prompt.md", "a long prompt from a file"),
            ("send 4 --no-enter -- -v", "a text that begins with a dash"),
        ),
        details=(
            "The text is pasted, and Enter pressed once it is seen there. The receipt says what was seen after it: delivered (it has "
            "left the input line, or the agent works on it), stranded (it was not taken, and may stand in the input line), queued, or "
            "unknown (nothing could be seen). Exit code 1 when stranded. It is refused where a person has typed something and not sent "
            "it, where Enter would answer a permission, and in a locked pane; with --when-idle it waits for all that, in order, also "
            "while no server runs."
        ),
        json=True,
    ),
    Verb(
        "queue",
        "typing:queue",
        "the prompts that wait for a pane: show, change, drop them",
        arguments=(PANE,),
        options=(
            Option("--edit", "another text for the prompt of that number, from standard input", shown="N", read=count),
            Option("--drop", "take the prompt of that number away, or all of them", shown="N|all", read=history),
        ),
        examples=(
            ("queue claude-1", "number and text of each, in the order in which they go"),
            ("queue claude-1 --drop 2", ""),
            ("queue claude-1 --edit 2 < prompt.md", ""),
        ),
        details="'agentgrid send --when-idle' puts a prompt there.",
        json=True,
    ),
    Verb(
        "keys",
        "typing:keys",
        "press keys in a pane",
        arguments=(PANE, Argument("keys", "KEY…", "a character, or a name such as enter, up, f5, ctrl+c, alt+enter", many=True)),
        examples=(("keys 3 ctrl+c", ""), ("keys claude-1 down down enter", "the third answer of a question")),
        details=(
            "A KEY is a character or a name, with ctrl+, alt+, shift+, super+, hyper+ or meta+ before it; tmux's words work too "
            "(C-c, M-x, BSpace, NPage). Names: enter escape tab backspace space up down left right home end pageup pagedown insert "
            "delete f1…f35 menu pause print_screen caps_lock scroll_lock num_lock, those of the keypad (kp_0…kp_9, kp_enter, kp_add "
            "and so on), of modifiers by themselves (left_shift, right_control) and of media keys (media_play, mute_volume). "
            "Each is sent as the program in the pane has asked for keys."
        ),
    ),
    Verb(
        "broadcast",
        "typing:broadcast",
        "send a text to several panes, and print the receipts",
        arguments=(Argument("text", "TEXT", "the text; - reads it from standard input"),),
        options=(
            Option("--to", "only these; else every pane on the grid whose program runs", shown="PANE,…", read=comma_list, names="pane"),
        ),
        examples=(("broadcast 'commit what you have'", ""), ("broadcast --to 1,3,codex-2 'stop'", "")),
        details=(
            "Panes that wait for an answer are left out unless --to names them. Exit code 1 when the text stranded in one of them; "
            "'agentgrid send --help' says what the receipts mean."
        ),
        json=True,
    ),
)

STATES = (
    Verb(
        "status",
        "status:status",
        "what every pane is doing",
        examples=(("status", "a table"), ("status --json", "all that is known, for scripts")),
        json=True,
    ),
    Verb(
        "screen",
        "screen:screen",
        "print what a pane shows",
        arguments=(PANE,),
        options=(
            Option("--history", "and the N rows before it, or all there are", shown="N|all", read=history),
            Option("--ansi", "with colours and attributes"),
        ),
        examples=(
            ("screen 4", "as text"),
            ("screen 4 --history all > session.log", "everything that is kept"),
            ("screen 4 --ansi | less -R", ""),
        ),
        json=True,
    ),
    Verb(
        "wait",
        "wait:wait",
        "wait until something is true of a pane",
        arguments=(PANE,),
        options=(
            Option("--state", "until it is in one of these states", shown="S[,S]", read=comma_list, names="state"),
            Option("--text", "until the screen matches this regular expression (Python's; ^ and $ match at each row)", shown="REGEX"),
            Option("--exit", "until its program has ended"),
            Option("--timeout", "give up after so long: exit code 1", shown="SECONDS", read=seconds),
        ),
        examples=(
            ("wait 3 --state done,blocked", ""),
            ("wait 3 --text '[0-9]+ passed' --timeout 60", ""),
            ("wait build --exit && agentgrid send 1 'the build is done'", ""),
        ),
        usage="PANE (--state S[,S] | --text REGEX | --exit) [--timeout SECONDS]",
        details="What is true already is not waited for. --exit waits for the end of the run, however it ends.",
        json=True,
    ),
    Verb(
        "events",
        "events:events",
        "what happens, one JSON object a line",
        options=(Option("--follow", "go on: first the present state of every pane, then what happens, without delay"),),
        examples=(
            ("events", "the present state of every pane"),
            ("events --follow | jq -c 'select(.state == \"blocked\")'", "who needs me"),
        ),
        json=True,
    ),
    Verb(
        "explain",
        "status:explain",
        "why a pane's state is what it is",
        arguments=(PANE,),
        examples=(("explain 3", ""),),
        json=True,
    ),
)

REST = (
    Verb(
        "record",
        "record:record",
        "write a pane's output with its timing to a file",
        arguments=(Argument("file", "FILE", "an asciicast (version 2); a file that is there is replaced", names="file"), PANE),
        examples=(("record session.cast claude-1", "asciinema plays it too"),),
        details="Until ctrl+c, or until the program ends.",
    ),
    Verb(
        "replay",
        "replay:replay",
        "play a recording in this terminal",
        arguments=(Argument("file", "FILE", "what record wrote", names="file"),),
        options=(
            Option("--speed", "how many times faster; 1 is as it was", shown="N", read=speed),
            Option("--instant", "only print what the screen shows at the end"),
            Option("--explain", "say step by step which state it shows, and by which rule"),
            Option("--agent", "whose rules explain it; by default those of the agent that was recorded", shown="AGENT"),
        ),
        examples=(
            ("replay session.cast --speed 4", "space pauses, q ends"),
            ("replay session.cast --instant", ""),
            ("replay wrong.cast --explain", "with your profiles as they are now"),
        ),
        details=(
            "The recording's bytes go to an emulator, and what it shows goes to this terminal: a recording can change neither its "
            "title nor its clipboard, nor leave it in a mode."
        ),
    ),
    Verb(
        "themes",
        "settings:themes",
        "list the themes",
        examples=(("themes", ""), ("--theme harbour", "start or attach with one")),
        json=True,
    ),
    Verb(
        "config",
        "settings:config",
        "write, check or show the configuration",
        arguments=(
            Argument(
                "action",
                "init|check|show",
                "init writes a commented agentgrid.toml here, check says what is wrong, show prints what holds and from where",
                choices=("init", "check", "show"),
            ),
        ),
        options=(Option("--config", "this file, not the folder's agentgrid.toml", shown="FILE", names="file"),),
        examples=(("config init", ""), ("config check", "exit code 2 when something is wrong"), ("config show", "")),
        json=True,
    ),
    Verb(
        "doctor",
        "doctor:doctor",
        "what this terminal, system and agents can do",
        examples=(("doctor", ""), ("doctor --json", "for a bug report")),
        details="Says what to do about a no. Exit code 1 when something is missing that agentgrid needs.",
        json=True,
    ),
    Verb(
        "demo",
        "demo:demo",
        "nine scripted agents at work; needs no account and no network",
        options=(
            Option("--no-attach", "start the server only"),
            Option("--seed", "another course of events; the same N is the same course", shown="N", read=count),
            THEME,
            CSS,
        ),
        examples=(("demo", ""), ("demo --seed 7", "another course of events"), ("down -s demo --yes", "end it")),
        details="They work on a scratch repository in the temporary folder, in a session named demo. It goes on when you detach, and the "
        "next demo attaches to it; down ends it and removes the repository.",
    ),
    Verb(
        "completion",
        "completion:completion",
        "print a shell's completion script",
        arguments=(
            Argument(
                "shell",
                "bash|zsh|fish|words",
                "your shell; words lists what may come next after the words behind --, as the scripts ask it",
                choices=("bash", "zsh", "fish", "words"),
            ),
        ),
        examples=(
            ("completion bash > ~/.local/share/bash-completion/completions/agentgrid", ""),
            ("completion zsh > ~/.zfunc/_agentgrid", ""),
            ("completion fish > ~/.config/fish/completions/agentgrid.fish", ""),
        ),
        usage="bash|zsh|fish",
        details="For zsh, the folder must be one of your $fpath, before compinit runs.",
        after_dashes="line",
    ),
)

GROUPS: tuple[tuple[str, tuple[Verb, ...]], ...] = (
    ("Sessions", SESSIONS),
    ("Panes", PANES),
    ("Input", INPUT),
    ("What is going on", STATES),
    ("Files", FILES),
    ("The rest", REST),
)

VERBS: dict[str, Verb] = {verb.name: verb for _, group in GROUPS for verb in group}
