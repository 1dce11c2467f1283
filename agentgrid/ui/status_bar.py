"""What the status line is told: the app's state as a ``Bar``."""

from typing import TYPE_CHECKING

from agentgrid.session.pane import PaneStatus
from agentgrid.ui.status import Bar, counts

if TYPE_CHECKING:
    from agentgrid.ui.grid_app import GridApp

COPY_KEYS = (("v", "select"), ("y", "copy"), ("q", "leave"))
PREFIX_ACTIONS = (
    ("new-pane", "new"),
    ("zoom", "zoom"),
    ("close-pane", "close"),
    ("copy-mode", "copy"),
    ("next-waiting", "next"),
    ("palette", "actions"),
    ("detach", "detach"),
    ("help", "all keys"),
)


def bar(app: "GridApp") -> Bar:
    """The status line's content now."""
    stage, mirror = app.stage, app.mirror
    mode, role, keys = mode_of(app)
    arrangement = stage.arrangement
    page = f"page {arrangement.page + 1}/{arrangement.pages}" if arrangement.pages > 1 else ""
    on_grid = mirror.in_order()
    return Bar(
        session=mirror.session,
        mode=mode,
        mode_role=role,
        counts=counts(mirror.panes.values()),
        conflicts=sum(1 for pane in on_grid if pane.conflicts),
        parked=sum(1 for pane in mirror.panes.values() if pane.parked),
        page=page,
        keys=keys,
        message="" if app.lost or app.keyboard.prefixed else app.message,
        message_role="problem" if app.message_is_problem else "message",
    )


def mode_of(app: "GridApp") -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What typing does now, its role, and the keys that matter."""
    stage, keys = app.stage, app.keys
    if app.lost:
        return app.lost, "lost", ((keys.hint("detach"), "leave"), ("agentgrid", "brings it back"))
    if app.keyboard.prefixed:
        bound = ((keys.keys_of(action), words) for action, words in PREFIX_ACTIONS)
        return keys.prefix, "prefix", tuple((found[0].removeprefix(f"{keys.prefix} "), words) for found, words in bound if found)
    pane = stage.active_pane
    if pane is None:
        return "no pane", "mode", ((keys.hint("new-pane"), "starts one"), (keys.hint("help"), "help"))
    sight = stage.sight(pane.id)
    name = f"{pane.number} {pane.name}"
    if sight.copy is not None:
        return f"copying from {name}", "copy", COPY_KEYS
    if sight.top is not None:
        return f"looking back in {name}", "copy", (("any key", "returns"),)
    others = [other for other in app.mirror.in_order() if other.status is PaneStatus.BLOCKED and other.id != pane.id]
    found = [(keys.hint("next-waiting"), "next that needs you")] if others else []
    if pane.exit_code is not None or pane.problem:
        return f"{name} has ended", "mode", ((keys.hint("restart-pane"), "runs it again"), (keys.hint("close-pane"), "closes"))
    if stage.zoom is not None:
        found.append((keys.hint("zoom"), "back to the grid"))
    found += [(keys.hint("help"), "help"), (keys.hint("new-pane"), "new"), (keys.hint("detach"), "detach")]
    return f"typing into {name}", "mode", tuple(found)
