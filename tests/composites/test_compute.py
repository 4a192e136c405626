"""The values of composites against a plain reading of the same data, period by period, in Decimal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.composites.compute import Composition, compute, in_order
from govern.composites.formula import alike
from govern.domain.period import Cadence, numbered_end, period_end, period_number
from govern.language.columns import evaluate
from govern.language.explain import explain
from govern.language.numbers import total
from govern.observation.tables import ObservationTables, table
from tests.language.portfolio import as_decimal

START = date(2026, 1, 31)
FORMULAS = (
    "a + b",
    "(a - b) / b",
    "a / b",
    "if a > b then a else b",
    "max(a, b) - 0.5 * a",
    "a * b - 10%",
)
AMOUNTS = st.one_of(
    st.none(),
    st.sampled_from(
        [Decimal(text) for text in ("0", "1", "-3", "0.1", "84", "105", "33.33", "7e5")]
    ),
)
CADENCES = (Cadence.WEEKLY, Cadence.MONTHLY, Cadence.QUARTERLY)


@dataclass(frozen=True)
class Series:
    cadence: Cadence
    aggregation: str
    cumulative: bool
    actual: tuple[Decimal | None, ...]


SERIES = st.builds(
    Series,
    st.sampled_from(CADENCES),
    st.sampled_from(["sum", "mean", "last"]),
    st.booleans(),
    st.lists(AMOUNTS, min_size=0, max_size=15).map(tuple),
)


def row(kpi: str, **more: Any) -> dict[str, Any]:
    return {
        "project": "P1",
        "kpi": kpi,
        "name": kpi,
        "cadence": "monthly",
        "aggregation": "last",
        "cumulative": False,
        "weight": 1.0,
        "disbenefit": False,
        "reporting_lag_days": 0,
        **more,
    }


def value(kpi: str, period: date, actual: Any = None, **more: Any) -> dict[str, Any]:
    number = None if actual is None else float(actual)
    return {"kpi": kpi, "period": period, "actual": number, **more}


def tables(kpis: list[dict[str, Any]], values: list[dict[str, Any]]) -> ObservationTables:
    found = {"projects": [{"project": "P1", "name": "One"}], "kpis": kpis, "values": values}
    empty = ObservationTables.empty()
    return ObservationTables(
        **{name: table(name, found.get(name, ())) for name in empty.__dataclass_fields__}
    )


def periods(cadence: Cadence, count: int) -> list[date]:
    first = period_number(cadence, START)
    return [numbered_end(cadence, first + index) for index in range(count)]


def of(series: Mapping[str, Series]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    kpis = [
        row(name, cadence=each.cadence, aggregation=each.aggregation, cumulative=each.cumulative)
        for name, each in series.items()
    ]
    values = [
        value(name, period, actual)
        for name, each in series.items()
        for period, actual in zip(periods(each.cadence, len(each.actual)), each.actual, strict=True)
    ]
    return kpis, values


def plainly(series: Series, cadence: Cadence, to_date: bool, end: date) -> Decimal | None:
    """What an input says in the period of a reading KPI that ends on a day, in plain words."""
    ends = periods(series.cadence, len(series.actual))
    known = dict(zip(ends, series.actual, strict=True))
    if to_date:
        sums: list[Decimal | None] = []
        for actual in series.actual:
            before = sums[-1] if sums else Decimal(0)
            sums.append(None if before is None or actual is None else before + actual)
        known = dict(zip(ends, sums, strict=True))
    inside: list[date] = []
    number = period_number(series.cadence, end) + 1
    while period_end(cadence, numbered_end(series.cadence, number)) >= end:
        each = numbered_end(series.cadence, number)
        if period_end(cadence, each) == end:
            inside.append(each)
        number -= 1
    values = [known.get(each) for each in inside]
    if cadence is series.cadence or to_date:
        return values[0]
    adds = series.cumulative or series.aggregation == "sum"
    if not adds and series.aggregation == "last":
        return values[0]
    found = [each for each in values if each is not None]
    if len(found) < len(values):
        return None
    return total(found) if adds else total(found, len(found))


@given(SERIES, SERIES, st.sampled_from(FORMULAS), st.sampled_from(CADENCES), st.booleans())
def test_values_are_those_of_a_plain_reading(
    a: Series, b: Series, formula: str, cadence: Cadence, cumulative: bool
) -> None:
    kpis, values = of({"A": a, "B": b})
    kpis.append(row("C", cadence=cadence, cumulative=cumulative))
    computed = compute(
        tables(kpis, values), [Composition("C", formula, {"a": "A", "b": "B"})], ["C"]
    )
    (worked,) = computed.worked.values()
    frame = worked.rows.inputs
    assert frame["period"].to_list() == sorted(set(frame["period"].to_list()))
    for name, series in (("a", a), ("b", b)):
        fits = CADENCES.index(series.cadence) <= CADENCES.index(cadence)
        for period, said in frame.select("period", f"input {name}").iter_rows():
            to_date = series.cumulative and not cumulative
            expected = plainly(series, cadence, to_date, period) if fits else None
            assert as_decimal(said) == expected, (name, period)
    plain = [
        explain(worked.checked, worked.rows.as_frames(), at).value for at in range(frame.height)
    ]
    (column,) = evaluate(worked.rows.as_frames(), [worked.checked])
    assert [as_decimal(each) for each in column] == plain
    stored = computed.tables.values.filter(pl.col("kpi") == "C").sort("period")
    told = zip(frame["period"].to_list(), plain, strict=True)
    assert list(zip(stored["period"], map(as_decimal, stored["actual"]), strict=True)) == [
        each for each in told if each[1] is not None
    ]


def one(computed: ObservationTables, kpi: str = "C") -> dict[str, Any]:
    (found,) = computed.values.filter(pl.col("kpi") == kpi).to_dicts()
    return found


AB = {"a": "A", "b": "B"}


def test_a_missing_input_and_a_divisor_of_zero_are_unknown() -> None:
    kpis = [row("A"), row("B"), row("C")]
    values = [value("A", START, 4, planned=6.0), value("B", START, None, planned=0.0)]
    found = compute(tables(kpis, values), [Composition("C", "a / b", AB)]).tables
    assert found.values.filter(pl.col("kpi") == "C").is_empty()


def test_planned_is_computed_unless_the_composite_has_a_plan_of_its_own() -> None:
    kpis = [row("A"), row("B"), row("C"), row("D")]
    values = [
        value("A", START, 4, planned=6.0, original_planned=8.0),
        value("B", START, 2, planned=3.0, original_planned=2.0),
        value("D", START, None, planned=5.0),
    ]
    found = compute(
        tables(kpis, values), [Composition("C", "a / b", AB), Composition("D", "a / b", AB)]
    ).tables
    assert (one(found)["actual"], one(found)["planned"]) == (2.0, 2.0)
    assert one(found)["original_planned"] == 4.0
    assert (one(found, "D")["actual"], one(found, "D")["planned"]) == (2.0, 5.0)


@pytest.mark.parametrize(
    ("validated", "confidence", "is_validated", "sure"),
    [
        ((True, True), ("high", "low"), True, "low"),
        ((True, False), ("high", "high"), False, "high"),
        ((True, None), ("medium", None), False, None),
    ],
)
def test_a_value_is_as_validated_and_as_sure_as_all_its_inputs(
    validated: Any, confidence: Any, is_validated: bool, sure: str | None
) -> None:
    kpis = [row("A"), row("B"), row("C")]
    values = [
        value("A", START, 4, validated=validated[0], confidence=confidence[0]),
        value("B", START, 2, validated=validated[1], confidence=confidence[1]),
    ]
    found = one(compute(tables(kpis, values), [Composition("C", "a + b", AB)]).tables)
    assert (found["actual"], found["validated"], found["confidence"]) == (6.0, is_validated, sure)


def test_composites_of_composites_are_computed_in_order() -> None:
    kpis = [row("A"), row("B"), row("C"), row("D")]
    values = [value("A", START, 4), value("B", START, 2)]
    compositions = [
        Composition("D", "c * 10", {"c": "C"}),
        Composition("C", "a + b", AB),
    ]
    assert in_order({each.kpi: each for each in compositions}) == [["C"], ["D"]]
    assert one(compute(tables(kpis, values), compositions).tables, "D")["actual"] == 60.0


def test_what_is_in_a_circle_or_reads_nothing_that_is_there_is_unknown() -> None:
    kpis = [row("A"), row("C"), row("D"), row("E")]
    compositions = [
        Composition("C", "a + d", {"a": "A", "d": "D"}),
        Composition("D", "c", {"c": "C"}),
        Composition("E", "a + x", {"a": "A", "x": "GONE"}),
    ]
    found = compute(tables(kpis, [value("A", START, 4)]), compositions).tables.values
    assert found["kpi"].to_list() == ["A"]


def test_readings_that_a_composite_should_not_have_are_left_aside() -> None:
    kpis = [row("A"), row("C")]
    found = compute(
        tables(kpis, [value("A", START, 4), value("C", START, 99)]),
        [Composition("C", "a * 2", {"a": "A"})],
    ).tables
    assert one(found)["actual"] == 8.0


def test_formulas_that_differ_in_names_alone_are_computed_together() -> None:
    assert alike("(b - a) / a + B") == ("(input_1 - input_2) / input_2 + input_3", ("b", "a", "B"))
    kpis = [row("A"), row("B"), row("C"), row("D"), row("E")]
    values = [value("A", START, 4), value("B", START, 2)]
    found = compute(
        tables(kpis, values),
        [
            Composition("C", "a - b", AB),
            Composition("D", "b - a", AB),
            Composition("E", "x - y", {"y": "A", "x": "B"}),
        ],
    ).tables
    assert [one(found, each)["actual"] for each in "CDE"] == [2.0, -2.0, -2.0]


def test_a_formula_that_cannot_be_read_any_more_leaves_its_values_unknown() -> None:
    kpis = [row("A"), row("C"), row("D")]
    compositions = [
        Composition("C", "a +", {"a": "A"}),
        Composition("D", "a + b", {"a": "A"}),
    ]
    found = compute(tables(kpis, [value("A", START, 4)]), compositions, ["C", "D"])
    assert found.tables.values["kpi"].to_list() == ["A"]
    assert found.worked == {}
