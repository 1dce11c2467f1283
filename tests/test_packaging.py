"""What is installed: a wheel, a wheel made from the sdist, and an editable checkout each work, data files included. No network."""

import ast
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
KINDS = ("wheel", "sdist", "editable")


def run(*command: str | Path, folder: Path) -> str:
    """The output of a command that has to succeed."""
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(source: Path, target: str, into: Path) -> Path:
    """Let hatchling make a wheel or an sdist of a folder."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, folder=source)
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(TOP, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(TOP, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module", params=KINDS)
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a virtual environment with agentgrid alone; its dependencies are borrowed from this one."""
    folder = tmp_path_factory.mktemp(request.param)
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv/bin/python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder).strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")  # Named by a .pth, its own .pth files are not read.
    match request.param:
        case "wheel":
            what = [request.getfixturevalue("wheel")]
        case "sdist":
            with tarfile.open(request.getfixturevalue("sdist")) as archive:
                archive.extractall(folder, filter="data")
            (source,) = folder.glob("agentgrid_tui-*")
            what = [build(source, "wheel", folder / "made")]
        case _:
            what = ["--editable", TOP]
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    run(*pip, "--ignore-installed", *what, folder=folder)
    return python.parent


def test_the_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    from agentgrid import __version__

    assert run(installed / "agentgrid", "--version", folder=tmp_path).split()[-1] == __version__


@pytest.mark.parametrize("name", ["themes", "demo.tcss"])
def test_data_files_are_found(installed: Path, tmp_path: Path, name: str) -> None:
    program = "import sys; from agentgrid.paths import data_file; print(data_file(sys.argv[1]))"
    found = Path(run(installed / "python", "-c", program, name, folder=tmp_path).strip())
    original = TOP / name
    if original.is_dir():
        assert {path.name: path.read_bytes() for path in found.iterdir()} == {path.name: path.read_bytes() for path in original.iterdir()}
    else:
        assert found.read_bytes() == original.read_bytes()


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {
        path.relative_to(TOP).as_posix() for path in (TOP / "agentgrid").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    data = {f"agentgrid/data/themes/{path.name}" for path in (TOP / "themes").iterdir()} | {"agentgrid/data/demo.tcss"}
    assert {name for name in names if ".dist-info/" not in name} == package | data
    assert "agentgrid/py.typed" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "demo.tcss", "tests/test_packaging.py", "Makefile"]
)
def test_the_sdist_holds_the_project(sdist: Path, name: str) -> None:
    with tarfile.open(sdist) as archive:
        assert name in {member.partition("/")[2] for member in archive.getnames()}


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    named: set[str] = set()
    for path in (TOP / "agentgrid").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names=aliases):
                    named |= {alias.name.partition(".")[0] for alias in aliases}
                case ast.ImportFrom(level=0, module=str(module)):
                    named.add(module.partition(".")[0])
    foreign = {name.replace("_", "-") for name in named - sys.stdlib_module_names - {"agentgrid"}}
    assert foreign == dependencies()


def dependencies() -> set[str]:
    """What the package says it needs, by name."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    return {re.split(r"[^a-z0-9-]", dependency)[0] for dependency in project["project"]["dependencies"]}


def pins(lock: str) -> dict[str, str]:
    """Name to version of what a lock file installs here or elsewhere."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (TOP / "requirements" / lock).read_text(), re.MULTILINE))


def test_the_locks_hold_every_dependency() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    groups = {
        re.split(r"[^a-z0-9-]", item)[0] for group in project["dependency-groups"].values() for item in group if isinstance(item, str)
    }
    assert dependencies() <= pins("runtime.lock").keys()
    assert groups <= pins("development.lock").keys()


def test_the_locks_agree() -> None:
    assert pins("runtime.lock").items() <= pins("development.lock").items()


def test_every_locked_file_has_a_hash() -> None:
    for lock in ("runtime.lock", "development.lock"):
        entries = re.split(r"^(?=[a-z0-9-]+==)", (TOP / "requirements" / lock).read_text(), flags=re.MULTILINE)[1:]
        assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
