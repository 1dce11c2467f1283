"""A scripted writer of known truth: writes files in its own folder in the ways programs do, and logs each write.

    python -I -S _writer.py LOG SEED WRITES PER_SECOND SHARED WAYS [START]

The log, outside of the workspace, has a line a write: seconds of the monotonic clock, path, way. ``START`` is when to begin.
"""

import fcntl
import mmap
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing


def place(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def append(path: str, text: str) -> None:
    with open(path, "a") as file:
        file.write(text)


def temporary(path: str, text: str) -> None:
    fresh = f"{path}.tmp.{os.getpid()}.{random.randrange(1 << 30)}"
    with open(fresh, "w") as file:
        file.write(text)
    os.replace(fresh, path)


def anew(path: str, text: str) -> None:
    if os.path.exists(path):
        os.unlink(path)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    os.write(descriptor, text.encode())
    os.close(descriptor)


def backup(path: str, text: str) -> None:
    """As vim does it: the old file becomes ``path~``, the new one is written, the old one removed."""
    there = os.path.exists(path)
    old = f"{path}.{os.getpid()}~"
    if there:
        os.rename(path, old)
    with open(path, "w") as file:
        file.write(text)
    if there:
        os.unlink(old)


def in_pieces(path: str, text: str) -> None:
    with open(path, "w") as file:
        for at in range(0, len(text), 8):
            file.write(text[at : at + 8])
            file.flush()


def truncated(path: str, text: str) -> None:
    with open(path, "r+" if os.path.exists(path) else "w+") as file:
        file.seek(0)
        file.write(text)
        file.truncate()


def hidden(path: str, text: str) -> None:
    """O_TMPFILE, named by a link, then renamed."""
    descriptor = os.open(os.path.dirname(path) or ".", getattr(os, "O_TMPFILE", 0) | os.O_WRONLY, 0o644)
    os.write(descriptor, text.encode())
    fresh = f"{path}.{random.randrange(1 << 30)}"
    root = os.open("/", os.O_RDONLY)
    os.link(f"/proc/self/fd/{descriptor}", fresh, src_dir_fd=root, follow_symlinks=True)  # With a folder it is linkat(2), which follows.
    os.close(root)
    os.close(descriptor)
    os.replace(fresh, path)


def sed(path: str, text: str) -> None:
    if not os.path.exists(path):
        place(path, text)
        return
    subprocess.run(["sed", "-i", f"$ a {text.strip()}", path], check=True)


def shell(path: str, text: str) -> None:
    subprocess.run(["sh", "-c", 'printf %s "$1" > "$2"', "sh", text, path], check=True)


def moved(path: str, text: str) -> None:
    fresh = f"{path}.new.{os.getpid()}"
    subprocess.run(["sh", "-c", 'printf %s "$1" > "$2"; mv -f "$2" "$3"', "sh", text, fresh, path], check=True)


def copied(path: str, text: str) -> None:
    source = f"{os.environ['ELSEWHERE']}/{os.getpid()}"
    place(source, text)
    subprocess.run(["cp", source, path], check=True)


def fails(path: str, text: str) -> None:
    """No write at all where it must not exist, and does; else an empty file."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return


def looks(path: str, text: str) -> None:
    """Opened for writing, and nothing written."""
    if os.path.exists(path):
        os.close(os.open(path, os.O_RDWR))


def touches(path: str, text: str) -> None:
    """Times only."""
    if os.path.exists(path):
        subprocess.run(["touch", path], check=True)


def locks(path: str, text: str) -> None:
    """As flock(1) does it: opened to be read, and made if it is not there."""
    if os.path.exists(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        os.close(descriptor)


HELD: dict[str, int] = {}
MAX_HELD = 4


def held(path: str, text: str) -> None:
    """A log that stays open; the fifth closes the first."""
    descriptor = HELD.get(path)
    if descriptor is not None and not os.fstat(descriptor).st_nlink:
        os.close(HELD.pop(path))
        descriptor = None
    if descriptor is None:
        if len(HELD) == MAX_HELD:
            os.close(HELD.pop(next(iter(HELD))))
        descriptor = HELD[path] = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.write(descriptor, text.encode())


def mapped(path: str, text: str) -> None:
    """By way of a mapping: no write(2) at all. One that makes no difference is not counted, so it makes one."""
    if not os.path.exists(path) or os.path.getsize(path) < 4:
        place(path, text)
        return
    descriptor = os.open(path, os.O_RDWR)
    with mmap.mmap(descriptor, 0) as memory:
        os.close(descriptor)
        memory[:1] = bytes([65 + (memory[0] + 1) % 26])


def database(path: str, text: str) -> None:
    """SQLite with its journal."""
    with closing(sqlite3.connect(f"{path}.db", timeout=30)) as connection, connection:
        connection.execute("create table if not exists t (x)")
        connection.execute("insert into t values (?)", (text,))


def tee(path: str, text: str) -> None:
    subprocess.run(["tee", "-a", path], input=text.encode(), stdout=subprocess.DEVNULL, check=True)


def patched(path: str, text: str) -> None:
    """A few bytes in the middle."""
    if not os.path.exists(path):
        place(path, text)
        return
    descriptor = os.open(path, os.O_RDWR)
    os.pread(descriptor, 4, 0)
    os.pwrite(descriptor, text[:4].encode(), 2)
    os.close(descriptor)


def kernel_copied(path: str, text: str) -> None:
    """copy_file_range(2)."""
    source = f"{os.environ['ELSEWHERE']}/{os.getpid()}"
    place(source, text)
    with open(source, "rb") as origin, open(path, "wb") as target:
        if sys.platform == "linux":
            os.copy_file_range(origin.fileno(), target.fileno(), len(text))


def cut(path: str, text: str) -> None:
    """truncate(2): nothing is opened."""
    if not os.path.exists(path):
        place(path, text)
        return
    os.truncate(path, os.path.getsize(path) + 1)


def allocated(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    if sys.platform == "linux":
        os.posix_fallocate(descriptor, os.fstat(descriptor).st_size, len(text))
    os.close(descriptor)


def child(path: str, text: str) -> None:
    """A process that only has the descriptor writes."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    subprocess.run(["printf", "%s", text], stdout=descriptor, check=True)
    os.close(descriptor)


def dd(path: str, text: str) -> None:
    words = ["dd", f"of={path}", "conv=notrunc", "bs=8", "count=1", "status=none"]
    subprocess.run(words, input=text.encode(), check=True)


def linked(path: str, text: str) -> None:
    """As emacs does it: a backup by a link, a new file in its place."""
    old, fresh = f"{path}.{os.getpid()}~", f"{path}.#{os.getpid()}~"
    if os.path.exists(path):
        os.link(path, old)
    place(fresh, text)
    os.replace(fresh, path)
    if os.path.exists(old):
        os.unlink(old)


QUICK = [place, append, temporary, anew, truncated, in_pieces]
TOOLS = [sed, moved, shell, copied]
WAYS = {
    "in-process": QUICK,
    "tools": TOOLS,
    "dances": [temporary, anew, backup, hidden, truncated],
    "mixed": [*QUICK, *TOOLS, backup, hidden, fails, looks],
    "odd": [held, held, mapped, database, tee, patched, kernel_copied, cut, allocated, child, dd, linked, truncated, touches, locks, looks],
}
SILENT = {fails, looks, touches, locks}


def main() -> None:
    log, seed, writes, per_second, shared, ways, start = sys.argv[1:8]
    chance = random.Random(int(seed))
    random.seed(int(seed))
    lines = []
    began = float(start)
    time.sleep(max(0.0, began - time.monotonic()))
    for number in range(int(writes)):
        way = chance.choice(WAYS[ways])
        mine = chance.random() < 0.6
        path = f"own{seed}/f{chance.randrange(40)}" if mine else f"shared/s{chance.randrange(int(shared))}"
        existed = os.path.exists(path)
        try:
            way(path, f"{seed} {number} {chance.random()}\n")
        except (OSError, subprocess.CalledProcessError):
            lines.append(f"{time.monotonic():.6f} {path} perhaps\n")  # Another writer got in between; a part may have been done.
        else:
            if way not in SILENT or (way is fails and not existed):
                lines.append(f"{time.monotonic():.6f} {path}{'.db' * (way is database)} {way.__name__}\n")
        time.sleep(max(0.0, began + (number + chance.random()) / float(per_second) - time.monotonic()))
    with open(log, "w") as file:
        file.writelines(lines)


if __name__ == "__main__":
    main()
