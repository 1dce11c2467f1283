"""A line to a program somewhere else, as ssh over a slow network: ``python -I -S _line.py relay|netem MBIT DELAY_MS PROGRAM …``.

The program gets a PTY of the same size; what it prints comes out here later, what is typed here gets there later. ``DELAY_MS`` is
the round trip.

``relay``: this process holds back what it has read until it would have come over the line. In front of the line is a buffer as
large as a TCP connection's grows; when it is full, the program is not read.

``netem``: two processes of a network namespace (``unshare --net``) with a TCP connection between them over a loopback device that the
kernel slows down. Only where ``tc`` and the kernel know netem and who runs it may.
"""

import contextlib
import fcntl
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import termios
import time
import tty
from collections import deque
from collections.abc import Callable

BUFFER_BYTES = 512 * 1024  # Linux gives a connection over such a line between 0.1 and 4 MB, and ssh a window of 2 MB.
READ_BYTES = 4096  # A PTY gives no more at a time.
SHAPED = "ip link set lo up && tc qdisc add dev lo root netem rate {rate}mbit delay {delay}ms limit 1000"


def netem_works() -> bool:
    """Whether the kernel here can be asked to slow a device down."""
    try:
        return (
            subprocess.run(["unshare", "--net", "sh", "-c", SHAPED.format(rate=1, delay=1)], capture_output=True, check=False).returncode
            == 0
        )
    except FileNotFoundError:
        return False


def argv(mbit: float, round_trip_ms: float) -> list[str]:
    """What to put before a command so that it runs behind such a line."""
    begin = ["unshare", "--net"] if (netem := netem_works()) else []
    return [*begin, sys.executable, "-I", "-S", __file__, "netem" if netem else "relay", f"{mbit:g}", f"{round_trip_ms:g}"]


class Direction:
    """One way of the line: a buffer that is emptied at its rate, and what is on its way after that."""

    def __init__(self, source: int, target: int, byte_seconds: float, delay_seconds: float) -> None:
        self.source, self.target = source, target
        self._byte_seconds, self._delay = byte_seconds, delay_seconds
        self._pieces: deque[tuple[float, float, bytes]] = deque()
        """When each piece leaves the buffer, when it arrives, what it is."""
        self._free = 0.0

    def has_room(self, now: float) -> bool:
        return (self._free - now) / self._byte_seconds < BUFFER_BYTES

    def take(self, now: float) -> bool:
        """Read once; False at the end."""
        try:
            data = os.read(self.source, READ_BYTES)
        except OSError:  # Linux says EIO when the other side of a PTY is closed.
            return False
        self._free = max(now, self._free) + len(data) * self._byte_seconds
        self._pieces.append((self._free, self._free + self._delay, data))
        return bool(data)

    def next_arrival(self) -> float | None:
        return self._pieces[0][1] if self._pieces else None

    def deliver(self, now: float) -> None:
        while self._pieces and self._pieces[0][1] <= now:
            write_all(self.target, self._pieces.popleft()[2])


def come_first() -> None:
    """A network is not slower because a machine at its end is busy. What is started from here is as important as anything else."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):  # Not everybody may.
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))


def write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def relay(program: int, mbit: float, round_trip_ms: float) -> None:
    byte_seconds, delay = 8 / (mbit * 1e6), round_trip_ms / 2000
    down, up = Direction(program, 1, byte_seconds, delay), Direction(0, program, byte_seconds, delay)
    while True:
        now = time.monotonic()
        for direction in (down, up):
            direction.deliver(now)
        wanted = [direction for direction in (down, up) if direction.has_room(now)]
        arrivals = [at for direction in (down, up) if (at := direction.next_arrival()) is not None]
        wait = max(0.0, min(arrivals) - now) if arrivals else None
        if len(wanted) < 2:
            wait = min(wait or 0.001, 0.001)
        readable = select.select([direction.source for direction in wanted], [], [], wait)[0]
        now = time.monotonic()
        if down.source in readable and not down.take(now):
            break
        if up.source in readable and not up.take(now):
            break
    while (at := down.next_arrival()) is not None:
        time.sleep(max(0.0, at - time.monotonic()))
        down.deliver(time.monotonic())


def pump(pairs: list[tuple[int, int]]) -> None:
    """Copy until one of the sources ends."""
    while True:
        for source in select.select([source for source, _ in pairs], [], [])[0]:
            try:
                data = os.read(source, 65536)
            except OSError:
                data = b""
            if not data:
                return
            write_all(dict(pairs)[source], data)


def netem(spawn: Callable[[], int], mbit: float, round_trip_ms: float) -> None:
    subprocess.run(["sh", "-c", SHAPED.format(rate=mbit, delay=round_trip_ms / 2)], check=True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        if os.fork() == 0:
            far = socket.create_connection(server.getsockname())
            far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            program = spawn()
            pump([(program, far.fileno()), (far.fileno(), program)])
            os._exit(0)
        near, _ = server.accept()
        near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pump([(near.fileno(), 1), (0, near.fileno())])


def main() -> None:
    way, mbit, round_trip_ms, *command = sys.argv[1:]
    size = fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))
    tty.setraw(0, termios.TCSANOW)

    def spawn() -> int:
        pid, descriptor = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execvp(command[0], command)
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, size)
        return descriptor

    come_first()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if way == "netem":
        netem(spawn, float(mbit), float(round_trip_ms))
    else:
        relay(spawn(), float(mbit), float(round_trip_ms))


if __name__ == "__main__":
    main()
