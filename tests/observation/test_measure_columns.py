"""The columns hold the same numbers as the formulas in Decimal."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.domain import measures
from govern.domain.kpi import Direction, ToleranceIn
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

NUMBERS = (
    *("baseline", "target", "planned_to_date", "actual_to_date"),
    *("original_baseline", "original_planned_to_date", "tolerance", "tolerance_red"),
)
SHARES = st.none() | st.decimals(0, 1, places=3)

LAST_PLACE = Decimal("1e-9")
LARGE = Decimal(10)
"""From here on a quotient in Float64 can be nearer to the middle of two results than it is exact:
the last place may then be the next one."""


def in_columns(rows: list[Row]) -> pl.DataFrame:
    names = ("baseline", "target", "planned_to_date", "actual_to_date")
    frame = _frame(rows, names)
    return with_measures(frame.lazy()).select("attainment", "progress", "variance").collect()


def _frame(rows: list[Row], names: tuple[str, ...]) -> pl.DataFrame:
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
    absent = [name for name in NUMBERS if name not in names]
    return frame.with_columns(
        *(pl.lit(None, pl.Float64).alias(name) for name in absent),
        tolerance_in=pl.lit("share"),
    )


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


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=20))
def test_the_first_agreed_plan_is_measured_against_in_the_same_way(rows: list[Row]) -> None:
    now = _frame(rows, ("baseline", "target", "planned_to_date", "actual_to_date"))
    then = now.with_columns(
        original_baseline="baseline",
        original_planned_to_date="planned_to_date",
        baseline=pl.lit(None, pl.Float64),
        planned_to_date=pl.lit(None, pl.Float64),
    )
    found = with_measures(then.lazy()).collect()
    expected = with_measures(now.lazy()).collect()
    assert found["original_attainment"].to_list() == expected["attainment"].to_list()
    assert found["attainment"].null_count() == len(rows)


@settings(deadline=None)
@given(st.lists(st.tuples(ROWS, SHARES, SHARES, st.sampled_from(ToleranceIn)), min_size=1))
def test_bands_equal_decimals(
    rows: list[tuple[Row, Decimal | None, Decimal | None, ToleranceIn]],
) -> None:
    names = ("baseline", "target", "planned_to_date", "actual_to_date")
    frame = _frame([row for row, *_ in rows], names).with_columns(
        tolerance=pl.Series(
            [None if t is None else float(t) for _, t, _, _ in rows], dtype=pl.Float64
        ),
        tolerance_red=pl.Series(
            [None if t is None else float(t) for _, _, t, _ in rows], dtype=pl.Float64
        ),
        tolerance_in=pl.Series([within.value for *_, within in rows]),
    )
    found = with_measures(frame.lazy()).collect()["band"]
    for (row, tolerance, red, within), band in zip(rows, found, strict=True):
        direction, _, _, planned, actual = row
        variance = measures.variance(direction, planned, actual)
        assert band == measures.band(variance, planned, tolerance, red, within), row


@pytest.mark.parametrize(
    ("actual", "tolerance", "red", "within", "expected"),
    [
        ("90", "0.1", "0.2", ToleranceIn.SHARE, "green"),
        ("89.99", "0.1", "0.2", ToleranceIn.SHARE, "amber"),
        ("80", "0.1", "0.2", ToleranceIn.SHARE, "amber"),
        ("79", "0.1", "0.2", ToleranceIn.SHARE, "red"),
        ("98", "2", "5", ToleranceIn.UNIT, "green"),
        ("94", "2", "5", ToleranceIn.UNIT, "red"),
        ("10", "0.1", None, ToleranceIn.SHARE, "amber"),
        ("90", None, "0.2", ToleranceIn.SHARE, None),
    ],
)
def test_a_miss_of_exactly_a_tolerance_is_within_it(
    actual: str, tolerance: str | None, red: str | None, within: ToleranceIn, expected: str | None
) -> None:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    planned = Decimal(100)
    variance = measures.variance(Direction.INCREASE, planned, Decimal(actual))
    assert measures.band(variance, planned, number(tolerance), number(red), within) == expected
