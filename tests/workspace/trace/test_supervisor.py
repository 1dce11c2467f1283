"""Real programs under trace: what they write is known by path, and they notice nothing."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from agentgrid.workspace.trace.records import Flag, What
from tests.support.tracing import Traced, needs_tracing, python

pytestmark = needs_tracing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    (work / "old").write_text("one\ntwo\nthree\n")
    return work


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"no {', '.join(missing)} here")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("echo new > fresh", [("write", "fresh")], id="create"),
        pytest.param("echo more >> old", [("write", "old")], id="append"),
        pytest.param(": > old", [("write", "old")], id="truncate"),
        pytest.param("cat old; test -e old; ls", [], id="reading is not told"),
        pytest.param("mv old new", [("rename", "new")], id="rename"),
        pytest.param("cp old new", [("write", "new")], id="copy"),
        pytest.param("rm old", [("remove", "old")], id="remove"),
        pytest.param("ln -s old link", [("symlink", "link")], id="symbolic link"),
        pytest.param("ln old link", [("link", "link")], id="hard link"),
        pytest.param("mkdir -p a/b; rmdir a/b", [], id="folders are not told"),
        pytest.param("mkdir a; cd a; echo x > ../a/./b", [("write", "a/b")], id="a way with dots"),
        pytest.param("mkdir a; (cd a && echo x > b) & wait", [("write", "a/b")], id="another working directory"),
        pytest.param("echo x > /dev/null; echo y > /dev/stdout", [], id="devices"),
        pytest.param("mkdir d; exec 3<d; echo x > /proc/self/fd/3/name", [("write", "d/name")], id="a name in a folder that is open"),
        pytest.param("mkdir d; exec 3<d; echo x > /dev/fd/3/name", [("write", "d/name")], id="the same by /dev/fd"),
        pytest.param("mkdir d; cd d; echo x > /proc/$$/cwd/name", [("write", "d/name")], id="a name in the working directory"),
        pytest.param("exec 3>opened; echo x > /dev/fd/3", [("write", "opened"), ("write", "opened")], id="/dev/fd is the file behind it"),
        pytest.param("printf x > 'a b'; printf x > \"$(printf 'new\\nline')\"", [("write", "a b"), ("write", "new\nline")], id="odd names"),
        pytest.param("touch old", [("write", "old")], id="touch"),
        pytest.param("setsid sh -c 'echo x > daemon' </dev/null & wait", [("write", "daemon")], id="a daemon"),
    ],
)
def test_a_shell(folder: Path, script: str, expected: list[tuple[str, str]]) -> None:
    with Traced(["sh", "-c", script], folder) as traced:
        traced.finish()
        assert traced.told() == expected
        assert traced.process.returncode == 0


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("sed -i s/two/2/ old", "old", marks=needs("sed"), id="sed -i"),
        pytest.param("printf '2c\\n2\\n.\\nw\\nq\\n' | ed -s old", "old", marks=needs("ed"), id="ed"),
        pytest.param(
            "printf '%s\\n' '--- old' '+++ old' '@@ -1,3 +1,3 @@' ' one' '-two' '+2' ' three' | patch -s",
            "old",
            marks=needs("patch"),
            id="patch",
        ),
        pytest.param("tar cf - old | (mkdir t; cd t; tar xf -)", "t/old", marks=needs("tar"), id="tar"),
        pytest.param("printf 'all: old\\n\\tsort old > sorted\\n' > Makefile; make -s", "sorted", marks=needs("make"), id="make"),
        pytest.param("vim -n -es -u NONE -c '2s/two/2/' -c wq old </dev/null", "old", marks=needs("vim"), id="vim"),
        pytest.param("perl -pi -e s/two/2/ old", "old", marks=needs("perl"), id="perl -pi"),
        pytest.param('node -e \'require("fs").writeFileSync("old", "2")\'', "old", marks=needs("node"), id="node"),
        pytest.param('node -e \'require("fs").promises.writeFile("old", "2")\'', "old", marks=needs("node"), id="node, in a thread"),
    ],
)
def test_how_tools_save(folder: Path, script: str, expected: str) -> None:
    """Whatever their dance, the file's own path is told."""
    with Traced(["sh", "-c", script], folder) as traced:
        output = traced.finish()
        assert traced.process.returncode == 0, output
        assert expected in {path for what, path in traced.told() if what in ("write", "rename")}


AT = """
AT_FDCWD = -100
NR = {'x86_64': dict(openat2=437, renameat2=316, linkat=265), 'aarch64': dict(openat2=437, renameat2=276, linkat=37)}[os.uname().machine]
call = ctypes.CDLL(None, use_errno=True).syscall
def how(flags, mode=0): return ctypes.create_string_buffer(flags.to_bytes(8, 'little') + mode.to_bytes(8, 'little') + bytes(8))
"""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "call(NR['openat2'], AT_FDCWD, b'fresh', how(os.O_WRONLY | os.O_CREAT, 0o600), 24)", [("write", "fresh")], id="openat2"
        ),
        pytest.param("call(NR['openat2'], AT_FDCWD, b'old', how(os.O_RDONLY), 24)", [], id="openat2 to read"),
        pytest.param(
            "open('b', 'w').close(); call(NR['renameat2'], AT_FDCWD, b'old', AT_FDCWD, b'b', 2)",
            [("write", "b"), ("exchange", "b")],
            id="RENAME_EXCHANGE",
        ),
        pytest.param(
            "t = os.open('.', os.O_TMPFILE | os.O_WRONLY); os.write(t, b'x')\n"
            "assert call(NR['linkat'], AT_FDCWD, b'/proc/self/fd/%d' % t, AT_FDCWD, b'named', 0x400) == 0",
            [("link", "named")],
            id="O_TMPFILE that gets a name",
        ),
        pytest.param(
            "os.mkdir('d'); d = os.open('d', os.O_RDONLY); os.open('f', os.O_CREAT | os.O_WRONLY, dir_fd=d)",
            [("write", "d/f")],
            id="a folder's descriptor",
        ),
        pytest.param("os.truncate('old', 1)", [("write", "old")], id="truncate by path"),
        pytest.param("os.open(b'caf\\xe9', os.O_CREAT | os.O_WRONLY)", [("write", "caf\udce9")], id="a name that is not UTF-8"),
        pytest.param("os.unlink('old')", [("remove", "old")], id="unlink"),
        pytest.param(
            "path = '/'.join(['x' * 100] * 30)\nos.makedirs(path)\nopen(path + '/f', 'w')",
            [("write", "/".join(["x" * 100] * 30) + "/f")],
            id="a path of 3,000 bytes",
        ),
        pytest.param(
            "import mmap\nm = mmap.mmap(-1, 8192); m[4093:4100] = b'across\\0'\n"
            "a = ctypes.addressof(ctypes.c_char.from_buffer(m))\n"
            "libc = ctypes.CDLL(None); libc.open(ctypes.c_void_p(a + 4093), os.O_CREAT | os.O_WRONLY, 0o600)",
            [("write", "across")],
            id="a path across two pages",
        ),
        pytest.param(
            "import mmap\nm = mmap.mmap(-1, 8192); libc = ctypes.CDLL(None)\n"
            "a = ctypes.addressof(ctypes.c_char.from_buffer(m)); m[4091:4096] = b'edge\\0'\n"
            "assert libc.munmap(ctypes.c_void_p(a + 4096), 4096) == 0\n"
            "libc.open(ctypes.c_void_p(a + 4091), os.O_CREAT | os.O_WRONLY, 0o600); sys.stdout.flush(); os._exit(0)",
            [("write", "edge")],
            id="a path at the end of memory",
        ),
    ],
)
def test_the_calls_themselves(folder: Path, lines: str, expected: list[tuple[str, str]]) -> None:
    with Traced(python(AT, lines), folder) as traced:
        output = traced.finish()
        assert traced.process.returncode == 0, output
        assert traced.told() == expected


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        pytest.param("os.open(b'no/such/folder', os.O_WRONLY)", "ENOENT", id="no folder"),
        pytest.param("os.open(b'old', os.O_CREAT | os.O_EXCL | os.O_WRONLY)", "EEXIST", id="must be new"),
        pytest.param("os.open(b'.', os.O_WRONLY)", "EISDIR", id="a folder"),
        pytest.param("os.rename(b'nothing', b'old')", "ENOENT", id="nothing to rename"),
    ],
)
def test_what_fails_fails_as_it_would_without_us(folder: Path, lines: str, number: str) -> None:
    lines = f"import errno\ntry:\n    {lines}\n    print('it worked')\nexcept OSError as error:\n    print(errno.errorcode[error.errno])"
    with Traced(python(lines), folder) as traced:
        assert traced.finish().strip() == number


@pytest.mark.parametrize(
    ("lines", "flags"),
    [
        pytest.param("open('fresh', 'w')", Flag.NEW, id="new"),
        pytest.param("open('old', 'w')", Flag.CUTS, id="there"),
        pytest.param("open('empty', 'w').close(); open('empty', 'w')", Flag.BEFORE, id="there, and empty"),
        pytest.param("open('old', 'a')", Flag.BEFORE, id="appended to"),
        pytest.param("os.open('old', os.O_CREAT)", Flag.BEFORE | Flag.READS, id="made to be read, and there"),
        pytest.param("os.truncate('old', 1)", Flag.AT_ONCE, id="cut"),
        pytest.param("os.open('fresh', os.O_CREAT | os.O_EXCL | os.O_WRONLY)", Flag.NEW, id="new, and must be"),
        pytest.param("os.replace('old', 'fresh')", Flag.NEW, id="renamed to a new name"),
        pytest.param("os.link('old', 'a'); os.replace('a', 'old')", Flag(0), id="renamed over a file"),
        pytest.param(
            "try: os.open('old', os.O_CREAT | os.O_EXCL)\nexcept FileExistsError: pass",
            Flag.DOUBTFUL | Flag.READS,
            id="exists and must not",
        ),
        pytest.param("try: os.open('no/such', os.O_WRONLY)\nexcept FileNotFoundError: pass", Flag.DOUBTFUL, id="is not there"),
    ],
)
def test_what_is_seen_beforehand(folder: Path, lines: str, flags: Flag) -> None:
    with Traced(python(lines), folder) as traced:
        traced.finish()
        assert [record.flags for record in traced.records if record.what is not What.PROGRAM][-1] == flags


def test_reads_on_request(folder: Path) -> None:
    with Traced(["cat", "old"], folder, reads=True) as traced:
        assert traced.finish() == "one\ntwo\nthree\n"
        assert traced.told() == [("read", "old")]


def test_which_program(folder: Path) -> None:
    with Traced(["sh", "-c", "echo x > a; cp a b; sed -i s/x/y/ b"], folder) as traced:
        traced.finish()
        assert [record.path for record in traced.records if record.what is What.PROGRAM] == [b"sh", b"cp", b"sed"]


def test_git_says_which_command(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", folder], check=True)
    script = "git config user.email a@b.c; git config user.name n; git add old && git commit -qm one && git -C . checkout -qb topic"
    with Traced(["sh", "-c", script], folder) as traced:
        output = traced.finish()
        assert traced.process.returncode == 0, output
        programs = [record.path for record in traced.records if record.what is What.PROGRAM]
        assert programs.index(b"git add") < programs.index(b"git commit") < programs.index(b"git checkout")
        assert not [path for _, path in traced.told() if path.startswith(".git/objects/")]


def test_a_process_that_hides_its_memory_is_told_without_a_path(folder: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may read the memory of anybody")
    with Traced(python("ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)", "open('fresh', 'w')"), folder) as traced:
        traced.finish()
        assert [(record.flags, record.path) for record in traced.records if record.what is What.WRITE] == [(Flag.BLIND, b"")]


def test_rings_are_refused(folder: Path) -> None:
    with Traced(
        python("import errno", "print(ctypes.CDLL(None, use_errno=True).syscall(425, 1, 0), ctypes.get_errno() == errno.EPERM)"), folder
    ) as traced:
        assert traced.finish().strip() == "-1 True"


def test_a_second_listener_inside_is_refused_and_says_why(folder: Path) -> None:
    here = Path(__file__).parents[3]
    lines = f"sys.path.insert(0, {str(here)!r})\nfrom agentgrid.workspace.trace.install import install, WHY_NOT\n"
    lines += "try: install()\nexcept OSError as error: print(WHY_NOT[error.errno])"
    with Traced(python(lines), folder) as traced:
        assert "another agentgrid" in traced.finish()


def test_a_storm_of_signals_does_not_stop_a_writer(folder: Path) -> None:
    lines = """
import signal
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
for number in range(500): open('f%d' % number, 'w').close()
signal.setitimer(signal.ITIMER_REAL, 0)
print(len([name for name in os.listdir('.') if name.startswith('f')]))
"""
    with Traced(python(lines), folder) as traced:
        assert traced.finish().strip() == "500"
        assert len({path for what, path in traced.told() if what == "write"}) == 500


def test_a_process_killed_in_a_call_harms_nobody(folder: Path) -> None:
    lines = """
import signal
for number in range(20):
    pid = os.fork()
    if pid == 0:
        while True: open('victim', 'w').close()
    time.sleep(0.005); os.kill(pid, signal.SIGKILL); os.waitpid(pid, 0)
open('after', 'w').close(); print('alive')
"""
    with Traced(python(lines), folder) as traced:
        assert traced.finish().strip() == "alive"
        assert traced.told()[-1] == ("write", "after")


def test_many_threads(folder: Path) -> None:
    lines = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool: list(pool.map(lambda number: open('t%d' % number, 'w').close(), range(200)))
"""
    with Traced([python()[0], "-c", "import os\n" + lines], folder) as traced:
        output = traced.finish()
        assert traced.process.returncode == 0, output
        assert {path for _, path in traced.told()} >= {f"t{number}" for number in range(200)}


def test_a_server_that_does_not_read_never_stops_a_writer(folder: Path) -> None:
    lines = "for number in range(20000): os.close(os.open('f%d' % (number % 10), os.O_CREAT | os.O_WRONLY))\nprint('done')"
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, Traced(python(lines), folder) as traced:
        traced.supervisor.outlet.connect(ours)
        assert traced.finish().strip() == "done"
        assert traced.supervisor.outlet.dropped > 0


def test_32_bit_programs(folder: Path, tmp_path: Path) -> None:
    """``int 0x80`` from a 64-bit program is what a 32-bit one does; the path must lie in the first four gigabytes."""
    if os.uname().machine != "x86_64" or shutil.which("gcc") is None:
        pytest.skip("needs gcc on x86-64")
    source = tmp_path / "old.c"
    source.write_text(
        """
        #define _GNU_SOURCE
        #include <sys/mman.h>
        #include <string.h>
        int main(void) {
            char *path = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
            strcpy(path, "thirtytwo");
            long result;
            __asm__ volatile("int $0x80" : "=a"(result) : "a"(5), "b"(path), "c"(0101), "d"(0600) : "memory");
            return (int)result < 0;
        }
        """
    )
    subprocess.run(["gcc", "-o", tmp_path / "old", source], check=True)
    plain = subprocess.run([tmp_path / "old"], cwd=tmp_path, check=False)
    if plain.returncode != 0:
        pytest.skip("this kernel runs no 32-bit programs")
    with Traced([str(tmp_path / "old")], folder) as traced:
        traced.finish()
        assert traced.told() == [("write", "thirtytwo")]
        assert traced.process.returncode == 0


def test_the_program_ends_as_it_would(folder: Path) -> None:
    with Traced(["sh", "-c", "kill -TERM $$"], folder) as traced:
        traced.finish()
        assert traced.process.returncode == -signal.SIGTERM
