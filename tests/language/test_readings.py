"""Both readings give the same on generated conditions and data.

Data are small decimals with zeros, negatives, gaps, steps that repeat, and attainments that fall
exactly on the thresholds the conditions compare with.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.language.columns import evaluate
from govern.language.explain import explain
from govern.language.meaning import Value
from govern.language.scopes import DELIVERABLE, KPI, PROJECT, SCOPES, Scope
from govern.observation.frame import Observations
from tests.language.portfolio import checked, kpi, month, observed

Texts = st.SearchStrategy[str]

AMOUNTS = st.one_of(
    st.none(),
    st.sampled_from([0.0, -3.0, 1.05, 0.84, 84.0, 105.0, 80.0, 100.0, 90.0, 0.1, 0.2, 0.3]),
    st.sampled_from([33.33, -0.5, 1000.0, 12_345_678.91, 9_876_543.12, 1_000_000_000.1]),
)
DAYS = st.sampled_from([None, month(0), month(1), date(2026, 2, 14), date(2025, 12, 1)])
DIRECTIONS = st.sampled_from(["increase", "decrease", "at_least", "at_most", "milestone", None])


@st.composite
def portfolios(draw: st.DrawFn) -> Observations:
    kpis: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 4))):
        length = draw(st.integers(0, 6))
        values = draw(st.lists(AMOUNTS, min_size=length, max_size=length))
        planned = draw(st.lists(AMOUNTS, min_size=length, max_size=length))
        kpis.append(
            kpi(
                f"K{number}",
                values,
                planned,
                project=draw(st.sampled_from(["P1", "P2"])),
                direction=draw(DIRECTIONS),
                baseline=draw(AMOUNTS),
                target=draw(AMOUNTS),
                tolerance=draw(AMOUNTS),
                category=draw(st.sampled_from(["revenue", "cost", None])),
                owner=draw(st.sampled_from(["Ann", None])),
                cumulative=draw(st.booleans()),
            )
        )
    deliverables = [
        {
            "project": draw(st.sampled_from(["P1", "P2"])),
            "deliverable": f"D{number}",
            "name": f"D{number}",
            "state": draw(st.sampled_from(["planned", "done", None])),
            "due": draw(DAYS),
            "cost": draw(AMOUNTS),
        }
        for number in range(draw(st.integers(0, 3)))
    ]
    serves = [
        {
            "deliverable": one["deliverable"],
            "kpi": other["fields"]["kpi"],
            "contribution": draw(AMOUNTS),
        }
        for one in deliverables
        for other in kpis
        if other["fields"]["project"] == one["project"] and draw(st.booleans())
    ]
    projects = [
        {
            "project": name,
            "name": name,
            "budget": draw(AMOUNTS),
            "spent": draw(AMOUNTS),
            "start": draw(DAYS),
            "end": draw(DAYS),
            "tags": draw(st.sampled_from([None, [], ["x"], ["x", "y"]])),
        }
        for name in ("P1", "P2")
    ]
    return observed(kpis, 6, projects=projects, deliverables=deliverables, serves=serves, stages=[])


NUMBERS = {
    "kpi": "actual planned baseline target tolerance attainment progress variance staleness_days "
    "previous_actual budget spent",
    "project": "budget spent days_in_stage",
    "deliverable": "cost",
}
DATES = {"kpi": "start end period as_of", "project": "start end period as_of", "deliverable": "due"}
TEXTS = {"kpi": "category owner kpi", "project": "name owner", "deliverable": "name owner"}
TRUTHS = {"kpi": ["cumulative", "disbenefit"], "project": [], "deliverable": []}
LISTS = {
    "kpi": [("deliverables", "deliverable")],
    "project": [("kpis", "kpi"), ("deliverables", "deliverable")],
    "deliverable": [("kpis", "kpi")],
}
CONSTANTS = st.sampled_from(["80%", "0.8", "1", "0", "-3", "0.3", "84", "3", "90%", "act", "2"])
COMPARE = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def joined(form: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda found: form.format(*found))


def numbers(scope: str, depth: int) -> Texts:
    leaf = st.one_of(st.sampled_from(NUMBERS[scope].split()), CONSTANTS)
    if depth == 0:
        return leaf
    below = numbers(scope, depth - 1)
    forms = [
        leaf,
        joined("({} {} {})", below, st.sampled_from("+-"), below),
        joined("({} * {})", below, CONSTANTS),
        joined("({} / {})", below, below),
        joined("abs({})", below),
        joined("-{}", below),
        joined("(if {} then {} else {})", truths(scope, depth - 1), below, below),
        joined(
            "{}({}, {})", st.sampled_from(["min", "max", "sum", "mean", "median"]), below, below
        ),
        joined("({} - {})", dates(scope, depth - 1), dates(scope, depth - 1)),
        joined("count({})", lists(scope, depth - 1)),
        joined(
            "{}({})", st.sampled_from(["year", "month", "day", "weekday"]), dates(scope, depth - 1)
        ),
        joined("working_days({}, {})", dates(scope, depth - 1), dates(scope, depth - 1)),
        aggregates(scope, depth - 1),
    ]
    if SCOPES[scope].history:
        forms += [
            joined("previous({}, {})", below, st.sampled_from("123")),
            joined("streak({})", truths(scope, depth - 1)),
            joined("average({}, {})", below, st.sampled_from("123")),
            joined("volatility({}, {})", below, st.sampled_from("234")),
            joined("count(history[{}])", truths(scope, depth - 1)),
            joined(
                "{}(history[{}].{})",
                st.sampled_from(["sum", "mean", "min", "max"]),
                truths(scope, depth - 1),
                st.sampled_from(NUMBERS[scope].split()),
            ),
        ]
    if scope == "kpi":
        forms.append(joined("change({})", st.sampled_from("123")))
        forms.append(joined("forecast({})", st.sampled_from("129")))
    return st.one_of(forms)


def lists(scope: str, depth: int) -> Texts:
    return st.sampled_from(LISTS[scope]).flatmap(lambda found: filtered(*found, depth))


def filtered(name: str, element: str, depth: int) -> Texts:
    if depth == 0:
        return st.just(name)
    return st.one_of(st.just(name), joined(name + "[{}]", truths(element, depth - 1)))


def aggregates(scope: str, depth: int) -> Texts:
    function = st.sampled_from(["sum", "mean", "median", "min", "max"])
    return st.sampled_from(LISTS[scope]).flatmap(
        lambda found: joined(
            "{}({}.{})",
            function,
            filtered(*found, depth),
            st.sampled_from(NUMBERS[found[1]].split()),
        )
    )


def dates(scope: str, depth: int) -> Texts:
    leaf = st.sampled_from([*DATES[scope].split(), '@"2026-02-28"', "since"])
    if depth == 0:
        return leaf
    below = dates(scope, depth - 1)
    moved = joined("({} {} {})", below, st.sampled_from("+-"), numbers(scope, depth - 1))
    further = joined(
        "{}({}, {})",
        st.sampled_from(["add_months", "add_working_days"]),
        below,
        numbers(scope, depth - 1),
    )
    return st.one_of(leaf, moved, further, joined("end_of_month({})", below))


def texts(scope: str) -> Texts:
    return st.sampled_from([*TEXTS[scope].split(), '"revenue"', '"Ann"'])


def truths(scope: str, depth: int) -> Texts:
    number, day, text = numbers(scope, depth), dates(scope, depth), texts(scope)
    leaf = st.one_of(
        joined("({} {} {})", number, COMPARE, number),
        joined("({} {} {})", day, COMPARE, day),
        joined("({} {} {})", text, st.sampled_from(["=", "!="]), text),
        joined("({} = null)", number),
        joined("({} != null)", st.one_of(text, day)),
        st.sampled_from(["true", "false", *TRUTHS[scope]]),
    )
    if depth == 0:
        return leaf
    below, low = truths(scope, depth - 1), numbers(scope, depth - 1)
    forms = [
        leaf,
        joined("({} {} {})", below, st.sampled_from(["and", "or"]), below),
        joined("({} {} {} and {})", below, st.sampled_from(["and", "or"]), below, below),
        joined("not({})", below),
        joined("({} between {} and {} + 0)", low, low, low),
        joined("({} in ({}, {}))", low, low, low),
        joined("({} in (0.8, 1, 84))", low),
        joined("({} in [0.3..{} * 2))", low, low),
        joined("({} in values)", text),
        joined("(if {} then {} else {})", below, below, below),
        st.sampled_from(LISTS[scope]).flatmap(lambda found: quantified(*found, scope, depth - 1)),
    ]
    if SCOPES[scope].history:
        forms += [
            joined("(previous({}, 1) = true)", below),
            joined(
                "({} h in history satisfies h.{} {} {})",
                st.sampled_from(["some", "every"]),
                st.sampled_from(NUMBERS[scope].split()),
                COMPARE,
                CONSTANTS,
            ),
            st.just('("x" in tags)'),
        ]
    if scope == "kpi":
        trend = st.sampled_from(["rising", "falling", "flat"])
        forms.append(joined('(trend({}) = "{}")', st.sampled_from("234"), trend))
    return st.one_of(forms)


def quantified(name: str, element: str, scope: str, depth: int) -> Texts:
    field = st.sampled_from(NUMBERS[element].split())
    return joined(
        "({} e in {} satisfies e.{} {} {} or {})",
        st.sampled_from(["some", "every"]),
        filtered(name, element, depth),
        field,
        COMPARE,
        numbers(scope, depth),
        truths(scope, depth),
    )


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, Scope]:
    scope = draw(st.sampled_from([KPI, PROJECT, DELIVERABLE]))
    return draw(truths(scope.name, draw(st.integers(0, 2)))), scope


def test_a_result_does_not_depend_on_the_rows_around_it() -> None:
    """Polars divides by a constant in another way where a frame has one row."""
    text = "actual / 8.4 + actual * 0.07 - round(actual / 3, 2) / 7"
    kpis = [kpi(f"K{number:02}", [number * 1.37], planned=3) for number in range(40)]
    condition = checked(text)
    together = evaluate(observed(kpis), [condition])[0]
    alone = [evaluate(observed([one]), [condition])[0][0] for one in kpis]
    assert together.to_list() == alone
    observations = observed(kpis)
    plain = [explain(condition, observations, row).value for row in range(40)]
    assert [float(number) for number in plain if isinstance(number, Decimal)] == alone


@given(portfolios(), st.lists(conditions(), min_size=1, max_size=4))
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_columns_and_explain_agree(
    observations: Observations, found: list[tuple[str, Scope]]
) -> None:
    batch = [checked(text, scope) for text, scope in found]
    together = evaluate(observations, batch)
    for condition, column in zip(batch, together, strict=True):
        alone = evaluate(observations, [condition])[0]
        assert column.equals(alone, null_equal=True)
        plain: list[Value] = [
            explain(condition, observations, row).value for row in range(len(column))
        ]
        assert column.to_list() == plain, condition.expression.text
