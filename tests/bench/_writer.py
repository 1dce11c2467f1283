"""A scripted writer of known truth: writes files in its own folder in the ways programs do, and logs each write.

    python -I -S _writer.py LOG SEED WRITES PER_SECOND SHARED WAYS [START]

The log, outside of the workspace, has a line a write: seconds of the monotonic clock, path, way. ``START`` is when to begin.
"""

import os
import random
import subprocess
import sys
import time


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


QUICK = [place, append, temporary, anew, truncated, in_pieces]
TOOLS = [sed, moved, shell, copied]
WAYS = {
    "in-process": QUICK,
    "tools": TOOLS,
    "dances": [temporary, anew, backup, hidden, truncated],
    "mixed": [*QUICK, *TOOLS, backup, hidden, fails, looks],
}
SILENT = {fails, looks}


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
                lines.append(f"{time.monotonic():.6f} {path} {way.__name__}\n")
        time.sleep(max(0.0, began + (number + chance.random()) / float(per_second) - time.monotonic()))
    with open(log, "w") as file:
        file.writelines(lines)


if __name__ == "__main__":
    main()
