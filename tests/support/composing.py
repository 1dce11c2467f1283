"""A program with a composer, as an agent has one, for tests: the text behind a sign, Enter sends it, a turn takes some time.

It says its state (OSC 7501), echoes a paste like a key, and writes what was sent to a log, one JSON string a line. What it does
beside that stands in its arguments: ``python composing.py LOG TURN_SECONDS``. No turn ends while there is a file ``LOG.busy``; while
there is a file ``LOG.deaf`` it drops the Enter, and with ``all`` in it whatever is typed.
"""

import base64
import json
import os
import re
import select
import sys
import time
import tty
from pathlib import Path

TOKEN = re.compile(rb"\x1b\[200~(.*?)\x1b\[201~|\x1b\[27;\d+;\d+~|\x1b\[[0-9;?]*[a-zA-Z]|[^\x1b]", re.DOTALL)


def say(state: str, message: str = "", kind: str = "") -> None:
    parts = [f"state={state}", *([f"kind={kind}"] if kind else [])]
    parts += [f"msg={base64.b64encode(message.encode()).decode()}"] if message else []
    os.write(1, f"\x1b]7501;{':'.join(parts)}\x1b\\".encode())


def draw(text: str) -> None:
    shown = text.split("\n")
    if len(shown) > 3:
        shown = [f"[Pasted text #1 +{len(shown)} lines]"]
    os.write(1, ("\r\x1b[J❯ " + "\r\n  ".join(shown)).encode() + (f"\x1b[{len(shown) - 1}A" if len(shown) > 1 else "").encode())
    os.write(1, (f"\x1b[{len(shown) - 1}B" if len(shown) > 1 else "").encode())


def main() -> None:
    log, turn_seconds = sys.argv[1], float(sys.argv[2])
    tty.setraw(0)
    os.write(1, b"\x1b[?2004h\x1b[?25l")
    text, waiting, working_until = "", b"", 0.0
    say("idle")
    draw(text)
    while True:
        ready, _, _ = select.select([0], [], [], 0.02)
        if working_until and time.monotonic() >= working_until and not os.path.exists(f"{log}.busy"):
            working_until = 0.0
            say("done")
        if not ready:
            continue
        waiting += os.read(0, 1 << 16)
        if waiting.startswith(b"\x1b[200~") and b"\x1b[201~" not in waiting:
            continue
        deaf = Path(f"{log}.deaf").read_text() if os.path.exists(f"{log}.deaf") else None
        if deaf is not None and (deaf or b"\r" in waiting):
            os.remove(f"{log}.deaf")
            waiting = b"" if deaf else waiting.replace(b"\r", b"")
            if deaf:
                continue
        for match in TOKEN.finditer(waiting):
            token = match.group()
            if match[1] is not None:
                text += match[1].decode().replace("\r", "\n")
            elif token == b"\r":
                if text:
                    with open(log, "a") as file:
                        file.write(json.dumps(text) + "\n")
                    os.write(1, f"\r\x1b[J> {text.splitlines()[0]}\r\n".encode())
                    if text == "ask":
                        say("blocked", "May I?", "permission")
                    else:
                        working_until = time.monotonic() + turn_seconds
                        say("working")
                    text = ""
            elif token == b"\x15":
                text = ""
            elif not token.startswith(b"\x1b"):
                text += token.decode(errors="replace")
        waiting = b""
        draw(text)


if __name__ == "__main__":
    main()
