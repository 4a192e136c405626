"""trend, change, previous and streak, on both readings and across the borders between KPIs."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from govern.language.columns import evaluate
from govern.language.errors import UnsortedFrameError
from govern.language.meaning import Value
from govern.language.scopes import DELIVERABLE, KPI, PROJECT
from govern.observation.frame import Observations
from tests.language.portfolio import checked, kpi, month, observed, value, values

N = None


def one(actual: list[float | None], direction: str | None = "increase") -> Observations:
    """The KPI with these actuals, between two others whose values must not leak into it."""
    return observed(
        [
            kpi("A", [1, 2, 3, 4, 5, 6], planned=1, direction="increase"),
            kpi("B", actual, planned=1, direction=direction, baseline=0.0),
            kpi("C", [9, 8, 7, 6, 5, 4], planned=1, direction="decrease"),
        ],
        months=6,
    )


def of_b(text: str, actual: list[float | None], direction: str | None = "increase") -> list[Value]:
    observations = one(actual, direction)
    found = values(text, observations)
    names = observations.kpis["kpi"].to_list()
    return [each for name, each in zip(names, found, strict=True) if name == "B"]


@pytest.mark.parametrize(
    ("actual", "direction", "n", "expected"),
    [
        ([1, 2, 3], "increase", 3, "rising"),
        ([1, 2, 2], "increase", 3, "rising"),
        ([2, 2, 2], "increase", 3, "flat"),
        ([3, 2, 1], "increase", 3, "falling"),
        ([3, 3, 1], "increase", 3, "falling"),
        ([1, 3, 2], "increase", 3, "flat"),
        ([3, 2, 1], "decrease", 3, "rising"),
        ([1, 2, 3], "decrease", 3, "falling"),
        ([1, 2, 3], "at_least", 3, "rising"),
        ([1, 2, 3], "at_most", 3, "falling"),
        ([1, 2, 3], "milestone", 3, N),
        ([1, 2, 3], None, 3, N),
        ([1, N, 3], "increase", 3, N),
        ([N, 2, 3], "increase", 3, N),
        ([N, 2, 3], "increase", 2, "rising"),
        ([1, 2], "increase", 3, N),
        ([9, 2, 3], "increase", 2, "rising"),
        ([1, 2, 3, 4, 5, 6], "increase", 6, "rising"),
        ([1, 2, 3, 4, 5, 6], "increase", 7, N),
    ],
)
def test_trend(
    actual: list[float | None], direction: str | None, n: int, expected: str | None
) -> None:
    assert of_b(f"trend({n})", actual, direction)[len(actual) - 1] == expected


@pytest.mark.parametrize(
    ("actual", "direction", "n", "expected"),
    [
        ([80, 100], "increase", 1, Decimal("0.25")),
        ([80, 100], "decrease", 1, Decimal("-0.25")),
        ([100, 80], "at_most", 1, Decimal("0.2")),
        ([-50, -25], "increase", 1, Decimal("0.5")),
        ([3, 5, 4], "increase", 2, Decimal("0.333333333")),
        ([0, 5], "increase", 1, N),
        ([N, 5], "increase", 1, N),
        ([5, N], "increase", 1, N),
        ([5, 6], None, 1, N),
        ([5, 6], "milestone", 1, N),
        ([5], "increase", 1, N),
    ],
)
def test_change(
    actual: list[float | None], direction: str | None, n: int, expected: Decimal | None
) -> None:
    assert of_b(f"change({n})", actual, direction)[len(actual) - 1] == expected


def test_previous_stops_at_the_first_period() -> None:
    assert of_b("previous(actual, 1)", [10, N, 30, 40])[:4] == [N, 10, N, 30]
    assert of_b("previous(actual, 3)", [10, N, 30, 40])[:4] == [N, N, N, 10]
    assert of_b("previous(actual > 20, 1)", [10, N, 30, 40])[:4] == [N, False, N, True]
    assert of_b("previous(5, 1)", [1, 2])[:2] == [N, 5]
    assert of_b("previous(kpi, 1)", [1, 2])[:2] == [N, "B"]
    assert of_b("actual - previous(actual, 1) = 10", [10, 20, 31])[:3] == [N, True, False]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ([5, 5, 5], [1, 2, 3]),
        ([5, 15, 5], [1, 0, 1]),
        ([5, N, 5], [1, 1, 2]),
        ([N, N, 5], [0, 0, 1]),
        ([15, N, 5], [0, 0, 1]),
        ([5, N, 15, 5], [1, 1, 0, 1]),
        ([5, 5, N], [1, 2, 2]),
    ],
)
def test_streak(actual: list[float | None], expected: list[int]) -> None:
    assert of_b("streak(actual < 10)", actual)[: len(actual)] == expected


def test_history_within_history() -> None:
    actual: list[float | None] = [1, 2, 3, 2, 1, 5]
    assert of_b('streak(trend(2) = "rising")', actual) == [0, 1, 2, 0, 0, 1]
    assert of_b("previous(previous(actual, 1), 1)", actual) == [N, N, 1, 2, 3, 2]
    assert of_b("streak(streak(actual < 3) > 1)", actual) == [0, 1, 0, 0, 1, 0]
    assert of_b("previous(streak(actual > 1), 2)", actual) == [N, N, 0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "actual", "expected"),
    [
        (
            "average(actual, 3)",
            [1, 2, 4, 8],
            [N, N, Decimal("2.333333333"), Decimal("4.666666667")],
        ),
        ("average(actual, 2)", [N, 2, 4, N], [N, N, 3, N]),
        ("average(actual, 1)", [5, N], [5, N]),
        ("average(actual - planned, 2)", [1, 2], [N, Decimal("0.5")]),
        ("volatility(actual, 2)", [1, 3, 3, N], [N, 1, 0, N]),
        ("volatility(actual, 4)", [2, 4, 4, 6], [N, N, N, Decimal("1.414213562")]),
        ("volatility(actual, 3)", [1e9, 1e9 + 3, 1e9 + 6], [N, N, Decimal("2.449489743")]),
        ("volatility(attainment, 2)", [0.001, 0.003], [N, Decimal("0.001")]),
        ("forecast(1)", [1, 2, 3, 4], [N, N, 4, 5]),
        ("forecast(2)", [1, 2, N, 4], [N, N, N, 6]),
        ("forecast(1)", [1, N, 3, N, 5, N], [N, N, N, N, 6, 7]),
        ("forecast(1)", [3, 3, 3], [N, N, 3]),
        ("forecast(1)", [1, 1, 2], [N, N, Decimal("2.333333333")]),
    ],
)
def test_statistics(text: str, actual: list[float | None], expected: list[Value]) -> None:
    assert of_b(text, actual)[: len(actual)] == expected


def test_a_forecast_sees_the_last_six_periods_only() -> None:
    many = observed(
        [kpi("A", [9, 9, 1, 2, 3, 4, 5, 6], planned=1, baseline=0.0, direction="increase")]
    )
    assert value("forecast(3)", many) == 9


@pytest.mark.parametrize(
    ("text", "actual", "expected"),
    [
        ("count(history)", [1, N, 3], [1, 2, 3]),
        ("count(history[actual != null])", [1, N, 3], [1, 1, 2]),
        ("count(history.actual)", [N, N], [1, 2]),
        ("sum(history.actual)", [1, 2, N, 4], [1, 3, N, N]),
        ("sum(history[actual > 1].actual)", [1, 2, N, 4], [N, 2, 2, 6]),
        ("mean(history[actual != null].actual)", [1, N, 4], [1, 1, Decimal("2.5")]),
        ("max(history.attainment)", [3, 5, 4], [3, 5, 5]),
        ("min(history[actual != null].actual)", [N, 5, 4, 6], [N, 5, 4, 4]),
        ("min(history.actual)", [5, N, 4], [5, N, N]),
        ("any(history.cumulative)", [1, 2], [False, False]),
        ("all(history.disbenefit)", [1, 2], [False, False]),
        ("some h in history satisfies h.actual > 3", [1, N, 4, 1], [False, N, True, True]),
        (
            "count(history) > 0 and (every h in history satisfies h.actual > 3)",
            [4, N, 1],
            [True, N, False],
        ),
        ("3 in history.actual", [1, 3, N], [False, True, True]),
        ("count(history[count(history) > 1])", [1, 2, 3], [0, 1, 2]),
        ("streak(count(history[actual > 2]) > 0)", [1, 3, 1], [0, 1, 2]),
        ('count(history[trend(2) = "rising"])', [1, 2, 3, 1], [0, 1, 2, 2]),
    ],
)
def test_history_as_a_list(text: str, actual: list[float | None], expected: list[Value]) -> None:
    assert of_b(text, actual)[: len(actual)] == expected


def test_the_history_of_a_list_s_elements() -> None:
    observations = observed(
        [
            kpi("A", [1, 5, 2], planned=10, baseline=0.0, direction="increase"),
            kpi("B", [2, 1, 9], planned=10, baseline=0.0, direction="increase"),
        ]
    )
    text = "count(kpis[max(history.attainment) > 30%])"
    assert values(text, observations, PROJECT) == [0, 1, 2]
    text = "some k in kpis satisfies count(k.history[actual > 4]) >= 2"
    assert values(text, observations, PROJECT) == [False, False, False]
    text = "max(history[count(kpis[actual > 4]) > 0].period)"
    assert values(text, observations, PROJECT) == [N, month(1), month(2)]
    text = "average(count(kpis[attainment < 50%]), 2)"
    assert values(text, observations, PROJECT) == [N, Decimal("1.5"), 1]


def test_nested_history_takes_no_longer_than_it_must() -> None:
    many = observed([kpi("A", [5.0] * 100)])
    text = "streak(" * 6 + "actual > 1" + ") > 0" * 6
    assert value(text, many) is True


def test_a_project_has_a_history() -> None:
    observations = observed(
        [
            kpi("A", [1, 5, 6], planned=10, baseline=0.0, direction="increase"),
            kpi("B", [2, 1, 9], planned=10, baseline=0.0, direction="increase"),
        ]
    )
    behind = "count(kpis[attainment < 50%])"
    assert values(behind, observations, PROJECT) == [2, 1, 0]
    assert values(f"previous({behind}, 1)", observations, PROJECT) == [N, 2, 1]
    assert values(f"streak({behind} >= 1)", observations, PROJECT) == [1, 2, 0]
    assert values('count(kpis[trend(2) = "rising"])', observations, PROJECT) == [0, 1, 2]
    assert values("count(kpis[streak(attainment < 50%) >= 2])", observations, PROJECT) == [0, 1, 0]
    assert value("mean(kpis[change(2) != null].attainment)", observations, PROJECT) == Decimal(
        "0.75"
    )


def test_a_quantifier_reads_the_history_of_the_row_around_it() -> None:
    observations = observed(
        [kpi("A", [1, 2], planned=10, baseline=0.0, direction="increase")],
        deliverables=[{"project": "P1", "deliverable": "d", "name": "d", "state": "done"}],
        serves=[{"deliverable": "d", "kpi": "A", "contribution": 0.5}],
    )
    text = 'some d in deliverables satisfies d.state = "done" and trend(2) = "rising"'
    assert values(text, observations) == [N, True]
    assert value('count(kpis[trend(2) = "rising"]) = 1', observations, DELIVERABLE) is True


def test_rows_out_of_order_are_refused() -> None:
    observations = one([1, 2, 3])
    shuffled = replace(observations, kpis=observations.kpis.reverse())
    with pytest.raises(UnsortedFrameError, match="kpi"):
        evaluate(shuffled, [checked("actual > 1")])
    short = replace(observations, kpis=observations.kpis.tail(3))
    with pytest.raises(UnsortedFrameError):
        evaluate(short, [checked("actual > 1")])


def test_an_empty_portfolio_has_empty_columns() -> None:
    nothing = replace(one([1]), kpis=one([1]).kpis.clear())
    for text in (
        'trend(3) = "rising"',
        "streak(actual > 1) > 1",
        "true",
        "count(deliverables) > 0",
    ):
        found = evaluate(nothing, [checked(text, KPI)])[0]
        assert found.len() == 0
        assert found.dtype == pl.Boolean
