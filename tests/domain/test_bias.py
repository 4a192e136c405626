"""The rates of reviews, and what they make of a plan: calculated by hand."""

from decimal import Decimal

import pytest

from govern.domain.bias import Bias, adjusted, bias


def rates(*texts: str) -> list[Decimal]:
    return [Decimal(each) for each in texts]


def test_the_median_and_the_quarters_lie_between_the_rates_in_proportion() -> None:
    # In order 0.5, 0.8, 0.9, 1.0. A quarter of the way lies at place 0.75 of 0 to 3, the half at 1.5,
    # three quarters at 2.25.
    assert bias(rates("0.9", "0.5", "1.0", "0.8")) == Bias(
        4, Decimal("0.85"), Decimal("0.725"), Decimal("0.925")
    )
    assert bias(rates("1.25")) == Bias(1, *rates("1.25", "1.25", "1.25"))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "no KPI reviewed; it takes 3"),
        (["0.5"], "1 KPI reviewed; it takes 3"),
        (["0.5", "0.6"], "2 KPIs reviewed; it takes 3"),
        (
            ["-0.1", "0", "0.5"],
            "of half of what was promised nothing came: there is no plan to adjust",
        ),
        (["0.1", "0.2", "3"], None),
    ],
)
def test_an_adjustment_needs_reviews_and_something_that_came(
    given: list[str], why: str | None
) -> None:
    assert bias(rates(*given)).why == why


def test_a_plan_moves_towards_its_baseline() -> None:
    # 100 + 0.85 × (220 - 100), and downwards 80 + 0.5 × (30 - 80).
    assert adjusted(Decimal(220), Decimal(100), Decimal("0.85"), 2) == Decimal("202.00")
    assert adjusted(Decimal(30), Decimal(80), Decimal("0.5"), 0) == Decimal(55)
    assert adjusted(Decimal(100), Decimal(100), Decimal("0.333"), 2) == Decimal(100)
