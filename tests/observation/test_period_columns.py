"""The arithmetic on columns is that of the domain."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.domain import period
from govern.domain.period import Cadence
from govern.observation.calendar import completed_by, end_of, months_of, number_of, start_of

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(Cadence)), DAYS), min_size=1, max_size=30))
def test_columns_equal_the_domain(rows: list[tuple[Cadence, date]]) -> None:
    cadences, days = zip(*rows, strict=True)
    frame = pl.DataFrame({"cadence": [item.value for item in cadences], "day": days}).with_columns(
        months=months_of(pl.col("cadence"))
    )
    day, months = pl.col("day"), pl.col("months")
    found = frame.select(
        number=number_of(day, months),
        start=start_of(number_of(day, months), months),
        end=end_of(number_of(day, months), months),
        completed=end_of(completed_by(day, months), months),
    )
    assert found.rows() == [
        (
            period.period_number(cadence, one),
            period.period_start(cadence, one),
            period.period_end(cadence, one),
            period.last_completed(cadence, one),
        )
        for cadence, one in rows
    ]


def test_a_text_that_is_no_cadence_has_no_months() -> None:
    texts = pl.DataFrame({"cadence": ["monthly", "fortnightly", None]})
    assert texts.select(months_of(pl.col("cadence"))).to_series().to_list() == [1, None, None]
