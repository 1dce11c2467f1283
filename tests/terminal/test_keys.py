"""Keys as bytes. The expected values are written out from the specifications:

legacy   xterm's ctlseqs ("PC-Style Function Keys"), and the C0 and ctrl tables of the kitty protocol, which agree with it
mok 1,2  modifyOtherKeys, xterm's modified-keys.html and input.c (our deviations are in ``keys``)
kitty    https://sw.kovidgoyal.net/kitty/keyboard-protocol/
"""

import re

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.key_tables import KITTY_NUMBERS, NAMES
from agentgrid.terminal.keys import Key, KeyKind, Modifier, encode, parse_key

COLUMNS = {
    "legacy": Modes(),
    "mok 1": Modes(modify_other_keys=1),
    "mok 2": Modes(modify_other_keys=2),
    "kitty 1": Modes(kitty_flags=1),
    "kitty 31": Modes(kitty_flags=31),
}

# Notation: ^A a control, ESC CSI SS3 DEL SPC, - nothing, = as in the column before.
TABLE = """
a                   a             =              =              =             CSI 97;;97u
A                   A             =              =              =             CSI 97:65;2;65u
1                   1             =              =              =             CSI 49;;49u
shift+1             !             =              =              =             CSI 49:33;2;33u
!                   !             =              =              =             CSI 33;;33u
0                   0             =              =              =             CSI 48;;48u
5                   5             =              =              =             CSI 53;;53u
9                   9             =              =              =             CSI 57;;57u
.                   .             =              =              =             CSI 46;;46u
,                   ,             =              =              =             CSI 44;;44u
+                   +             =              =              =             CSI 43;;43u
-                   -_            =              =              =             CSI 45;;45u
=                   =_            =              =              =             CSI 61;;61u
;                   ;             =              =              =             CSI 59;;59u
é                   é             =              =              =             CSI 233;;233u
я                   я             =              =              =             CSI 1103;;1103u
space               SPC           =              =              =             CSI 32;;32u
shift+space         SPC           =              CSI 27;2;32~   SPC           CSI 32;2;32u
ctrl+space          ^@            =              CSI 27;5;32~   CSI 32;5u     =
alt+space           ESC SPC       =              CSI 27;3;32~   CSI 32;3u     =
ctrl+alt+space      ESC ^@        =              CSI 27;7;32~   CSI 32;7u     =
ctrl+shift+space    ^@            =              CSI 27;6;32~   CSI 32;6u     =

ctrl+a              ^A            =              CSI 27;5;97~   CSI 97;5u     =
ctrl+b              ^B            =              CSI 27;5;98~   CSI 98;5u     =
ctrl+c              ^C            =              CSI 27;5;99~   CSI 99;5u     =
ctrl+d              ^D            =              CSI 27;5;100~  CSI 100;5u    =
ctrl+h              ^H            =              CSI 27;5;104~  CSI 104;5u    =
ctrl+i              ^I            =              CSI 27;5;105~  CSI 105;5u    =
ctrl+j              ^J            =              CSI 27;5;106~  CSI 106;5u    =
ctrl+l              ^L            =              CSI 27;5;108~  CSI 108;5u    =
ctrl+m              ^M            =              CSI 27;5;109~  CSI 109;5u    =
ctrl+p              ^P            =              CSI 27;5;112~  CSI 112;5u    =
ctrl+q              ^Q            =              CSI 27;5;113~  CSI 113;5u    =
ctrl+s              ^S            =              CSI 27;5;115~  CSI 115;5u    =
ctrl+z              ^Z            =              CSI 27;5;122~  CSI 122;5u    =
ctrl+[              ESC           =              CSI 27;5;91~   CSI 91;5u     =
ctrl+\\             ^\\           =              CSI 27;5;92~   CSI 92;5u     =
ctrl+]              ^]            =              CSI 27;5;93~   CSI 93;5u     =
ctrl+^              ^^            =              CSI 27;5;94~   CSI 94;5u     =
ctrl+_              ^_            =              CSI 27;5;95~   CSI 95;5u     =
ctrl+@              ^@            =              CSI 27;5;64~   CSI 64;5u     =
ctrl+/              ^_            =              CSI 27;5;47~   CSI 47;5u     =
ctrl+?              DEL           =              CSI 27;5;63~   CSI 63;5u     =
ctrl+1              1             CSI 27;5;49~   =              CSI 49;5u     =
ctrl+2              ^@            =              CSI 27;5;50~   CSI 50;5u     =
ctrl+3              ESC           =              CSI 27;5;51~   CSI 51;5u     =
ctrl+4              ^\\           =              CSI 27;5;52~   CSI 52;5u     =
ctrl+5              ^]            =              CSI 27;5;53~   CSI 53;5u     =
ctrl+6              ^^            =              CSI 27;5;54~   CSI 54;5u     =
ctrl+7              ^_            =              CSI 27;5;55~   CSI 55;5u     =
ctrl+8              DEL           =              CSI 27;5;56~   CSI 56;5u     =
ctrl+9              9             CSI 27;5;57~   =              CSI 57;5u     =
ctrl+0              0             CSI 27;5;48~   =              CSI 48;5u     =
ctrl+.              .             CSI 27;5;46~   =              CSI 46;5u     =
ctrl+,              ,             CSI 27;5;44~   =              CSI 44;5u     =
ctrl+;              ;             CSI 27;5;59~   =              CSI 59;5u     =
ctrl+-              -_            CSI 27;5;45~   =              CSI 45;5u     =
ctrl+=              =_            CSI 27;5;61~   =              CSI 61;5u     =
ctrl+shift+a        ^A            =              CSI 27;6;65~   CSI 97;6u     CSI 97:65;6u
ctrl+shift+p        ^P            =              CSI 27;6;80~   CSI 112;6u    CSI 112:80;6u
ctrl+shift+1        !             CSI 27;6;33~   =              CSI 49;6u     CSI 49:33;6u
ctrl+shift+-        ^_            =              CSI 27;6;95~   CSI 45;6u     CSI 45:95;6u
ctrl+shift+!        !             CSI 27;6;33~   =              CSI 33;6u     =
ctrl+shift+_        ^_            =              CSI 27;6;95~   CSI 95;6u     =

alt+a               ESC a         =              CSI 27;3;97~   CSI 97;3u     =
alt+A               ESC A         =              CSI 27;4;65~   CSI 97;4u     CSI 97:65;4u
alt+b               ESC b         =              CSI 27;3;98~   CSI 98;3u     =
alt+x               ESC x         =              CSI 27;3;120~  CSI 120;3u    =
alt+1               ESC 1         =              CSI 27;3;49~   CSI 49;3u     =
alt+9               ESC 9         =              CSI 27;3;57~   CSI 57;3u     =
alt+.               ESC .         =              CSI 27;3;46~   CSI 46;3u     =
alt+[               ESC [         =              CSI 27;3;91~   CSI 91;3u     =
alt+]               ESC ]         =              CSI 27;3;93~   CSI 93;3u     =
alt+O               ESC O         =              CSI 27;4;79~   CSI 111;4u    CSI 111:79;4u
alt+é               ESC é         =              CSI 27;3;233~  CSI 233;3u    =
ctrl+alt+a          ESC ^A        =              CSI 27;7;97~   CSI 97;7u     =
ctrl+alt+h          ESC ^H        =              CSI 27;7;104~  CSI 104;7u    =
alt++               ESC +         =              CSI 27;3;43~   CSI 43;3u     =
ctrl+alt+1          ESC 1         CSI 27;7;49~   =              CSI 49;7u     =
super+k             -             CSI 27;9;107~  =              CSI 107;9u    =
hyper+k             -             -              -              CSI 107;17u   =
meta+k              -             -              -              CSI 107;33u   =

enter               ^M            =              =              =             CSI 13u
shift+enter         ^M            CSI 27;2;13~   =              CSI 13;2u     =
ctrl+enter          ^M            CSI 27;5;13~   =              CSI 13;5u     =
alt+enter           ESC ^M        =              CSI 27;3;13~   CSI 13;3u     =
ctrl+shift+enter    ^M            CSI 27;6;13~   =              CSI 13;6u     =
ctrl+alt+enter      ESC ^M        CSI 27;7;13~   =              CSI 13;7u     =
alt+shift+enter     ESC ^M        CSI 27;4;13~   =              CSI 13;4u     =
tab                 ^I            =              =              =             CSI 9u
shift+tab           CSI Z         =              =              CSI 9;2u      =
ctrl+tab            ^I            CSI 27;5;9~    =              CSI 9;5u      =
alt+tab             ESC ^I        =              CSI 27;3;9~    CSI 9;3u      =
ctrl+shift+tab      CSI Z         CSI 27;6;9~    =              CSI 9;6u      =
alt+shift+tab       ESC CSI Z     =              CSI 27;4;9~    CSI 9;4u      =
escape              ESC           =              =              CSI 27u       =
shift+escape        ESC           =              =              CSI 27;2u     =
ctrl+escape         ESC           =              CSI 27;5;27~   CSI 27;5u     =
alt+escape          ESC ESC       =              CSI 27;3;27~   CSI 27;3u     =
backspace           DEL           =              =              =             CSI 127u
shift+backspace     DEL           =              CSI 27;2;127~  CSI 127;2u    =
ctrl+backspace      ^H            =              =              CSI 127;5u    =
alt+backspace       ESC DEL       =              CSI 27;3;127~  CSI 127;3u    =
ctrl+alt+backspace  ESC ^H        =              CSI 27;7;8~    CSI 127;7u    =

up                  CSI A         =              =              =             =
down                CSI B         =              =              =             =
right               CSI C         =              =              =             =
left                CSI D         =              =              =             =
home                CSI H         =              =              =             =
end                 CSI F         =              =              =             =
shift+up            CSI 1;2A      =              =              =             =
alt+up              CSI 1;3A      =              =              =             =
alt+shift+down      CSI 1;4B      =              =              =             =
ctrl+up             CSI 1;5A      =              =              =             =
ctrl+left           CSI 1;5D      =              =              =             =
ctrl+shift+right    CSI 1;6C      =              =              =             =
ctrl+alt+left       CSI 1;7D      =              =              =             =
ctrl+alt+shift+end  CSI 1;8F      =              =              =             =
super+left          CSI 1;9D      =              =              =             =
ctrl+home           CSI 1;5H      =              =              =             =
insert              CSI 2~        =              =              =             =
delete              CSI 3~        =              =              =             =
pageup              CSI 5~        =              =              =             =
pagedown            CSI 6~        =              =              =             =
shift+insert        CSI 2;2~      =              =              =             =
alt+delete          CSI 3;3~      =              =              =             =
shift+pageup        CSI 5;2~      =              =              =             =
ctrl+pagedown       CSI 6;5~      =              =              =             =

f1                  SS3 P         =              =              CSI P         =
f2                  SS3 Q         =              =              CSI Q         =
f3                  SS3 R         =              =              CSI 13~       =
f4                  SS3 S         =              =              CSI S         =
f5                  CSI 15~       =              =              =             =
f6                  CSI 17~       =              =              =             =
f7                  CSI 18~       =              =              =             =
f8                  CSI 19~       =              =              =             =
f9                  CSI 20~       =              =              =             =
f10                 CSI 21~       =              =              =             =
f11                 CSI 23~       =              =              =             =
f12                 CSI 24~       =              =              =             =
f13                 CSI 25~       =              =              CSI 57376u    =
f20                 CSI 34~       =              =              CSI 57383u    =
f35                 CSI 56~       =              =              CSI 57398u    =
shift+f1            CSI 1;2P      =              =              =             =
ctrl+f2             CSI 1;5Q      =              =              =             =
shift+f3            CSI 1;2R      =              =              CSI 13;2~     =
alt+f4              CSI 1;3S      =              =              =             =
ctrl+f5             CSI 15;5~     =              =              =             =
ctrl+shift+f12      CSI 24;6~     =              =              =             =
menu                CSI 29~       =              =              CSI 57363u    =
print_screen        -             -              -              CSI 57361u    =
pause               -             -              -              CSI 57362u    =
media_play          -             -              -              CSI 57428u    =

kp_5                5             =              =              =             CSI 57404;;53u
kp_enter            ^M            =              =              CSI 57414u    =
kp_add              +             =              =              =             CSI 57413;;43u
kp_up               CSI A         =              =              CSI 57419u    =
kp_begin            CSI E         =              =              =             =
kp_delete           CSI 3~        =              =              CSI 57426u    =
ctrl+kp_up          CSI 1;5A      =              =              CSI 57419;5u  =
ctrl+kp_5           ^]            =              CSI 27;5;53~   CSI 57404;5u  =
alt+kp_add          ESC +         =              CSI 27;3;43~   CSI 57413;3u  =
shift+kp_enter      ^M            CSI 27;2;13~   =              CSI 57414;2u  =

left_shift          -             -              -              -             CSI 57441u
right_control       -             -              -              -             CSI 57448u
caps_lock           -             -              -              -             CSI 57358u
iso_level3_shift    -             -              -              -             CSI 57453u
"""
_WORDS = {"ESC": "\x1b", "CSI": "\x1b[", "SS3": "\x1bO", "DEL": "\x7f", "SPC": " ", "-": ""}


def written(notation: str) -> bytes:
    """``ESC ^A`` as bytes."""

    def word(text: str) -> str:
        if text in _WORDS:
            return _WORDS[text]
        if len(text) == 2 and text[0] == "^":
            return chr(ord(text[1]) ^ 0x40)
        return text[:1] if text in ("-_", "=_") else text  # The characters that are words here.

    return "".join(word(text) for text in notation.split()).encode()


def rows() -> list[ParameterSet]:
    cases: list[ParameterSet] = []
    for line in TABLE.strip().splitlines():
        if not line:
            continue
        spec, *cells = re.split(r"\s{2,}", line)
        assert len(cells) == len(COLUMNS), line
        for i, column in enumerate(COLUMNS):
            cells[i] = cells[i - 1] if cells[i] == "=" else cells[i]
            cases.append(pytest.param(spec, COLUMNS[column], written(cells[i]), id=f"{column}: {spec} is {cells[i]}"))
    return cases


@pytest.mark.parametrize(("spec", "modes", "expected"), rows())
def test_keys_in_five_modes(spec: str, modes: Modes, expected: bytes) -> None:
    assert encode(parse_key(spec), modes) == expected


@pytest.mark.parametrize(
    ("spec", "modes", "expected"),
    [
        pytest.param("up", Modes(application_cursor=True), b"\x1bOA", id="DECCKM: up"),
        pytest.param("home", Modes(application_cursor=True), b"\x1bOH", id="DECCKM: home"),
        pytest.param("end", Modes(application_cursor=True), b"\x1bOF", id="DECCKM: end"),
        pytest.param("kp_begin", Modes(application_cursor=True), b"\x1bOE", id="DECCKM: keypad 5 without NumLock"),
        pytest.param("ctrl+up", Modes(application_cursor=True), b"\x1b[1;5A", id="DECCKM: not with modifiers"),
        pytest.param("pageup", Modes(application_cursor=True), b"\x1b[5~", id="DECCKM: not the editing keys"),
        pytest.param("up", Modes(application_cursor=True, modify_other_keys=2), b"\x1bOA", id="DECCKM: with modifyOtherKeys"),
        pytest.param("up", Modes(application_cursor=True, kitty_flags=1), b"\x1b[A", id="DECCKM: not with kitty 1"),
        pytest.param("up", Modes(application_cursor=True, kitty_flags=8), b"\x1b[A", id="DECCKM: not with kitty 8"),
        pytest.param("up", Modes(application_cursor=True, kitty_flags=4), b"\x1bOA", id="DECCKM: with kitty 4 alone"),
        pytest.param("kp_5", Modes(application_keypad=True), b"\x1bOu", id="DECKPAM: 5"),
        pytest.param("kp_0", Modes(application_keypad=True), b"\x1bOp", id="DECKPAM: 0"),
        pytest.param("kp_9", Modes(application_keypad=True), b"\x1bOy", id="DECKPAM: 9"),
        pytest.param("kp_enter", Modes(application_keypad=True), b"\x1bOM", id="DECKPAM: enter"),
        pytest.param("kp_add", Modes(application_keypad=True), b"\x1bOk", id="DECKPAM: +"),
        pytest.param("kp_subtract", Modes(application_keypad=True), b"\x1bOm", id="DECKPAM: -"),
        pytest.param("kp_multiply", Modes(application_keypad=True), b"\x1bOj", id="DECKPAM: *"),
        pytest.param("kp_divide", Modes(application_keypad=True), b"\x1bOo", id="DECKPAM: /"),
        pytest.param("kp_decimal", Modes(application_keypad=True), b"\x1bOn", id="DECKPAM: ."),
        pytest.param("kp_separator", Modes(application_keypad=True), b"\x1bOl", id="DECKPAM: ,"),
        pytest.param("kp_equal", Modes(application_keypad=True), b"\x1bOX", id="DECKPAM: ="),
        pytest.param("ctrl+kp_5", Modes(application_keypad=True), b"\x1bO5u", id="DECKPAM: ctrl"),
        pytest.param("kp_up", Modes(application_keypad=True), b"\x1b[A", id="DECKPAM: not the arrows"),
        pytest.param("5", Modes(application_keypad=True), b"5", id="DECKPAM: not the main keys"),
        pytest.param("kp_5", Modes(application_keypad=True, kitty_flags=1), b"5", id="DECKPAM: not with kitty"),
        pytest.param("enter", Modes(newline=True), b"\r\n", id="LNM: enter"),
        pytest.param("kp_enter", Modes(newline=True), b"\r\n", id="LNM: keypad enter"),
        pytest.param("alt+enter", Modes(newline=True), b"\x1b\r\n", id="LNM: alt"),
        pytest.param("ctrl+m", Modes(newline=True), b"\r", id="LNM: not ctrl+m"),
        pytest.param("backspace", Modes(backspace_sends_bs=True), b"\x08", id="DECBKM: backspace"),
        pytest.param("ctrl+backspace", Modes(backspace_sends_bs=True), b"\x7f", id="DECBKM: ctrl"),
        pytest.param("alt+backspace", Modes(backspace_sends_bs=True), b"\x1b\x08", id="DECBKM: alt"),
        pytest.param("shift+backspace", Modes(backspace_sends_bs=True, modify_other_keys=2), b"\x1b[27;2;8~", id="DECBKM: mok 2"),
        pytest.param("ctrl+shift+a", Modes(kitty_flags=4), b"\x1b[97:65;6u", id="kitty 4 alone: no legacy encoding"),
        pytest.param("alt+a", Modes(kitty_flags=4), b"\x1ba", id="kitty 4 alone: a legacy encoding"),
        pytest.param("shift+enter", Modes(kitty_flags=4), b"\r", id="kitty 4 alone: enter"),
        pytest.param("f1", Modes(kitty_flags=4), b"\x1bOP", id="kitty 4 alone: f1"),
        pytest.param("kp_5", Modes(kitty_flags=16), b"5", id="kitty 16 alone: the keypad is the main keys"),
        pytest.param("escape", Modes(kitty_flags=2), b"\x1b", id="kitty 2: escape is not disambiguated"),
        pytest.param("shift+enter", Modes(kitty_flags=2), b"\x1b[13;2u", id="kitty 2: enter with a modifier"),
        pytest.param("a", Modes(kitty_flags=8), b"\x1b[97u", id="kitty 8: a letter without its text"),
        pytest.param("A", Modes(kitty_flags=8), b"\x1b[97;2u", id="kitty 8: shift"),
        pytest.param("A", Modes(kitty_flags=8 | 4), b"\x1b[97:65;2u", id="kitty 8|4: the shifted key"),
        pytest.param("A", Modes(kitty_flags=8 | 16), b"\x1b[97;2;65u", id="kitty 8|16: the text"),
        pytest.param("a", Modes(kitty_flags=8 | 4), b"\x1b[97u", id="kitty 8|4: no shifted key without shift"),
        pytest.param("escape", Modes(kitty_flags=8), b"\x1b[27u", id="kitty 8: escape"),
        pytest.param("enter", Modes(kitty_flags=8), b"\x1b[13u", id="kitty 8: enter"),
        pytest.param("a", Modes(kitty_flags=1 | 16), b"a", id="kitty 1|16: text is text"),
        pytest.param("ctrl+c", Modes(kitty_flags=1, modify_other_keys=2), b"\x1b[99;5u", id="kitty goes before modifyOtherKeys"),
    ],
)
def test_other_modes(spec: str, modes: Modes, expected: bytes) -> None:
    assert encode(parse_key(spec), modes) == expected


PRESS, REPEAT, RELEASE = KeyKind
CAPS, NUM = Modifier.CAPS_LOCK, Modifier.NUM_LOCK


@pytest.mark.parametrize(
    ("key", "flags", "expected"),
    [
        pytest.param(Key("a", "a", kind=REPEAT), 0, b"a", id="repeat is a press without flag 2"),
        pytest.param(Key("up", kind=REPEAT), 1, b"\x1b[A", id="repeat without flag 2: up"),
        pytest.param(Key("a", kind=RELEASE), 0, b"", id="release: legacy"),
        pytest.param(Key("a", kind=RELEASE), 1 | 4 | 8 | 16, b"", id="release without flag 2"),
        pytest.param(Key("up", kind=REPEAT), 2, b"\x1b[1;1:2A", id="repeat: up"),
        pytest.param(Key("up", kind=RELEASE), 2, b"\x1b[1;1:3A", id="release: up"),
        pytest.param(Key("up", modifiers=1, kind=RELEASE), 3, b"\x1b[1;2:3A", id="release: shift+up"),
        pytest.param(Key("f5", kind=RELEASE), 3, b"\x1b[15;1:3~", id="release: f5"),
        pytest.param(Key("a", "a", kind=REPEAT), 3, b"a", id="repeat: text goes as text"),
        pytest.param(Key("a", kind=RELEASE), 3, b"\x1b[97;1:3u", id="release: a letter"),
        pytest.param(Key("a", "a", kind=REPEAT), 31, b"\x1b[97;1:2;97u", id="repeat: a letter with text"),
        pytest.param(Key("a", kind=RELEASE), 31, b"\x1b[97;1:3u", id="release: no text"),
        pytest.param(Key("a", modifiers=4, kind=RELEASE), 3, b"\x1b[97;5:3u", id="release: ctrl+a"),
        pytest.param(Key("enter", kind=RELEASE), 3, b"", id="release: enter, not without flag 8"),
        pytest.param(Key("tab", kind=RELEASE), 3, b"", id="release: tab, not without flag 8"),
        pytest.param(Key("backspace", kind=RELEASE), 3, b"", id="release: backspace, not without flag 8"),
        pytest.param(Key("enter", kind=RELEASE), 11, b"\x1b[13;1:3u", id="release: enter with flag 8"),
        pytest.param(Key("enter", kind=REPEAT), 3, b"\r", id="repeat: enter"),
        pytest.param(Key("escape", kind=RELEASE), 3, b"\x1b[27;1:3u", id="release: escape"),
        pytest.param(Key("left_shift", modifiers=1), 31, b"\x1b[57441;2u", id="lone shift"),
        pytest.param(Key("left_shift", kind=RELEASE), 31, b"\x1b[57441;1:3u", id="lone shift released"),
        pytest.param(Key("left_shift", modifiers=1), 7, b"", id="lone shift without flag 8"),
        pytest.param(Key("с", modifiers=4, base="c"), 5, b"\x1b[1089::99;5u", id="alternates: base key"),
        pytest.param(Key("с", modifiers=5, shifted="С", base="c"), 5, b"\x1b[1089:1057:99;6u", id="alternates: shifted and base"),
        pytest.param(Key("с", modifiers=4, base="c"), 1, b"\x1b[1089;5u", id="alternates only with flag 4"),
        pytest.param(Key("с", modifiers=4, base="c"), 0, b"\x03", id="legacy ctrl+с is ctrl+c"),
        pytest.param(Key("с", modifiers=6, base="c"), 0, b"\x1b\x03", id="legacy ctrl+alt+с"),
        pytest.param(Key("я", modifiers=4), 0, "я".encode(), id="legacy ctrl with an unknown place"),
        pytest.param(Key("a", "A", CAPS), 0, b"A", id="caps lock: legacy"),
        pytest.param(Key("a", "A", CAPS), 1, b"A", id="caps lock: kitty 1"),
        pytest.param(Key("a", "A", CAPS), 8, b"\x1b[97;65u", id="caps lock: kitty 8"),
        pytest.param(Key("a", "A", CAPS), 24, b"\x1b[97;65;65u", id="caps lock: with its text"),
        pytest.param(Key("a", modifiers=4 | NUM), 1, b"\x1b[97;5u", id="num lock is not told for characters"),
        pytest.param(Key("a", modifiers=4 | NUM), 9, b"\x1b[97;133u", id="num lock is told with flag 8"),
        pytest.param(Key("up", modifiers=NUM), 1, b"\x1b[1;129A", id="num lock is told for other keys"),
        pytest.param(Key("up", modifiers=NUM), 0, b"\x1b[A", id="num lock: legacy up"),
        pytest.param(Key("enter", modifiers=NUM), 1, b"\r", id="num lock: enter"),
        pytest.param(Key("enter", modifiers=1 | NUM), 1, b"\x1b[13;2u", id="num lock: shift+enter"),
        pytest.param(Key("escape", modifiers=NUM), 1, b"\x1b[27;129u", id="num lock: escape"),
        pytest.param(Key("kp_5", "5", NUM), 0, b"5", id="num lock: keypad"),
        pytest.param(Key("", "日本"), 0, "日本".encode(), id="an input method's text: legacy"),
        pytest.param(Key("", "日本"), 1, "日本".encode(), id="an input method's text: kitty 1"),
        pytest.param(Key("", "日本"), 8, "日本".encode(), id="an input method's text: nothing else tells it"),
        pytest.param(Key("", "日本"), 24, b"\x1b[0;;26085:26412u", id="an input method's text: kitty 24"),
        pytest.param(Key("", "👍🏽"), 31, b"\x1b[0;;128077:127997u", id="an emoji of two code points"),
        pytest.param(Key("", "hi you"), 0, b"hi you", id="fast typing: legacy"),
        pytest.param(Key("", "hi"), 8, b"\x1b[104u\x1b[105u", id="fast typing: a key each"),
        pytest.param(Key("", "H "), 24, b"\x1b[104;2;72u\x1b[32;;32u", id="fast typing: with text"),
        pytest.param(Key("q", "@"), 0, b"@", id="AltGr: legacy"),
        pytest.param(Key("q", "@"), 24, b"\x1b[113;;64u", id="AltGr: kitty 24"),
        pytest.param(Key("a", "å", Modifier.ALT), 0, "å".encode(), id="Option that types: legacy"),
        pytest.param(Key("a", "å", Modifier.ALT), 24, b"\x1b[97;3;229u", id="Option that types: kitty 24"),
        pytest.param(Key("a", "\udcff"), 0, b"?", id="a lone surrogate"),
    ],
)
def test_events_as_the_outer_terminal_tells_them(key: Key, flags: int, expected: bytes) -> None:
    assert encode(key, Modes(kitty_flags=flags)) == expected


def test_num_lock_overrides_the_application_keypad() -> None:
    assert encode(Key("kp_5", "5", NUM), Modes(application_keypad=True)) == b"5"


some_keys = st.builds(
    Key,
    name=st.sampled_from(sorted(NAMES)) | st.characters(exclude_categories=["Cs"]),
    text=st.text(max_size=3),
    modifiers=st.integers(0, 255),
    kind=st.sampled_from(KeyKind),
    shifted=st.sampled_from(["", "A", "É"]),
    base=st.sampled_from(["", "c", "/"]),
)
some_modes = st.builds(
    Modes,
    application_cursor=st.booleans(),
    application_keypad=st.booleans(),
    newline=st.booleans(),
    backspace_sends_bs=st.booleans(),
    modify_other_keys=st.integers(0, 2),
    kitty_flags=st.integers(0, 31),
)


@given(some_keys, some_modes)
def test_any_key_is_one_sequence_or_text(key: Key, modes: Modes) -> None:
    sent = encode(key, modes)
    if key.kind == RELEASE and not modes.kitty_flags & 2:
        assert sent == b""
    elif sent and sent != key.text.encode("utf-8", "replace"):
        text = sent.decode()
        assert re.fullmatch(r"\x1b?(?:\x1b\[[\d;:]*[A-Za-z~]|\x1bO\d*[A-Za-z]|\r\n|.)", text, re.DOTALL), text


def test_the_kitty_numbers() -> None:
    """Spot checks against the protocol's table, which is in the order of the numbers."""
    expected = {"caps_lock": 57358, "menu": 57363, "f13": 57376, "f35": 57398, "kp_0": 57399, "kp_enter": 57414, "kp_begin": 57427}
    expected |= {"media_play": 57428, "mute_volume": 57440, "left_shift": 57441, "right_meta": 57452, "iso_level5_shift": 57454}
    assert {name: KITTY_NUMBERS[name] for name in expected} == expected
