"""What a hook runs before a write where a guard is wanted: it reports as ``report.sh`` does, waits a moment for the server's word
on it, and prints that. ``python -I -S guard.py AGENT EVENT``, the event's JSON on standard input.

Of the standard library only, for it starts with every tool an agent uses. It never fails; without a server, or when none answers
in ``ANSWER_SECONDS``, it says nothing, and the agent goes on.
"""

import os
import select
import sys

ANSWER_SECONDS = 2.0  # The server answers in milliseconds; an agent must not wait for one that hangs.
MAX_ANSWER_BYTES = 64 * 1024


def ask(folder: str, agent: str, event: str, text: bytes) -> bytes:
    """The server's answer, empty when it has none. Raises OSError when there is no server."""
    name = f"{agent}.{event}.{os.getpid()}"
    reply = f"{folder}/reply.{os.getpid()}"
    bell = os.open(f"{folder}/bell", os.O_WRONLY | os.O_NONBLOCK)  # ENXIO: nobody listens.
    os.mkfifo(reply, 0o600)
    try:
        answers = os.open(reply, os.O_RDWR | os.O_NONBLOCK)
        descriptor = os.open(f"{folder}/.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
        os.rename(f"{folder}/.{name}", f"{folder}/{name}")
        os.write(bell, name.encode() + b"\n")
        ready, _, _ = select.select([answers], [], [], ANSWER_SECONDS)
        return os.read(answers, MAX_ANSWER_BYTES) if ready else b""
    finally:
        os.unlink(reply)


def main() -> None:
    """Print the answer, if there is one."""
    text = sys.stdin.buffer.read()
    try:
        answer = ask(os.environ.get("AGENTGRID_HOOKS", ""), sys.argv[1], sys.argv[2], text)
    except OSError:
        return
    sys.stdout.buffer.write(answer.strip(b"\0"))


if __name__ == "__main__":
    main()
