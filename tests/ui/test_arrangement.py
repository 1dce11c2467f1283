"""Who stands where: cells and pages, zoom and roster, the next pane in a direction."""

import pytest

from agentgrid.geometry import Position, Rect, Size
from agentgrid.session.pane import Pane, PaneId
from agentgrid.ui.arrangement import arrange, first_on_page, neighbour

BIG, SMALL = Size(240, 72), Size(100, 30)


def panes(*numbers: int) -> list[Pane]:
    return [Pane(id=PaneId(number), name=f"p{number}", command=(), number=number) for number in numbers]


NINE = panes(*range(1, 10))


def numbers(*where: int, window: Size = BIG, active: int = 1, zoom: int | None = None) -> list[int]:
    found = arrange(panes(*where), 3, 3, window, PaneId(active), PaneId(zoom) if zoom else None)
    return [slot.number for slot in found.slots]


def test_all_on_one_page() -> None:
    found = arrange(NINE, 3, 3, BIG, PaneId(1), None)
    assert [slot.pane.id for slot in found.slots if slot.pane] == list(range(1, 10))
    assert (found.page, found.pages, found.roster) == (0, 1, None)
    assert min(slot.screen.columns for slot in found.slots) >= 79
    assert min(slot.screen.rows for slot in found.slots) >= 22


def test_empty_cells_are_there() -> None:
    found = arrange(panes(1, 5), 3, 3, BIG, PaneId(1), None)
    assert [slot.number for slot in found.slots if slot.pane is None] == [2, 3, 4, 6, 7, 8, 9]


def test_a_small_window_has_pages_and_shows_the_active_one() -> None:
    first, last = (arrange(NINE, 3, 3, SMALL, PaneId(active), None) for active in (1, 9))
    assert first.pages > 1
    assert first.page == 0
    assert last.page == last.pages - 1
    assert last.slot_of(PaneId(9)) is not None


def test_cells_cover_the_window_without_a_gap() -> None:
    found = arrange(NINE, 3, 3, BIG, PaneId(1), None)
    covered = [place for slot in found.slots for place in (slot.place,)] + list(found.lines)
    assert sum(place.columns * place.rows for place in covered) == BIG.columns * (BIG.rows - 1)


def test_zoomed() -> None:
    found = arrange(NINE, 3, 3, BIG, PaneId(4), PaneId(4))
    assert [slot.number for slot in found.slots] == [4]
    assert found.zoomed
    assert found.roster is not None


def test_a_zoom_of_a_pane_that_is_gone_is_none() -> None:
    assert not arrange(panes(1, 2), 1, 2, BIG, PaneId(1), PaneId(7)).zoomed


def test_the_only_pane_needs_no_roster() -> None:
    assert arrange(panes(1), 1, 1, BIG, PaneId(1), PaneId(1)).roster is None


@pytest.mark.parametrize("window", [Size(19, 30), Size(80, 3), Size(1, 1), Size(0, 0)])
def test_too_small(window: Size) -> None:
    assert arrange(NINE, 3, 3, window, PaneId(1), None).slots == ()


def test_hit_testing() -> None:
    found = arrange(panes(1, 2), 1, 2, Size(160, 40), PaneId(1), None)
    (line,) = found.lines
    assert found.slot_at(Position(0, 0)) == found.slots[0]
    assert found.slot_at(Position(10, line.column)) is None
    assert found.slot_at(Position(10, line.column + 1)) == found.slots[1]
    assert found.slot_at(Position(39, 0)) is None
    assert found.slots[0].screen == Rect(1, 0, found.slots[0].place.columns, 38)


@pytest.mark.parametrize(
    ("there", "active", "towards", "found"),
    [
        pytest.param(range(1, 10), 5, "left", 4, id="left"),
        pytest.param(range(1, 10), 5, "right", 6, id="right"),
        pytest.param(range(1, 10), 5, "up", 2, id="up"),
        pytest.param(range(1, 10), 5, "down", 8, id="down"),
        pytest.param(range(1, 10), 4, "left", 6, id="around the edge"),
        pytest.param(range(1, 10), 8, "down", 2, id="around the bottom"),
        pytest.param([1, 3], 1, "right", 3, id="past an empty cell"),
        pytest.param([1, 9], 1, "right", None, id="nobody in the row"),
        pytest.param([5], 5, "left", None, id="alone"),
        pytest.param(range(1, 13), 8, "down", 11, id="to the next page"),
    ],
)
def test_neighbour(there: list[int], active: int, towards: str, found: int | None) -> None:
    other = neighbour(panes(*there), 3, 3, BIG, PaneId(active), towards)
    assert (other.number if other else None) == found


def test_nobody_is_active() -> None:
    assert neighbour(NINE, 3, 3, BIG, None, "left") == NINE[0]
    assert neighbour([], 3, 3, BIG, None, "left") is None


def test_first_on_page() -> None:
    found = first_on_page(panes(1, 2, 11, 12), 3, 3, BIG, 1)
    assert found is not None
    assert found.number == 11
    assert first_on_page(panes(1), 3, 3, BIG, 1) is None


def test_numbers_stay_on_their_pages() -> None:
    assert numbers(*range(1, 10), 12, active=12) == [10, 11, 12, 13, 14, 15, 16, 17, 18]
