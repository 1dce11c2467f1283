"""What a program asks the terminal: every question answered once, in order."""

import pytest

from agentgrid import __version__
from agentgrid.geometry import Size
from agentgrid.terminal.effects import Effect, IconNameChanged, TitleChanged
from agentgrid.terminal.emulator import Palette
from tests.terminal.drive import emulator, replies

VERSION = __version__.encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b[c", b"\x1b[?65;6;9;15;18;21;22;28c", id="DA1"),
        pytest.param(b"\x1bZ", b"\x1b[?65;6;9;15;18;21;22;28c", id="DECID"),
        pytest.param(b"\x1b[1c", b"", id="DA1 1 is no question"),
        pytest.param(b"\x1b[=c", b"\x1bP!|00000000\x1b\\", id="DA3"),
        pytest.param(b"\x1b[>q", b"\x1bP>|agentgrid(" + VERSION + b")\x1b\\", id="XTVERSION"),
        pytest.param(b"\x1b[5n", b"\x1b[0n", id="DSR, CPR: in order"),
        pytest.param(b"\x1b[3;4H\x1b[6n", b"\x1b[3;4R", id="CPR"),
        pytest.param(b"0123456789\x1b[6n", b"\x1b[1;10R", id="CPR in a pending wrap"),
        pytest.param(b"\x1b[2;3r\x1b[?6h\x1b[2;2H\x1b[6n", b"\x1b[2;2R", id="CPR in origin mode"),
        pytest.param(b"\x1b[3;4H\x1b[?6n", b"\x1b[?3;4;1R", id="DSR: DECXCPR"),
        pytest.param(b"\x1b[?15n\x1b[?25n", b"\x1b[?13n\x1b[?21n", id="DSR: printer, keys"),
        pytest.param(b"\x1b[?26n\x1b[?55n\x1b[?56n", b"\x1b[?27;1;0;0n\x1b[?50n\x1b[?57;0n", id="DSR: keyboard, locator"),
        pytest.param(b"\x1b[?62n\x1b[?63;7n", b"\x1b[0*{\x1bP7!~0000\x1b\\", id="DSR: macros"),
        pytest.param(b"\x1b[?75n\x1b[?85n", b"\x1b[?70n\x1b[?83n", id="DSR: integrity, sessions"),
        pytest.param(b"\x1b[?996n", b"\x1b[?997;1n", id="DSR: dark or light"),
        pytest.param(b"\x1b[x\x1b[1x", b"\x1b[2;1;1;128;128;1;0x\x1b[3;1;1;128;128;1;0x", id="DECREQTPARM"),
        pytest.param(b"\x1b[?u", b"\x1b[?0u", id="kitty keyboard query"),
        pytest.param(b"\x1b[>5u\x1b[?u", b"\x1b[?5u", id="kitty keyboard query after a push"),
        pytest.param(b"\x1b[?4m", b"\x1b[>4;0m", id="XTQMODKEYS"),
        pytest.param(b"\x1b[>4;2m\x1b[>4;?m", b"\x1b[>4;2m", id="XTQMODKEYS as Gemini CLI asks"),
        pytest.param(b"\x1b[18t\x1b[19t", b"\x1b[8;4;10t\x1b[9;4;10t", id="XTWINOPS sizes in cells"),
        pytest.param(b"\x1b[14t\x1b[15t\x1b[16t", b"\x1b[4;80;100t\x1b[5;80;100t\x1b[6;20;10t", id="XTWINOPS sizes in pixels"),
        pytest.param(b"\x1b[11t\x1b[13t", b"\x1b[1t\x1b[3;0;0t", id="XTWINOPS state and place"),
        pytest.param(b"\x1b]2;rm -rf\x07\x1b[20t\x1b[21t", b"\x1b]L\x1b\\\x1b]l\x1b\\", id="XTWINOPS gives no title back"),
        pytest.param(b"\x1b[8;50;50t\x1b[3;9;9t\x1b[2t", b"", id="XTWINOPS moves no window"),
        pytest.param(b"\x1b[1;31mx\x1b[1;1;1;1#|", b"\x1b[0;1;31m", id="XTREPORTSGR"),
        pytest.param(b"\x1bP$qm\x1b\\", b"\x1bP1$r0m\x1b\\", id="DECRQSS SGR"),
        pytest.param(b"\x1b[1;38;2;1;2;3m\x1bP$qm\x1b\\", b"\x1bP1$r0;1;38:2::1:2:3m\x1b\\", id="DECRQSS SGR with a colour"),
        pytest.param(b"\x1b[2;3r\x1bP$qr\x1b\\", b"\x1bP1$r2;3r\x1b\\", id="DECRQSS DECSTBM"),
        pytest.param(b"\x1b[?69h\x1b[2;3s\x1bP$qs\x1b\\", b"\x1bP1$r2;3s\x1b\\", id="DECRQSS DECSLRM"),
        pytest.param(b"\x1b[4 q\x1bP$q q\x1b\\", b"\x1bP1$r4 q\x1b\\", id="DECRQSS DECSCUSR"),
        pytest.param(b'\x1b[1"q\x1bP$q"q\x1b\\', b'\x1bP1$r1"q\x1b\\', id="DECRQSS DECSCA"),
        pytest.param(b'\x1bP$q"p\x1b\\', b'\x1bP1$r65;1"p\x1b\\', id="DECRQSS DECSCL"),
        pytest.param(b"\x1bP$qt\x1b\\\x1bP$q*|\x1b\\", b"\x1bP1$r4t\x1b\\\x1bP1$r4*|\x1b\\", id="DECRQSS rows"),
        pytest.param(b"\x1bP$q$|\x1b\\\x1b[2*x\x1bP$q*x\x1b\\", b"\x1bP1$r10$|\x1b\\\x1bP1$r2*x\x1b\\", id="DECRQSS columns, DECSACE"),
        pytest.param(b"\x1bP$q$}\x1b\\\x1bP$qzz\x1b\\", b"\x1bP1$r0$}\x1b\\\x1bP0$r\x1b\\", id="DECRQSS status line, unknown"),
        pytest.param(b"\x1bP+q544e\x1b\\", b"\x1bP1+r544e=787465726D2D323536636F6C6F72\x1b\\", id="XTGETTCAP TN"),
        pytest.param(b"\x1bP+q5463;zz\x1b\\", b"\x1bP1+r5463\x1b\\\x1bP0+rzz\x1b\\", id="XTGETTCAP flag, nonsense"),
        pytest.param(b"\x1b]10;?\x07", b"\x1b]10;rgb:d0d0/d0d0/d0d0\x07", id="OSC 10 ?"),
        pytest.param(b"\x1b]10;?;?\x1b\\", b"\x1b]10;rgb:d0d0/d0d0/d0d0\x1b\\\x1b]11;rgb:1010/1010/1010\x1b\\", id="OSC 10 ? ?"),
        pytest.param(b"\x1b]12;?\x07\x1b]17;?\x07", b"\x1b]12;rgb:d0d0/d0d0/d0d0\x07\x1b]17;rgb:d0d0/d0d0/d0d0\x07", id="OSC 12 ?"),
        pytest.param(b"\x1b]4;1;?;232;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07\x1b]4;232;rgb:0808/0808/0808\x07", id="OSC 4 ?"),
        pytest.param(b"\x1b]5;0;?\x07", b"\x1b]5;0;rgb:d0d0/d0d0/d0d0\x07", id="OSC 5 ?"),
        pytest.param(b"\x1b]7501;?\x1b\\\x1b[c", b"\x1b]7501;?\x1b\\\x1b[?65;6;9;15;18;21;22;28c", id="OSC 7501 ? before DA1"),
        pytest.param(b"\x1b]99;i=q:p=?;\x1b\\", b"\x1b]99;i=q:p=?;p=title,body,?\x1b\\", id="OSC 99 ?"),
        pytest.param(b"\x1b]1337;Capabilities\x07", b"\x1b]1337;Capabilities=T3CwLrMSc7UUw9Ts1BFGsGoSyHNo\x07", id="OSC 1337 Capabilities"),
        pytest.param(b"\x1b]52;c;?\x07", b"", id="OSC 52 ? is refused"),
        pytest.param(b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c", b"\x1b[?65;6;9;15;18;21;22;28c", id="kitty graphics: no support"),
        pytest.param(b"\x1bPq#0;2;0;0;0#0~~@@\x1b\\", b"", id="sixel is swallowed"),
        pytest.param(b"\x1b]66;w=2;x\x07\x1b[?9999n\x1b[>9;9z\x1bP9|x\x1b\\\x1b]9999;?\x07", b"", id="unknown questions are swallowed"),
    ],
)
def test_answer(data: bytes, expected: bytes) -> None:
    assert replies(emulator().feed(data)) == expected


def test_secondary_attributes_say_a_version() -> None:
    answer = replies(emulator().feed(b"\x1b[>c"))
    assert answer.startswith(b"\x1b[>64;")  # DA2
    assert 500 <= int(answer.split(b";")[1]) <= 999  # Below 277, vim takes us for an xterm without SGR mouse; xterm has no more than 999.


DA2 = pytest.param(b"\x1b[>c", id="DA2")


@pytest.mark.parametrize("data", [DA2])
def test_each_question_has_one_answer(data: bytes) -> None:
    made = emulator()
    assert len([*made.feed(data), *made.feed(b"x")]) == 1


def test_answers_come_in_order_and_once_in_pieces_too() -> None:
    made = emulator()
    questions = b"\x1b[?u\x1b[>q\x1b]11;?\x07\x1b[?2026$p\x1b[c"
    whole = replies(made.feed(questions))
    single = b"".join(replies(made.feed(questions[at : at + 1])) for at in range(len(questions)))
    assert single == whole
    assert whole.endswith(b"c")


def test_colours_of_ones_own() -> None:
    made = emulator(b"\x1b]11;#fff\x07\x1b]4;1;rgb:80/80/80;256;red\x07\x1b]10;nonsense\x07")
    assert replies(made.feed(b"\x1b]11;?\x07")) == b"\x1b]11;rgb:f0f0/f0f0/f0f0\x07"
    assert replies(made.feed(b"\x1b]4;1;?\x07")) == b"\x1b]4;1;rgb:8080/8080/8080\x07"
    assert replies(made.feed(b"\x1b]5;0;?\x07")) == b"\x1b]5;0;rgb:ffff/0000/0000\x07"
    made.feed(b"\x1b]111\x07\x1b]104;1\x07\x1b]105\x07")
    assert replies(made.feed(b"\x1b]11;?\x07")) == b"\x1b]11;rgb:1010/1010/1010\x07"
    assert replies(made.feed(b"\x1b]4;1;?\x07")) == b"\x1b]4;1;rgb:cdcd/0000/0000\x07"
    assert replies(made.feed(b"\x1b]5;0;?\x07")) == b"\x1b]5;0;rgb:d0d0/d0d0/d0d0\x07"


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(10, id="OSC 10, OSC 110"),
        pytest.param(11, id="OSC 11, OSC 111"),
        pytest.param(12, id="OSC 12, OSC 112"),
        pytest.param(13, id="OSC 13, OSC 113"),
        pytest.param(14, id="OSC 14, OSC 114"),
        pytest.param(15, id="OSC 15, OSC 115"),
        pytest.param(16, id="OSC 16, OSC 116"),
        pytest.param(17, id="OSC 17, OSC 117"),
        pytest.param(18, id="OSC 18, OSC 118"),
        pytest.param(19, id="OSC 19, OSC 119"),
    ],
)
def test_dynamic_colour(number: int) -> None:
    made = emulator()
    question = b"\x1b]%d;?\x07" % number
    first = replies(made.feed(question))
    assert replies(made.feed(b"\x1b]%d;#123456\x07" % number + question)) == b"\x1b]%d;rgb:1212/3434/5656\x07" % number
    assert replies(made.feed(b"\x1b]%d\x07" % (number + 100) + question)) == first


def test_the_theme_changes() -> None:
    made = emulator(b"\x1b[?2031h")
    light = Palette(background=(255, 255, 255), ansi=((1, 2, 3),), dark=False)
    assert replies(made.set_palette(light)) == b"\x1b[?997;2n"
    assert replies(made.set_palette(light)) == b""
    assert replies(made.feed(b"\x1b]11;?\x07\x1b]4;0;?\x07")) == b"\x1b]11;rgb:ffff/ffff/ffff\x07\x1b]4;0;rgb:0101/0202/0303\x07"
    made.feed(b"\x1b[?2031l")
    assert replies(made.set_palette(Palette())) == b""


def test_sizes_in_band() -> None:
    made = emulator()
    assert replies(made.feed(b"\x1b[?2048h")) == b"\x1b[48;4;10;80;100t"
    assert replies(made.resize(Size(20, 5))) == b"\x1b[48;5;20;100;200t"
    assert replies(made.resize(Size(20, 5))) == b""
    made.feed(b"\x1b[?2048l")
    assert replies(made.resize(Size(10, 4))) == b""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b[23;1t", [IconNameChanged("icon")], id="XTWINOPS pops the icon name alone"),
        pytest.param(b"\x1b[23;2t", [TitleChanged("title")], id="XTWINOPS pops the title alone"),
        pytest.param(b"\x1b[23;1t\x1b[23;2t", [IconNameChanged("icon")], id="XTWINOPS pops what was pushed once only once"),
        pytest.param(b"\x1b[23t", [IconNameChanged("icon"), TitleChanged("title")], id="XTWINOPS pops both"),
    ],
)
@pytest.mark.parametrize("push", [b"\x1b[22;0t", b"\x1b[22;1t", b"\x1b[22;2t"])
def test_whatever_was_pushed_both_names_can_be_popped(push: bytes, data: bytes, expected: list[Effect]) -> None:
    made = emulator(b"\x1b]1;icon\x07\x1b]2;title\x07" + push + b"\x1b]0;other\x07")
    assert made.feed(data) == expected


def test_the_title_stack() -> None:
    made = emulator(b"\x1b]0;first\x07\x1b[22;0t\x1b]2;second\x07\x1b[22;2t\x1b]0;third\x07")
    assert made.feed(b"\x1b[23;0t") == [IconNameChanged("first"), TitleChanged("second")]
    assert made.feed(b"\x1b[23;0t") == [IconNameChanged("first"), TitleChanged("first")]
    assert made.feed(b"\x1b[23;0t") == []
    made.feed(b"\x1b[22t" * 1000)
    assert len(made._screen.title_stack) == 10
