"""Names of files as text: any bytes go there and back, and what is shown moves no cursor."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.workspace.pathname import bytes_of, native, shown, text_of, text_of_native

NAMES = st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "surrogatepass")), st.just("\U0010ff81".encode()))


@given(NAMES)
def test_there_and_back(name: bytes) -> None:
    assert bytes_of(text_of(name)) == name


@given(NAMES, NAMES)
def test_two_names_are_two_texts(one: bytes, other: bytes) -> None:
    assert (text_of(one) == text_of(other)) == (one == other)


@given(NAMES)
def test_every_text_can_be_sent(name: bytes) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(text_of(name))) == text_of(name)


@given(NAMES)
def test_python_opens_the_same_file(name: bytes) -> None:
    assert text_of_native(native(text_of(name))) == text_of(name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(b"src/a.py", "src/a.py", id="plain"),
        pytest.param("größe".encode(), "größe", id="UTF-8"),
        pytest.param(b"caf\xe9", "caf\\xe9", id="Latin-1"),
        pytest.param(b"a\nb\x1b[2J", "a\\x0ab\\x1b[2J", id="control characters"),
        pytest.param("a\u009bb\u2028".encode(), "a\\x9bb\\u2028", id="C1 and line separator"),
    ],
)
def test_what_a_person_sees(name: bytes, text: str) -> None:
    assert shown(text_of(name)) == text
