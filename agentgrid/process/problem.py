"""Why a program did not start, in a line for the person at the keyboard: what is wrong, and the nearest thing to do."""

import errno
import os

MAX_CHARACTERS = 300  # Enough for a path and a sentence; a prompt that was typed as a command is not shown whole.

TOO_MANY_PROCESSES = "the system allows no more processes (ulimit -u): close some panes or programs"


def find_program(command: str, path: str, cwd: str) -> tuple[str, str]:
    """The file that ``command`` names, as execvp(3) looks for it with this PATH from this folder; else '' and the problem."""
    if not command:
        return "", "the command is empty: name a program"
    if "/" in command:
        file = os.path.join(cwd, command)
        return (file, "") if _runs(file) else ("", _why_not(command, file))
    found = [file for folder in path.split(os.pathsep) if os.path.isfile(file := os.path.join(cwd, folder, command))]
    for file in found:
        if _runs(file):
            return file, ""
    if found:
        return "", f"{found[0]} may not be executed: chmod +x it"
    return "", f"{command}: command not found: install it, or name its file ({_closest(command, path, cwd) or 'PATH has nothing like it'})"


def folder_problem(cwd: str) -> str:
    """What is wrong with a folder to start in; '' when nothing is."""
    if os.path.isdir(cwd):
        return "" if os.access(cwd, os.X_OK) else f"the folder {cwd} may not be entered: it belongs to somebody else"
    return f"{cwd} is a file: name a folder" if os.path.exists(cwd) else f"the folder {cwd} is not there: make it, or name another"


def exec_problem(command: str, file: str, number: int) -> str:
    """What execve(2) meant by an error number."""
    match number:
        case errno.ENOENT:
            interpreter = _interpreter(file)
            if interpreter:
                return f"{command} needs {interpreter}, which is not there: install it, or change the first line of {file}"
            return f"{command} could not be started: {file}, or a library it needs, is not there"
        case errno.ENOEXEC:
            return f"{command} is not a program for this machine, or a script whose first line lacks '#!': see {file}"
        case errno.EACCES:
            return f"{file} may not be executed: chmod +x it, or see whether its file system allows programs"
        case errno.E2BIG:
            return f"{command} could not be started: its arguments and environment are too long; shorten the prompt"
        case errno.ETXTBSY:
            return f"{file} is being written: try again when that is done"
        case _:
            return f"{command} could not be started: {os.strerror(number)}"


def terminal_problem(command: str, number: int) -> str:
    """What forkpty(3) meant by an error number."""
    match number:
        case errno.EAGAIN:
            return TOO_MANY_PROCESSES
        case errno.ENOSPC | errno.ENXIO | errno.ENODEV:
            return "the system has no terminal (PTY) left: close some panes or programs"
        case errno.EMFILE | errno.ENFILE:
            return "the system has no file descriptor left (ulimit -n): close some programs"
        case errno.ENOENT:
            return "the system has no terminals: /dev/ptmx is not there; mount /dev/pts"
        case errno.ENOMEM:
            return "the system has no memory left: close some programs"
        case _:
            return f"no terminal for {command}: {os.strerror(number)}"


def one_line(text: str) -> str:
    """The text as it may be shown: names of files hold anything, control characters too."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= MAX_CHARACTERS else f"{shown[: MAX_CHARACTERS - 1]}…"


def _runs(file: str) -> bool:
    return os.path.isfile(file) and os.access(file, os.X_OK)


def _why_not(command: str, file: str) -> str:
    if os.path.isdir(file):
        return f"{command} is a folder: name a program"
    if os.path.exists(file):
        return f"{command} may not be executed: chmod +x it"
    return f"{command} is not there: check its path"


def _closest(command: str, path: str, cwd: str) -> str:
    """What was probably meant: a program on PATH that differs by one typing error."""
    names: set[str] = set()
    for folder in path.split(os.pathsep):
        try:
            names.update(os.listdir(os.path.join(cwd, folder)))
        except OSError:
            continue  # PATH may name folders that are not there.
    near = sorted(name for name in names if _one_error(command, name))
    return f"did you mean {near[0]}?" if near else ""


def _one_error(wrong: str, right: str) -> bool:
    """Whether one letter more, less or other, or two swapped, makes the one the other."""
    if min(len(wrong), len(right)) < 3 or abs(len(wrong) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(wrong), len(right)) and wrong[start] == right[start]:
        start += 1
    a, b = wrong[start:], right[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _interpreter(file: str) -> str:
    """The program that a script's first line asks for; '' for what is no script."""
    try:
        with open(file, "rb") as script:
            line = script.readline(256)
    except OSError:
        return ""
    words = line[2:].split() if line.startswith(b"#!") else []
    return os.fsdecode(words[0]) if words else ""
