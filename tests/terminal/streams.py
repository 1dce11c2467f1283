"""Streams of bytes for property tests: anything at all, and sequences made by grammar."""

from itertools import pairwise

from hypothesis import strategies as st

from agentgrid.geometry import Size
from agentgrid.terminal.csi import SEQUENCES
from agentgrid.terminal.escapes import CONTROLS
from agentgrid.terminal.escapes import SEQUENCES as ESCAPES
from agentgrid.terminal.modes import ANSI_MODES, PRIVATE_MODES
from agentgrid.terminal.osc import COMMANDS

GRAPHEMES = (
    *("a", "abc", " ", "   ", "é", "─", "█", "日本", "한", "ᄀ", "ᅡ", "ᆨ", "👍", "🏽", "👍🏽", "👨‍👩‍👧", "🇺", "🇸", "🇺🇸", "🖐🏻"),
    *(
        "e\u0301",
        "\u0301",
        "✔",
        "✔\ufe0f",
        "\ufe0f",
        "⌚\ufe0e",
        "\ufe0e",
        "\u200d",
        "\u200b",
        "क्षि",
        "क",
        "्",
        "ि",
        "\u0600",
        "ﷺ",
        "\U00100001",
    ),
)
PARAMETERS = ("", "0", "1", "2", "3", "5", "9", "99", "1;1", "2;3", "3;9", "4;4", "10;2", "1;5;3;8", "1;1;4;6;1;2;3", "65535", "9" * 30)
COLORS = (
    "38;2;1;2;3",
    "48;5;9",
    "38:2::9:9:9",
    "58:5:3",
    "4:3",
    "7",
    "1;4",
    "27;22",
    "39;49",
    "",
    "0",
    "53;9",
    "38;5",
    "48;2;300;0;0",
    "4:9",
    ":",
)

text = st.sampled_from(GRAPHEMES)
control = st.sampled_from([*CONTROLS, "\x00", "\x18", "\x1a", "\x7f", "\r\n", "\x1b"])


def _csi(key: str, parameters: str) -> str:
    """A CSI sequence by its key in the table: prefix, intermediates, final."""
    prefix = key[0] if key[0] in "<=>?" else ""
    return f"\x1b[{prefix}{parameters}{key[len(prefix) :]}"


csi = st.builds(_csi, st.sampled_from(sorted(SEQUENCES)), st.sampled_from(PARAMETERS))
mode = st.builds(
    lambda number, final: f"\x1b[{number}{final}",
    st.sampled_from([*(f"?{number}" for number in PRIVATE_MODES), *map(str, ANSI_MODES)]),
    st.sampled_from("hl"),
)
sgr = st.builds("\x1b[{}m".format, st.sampled_from(COLORS))
escape = st.builds("\x1b{}".format, st.sampled_from([*ESCAPES, "(0", "(B", ")0", "*A", "+K", "%G", "(%5", " F", "#3"]))
string = st.builds(
    lambda start, body, end: start + body + end,
    st.sampled_from(
        [*(f"\x1b]{number};" for number in COMMANDS), "\x1b]", "\x1bP$q", "\x1bP+q", "\x1bPq", "\x1b_G", "\x1b^", "\x1bX", "\x9d0;"]
    ),
    st.sampled_from(
        ["", "?", "m", "1;?", "1;#123456", "524742", "i=1:d=0;é", "c;YQ==", "4;1;50", "A", "id=x;http://a", ";", "notify;a;b", "a=q;AAAA"]
    ),
    st.sampled_from(["\x07", "\x1b\\", "\x9c", "\x18", "\x1bZ", ""]),
)
broken = st.sampled_from(
    ["\x1b[1\n2A", "\x1b[\x18", "\x1b(\x1b", "\x1b\n[A", "\x1b[1é", "\x1b[-2A", "\x1b[?1;2:3h", "\x1b[>!p", "\x9b3m", "\x84\x8d"]
)
sequences = st.lists(st.one_of(text, text, text, control, csi, csi, mode, sgr, escape, string, broken), min_size=1, max_size=12).map(
    lambda parts: "".join(parts).encode()
)
noise = st.binary(min_size=1, max_size=40)
sizes = st.builds(Size, st.sampled_from([1, 2, 3, 7, 10, 20]), st.sampled_from([1, 2, 3, 5, 8]))

PLAIN = (*GRAPHEMES, "plain words here", "x" * 30, "\t", "\x1b[31m", "\x1b[m", "\x1b[48;5;3m", "\x1b[1m", "\x1b[38;2;1;2;3m", "\x1b[49m")
lines = st.lists(st.lists(st.sampled_from(PLAIN), max_size=6).map("".join), min_size=1, max_size=40).map(
    lambda rows: "".join(f"{row}\r\n" for row in rows).encode()
)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data cut at some places."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:stop] for start, stop in pairwise(places)]
