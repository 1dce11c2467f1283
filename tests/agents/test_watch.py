"""What a runtime hears becomes verdicts: bytes through a real emulator, the pace of looking, a shell in which an agent runs."""

from msgspec import structs

from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.signals import AnySignal, Hooked, Pressed, Ran, Started, Watched
from agentgrid.agents.watch import LOOK_SECONDS, Watch
from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator

PROFILES = load_profiles()
WORKING = "\x1b]7501;state=working:app=x\x1b\\"
DONE = "\x1b]7501;state=done:app=x\x1b\\"
PROMPT = "\x1b[H\x1b[2J" + "─" * 40 + "\r\n❯ \r\n" + "─" * 40 + "\r\n  ? for shortcuts"
DIALOG = "\x1b[H\x1b[2JDo you want to proceed?\r\n❯ 1. Yes\r\n  2. No\r\n\r\nEsc to cancel"


class Pane:
    """A watch beside its emulator, as the server has them."""

    def __init__(self, agent: str) -> None:
        self.emulator = PyteEmulator(Size(columns=40, rows=12))
        self.watch = Watch(PROFILES[agent], PROFILES)
        self.take(Started(at=0.0))

    def take(self, signal: AnySignal) -> None:
        self.watch.take(signal)
        self._look(signal.at)

    def prints(self, text: str, now: float) -> None:
        self.watch.heard(self.emulator.feed(text.encode()), now)
        self.watch.printed(len(text), now)
        self._look(now)

    def state(self, now: float) -> str:
        """The state after whatever is due until then."""
        while (due := self.watch.next_look(self._now)) is not None and due <= now:
            self._look(due)
        return self._look(now)

    def _look(self, now: float) -> str:
        self._now = now
        return self.watch.look(now, self.emulator).state


def test_reports_and_screens() -> None:
    pane = Pane("claude")
    pane.prints(PROMPT, 1.0)
    assert pane.state(2.0) == "idle"
    pane.prints(WORKING, 3.0)
    assert pane.state(3.6) == "working"
    pane.prints(DONE, 4.0)
    assert pane.state(4.5) == "done"


def test_the_screen_is_read_only_so_often() -> None:
    pane = Pane("claude")
    pane.prints(PROMPT, 1.0)
    first = pane.watch.screen
    pane.prints(DIALOG, 1.0 + LOOK_SECONDS / 2)
    assert pane.watch.screen is first
    due = pane.watch.next_look(1.0 + LOOK_SECONDS / 2)
    assert due is not None
    assert due <= 1.0 + LOOK_SECONDS
    pane.watch.look(1.0 + LOOK_SECONDS, pane.emulator)
    assert pane.watch.screen is not first


def test_a_screen_that_is_being_drawn_is_not_read_but_soon() -> None:
    pane = Pane("claude")
    pane.prints(PROMPT, 1.0)
    pane.emulator.feed(DIALOG.encode())
    pane.watch.look(5.0)
    due = pane.watch.next_look(5.0)
    assert due is None or due > 5.0


def test_a_cursor_that_moves_is_no_new_screen() -> None:
    pane = Pane("claude")
    pane.prints(PROMPT, 1.0)
    first = pane.watch.screen
    pane.prints("\x1b[5;5H", 3.0)
    assert pane.watch.screen is first


def test_an_agent_in_a_shell() -> None:
    pane = Pane("shell")
    pane.take(Ran(at=1.0, program="bash"))
    assert (pane.state(4.0), pane.watch.agent) == ("idle", "shell")
    pane.take(Ran(at=5.0, program="claude", agent="claude", own=False))
    pane.prints(DIALOG, 6.0)
    assert (pane.state(7.0), pane.watch.agent) == ("blocked", "claude")
    pane.take(Ran(at=8.0, program="bash"))
    pane.prints("\x1b[H\x1b[2J$ ", 8.0)
    assert (pane.state(12.0), pane.watch.agent) == ("idle", "shell")


def test_profiles_that_were_edited() -> None:
    pane = Pane("claude")
    pane.prints(DIALOG, 1.0)
    assert pane.state(2.0) == "blocked"
    pane.watch.rule(PROFILES["gemini"], PROFILES, 2.0)
    pane.state(3.0)
    assert pane.state(6.0) == "unknown"
    pane.watch.rule(PROFILES["claude"], PROFILES, 6.0)
    pane.state(7.0)
    assert pane.state(8.0) == "blocked"


def test_profiles_that_were_edited_forget_nothing() -> None:
    pane = Pane("claude")
    pane.prints(WORKING, 1.0)
    pane.state(1.5)
    pane.prints(DONE + PROMPT, 1.6)
    assert pane.state(4.0) == "done"
    for edited in (load_profiles(), {**PROFILES, "claude": structs.replace(PROFILES["claude"], title="Mine")}):
        pane.watch.rule(edited["claude"], edited, 4.0)
        assert pane.state(8.0) == "done"


def test_a_conversation_is_learnt() -> None:
    pane = Pane("claude")
    pane.watch.take(Hooked(at=1.0, event="SessionStart", session="one", transcript="/t"))
    pane.watch.take(Hooked(at=2.0, event="Stop", state="done"))
    assert (pane.watch.session, pane.watch.transcript) == ("one", "/t")


def test_a_successor_goes_on() -> None:
    pane = Pane("claude")
    pane.prints(WORKING, 1.0)
    assert pane.state(2.0) == "working"
    pane.prints(DONE, 3.0)
    assert pane.state(4.0) == "done"
    after = Pane("claude")
    after.watch.recall(pane.watch.memory(5.0))
    verdict = after.watch.look(6.0)
    assert (verdict.state, verdict.since, verdict.unseen) == ("done", 3.0, True)
    after.take(Watched(at=7.0, watching=True))
    assert after.state(9.0) == "idle"


def test_a_successor_knows_of_the_turn() -> None:
    pane = Pane("gemini")
    pane.prints("\x1b]0;✦  Working…\x07", 1.0)
    assert pane.state(2.0) == "working"
    after = Pane("gemini")
    after.watch.recall(pane.watch.memory(3.0))
    after.prints("\x1b]0;◇  Ready\x07", 4.0)
    assert after.state(5.0) == "done"


def test_recent_signals_are_in_order_and_few() -> None:
    pane = Pane("claude")
    for number in range(1000):
        pane.prints(f"\x1b]0;{'◐◑'[number % 2]} x\x07\x1b[H{number}", number / 10)
        pane.watch.take(Pressed(at=number / 10))
    times = [signal.at for signal in pane.watch.recent]
    assert times == sorted(times)
    assert len(times) < 300
