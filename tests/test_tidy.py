"""The rules of the house that ruff, mypy and import-linter do not keep. CONTRIBUTING.md says what they are for."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
SOURCES = sorted(path.relative_to(TOP).as_posix() for path in (TOP / "agentgrid").rglob("*.py"))
TESTS = sorted(path.relative_to(TOP).as_posix() for path in (TOP / "tests").rglob("*.py"))
MODULES = SOURCES + TESTS

MAX_LINES = 400  # What one can still hold in the head; most are a third of it.
LONGER: dict[str, str] = {}
"""Path to reason, where a module really is one thing that takes more. Empty is the aim."""

VAGUE = re.compile(r"(^|_)(util|utils|helper|helpers|manager|common|misc)(_|$)")

ONE_IMPORTER = {"pyte": "agentgrid/terminal/", "ptyprocess": "agentgrid/process/pty.py", "watchfiles": "agentgrid/workspace/watcher.py"}
"""Import to the one module (or the folder that holds the one module) that knows it."""
ONE_PACKAGE = {"textual": "agentgrid/ui/", "rich": "agentgrid/ui/"}

PURE = re.compile(
    r"agentgrid/(terminal/|session/|protocol/|client/mirror|workspace/(ledger|conflicts?|overlap)|agents/(detector|detect|profile)s?\.)"
)
IMPURE_IMPORTS = {"asyncio", "datetime", "random", "select", "selectors", "socket", "subprocess", "threading", "time"}

LONG_ENOUGH_TO_EXPLAIN = 20  # Lines. Below that the name, the types and the code say it.

MACHINE = re.compile(r"(^|[^\w.])/(?:work|farm|root)/|\bpypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|\bproxy\.golang")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((TOP / module).read_text(encoding="utf-8"))


def imports(module: str) -> set[str]:
    """The top-level names of what a module imports, wherever it does so."""
    names: set[str] = set()
    for node in ast.walk(tree(module)):
        match node:
            case ast.Import():
                names |= {alias.name.partition(".")[0] for alias in node.names}
            case ast.ImportFrom(level=0, module=str(origin)):
                names.add(origin.partition(".")[0])
    return names


def calls(module: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(module)) if isinstance(node, ast.Call))


def called_name(call: ast.Call) -> str:
    """``sleep`` of ``time.sleep(1)`` as of ``sleep(1)``."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def tracked_files() -> list[Path]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=False)
    if found.returncode != 0:
        pytest.skip("not a git checkout")
    return [TOP / name for name in found.stdout.decode().split("\0") if name and (TOP / name).is_file()]


@pytest.mark.parametrize("module", [module for module in MODULES if not (module in TESTS and module.endswith("__init__.py"))])
def test_a_module_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(tree(module))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short(module: str) -> None:
    lines = len((TOP / module).read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES or LONGER.get(module)


@pytest.mark.parametrize("module", [module for module in MODULES if module.endswith("__init__.py")])
def test_a_package_holds_only_its_map(module: str) -> None:
    beyond = [ast.unparse(node) for node in tree(module).body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    if module == "agentgrid/__init__.py":
        beyond = [line for line in beyond if not line.startswith("__version__ = ")]
    assert beyond == []


@pytest.mark.parametrize("module", MODULES)
def test_a_name_is_an_idea(module: str) -> None:
    parts = Path(module).with_suffix("").parts[1:]
    assert not [part for part in parts if VAGUE.search(part)]


@pytest.mark.parametrize("name", ONE_IMPORTER)
def test_one_module_knows_the_library(name: str) -> None:
    importers = [module for module in SOURCES if name in imports(module)]
    assert len(importers) <= 1
    assert all(module.startswith(ONE_IMPORTER[name]) for module in importers)


@pytest.mark.parametrize("name", ONE_PACKAGE)
def test_one_package_knows_the_library(name: str) -> None:
    assert [module for module in SOURCES if name in imports(module) and not module.startswith(ONE_PACKAGE[name])] == []


@pytest.mark.parametrize("module", [module for module in SOURCES if PURE.match(module)])
def test_the_pure_core_has_no_clock_and_no_wire(module: str) -> None:
    assert imports(module) & IMPURE_IMPORTS == set()


@pytest.mark.parametrize("module", SOURCES)
def test_nothing_goes_through_a_shell(module: str) -> None:
    shells = [
        ast.unparse(call)
        for call in calls(module)
        if any(keyword.arg == "shell" for keyword in call.keywords) or ast.unparse(call.func) in {"os.system", "os.popen"}
    ]
    assert shells == []


@pytest.mark.parametrize("module", SOURCES)
def test_what_is_public_and_long_says_what_it_does(module: str) -> None:
    silent = [
        node.name
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and (node.end_lineno or node.lineno) - node.lineno > LONG_ENOUGH_TO_EXPLAIN
        and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("module", SOURCES)
def test_a_limit_says_why(module: str) -> None:
    """``MAX_…`` has a comment on its line or above it, or a string below it."""
    lines = (TOP / module).read_text(encoding="utf-8").splitlines()
    body = tree(module).body
    silent = [
        target.id
        for node, after in zip(body, [*body[1:], None], strict=True)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.lstrip("_").startswith("MAX_")
        if not any("#" in line for line in lines[max(node.lineno - 2, 0) : node.end_lineno])
        and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant))
    ]
    assert silent == []


@pytest.mark.parametrize("module", [module for module in TESTS if not module.startswith("tests/bench/")])
def test_a_test_waits_for_events_not_for_time(module: str) -> None:
    """A benchmark may: it gives its load a pace."""
    sleeps = [ast.unparse(call) for call in calls(module) if called_name(call) == "sleep" and ast.unparse(call.args[0]) != "0"]
    assert sleeps == []


def test_every_folder_of_tests_is_a_package() -> None:
    assert [folder for folder in {(TOP / module).parent for module in TESTS} if not (folder / "__init__.py").exists()] == []


def test_no_machine_is_named() -> None:
    """No path of somebody's machine and no package registry: what is here works anywhere."""
    named = []
    for path in tracked_files():
        if path.suffix in {".bin", ".lock", ".png", ".svg"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if MACHINE.search(line):
                named.append(f"{path.relative_to(TOP)}:{number}: {line.strip()[:120]}")
    assert named == []
