"""The filter, run by an interpreter of its own: what the kernel is told of, on every architecture."""

import errno

import pytest

from agentgrid.workspace.trace.filter import Instruction, assemble, build_filter
from agentgrid.workspace.trace.kernel import (
    AARCH64,
    ABIS,
    ARM,
    I386,
    PATHS,
    RET_ALLOW,
    RET_ERRNO,
    RET_USER_NOTIF,
    X32_BIT,
    X86_64,
    Abi,
    Call,
)

ALLOW, NOTIFY, REFUSE = RET_ALLOW, RET_USER_NOTIF, RET_ERRNO | errno.EPERM
RDONLY, WRONLY, RDWR, CREAT, TRUNC, APPEND = 0, 1, 2, 0o100, 0o1000, 0o2000


def run(program: list[Instruction], audit: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """The verdict on a call."""
    data = {0: number, 4: audit} | {16 + 8 * at: value & 0xFFFFFFFF for at, value in enumerate(arguments)}
    at, value = 0, 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        match code:
            case 0x20:
                value = data.get(operand, 0)
            case 0x54:
                value &= operand
            case 0x15:
                at += if_true if value == operand else if_false
            case 0x45:
                at += if_true if value & operand else if_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(f"instruction {code:#x}")


def numbers(abi: Abi) -> dict[Call, int]:
    return {call: number for number, call in abi.calls.items()}


ALL = [(machine, abi) for machine, abis in ABIS.items() for abi in abis]
EACH = pytest.mark.parametrize(("machine", "abi"), ALL, ids=["x86-64", "i386", "aarch64", "arm"])


@EACH
@pytest.mark.parametrize(
    ("flags", "verdict", "with_reads"),
    [
        pytest.param(RDONLY, ALLOW, NOTIFY, id="read"),
        pytest.param(WRONLY, NOTIFY, NOTIFY, id="write"),
        pytest.param(RDWR, NOTIFY, NOTIFY, id="read and write"),
        pytest.param(WRONLY | APPEND, NOTIFY, NOTIFY, id="append"),
        pytest.param(RDONLY | CREAT, NOTIFY, NOTIFY, id="create"),
        pytest.param(RDONLY | TRUNC, NOTIFY, NOTIFY, id="truncate"),
        pytest.param(0o10000000, ALLOW, ALLOW, id="O_PATH"),
    ],
)
def test_open(machine: str, abi: Abi, flags: int, verdict: int, with_reads: int) -> None:
    for call, at in ((Call.OPEN, 1), (Call.OPENAT, 2)):
        if call in numbers(abi):
            arguments = (0,) * at + (flags,)
            assert run(build_filter(machine), abi.audit, numbers(abi)[call], arguments) == verdict
            assert run(build_filter(machine, reads=True), abi.audit, numbers(abi)[call], arguments) == with_reads


@EACH
def test_reading_a_folder_is_never_told(machine: str, abi: Abi) -> None:
    assert run(build_filter(machine, reads=True), abi.audit, numbers(abi)[Call.OPENAT], (0, 0, abi.directory)) == ALLOW


@EACH
@pytest.mark.parametrize("call", [call for call in Call if call not in (Call.OPEN, Call.OPENAT)])
def test_what_makes_replaces_or_removes_a_file(machine: str, abi: Abi, call: Call) -> None:
    if call in numbers(abi):
        assert run(build_filter(machine), abi.audit, numbers(abi)[call]) == NOTIFY


@EACH
def test_removing_a_folder_is_not_told(machine: str, abi: Abi) -> None:
    assert run(build_filter(machine), abi.audit, numbers(abi)[Call.UNLINKAT], (0, 0, 0x200)) == ALLOW


@EACH
def test_rings_are_refused(machine: str, abi: Abi) -> None:
    assert run(build_filter(machine), abi.audit, abi.io_uring_setup) == REFUSE


@EACH
def test_all_other_calls_are_allowed(machine: str, abi: Abi) -> None:
    told = {number for number in range(600) if run(build_filter(machine), abi.audit, number, (0xFFFFFFFF & ~0x200,) * 3) != ALLOW}
    assert told == {*abi.calls, abi.io_uring_setup}


def test_x32_programs_are_traced_too() -> None:
    assert run(build_filter("x86_64"), X86_64.audit, 257 | X32_BIT, (0, 0, WRONLY)) == NOTIFY
    assert run(build_filter("x86_64"), X86_64.audit, 0 | X32_BIT) == ALLOW


@pytest.mark.parametrize("machine", ABIS)
def test_a_foreign_architecture_is_let_be(machine: str) -> None:
    assert run(build_filter(machine), 0x12345678, 257, (0, 0, WRONLY)) == ALLOW


@pytest.mark.parametrize("machine", ABIS)
@pytest.mark.parametrize("reads", [False, True])
def test_the_kernel_can_load_it(machine: str, reads: bool) -> None:
    program = build_filter(machine, reads=reads)
    assert len(program) <= 4096
    assert all(0 <= skip <= 255 for _, *skips, _ in program for skip in skips)
    assert all(
        at + 1 + max(if_true, if_false) < len(program) for at, (code, if_true, if_false, _) in enumerate(program) if code in (0x15, 0x45)
    )
    assert len(assemble(program)) == 8 * len(program)


def test_the_numbers_of_the_calls() -> None:
    """As in asm/unistd.h; a few that would be easy to mix up."""
    assert [numbers(abi)[Call.OPENAT] for abi in (X86_64, I386, AARCH64, ARM)] == [257, 295, 56, 322]
    assert [numbers(abi)[Call.RENAMEAT2] for abi in (X86_64, I386, AARCH64, ARM)] == [316, 353, 276, 382]
    assert [numbers(abi)[Call.UNLINKAT] for abi in (X86_64, I386, AARCH64, ARM)] == [263, 301, 35, 328]
    assert all(call in PATHS for abi in (X86_64, I386, AARCH64, ARM) for call in abi.calls.values())
