"""The columns hold the same numbers as the formulas in Decimal."""

from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.domain import measures
from govern.domain.kpi import Direction
from govern.observation.measures import with_measures

DIRECTIONS = st.none() | st.sampled_from(list(Direction))
FIGURES = st.one_of(
    st.none(),
    st.integers(-1000, 1000).map(Decimal),
    st.decimals(-100_000, 100_000, places=2),
    st.decimals(1_000_000, 1_000_001, places=5),
    st.sampled_from([Decimal(text) for text in ("0", "84", "105", "0.84", "1.05", "5120", "1e9")]),
)
ROWS = st.tuples(DIRECTIONS, FIGURES, FIGURES, FIGURES, FIGURES)
Row = tuple[Direction | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None]

LAST_PLACE = Decimal("1e-9")
LARGE = Decimal(10)
"""From here on a quotient in Float64 can be nearer to the middle of two results than it is exact:
the last place may then be the next one."""


def in_columns(rows: list[Row]) -> pl.DataFrame:
    names = ("baseline", "target", "planned_to_date", "actual_to_date")
    frame = pl.DataFrame(
        [
            {"direction": direction}
            | {
                name: None if figure is None else float(figure)
                for name, figure in zip(names, figures, strict=True)
            }
            for direction, *figures in rows
        ],
        schema={"direction": pl.String} | dict.fromkeys(names, pl.Float64),
    )
    return with_measures(frame.lazy()).select("attainment", "progress", "variance").collect()


def in_decimal(row: Row) -> list[Decimal | None]:
    direction, baseline, target, planned, actual = row
    return [
        measures.attainment(direction, baseline, planned, actual),
        measures.progress(direction, baseline, target, actual),
        measures.variance(direction, planned, actual),
    ]


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=20))
def test_columns_equal_decimals(rows: list[Row]) -> None:
    for row, found in zip(rows, in_columns(rows).rows(), strict=True):
        *ratios, variance = zip(in_decimal(row), found, strict=True)
        assert variance[1] == (None if variance[0] is None else float(variance[0])), row
        for exact, number in ratios:
            if exact is None or number is None:
                assert exact is number is None, row
            elif abs(exact) < LARGE:
                # Not only as near as 9 places: the very number that a rule's threshold is.
                assert number == float(exact), row
            else:
                off = abs(Decimal(number) - exact)
                assert off <= LAST_PLACE + abs(exact) * Decimal("1e-15"), row


def test_every_share_in_thousandths_is_met_exactly() -> None:
    rows: list[Row] = [
        (Direction.INCREASE, Decimal(7), None, Decimal(1057), Decimal(7) + Decimal("1.05") * share)
        for share in range(-2000, 2000)
    ]
    found = in_columns(rows)["attainment"].to_list()
    assert found == [share / 1000 for share in range(-2000, 2000)]


def test_a_single_row_gives_what_it_gives_among_others() -> None:
    rows: list[Row] = [
        (Direction.DECREASE, Decimal(base), Decimal(3), Decimal("2.7"), Decimal("1.9"))
        for base in range(50)
    ]
    whole = in_columns(rows)
    for position, row in enumerate(rows):
        assert in_columns([row]).row(0) == whole.row(position)
