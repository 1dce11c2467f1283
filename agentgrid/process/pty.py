"""Pseudo-terminals: start a program in one, and what is done with its master end. The only module that imports ptyprocess.

ptyprocess opens the terminal, makes it the controlling one of a new session, closes all other descriptors and reports
what fails before the program runs. It is handed a function for the rest, which runs in the child: ptyprocess itself
would look the program up on *our* PATH, put that file's path into its ``argv[0]``, and a folder that is not there would
leave a second copy of us running. Its object is given up at once: it would end the program with itself.

The master is non-blocking. All duplicates share that, in whichever process, as they share one file description.
"""

import errno
import fcntl
import os
import signal
import struct
import sys
import termios
from collections.abc import Callable

from ptyprocess import PtyProcess

from agentgrid.geometry import Size
from agentgrid.process.problem import exec_problem, find_program, folder_problem, terminal_problem

IUTF8 = 0x4000  # asm-generic/termbits.h and sys/termios.h: erasing a character erases all its bytes. The termios module lacks it.
TIOCGPTPEER = 0x5441  # asm-generic/ioctls.h; the other end, also where /dev/pts is another one.
WORD = struct.Struct("i")
WINSIZE = struct.Struct("HHHH")  # rows, columns, and two sizes in pixels that nobody reads


class StartProblem(Exception):
    """The program could not be started; ``str`` is the line for the user."""


def start_program(
    argv: list[str],
    cwd: str,
    environment: dict[str, str],
    size: Size,
    *,
    before_exec: Callable[[], None] | None = None,
    keep: tuple[int, ...] = (),
) -> tuple[int, int]:
    """Start a program; its process and the PTY's master. Raises StartProblem.

    ``before_exec`` runs in the child as the last thing, with the descriptors of ``keep`` still open.
    """
    problem = folder_problem(cwd)
    if problem:
        raise StartProblem(problem)
    command = argv[0] if argv else ""
    file, problem = find_program(command, environment.get("PATH", os.defpath), cwd)
    if problem:
        raise StartProblem(problem)

    def run() -> None:
        """In the child, before ptyprocess would run the program itself."""
        try:
            os.chdir(cwd)
            _plain_signals()
            _erase_whole_characters(0)
            if before_exec is not None:
                before_exec()
            os.execve(file, argv, environment | {"PWD": cwd})  # noqa: S606  This is how programs are started here.
        except OSError as error:
            raise ChildProcessError(f"{error.errno}") from error  # Its text is all that ptyprocess hands on.

    try:
        process = PtyProcess.spawn([file], preexec_fn=run, dimensions=(size.rows, size.columns), pass_fds=keep)
    except ChildProcessError as error:
        raise StartProblem(exec_problem(command, file, int(str(error)))) from error
    except OSError as error:
        raise StartProblem(terminal_problem(command, error.errno or 0)) from error
    except ValueError as error:  # A NUL byte in an argument.
        raise StartProblem(f"{command} could not be started: {error}") from error
    master = os.dup(process.fd)
    process.fileobj.close()
    process.closed = True
    os.set_blocking(master, False)
    return process.pid, master


def read_available(descriptor: int, limit: int) -> bytes | None:
    """Up to ``limit`` bytes that are there; None when there are none now, b'' when nobody has the terminal open any more."""
    try:
        return os.read(descriptor, limit)
    except BlockingIOError:
        return None
    except OSError as error:
        if error.errno == errno.EIO:  # Linux says so; macOS reads nothing.
            return b""
        raise


def write_some(descriptor: int, data: bytes | memoryview) -> int:
    """Write what the terminal takes now; how many bytes, -1 when nobody has it open any more."""
    try:
        return os.write(descriptor, data)
    except BlockingIOError:
        return 0
    except OSError as error:
        if error.errno == errno.EIO:
            return -1
        raise


def unread_bytes(descriptor: int) -> int | None:
    """How many bytes lie in the terminal that no program has read; None where the system does not tell."""
    if sys.platform != "linux" or descriptor < 0:
        return None
    try:
        slave = fcntl.ioctl(descriptor, TIOCGPTPEER, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None  # Nobody has the terminal open any more, or the kernel is older than 4.13.
    try:
        return int(WORD.unpack(fcntl.ioctl(slave, termios.FIONREAD, bytes(WORD.size)))[0])
    finally:
        os.close(slave)


def in_line_mode(descriptor: int) -> bool:
    """Whether the terminal itself edits the line, and programs get it with its Enter."""
    return bool(termios.tcgetattr(descriptor)[3] & termios.ICANON)


def set_size(descriptor: int, size: Size) -> None:
    """Give the terminal its size; the kernel tells the programs in its foreground when it has changed."""
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, WINSIZE.pack(size.rows, size.columns, 0, 0))


def get_size(descriptor: int) -> Size:
    """The terminal's size."""
    rows, columns, _, _ = WINSIZE.unpack(fcntl.ioctl(descriptor, termios.TIOCGWINSZ, bytes(WINSIZE.size)))
    return Size(columns=columns, rows=rows)


def _plain_signals() -> None:
    """What a program may expect: every signal does what it does by default, and none is held back."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _erase_whole_characters(terminal: int) -> None:
    attributes = termios.tcgetattr(terminal)
    attributes[0] |= IUTF8
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
