"""What a currency is worth in another on a day: from a table of dated rates, and never a guess."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.exchange import SAME, Quote, Rate, RateTable, far_off

DAY = date(2026, 10, 30)
CODES = ("CHF", "EUR", "GBP", "USD")


def rate(pair: str, on: date, value: str) -> Rate:
    one, other = pair.split("/")
    return Rate(one, other, on, Decimal(value))


def test_the_latest_rate_on_or_before_the_day_holds() -> None:
    table = RateTable([rate("EUR/USD", DAY, "1.1"), rate("EUR/USD", DAY - timedelta(7), "1.2")])
    assert table.find("EUR", "USD", DAY) == Quote(Decimal("1.1"), DAY, "quoted")
    later = table.find("EUR", "USD", DAY + timedelta(400))
    assert later == Quote(Decimal("1.1"), DAY, "quoted")
    before = table.find("EUR", "USD", DAY - timedelta(1))
    assert before == Quote(Decimal("1.2"), DAY - timedelta(7), "quoted")


def test_before_the_first_rate_there_is_none() -> None:
    assert RateTable([rate("EUR/USD", DAY, "1.1")]).find("EUR", "USD", DAY - timedelta(1)) is None


def test_a_currency_nobody_gave_a_rate_for_has_none_and_not_one() -> None:
    assert RateTable([rate("EUR/USD", DAY, "1.1")]).find("EUR", "JPY", DAY) is None
    assert RateTable([]).find("EUR", "EUR", DAY) == SAME


def test_the_opposite_pair_is_read_as_its_inverse() -> None:
    found = RateTable([rate("EUR/USD", DAY, "1.25")]).find("USD", "EUR", DAY)
    assert found == Quote(Decimal("0.8"), DAY, "inverse")


def test_the_later_of_quoted_and_inverse_holds() -> None:
    older = DAY - timedelta(1)
    table = RateTable([rate("EUR/USD", older, "1.2"), rate("USD/EUR", DAY, "0.8")])
    assert table.find("EUR", "USD", DAY) == Quote(Decimal("1.25"), DAY, "inverse")
    both = RateTable([rate("EUR/USD", DAY, "1.2"), rate("USD/EUR", DAY, "0.8")])
    assert both.find("EUR", "USD", DAY) == Quote(Decimal("1.2"), DAY, "quoted")


def test_a_third_currency_leads_from_one_to_the_other() -> None:
    older = DAY - timedelta(3)
    table = RateTable([rate("EUR/USD", DAY, "1.25"), rate("EUR/GBP", older, "0.85")])
    found = table.find("USD", "GBP", DAY)
    assert found == Quote(Decimal("0.680"), older, "through EUR")


def test_of_several_ways_the_one_with_the_latest_rates_is_taken() -> None:
    older = DAY - timedelta(9)
    table = RateTable(
        [
            *(rate("EUR/USD", older, "1.25"), rate("EUR/GBP", DAY, "0.8")),
            *(rate("CHF/USD", DAY, "1.2"), rate("CHF/GBP", DAY, "0.9")),
        ]
    )
    found = table.find("USD", "GBP", DAY)
    assert found is not None
    assert (found.by, found.rate_on) == ("through CHF", DAY)


def test_two_currencies_between_are_too_far() -> None:
    table = RateTable(
        [rate("EUR/USD", DAY, "1"), rate("USD/GBP", DAY, "1"), rate("GBP/CHF", DAY, "1")]
    )
    assert table.find("EUR", "GBP", DAY) is not None
    assert table.find("EUR", "CHF", DAY) is None


RATES = st.lists(
    st.builds(
        Rate,
        st.sampled_from(CODES),
        st.sampled_from(CODES),
        st.integers(0, 40).map(lambda n: DAY - timedelta(n)),
        st.decimals("0.01", "200", places=4),
    ).filter(lambda each: each.currency != each.to_currency),
    max_size=25,
    unique_by=lambda each: (each.currency, each.to_currency, each.rate_on),
)


@given(RATES, st.sampled_from(CODES), st.sampled_from(CODES), st.integers(0, 45))
def test_there_and_back_is_where_one_was(rates: list[Rate], one: str, other: str, ago: int) -> None:
    table, on = RateTable(rates), DAY - timedelta(ago)
    there, back = table.find(one, other, on), table.find(other, one, on)
    assert (there is None) == (back is None)
    if there is None or back is None:
        return
    assert there.rate_on == back.rate_on
    assert there.rate_on is None or there.rate_on <= on
    own = {(each.currency, each.to_currency) for each in rates if each.rate_on == there.rate_on}
    if not {(one, other), (other, one)} <= own:
        assert there.rate * back.rate == pytest.approx(1, rel=Decimal("1e-30"))


@given(RATES, st.randoms(use_true_random=False))
def test_the_order_of_the_rates_does_not_matter(rates: list[Rate], random: object) -> None:
    shuffled = list(rates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = RateTable(rates), RateTable(shuffled)
    for a in CODES:
        for b in CODES:
            assert one.find(a, b, DAY) == other.find(a, b, DAY)


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("1.1", "11", True), ("11", "1.1", True), ("1.1", "10.9", False), ("1.1", "0.011", True)],
)
def test_a_point_that_slipped_is_far_off(one: str, other: str, far: bool) -> None:
    assert far_off(Decimal(one), Decimal(other)) is far
