"""Which calls the kernel is to tell of: a classic BPF program (linux/filter.h), built as data.

    allow everything, but
    notify     calls that make, replace or remove a file, and opening one to write, create or truncate it
    refuse     io_uring_setup: what goes through a ring is never seen, and every program that uses one can do without
    notify     with ``reads``, opening a file to read it, too (folders and O_PATH excepted)

The flags of ``open`` are in a register, so that a plain read costs nothing; those of ``openat2`` are in memory, which a filter
cannot see, so each is told of. Making and removing folders is not: git knows no folders, and their files tell by themselves.
For calls it always allows the kernel does not even run the program (since 5.11).

A 32-bit program on a 64-bit kernel has a section of its own; what has neither architecture is allowed, untraced.
"""

import errno
import struct
from typing import NamedTuple

from agentgrid.workspace.trace.kernel import (
    ABIS,
    AT_REMOVEDIR,
    DATA_ARGUMENTS,
    DATA_AUDIT,
    DATA_NUMBER,
    O_PATH,
    RET_ALLOW,
    RET_ERRNO,
    RET_USER_NOTIF,
    WRITES,
    X32_BIT,
    X86_64,
    Abi,
    Call,
)

LOAD, AND, EQUAL, ANY_BIT, RETURN = 0x20, 0x54, 0x15, 0x45, 0x06  # BPF_LD|W|ABS, ALU|AND|K, JMP|JEQ|K, JMP|JSET|K, RET|K


class Instruction(NamedTuple):
    """struct sock_filter: what to do, how many instructions to skip if true and if false, an operand."""

    code: int
    if_true: int
    if_false: int
    operand: int


FLAGS = {Call.OPEN: 1, Call.OPENAT: 2, Call.UNLINKAT: 2}
"""The argument that decides, for calls that are told of only with certain flags."""

ALLOW, NOTIFY = Instruction(RETURN, 0, 0, RET_ALLOW), Instruction(RETURN, 0, 0, RET_USER_NOTIF)
REFUSE = Instruction(RETURN, 0, 0, RET_ERRNO | errno.EPERM)  # As where an administrator has switched io_uring off.


def build_filter(machine: str, *, reads: bool = False) -> list[Instruction]:
    """The program for a machine, as uname(2) calls it. Raises KeyError for one that is not known."""
    sections = [_section(abi, reads) for abi in ABIS[machine]]
    program = [Instruction(LOAD, 0, 0, DATA_AUDIT)]
    for abi, section in zip(ABIS[machine], sections, strict=True):
        program.append(Instruction(EQUAL, 0, len(section), abi.audit))
        program += section
    return [*program, ALLOW]


def assemble(program: list[Instruction]) -> bytes:
    """The program as the kernel takes it."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _section(abi: Abi, reads: bool) -> list[Instruction]:
    """For one architecture; ends with a verdict on every way."""
    section = [Instruction(LOAD, 0, 0, DATA_NUMBER)]
    if abi is X86_64:
        section.append(Instruction(AND, 0, 0, X32_BIT ^ 0xFFFFFFFF))
    for number, call in abi.calls.items():
        verdict = _verdict(call, abi, reads)
        section += [Instruction(EQUAL, 0, len(verdict), number), *verdict]
    return [*section, Instruction(EQUAL, 0, 1, abi.io_uring_setup), REFUSE, ALLOW]


def _verdict(call: Call, abi: Abi, reads: bool) -> list[Instruction]:
    """What is done with a call, once its number is known."""
    argument = FLAGS.get(call)
    if argument is None:
        return [NOTIFY]
    load = Instruction(LOAD, 0, 0, DATA_ARGUMENTS + 8 * argument)  # The lower half comes first on both machines.
    match call:
        case Call.UNLINKAT:
            return [load, Instruction(ANY_BIT, 0, 1, AT_REMOVEDIR), ALLOW, NOTIFY]
        case _ if reads:
            writes = Instruction(ANY_BIT, 2, 0, WRITES)
            return [load, writes, Instruction(ANY_BIT, 0, 1, abi.directory | O_PATH), ALLOW, NOTIFY]
        case _:
            return [load, Instruction(ANY_BIT, 1, 0, WRITES), ALLOW, NOTIFY]
