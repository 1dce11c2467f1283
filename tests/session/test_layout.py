"""Rectangles: nothing overlaps, nothing is left over, nothing is too small to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.geometry import Rect, Size
from agentgrid.session.layout import Shape, page_of, pages, shape, tile, zoomed

WINDOWS = st.builds(Size, columns=st.integers(1, 400), rows=st.integers(2, 120))
GRIDS = st.tuples(st.integers(1, 10), st.integers(1, 10))


@pytest.mark.parametrize(
    ("window", "grid", "shown"),
    [
        pytest.param(Size(240, 72), (3, 3), (3, 3), id="240x72"),
        pytest.param(Size(160, 48), (3, 3), (3, 3), id="160x48"),
        pytest.param(Size(120, 30), (3, 3), (3, 3), id="120x30, the least for nine"),
        pytest.param(Size(119, 30), (3, 3), (2, 2), id="too narrow by one"),
        pytest.param(Size(120, 29), (3, 3), (2, 2), id="too short by one"),
        pytest.param(Size(100, 30), (3, 3), (2, 2), id="100x30"),
        pytest.param(Size(80, 24), (3, 3), (2, 1), id="80x24"),
        pytest.param(Size(40, 12), (3, 3), (1, 1), id="40x12"),
        pytest.param(Size(240, 72), (10, 10), (7, 6), id="a hundred cells"),
        pytest.param(Size(100, 30), (1, 2), (1, 2), id="two beside each other"),
        pytest.param(Size(300, 24), (2, 3), (2, 3), id="a strip"),
    ],
)
def test_a_small_window_has_fewer_cells(window: Size, grid: tuple[int, int], shown: Shape) -> None:
    assert shape(*grid, window) == shown


def test_nine_panes_in_240x72_have_79x22_at_least() -> None:
    cells = tile(3, 3, Size(columns=240, rows=72))
    assert [cell.number for cell in cells] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [cell.screen.size for cell in cells] == [
        (80, 23), (79, 23), (79, 23),
        (80, 23), (79, 23), (79, 23),
        (80, 22), (79, 22), (79, 22),
    ]  # fmt: skip


def cover(rects: list[Rect], area: Rect) -> None:
    """Each cell of the area is in exactly one of the rectangles, and none is outside."""
    seen = [bytearray(area.columns) for _ in range(area.rows)]
    for rect in rects:
        if not rect.columns or not rect.rows:
            continue
        assert rect.row >= area.row
        assert rect.column >= area.column
        assert rect.bottom <= area.bottom
        assert rect.right <= area.right
        for row in seen[rect.row : rect.bottom]:
            assert not any(row[rect.column : rect.right])
            row[rect.column : rect.right] = b"\1" * rect.columns
    assert all(all(row) for row in seen)


@given(window=WINDOWS, grid=GRIDS)
def test_a_page_covers_the_window_but_its_last_row(window: Size, grid: tuple[int, int]) -> None:
    cells = tile(*grid, window)
    cover([rect for cell in cells for rect in cell[1:]], Rect(0, 0, window.columns, window.rows - 1))


@given(window=WINDOWS, grid=GRIDS)
def test_a_cell_is_a_header_above_a_screen_and_all_are_alike(window: Size, grid: tuple[int, int]) -> None:
    cells = tile(*grid, window)
    assert len(cells) == shape(*grid, window).cells
    for cell in cells:
        assert min(cell.screen.size) >= 1
        assert (cell.header.column, cell.header.columns) == (cell.screen.column, cell.screen.columns)
        assert cell.header.bottom == cell.screen.row
        assert cell.header.rows == (1 if window.rows > 2 else 0)
        assert cell.separator.columns == (0 if cell.screen.right == window.columns else 1)
    for sizes in ({cell.screen.columns for cell in cells}, {cell.screen.rows for cell in cells}):
        assert max(sizes) - min(sizes) <= 1


@given(window=WINDOWS, grid=GRIDS)
def test_cells_are_readable_or_alone(window: Size, grid: tuple[int, int]) -> None:
    rows, columns = shape(*grid, window)
    screens = [cell.screen for cell in tile(*grid, window)]
    assert columns == 1 or min(screen.columns for screen in screens) >= 39
    assert rows == 1 or min(screen.rows for screen in screens) >= 8


@given(window=WINDOWS, grid=GRIDS)
def test_a_shape_that_fits_stays(window: Size, grid: tuple[int, int]) -> None:
    shown = shape(*grid, window)
    assert shape(*shown, window) == shown
    assert tile(*shown, window) == tile(*grid, window)


@given(window=WINDOWS, grid=GRIDS, count=st.integers(0, 120))
def test_every_number_is_on_one_page(window: Size, grid: tuple[int, int], count: int) -> None:
    shown = shape(*grid, window)
    numbers = [cell.number for page in range(pages(count, shown)) for cell in tile(*grid, window, page)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) - shown.cells < max(count, 1) <= len(numbers)
    for number in range(1, count + 1):
        assert number in [cell.number for cell in tile(*grid, window, page_of(number, shown))]


@given(window=WINDOWS, count=st.integers(0, 120))
def test_a_zoomed_pane_and_its_roster_cover_the_window_but_its_last_row(window: Size, count: int) -> None:
    cell, roster, upright = zoomed(window, count, 5)
    assert cell.number == 5
    cover([*cell[1:], roster], Rect(0, 0, window.columns, window.rows - 1))
    assert min(cell.screen.size) >= 1
    if upright:
        assert cell.screen.columns >= 80


@pytest.mark.parametrize(
    ("window", "count", "roster"),
    [
        pytest.param(Size(240, 72), 9, Rect(70, 0, 240, 1), id="a row when all fit"),
        pytest.param(Size(120, 40), 9, Rect(0, 96, 24, 39), id="a column where it is wide enough"),
        pytest.param(Size(80, 24), 9, Rect(22, 0, 80, 1), id="a row in a small window"),
        pytest.param(Size(240, 72), 1, Rect(71, 0, 0, 0), id="nobody else"),
        pytest.param(Size(240, 4), 9, Rect(3, 0, 0, 0), id="no room"),
    ],
)
def test_the_roster_is_a_row_or_a_column(window: Size, count: int, roster: Rect) -> None:
    assert zoomed(window, count).roster == roster
