"""Which files count: the rules of gitignore(5) as a table, and compared with git itself on generated ones."""

import subprocess
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentgrid.workspace.ignore import Ignore
from agentgrid.workspace.pathname import bytes_of


def ignore(rules: dict[str, bytes], **more: object) -> Ignore:
    return Ignore(rules.get, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "ignored", "counted"),
    [
        pytest.param("*.log", ["a.log", "x/y/a.log"], ["a.txt", "log"], id="a name, anywhere"),
        pytest.param("/a.log", ["a.log"], ["x/a.log"], id="only here"),
        pytest.param("x/a.log", ["x/a.log"], ["y/x/a.log"], id="a slash in the middle anchors"),
        pytest.param("build/", ["build/", "build/a", "x/build/deep/a"], ["build", "builder/"], id="folders only"),
        pytest.param("**/foo", ["foo", "a/foo", "a/b/foo"], ["foot"], id="leading **/"),
        pytest.param("abc/**", ["abc/x", "abc/x/y"], ["abc/", "x/abc/y"], id="trailing /**"),
        pytest.param("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab"], id="/**/ in the middle"),
        pytest.param("a**b", ["ab", "axb"], ["a/b"], id="** beside others is *"),
        pytest.param("foo/*", ["foo/a", "foo/b/c"], ["foo/"], id="* stops at a slash"),
        pytest.param("*.log\n!keep.log", ["a.log"], ["keep.log"], id="negated"),
        pytest.param("dir/\n!dir/keep", ["dir/keep"], [], id="nothing comes back from an ignored folder"),
        pytest.param("dir/*\n!dir/keep", ["dir/a"], ["dir/keep"], id="but from a folder whose content is"),
        pytest.param("# no\n\\#yes\n\\!also", ["#yes", "!also"], ["# no"], id="comments and escapes"),
        pytest.param("trailing   \nkept\\ ", ["trailing", "kept "], ["kept"], id="spaces at the end"),
        pytest.param("[a-c]x\n[!a-c]y\nz[[:digit:]]", ["ax", "dy", "z7"], ["dx", "ay", "zz"], id="brackets"),
        pytest.param("a[", [], ["a["], id="an open bracket"),
        pytest.param("a?c", ["abc"], ["a/c", "ac"], id="a question mark"),
        pytest.param("windows\r\nunix\n", ["windows", "unix"], [], id="carriage returns"),
        pytest.param(
            "", ["x/__pycache__/", "node_modules/a/b", ".git", "sub/.git/config", "a.pyc", ".a.py.swp", "a~"], ["a.py"], id="without rules"
        ),
    ],
)
def test_rules(rules: str, ignored: list[str], counted: list[str]) -> None:
    state = ignore({".gitignore": rules.encode()})
    wrong = {path: state.ignores(path.rstrip("/"), folder=path.endswith("/")) for path in [*ignored, *counted]}
    assert wrong == dict.fromkeys(ignored, True) | dict.fromkeys(counted, False)


def test_deeper_files_win() -> None:
    state = ignore({".gitignore": b"*.log\n", "a/.gitignore": b"!*.log\n", "a/b/.gitignore": b"x.log\n"})
    assert [state.ignores(path) for path in ("x.log", "a/x.log", "a/b/x.log", "a/b/y.log")] == [True, False, True, False]


def test_the_repositorys_own_rules_come_after_and_the_users_last() -> None:
    state = ignore({".gitignore": b"!kept\n"}, common=[b"kept\nmine\n!theirs\n", b"theirs\nall\n"])
    assert [state.ignores(path) for path in ("kept", "mine", "theirs", "all", "none")] == [False, True, False, True, False]


def test_what_is_tracked_counts() -> None:
    state = ignore({".gitignore": b"dist/\n"}, tracked=["dist/app.js"])
    assert [state.ignores("dist", folder=True), state.ignores("dist/app.js"), state.ignores("dist/other.js")] == [False, False, False]
    assert ignore({".gitignore": b"dist/*\n"}, tracked=["dist/app.js"]).ignores("dist/other.js")


def test_rules_are_read_again_when_they_have_changed() -> None:
    rules = {".gitignore": b"a\n"}
    state = ignore(rules)
    assert state.ignores("a")
    rules[".gitignore"] = b"b\n"
    assert state.ignores("a")
    state.forget()
    assert not state.ignores("a")
    assert state.ignores("b")


NAMES = st.sampled_from(["a", "b", "ab", "abc", "x.log", "y.log", "[", "a b", "ü", "-", "!a", "#a"])
PARTS = st.sampled_from(
    ["a", "b", "*", "**", "?", "*.log", "a*", "*b", "[ab]", "[!a]", "[a-c]x", "[]a]", "[a\\]]", "\\a", "\\*", "***", "ü", "[[:alpha:]]"]
)
PATTERNS = st.builds(
    lambda negated, first, parts, last: "!" * negated + "/" * first + "/".join(parts) + "/" * last,
    st.booleans(),
    st.booleans(),
    st.lists(PARTS, min_size=1, max_size=4),
    st.booleans(),
)
LINES = st.one_of(PATTERNS, PATTERNS, st.text(alphabet="ab*?/![]\\-^: #", max_size=8))
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), min_size=1, max_size=8, unique=True)


@pytest.fixture(scope="module")
def ask_git(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, bytes], list[str]], set[str]]:
    """What git says: the paths that it ignores, files all of them."""
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", root], check=True)

    def ask(rules: dict[str, bytes], paths: list[str]) -> set[str]:
        for name in (".gitignore", "a/.gitignore"):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(rules.get(name, b""))
        answer = subprocess.run(
            ["git", "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "--stdin", "-z"],
            cwd=root,
            input=b"".join(bytes_of(path) + b"\0" for path in paths),
            capture_output=True,
            check=False,
        )
        assert answer.returncode in (0, 1), answer.stderr
        return {path.decode() for path in answer.stdout.split(b"\0") if path}

    return ask


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, max_size=5), st.lists(LINES, max_size=3), PATHS)
def test_as_git_says(
    ask_git: Callable[[dict[str, bytes], list[str]], set[str]], top: list[str], below: list[str], paths: list[str]
) -> None:
    rules = {".gitignore": "\n".join(top).encode(), "a/.gitignore": "\n".join(below).encode()}
    state = ignore(rules)
    assert {path for path in paths if state.ignores(path, folder=path == "a")} == ask_git(rules, paths)
