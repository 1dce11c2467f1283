"""What panes run while a multiplexer is measured: the same bytes for each, no matter who shows them.

    python -I -S _load.py KIND FOLDER NUMBER

Kinds: ``agent`` (ten frames a second of streaming text, a spinner and colours in synchronized updates), ``echo`` (prints what
it reads, at once), ``idle``, and ``ascii``, ``sgr``, ``unicode`` (floods). A flood keeps the number of bytes that were taken
in the file ``FOLDER/NUMBER``. All but ``idle`` begin when the file ``FOLDER/go`` is there, and floods and agents stop with it.
"""

import os
import random
import sys
import termios
import time
import tty

WORDS = ("the agent", "reads", "a file", "and", "writes", "another one", "then", "runs", "the tests", "again", "until", "they pass")
FRAME_SECONDS = 0.1
PIECE_BYTES = 65536
MEGABYTE = 1_000_000


def text(kind: str) -> bytes:
    """About a megabyte of a log, the same at every run."""
    chance = random.Random(kind)
    lines: list[str] = []
    size = 0
    while size < MEGABYTE:
        words = [chance.choice(WORDS) for _ in range(10)]
        if kind == "sgr":
            words = [f"\x1b[38;2;{chance.randrange(256)};{chance.randrange(256)};{chance.randrange(256)}m{word}\x1b[0m" for word in words]
        elif kind == "unicode":
            words = [chance.choice(["日本語", "żółw", "привет", "✔ fertig", "🚀", word]) for word in words]
        lines.append(" ".join(words))
        size += len(lines[-1].encode()) + 2
    return "\r\n".join(lines).encode() + b"\r\n"


def flood(kind: str, folder: str, number: str) -> None:
    data = text(kind)
    count = os.open(os.path.join(folder, number), os.O_WRONLY | os.O_CREAT, 0o600)
    total = 0
    while going(folder):
        for start in range(0, len(data), PIECE_BYTES):
            piece = data[start : start + PIECE_BYTES]
            while piece and going(folder):
                written = os.write(1, piece)
                piece = piece[written:]
                total += written
                os.pwrite(count, b"%020d" % total, 0)


def agent(folder: str, number: str) -> None:
    chance = random.Random(number)
    frame = 0
    while going(folder):
        frame += 1
        word = chance.choice(WORDS)
        spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"[frame % 10]
        said = f"\x1b[38;2;200;{frame % 256};120m{word}\x1b[0m " + ("\r\n" if frame % 8 == 0 else "")
        out = f"\x1b[?2026h{said}\x1b7\x1b[2;1H\x1b[2K\x1b[1;36m{spinner}\x1b[0m working… {frame}s\x1b8\x1b[?2026l"
        os.write(1, out.encode())
        time.sleep(FRAME_SECONDS)


def echo() -> None:
    tty.setraw(0, termios.TCSANOW)
    while data := os.read(0, 4096):
        os.write(1, data)


def going(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "go"))


def main() -> None:
    kind, folder, number = sys.argv[1:]
    if kind == "echo":
        echo()
    while kind == "idle" or not going(folder):
        time.sleep(3600 if kind == "idle" else 0.05)
    if kind == "agent":
        agent(folder, number)
    else:
        flood(kind, folder, number)
    time.sleep(3600)


if __name__ == "__main__":
    main()
