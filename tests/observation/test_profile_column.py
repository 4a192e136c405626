"""Whether a profile is whole: the column says what the plain reading says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from govern.domain.kpi import Direction
from govern.domain.profile import ASKED, missing
from tests.language.portfolio import kpi, month, observed

WHOLE: dict[str, Any] = {
    "description": "What it is",
    "category": "revenue",
    "unit": "EUR",
    "direction": "increase",
    "baseline": 0.0,
    "baseline_on": month(0),
    "baseline_source": "Ledger",
    "target": 3.0,
    "target_on": month(9),
    "tolerance": 0.05,
    "owner": "Olga",
    "department": "Sales",
    "source": "ERP",
    "calculation": "A sum",
    "cashable": True,
    "currency": "EUR",
    "formula": "a * 2",
}
OPEN = st.sets(st.sampled_from(sorted(WHOLE)), max_size=4)
DIRECTIONS = st.sampled_from([None, *(each.value for each in Direction)])


@given(st.lists(st.tuples(OPEN, DIRECTIONS), min_size=1, max_size=6))
def test_the_column_is_the_plain_reading(profiles: list[tuple[set[str], str | None]]) -> None:
    given_ = [
        {**WHOLE, **dict.fromkeys(left), "direction": direction} for left, direction in profiles
    ]
    frame = observed(
        [
            kpi(
                f"K{at}",
                [1.0],
                **{("responsible" if n == "department" else n): v for n, v in each.items()},
            )
            for at, each in enumerate(given_)
        ]
    ).kpis
    assert frame["profile_complete"].to_list() == [not missing(each) for each in given_]


def test_a_whole_profile_is_whole_and_each_part_counts() -> None:
    assert missing(WHOLE) == ()
    plain = {**WHOLE, "formula": None}
    assert {name for name in ASKED if missing({**plain, name: None}) == (name,)} == set(ASKED)
