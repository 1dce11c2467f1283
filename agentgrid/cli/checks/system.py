"""Python, locale, folders, configuration and kernel."""

import locale
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from agentgrid.cli.checks.check import Check
from agentgrid.config.check import check
from agentgrid.errors import ConfigError
from agentgrid.paths import private_folder, runtime_dir, state_dir

LEAST_PYTHON = (3, 11)
LEAST_KERNEL = (5, 5)  # Seccomp user notification that lets a call go on: SECCOMP_USER_NOTIF_FLAG_CONTINUE.
BEST_KERNEL = (5, 19)  # SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: a signal does not make the kernel ask twice.
LEAST_WATCHES = 65_536  # A folder each: a large repository without its ignored folders.
LEAST_INSTANCES = 64  # One a session, beside those of editors and desktops.
LEAST_FREE_BYTES = 256 * 1024 * 1024  # Nine panes' history and what conflicts keep.
INOTIFY = Path("/proc/sys/fs/inotify")
SECCOMP_ACTIONS = Path("/proc/sys/kernel/seccomp/actions_avail")


def system_checks(folder: Path) -> Iterator[Check]:
    """All of them, for a session that works in that folder."""
    yield python(sys.version_info[:3])
    yield encoding(locale.getpreferredencoding(do_setlocale=False))
    yield private("runtime folder", runtime_dir())
    yield private("state folder", state_dir())
    yield space(state_dir())
    yield configuration(folder)
    yield tracing(sys.platform, platform.release(), _text(SECCOMP_ACTIONS))
    if sys.platform == "linux":
        yield watching(_text(INOTIFY / "max_user_watches"), _text(INOTIFY / "max_user_instances"))


def python(version: tuple[int, ...]) -> Check:
    ok = version >= LEAST_PYTHON
    return Check("python", ok, ".".join(map(str, version)), "" if ok else "install Python 3.11 or newer", needed=True)


def encoding(name: str) -> Check:
    """Borders, glyphs and what agents print are no ASCII."""
    ok = name.lower().replace("-", "") == "utf8"
    return Check("locale", ok, name, "" if ok else "set a UTF-8 locale, for example LANG=C.UTF-8", needed=True)


def private(name: str, folder: Path) -> Check:
    """Ours alone, and writable. It is made, as the first session would."""
    try:
        private_folder(folder)
    except OSError as error:
        return Check(name, False, f"{folder}: {error.strerror or error}", "make it yours alone: chown and chmod 700", needed=True)
    ok = os.access(folder, os.W_OK | os.X_OK)
    return Check(name, ok, str(folder), "" if ok else f"chmod 700 {folder}", needed=True)


def space(folder: Path) -> Check:
    """What is saved of every pane has to have room."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check("disk", None, error.strerror or str(error))
    ok = free >= LEAST_FREE_BYTES
    return Check("disk", ok, f"{free / 1e9:.1f} GB free", "" if ok else f"free some space in {folder}: a crash would lose the history")


def configuration(folder: Path) -> Check:
    try:
        lines = check(folder)
    except ConfigError as error:
        return Check("configuration", False, str(error), "mend the file; 'agentgrid config init' writes one with every option", needed=True)
    return Check("configuration", True, "; ".join(lines))


def tracing(system: str, release: str, actions: str) -> Check:
    """Whether the kernel can tell who writes a file. Tried for real when a traced pane starts; this is the kernel's word."""
    fallback = "without it, who wrote a file is told from agents' own reports and from what is seen"
    if system != "linux":
        return Check("tracing", False, f"{system} has no way to see another program's writes", fallback)
    version = _version(release)
    if version < LEAST_KERNEL or "user_notif" not in actions.split():
        return Check("tracing", False, f"Linux {release} has no seccomp user notification", f"{fallback}; Linux 5.19 or newer has it")
    if version < BEST_KERNEL:
        return Check("tracing", True, f"Linux {release}; from 5.19 on it costs less under many signals")
    return Check("tracing", True, f"Linux {release}, seccomp user notification")


def watching(watches: str, instances: str) -> Check:
    """Whether folders can be watched: each takes one of the user's inotify watches."""
    if not (watches.isdigit() and instances.isdigit()):
        return Check("watching", None, "the kernel does not say how many folders may be watched")
    ok = int(watches) >= LEAST_WATCHES and int(instances) >= LEAST_INSTANCES
    advice = f"sudo sysctl fs.inotify.max_user_watches={8 * LEAST_WATCHES} fs.inotify.max_user_instances={8 * LEAST_INSTANCES}"
    return Check("watching", ok, f"{int(watches):,} folders, {instances} watchers", "" if ok else advice)


def _version(release: str) -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)", release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
