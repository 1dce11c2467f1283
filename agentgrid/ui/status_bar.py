"""What the status line is told: the app's state as a ``Bar``."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from agentgrid.session.pane import PaneStatus
from agentgrid.ui.keymap import Keymap
from agentgrid.ui.parts import clean, clip_middle
from agentgrid.ui.searching import Search, number
from agentgrid.ui.selection import Point
from agentgrid.ui.status import Bar, counts, plural
from agentgrid.ui.widgets.header import TOGETHER

if TYPE_CHECKING:
    from agentgrid.ui.grid_app import GridApp

COPY_KEYS = (("v", "select"), ("y", "copy"), ("/", "find"), ("q", "leave"))
LINK_KEYS = (("o", "open"), ("u", "copy it"), ("tab", "next link"), ("q", "leave"))
EDITING_KEYS = (("enter", "stay there"), ("up", "before"), ("down", "after"), ("esc", "back"))
FOUND_KEYS = (("n", "next"), ("N", "previous"), ("v", "select"), ("esc", "no search"))
PREFIXED = (
    ("new-pane", "new"),
    ("zoom", "zoom"),
    ("close-pane", "close"),
    ("copy-mode", "copy"),
    ("answer", "answer"),
    ("next-waiting", "next"),
    ("palette", "actions"),
    ("detach", "detach"),
    ("help", "all keys"),
)


class Mode(NamedTuple):
    """What typing does now, its role, and the keys that matter; ``before`` comes before all of them."""

    text: str
    role: str = "mode"
    keys: tuple[tuple[str, str], ...] = ()
    before: str = ""


def bar(app: "GridApp") -> Bar:
    """The status line's content now."""
    stage, mirror = app.stage, app.mirror
    mode = mode_of(app)
    arrangement = stage.arrangement
    return Bar(
        session=mirror.session,
        mode=mode.text,
        mode_role=mode.role,
        counts=counts(mirror.panes.values()),
        conflicts=len({number for pane in mirror.panes.values() for number in pane.conflict_ids}),
        parked=sum(1 for pane in mirror.panes.values() if pane.parked),
        page=f"page {arrangement.page + 1}/{arrangement.pages}" if arrangement.pages > 1 else "",
        keys=mode.keys,
        before=mode.before,
        message="" if app.incoming.lost or app.keyboard.prefixed else app.notice.text,
        message_role="problem" if app.notice.is_problem else "message",
    )


def window_title(shown: Bar) -> str:
    """For the outer terminal's window or tab: which session, and whether somebody there needs the person."""
    need = next((count for state, count, _, _ in shown.counts if state == PaneStatus.BLOCKED), 0)
    return f"{shown.session}: {need} {plural('need you', need)}" if need else shown.session


def mode_of(app: "GridApp") -> Mode:
    """What typing does now."""
    stage, keys = app.stage, app.keys
    if app.incoming.lost:
        return Mode(app.incoming.lost, "lost", after_prefix(keys, [("detach", "leave")]), keys.prefix)
    if app.keyboard.prefixed:
        return Mode(keys.prefix, "prefix", after_prefix(keys, PREFIXED))
    pane = stage.active_pane
    if pane is None:
        return Mode(
            "no pane", "mode", after_prefix(keys, [("new-pane", "starts one"), ("help", "help"), ("detach", "detach")]), keys.prefix
        )
    sight = stage.sight(pane.id)
    name = f"{pane.number} {pane.name}"
    if sight.copy is not None:
        if sight.search is not None:
            return Mode(searched(sight.search, sight.copy.cursor), "copy", EDITING_KEYS if sight.search.editing else FOUND_KEYS)
        if sight.copy.anchor is None and (link := stage.link_at(pane.id, sight.copy.cursor)) is not None:
            where = link.within(stage.finder(pane.id).folder)
            return Mode(f"link to {clip_middle(clean(where), 60)}", "copy", LINK_KEYS)
        typed = f" · {sight.copy.digits}" if sight.copy.digits else ""
        return Mode(f"copying from {name}{typed}{sight.copy.pending and f' · {sight.copy.pending}'}", "copy", COPY_KEYS)
    if sight.top is not None:
        return Mode(f"looking back in {name}", "copy", (("any key", "returns"),))
    if app.broadcast.on:
        count, left = len(app.broadcast.targets()), app.broadcast.left_out()
        out = f", {left} left out" if left else ""
        useful = [("broadcast", "back to one"), ("choose", "choose"), ("prompt", "prompt"), ("help", "help")]
        return Mode(f"{TOGETHER} broadcast to {count}{out}", "broadcast", after_prefix(keys, useful), keys.prefix)
    if pane.locked:
        return Mode(f"{name} is locked", "copy", after_prefix(keys, [("lock", "opens it"), ("help", "help")]), keys.prefix)
    if pane.exit_code is not None or pane.problem:
        return Mode(
            f"{name} has ended", "mode", after_prefix(keys, [("restart-pane", "runs it again"), ("close-pane", "closes")]), keys.prefix
        )
    waiting = any(other.status is PaneStatus.BLOCKED and other.id != pane.id for other in app.mirror.in_order())
    useful = [("answer", "answer"), ("next-waiting", "next that needs you")] if waiting else []
    useful += [("conflicts", "conflicts")] if pane.conflicts else []
    useful += [("zoom", "back to the grid")] if stage.zoom is not None else []
    useful += [("help", "help"), ("new-pane", "new"), ("detach", "detach")]
    return Mode(f"typing into {name}", "mode", after_prefix(keys, useful), keys.prefix)


def searched(search: Search, here: Point) -> str:
    """What is searched for, and which of how many places this is."""
    sign = "/" if search.forward else "?"
    text = f"{sign}{clip_middle(clean(search.text), 40)}{'▏' if search.editing else ''}"
    if search.count is None:
        return f"{text}  …"
    if not search.count:
        return f"{text}  nowhere" if search.text else text
    at = number(search.hits, here)
    return f"{text}  {at:,} of {search.count:,}" if at else f"{text}  {search.count:,} {'place' if search.count == 1 else 'places'}"


def after_prefix(keys: Keymap, wanted: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """(key after the prefix, what it does) of those that are bound."""
    found = []
    for action, words in wanted:
        bound = [stroke for stroke, name in keys.after_prefix.items() if name == action]
        if bound:
            found.append((bound[0], words))
    return tuple(found)
