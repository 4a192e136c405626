"""Both readings give the same on generated conditions and data.

Data are small decimals with zeros, negatives, gaps, steps that repeat, and attainments that fall
exactly on the thresholds the conditions compare with. What is generated reaches everything in the
grammar, every function and list, and tables; a test says so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.language.columns import evaluate
from govern.language.explain import explain
from govern.language.functions import FUNCTIONS
from govern.language.meaning import Meaning, Pick, Value
from govern.language.scopes import CONDITION, DELIVERABLE, KPI, PROJECT, SCOPES, Scope
from govern.language.table import Table
from govern.language.tree import Node, children
from govern.language.types import type_of
from govern.observation.frame import Observations
from tests.language.portfolio import checked, kpi, month, observed

Texts = st.SearchStrategy[str]

AMOUNTS = st.one_of(
    st.none(),
    st.sampled_from([0.0, -3.0, 1.05, 0.84, 84.0, 105.0, 80.0, 100.0, 90.0, 0.1, 0.2, 0.3]),
    st.sampled_from([33.33, -0.5, 1000.0, 12_345_678.91, 9_876_543.12, 1_000_000_000.1]),
    st.sampled_from([1e-9, 990_000.1, -999_999_999_999_999.0, 1e15, 1e299, -1e299]),
)
DAYS = st.sampled_from([None, month(0), month(1), date(2026, 2, 14), date(2025, 12, 1)])
THRESHOLDS = st.sampled_from([(84.0, 105.0), (0.84, 1.05), (90.0, 100.0), (80.0, 100.0)])
PAIRS = st.one_of(st.tuples(AMOUNTS, AMOUNTS), THRESHOLDS)
STAGES = [[], [("draft", None)], [("draft", None), ("monitoring", month(2))]]
DIRECTIONS = st.sampled_from(["increase", "decrease", "at_least", "at_most", "milestone", None])


@st.composite
def portfolios(draw: st.DrawFn) -> Observations:
    kpis: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 4))):
        length = draw(st.integers(0, 6))
        pairs = draw(st.lists(PAIRS, min_size=length, max_size=length))
        values, planned = [actual for actual, _ in pairs], [planned for _, planned in pairs]
        kpis.append(
            kpi(
                f"K{number}",
                values,
                planned,
                project=draw(st.sampled_from(["P1", "P2"])),
                direction=draw(DIRECTIONS),
                baseline=draw(st.one_of(st.sampled_from([0.0, None]), AMOUNTS)),
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
    stages = [
        {"project": name, "stage": stage, "since": since}
        for name in ("P1", "P2")
        for stage, since in draw(st.sampled_from(STAGES))
    ]
    conditions = [
        {
            "project": draw(st.sampled_from(["P1", "P2"])),
            "condition": str(number),
            "text": "owed",
            "owner": draw(st.sampled_from(["Ann", None])),
            "due": draw(DAYS),
            "state": draw(st.sampled_from(["open", "closed"])),
        }
        for number in range(draw(st.integers(0, 2)))
    ]
    recommendations = [
        {
            "project": "P1",
            "recommendation": str(number),
            "rule": "late",
            "action": draw(st.sampled_from(["descope", "hold_funding"])),
            "severity": draw(st.sampled_from(["red", "amber"])),
            "status": draw(st.sampled_from(["proposed", "accepted"])),
        }
        for number in range(draw(st.integers(0, 2)))
    ]
    return observed(
        kpis,
        6,
        projects=projects,
        deliverables=deliverables,
        serves=serves,
        stages=stages,
        conditions=conditions,
        recommendations=recommendations,
    )


NUMBERS = {
    "kpi": "actual planned baseline target tolerance attainment progress variance staleness_days "
    "previous_actual budget spent weight weighted_attainment planned_points days_in_stage mark.points",
    "project": "budget spent days_in_stage",
    "deliverable": "cost",
    "condition": "",
    "recommendation": "",
}
DATES = {
    "kpi": "start end period as_of",
    "project": "start end period as_of",
    "deliverable": "due done_on",
    "condition": "due",
    "recommendation": "",
}
TEXTS = {
    "kpi": "category owner kpi stage rag",
    "project": "name owner stage",
    "deliverable": "name owner",
    "condition": "owner text",
    "recommendation": "rule",
}
TRUTHS = {"kpi": ["cumulative", "disbenefit"]}
LISTS = {
    "kpi": [("deliverables", "deliverable")],
    "project": [
        ("kpis", "kpi"),
        ("deliverables", "deliverable"),
        ("conditions", "condition"),
        ("recommendations", "recommendation"),
    ],
    "deliverable": [("kpis", "kpi")],
    "condition": [],
    "recommendation": [],
}
LINKED = {("kpi", "deliverable"), ("deliverable", "kpi")}


def table(outputs: dict[str, tuple[Value, ...]], tests: tuple[str, ...]) -> Mapping[str, Meaning]:
    operands = tuple(checked(test).meaning for test in tests)
    return {
        name: Pick(
            type_of(cast(Any, values[0])), operands[0].source, operands, values, (0,) * len(values)
        )
        for name, values in outputs.items()
    }


TABLES = {
    "rag": Table(
        "rag",
        "kpi",
        table(
            {"rag": ("grey", "green", "amber", "red")},
            ("attainment = null", "attainment >= watch", "attainment in [act..watch)", "true"),
        ),
    ),
    "mark": Table(
        "mark",
        "kpi",
        table(
            {"points": (Decimal(3), Decimal(1)), "text": ("good", None)},
            ("actual > previous(actual, 1)", 'trend(2) != "falling"'),
        ),
    ),
}
"""The second has two outputs, and no row that fits everything."""
CONSTANTS = st.sampled_from(["80%", "0.8", "1", "0", "-3", "0.3", "84", "3", "90%", "act", "2"])
COMPARE = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def joined(form: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda found: form.format(*found))


def names(known: Mapping[str, str], scope: str, other: str) -> Texts:
    return st.sampled_from(known[scope].split() or [other])


@cache
def numbers(scope: str, depth: int) -> Texts:
    leaf = st.one_of(names(NUMBERS, scope, "3"), CONSTANTS)
    if depth == 0:
        return leaf
    below = numbers(scope, depth - 1)
    forms = [
        leaf,
        joined("({} {} {})", below, st.sampled_from("+-"), below),
        joined("({} * {})", below, CONSTANTS),
        joined("({} / {})", below, below),
        joined("abs({})", below),
        joined("round({}, {})", below, st.sampled_from("0129")),
        joined("-{}", below),
        joined("(if {} then {} else {})", truths(scope, depth - 1), below, below),
        joined(
            "{}({}, {})", st.sampled_from(["min", "max", "sum", "mean", "median"]), below, below
        ),
        joined("({} - {})", dates(scope, depth - 1), dates(scope, depth - 1)),
        joined(
            "{}({})", st.sampled_from(["year", "month", "day", "weekday"]), dates(scope, depth - 1)
        ),
        joined("working_days({}, {})", dates(scope, depth - 1), dates(scope, depth - 1)),
    ]
    if LISTS[scope]:
        forms += [joined("count({})", lists(scope, depth - 1)), aggregates(scope, depth - 1)]
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
                fields(scope),
            ),
        ]
    if scope == "kpi":
        forms.append(joined("change({})", st.sampled_from("123")))
        forms.append(joined("forecast({})", st.sampled_from("129")))
    return st.one_of(forms)


@cache
def fields(scope: str) -> Texts:
    """Numbers that each row of a list has; an output of a table is read on one row only."""
    return st.sampled_from([name for name in NUMBERS[scope].split() if "." not in name])


@cache
def lists(scope: str, depth: int) -> Texts:
    return st.sampled_from(LISTS[scope]).flatmap(lambda found: filtered(scope, *found, depth))


@cache
def filtered(scope: str, name: str, element: str, depth: int) -> Texts:
    if depth == 0:
        return st.just(name)
    kept = [st.just(name), joined(name + "[{}]", truths(element, depth - 1))]
    if (scope, element) in LINKED:
        kept.append(joined(name + "[contribution {} {}]", COMPARE, CONSTANTS))
    return st.one_of(kept)


@cache
def aggregates(scope: str, depth: int) -> Texts:
    function = st.sampled_from(["sum", "mean", "median", "min", "max"])
    inner = [one for one in LISTS[scope] if NUMBERS[one[1]]]
    if not inner:
        return CONSTANTS

    def of(found: tuple[str, str]) -> Texts:
        field = fields(found[1])
        if (scope, found[1]) in LINKED:
            field = st.one_of(field, st.just("contribution"))
        values = joined("{}.{}", filtered(scope, *found, depth), field)
        kept = joined("{}[item {} {}]", values, COMPARE, CONSTANTS)
        return joined("{}({})", function, st.one_of(values, values, kept))

    return st.sampled_from(inner).flatmap(of)


@cache
def dates(scope: str, depth: int) -> Texts:
    leaf = st.sampled_from([*DATES[scope].split(), '@"2026-02-28"', "since"])
    if depth == 0:
        return leaf
    forms: list[Texts] = []
    if SCOPES[scope].history:
        forms += [
            joined("previous({}, {})", leaf, st.sampled_from("12")),
            joined("{}(history.{})", st.sampled_from(["min", "max"]), names(DATES, scope, "")),
        ]
    inner = [one for one in LISTS[scope] if DATES[one[1]]]
    if inner:
        forms.append(
            st.sampled_from(inner).flatmap(
                lambda found: joined(
                    "{}({}.{})",
                    st.sampled_from(["min", "max"]),
                    filtered(scope, *found, depth - 1),
                    names(DATES, found[1], ""),
                )
            )
        )
    below = dates(scope, depth - 1)
    moved = joined("({} {} {})", below, st.sampled_from("+-"), numbers(scope, depth - 1))
    further = joined(
        "{}({}, {})",
        st.sampled_from(["add_months", "add_working_days"]),
        below,
        numbers(scope, depth - 1),
    )
    chosen = joined("(if {} then {} else {})", truths(scope, depth - 1), below, below)
    earliest = joined("{}({}, {})", st.sampled_from(["min", "max"]), below, below)
    end = joined("end_of_month({})", below)
    return st.one_of(leaf, moved, further, end, chosen, earliest, *forms)


@cache
def texts(scope: str) -> Texts:
    return st.sampled_from([*TEXTS[scope].split(), '"revenue"', '"Ann"'])


@cache
def truths(scope: str, depth: int) -> Texts:
    number, day, text = numbers(scope, depth), dates(scope, depth), texts(scope)
    leaf = st.one_of(
        joined("({} {} {})", number, COMPARE, number),
        joined("({} {} {})", day, COMPARE, day),
        joined("({} {} {})", text, st.sampled_from(["=", "!="]), text),
        joined("({} = null)", number),
        joined("({} != null)", st.one_of(text, day)),
        st.sampled_from(["true", "false", *TRUTHS.get(scope, ())]),
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
        joined("({} in [0.8, {}])", low, CONSTANTS),
        joined("(sum([{}, {}]) > 0)", low, low),
        joined("({} in [0.3..{} * 2))", low, low),
        joined("({} in values)", text),
        joined("(if {} then {} else {})", below, below, below),
        joined(
            "({} between {} and {})",
            day,
            day,
            st.just("as_of + 1" if "as_of" in DATES[scope] else "since + 90"),
        ),
        joined("({} in ({}..since + 60])", day, day),
        joined("({} in (< 0, {}, [80%..{} + 2)))", low, low, low),
        joined("{}({}, {}, {})", st.sampled_from(["any", "all"]), below, below, below),
    ]
    if LISTS[scope]:
        forms += [
            st.sampled_from(LISTS[scope]).flatmap(
                lambda found: quantified(scope, *found, depth - 1)
            ),
            st.sampled_from(LISTS[scope]).flatmap(lambda found: searched(scope, *found, depth - 1)),
        ]
    if SCOPES[scope].history:
        forms += [
            joined("(previous({}, 1) = true)", below),
            joined(
                "({} h in history satisfies h.{} {} {})",
                st.sampled_from(["some", "every"]),
                fields(scope),
                COMPARE,
                CONSTANTS,
            ),
            joined("(previous({}, 2) != {})", text, text),
            joined(
                "({}(history[{}].{}) = true)",
                st.sampled_from(["any", "all"]),
                below,
                st.just("cumulative"),
            )
            if scope == "kpi"
            else joined("(count(history) > {})", st.sampled_from("26")),
            st.just('("x" in tags)'),
        ]
    if scope == "kpi":
        trend = st.sampled_from(["rising", "falling", "flat"])
        forms.append(joined('(trend({}) = "{}")', st.sampled_from("234"), trend))
    return st.one_of(forms)


@cache
def quantified(scope: str, name: str, element: str, depth: int) -> Texts:
    """Compares with names of the row around the list, and of the element of a list in between."""
    field = st.just("owner = owner") if not NUMBERS[element] else fields(element)
    body = (
        joined("e.{} {} {} or {}", field, COMPARE, numbers(scope, depth), truths(scope, depth))
        if NUMBERS[element]
        else joined("e.{} = {}", names(TEXTS, element, ""), texts(scope))
    )
    if (scope, element) in LINKED:
        body = st.one_of(body, joined("e.contribution {} {}", COMPARE, numbers(scope, depth)))
    within = [one for one in LISTS[element] if NUMBERS[one[1]] and NUMBERS[element]]
    if within:
        inner, of = within[0]
        nested = joined(
            "({} f in e." + inner + " satisfies f.{} {} e.{})",
            st.sampled_from(["some", "every"]),
            fields(of),
            COMPARE,
            fields(element),
        )
        body = st.one_of(body, nested, joined("count(e." + inner + ") {} 1", COMPARE))
    return joined(
        "({} e in {} satisfies {})",
        st.sampled_from(["some", "every"]),
        filtered(scope, name, element, depth),
        body,
    )


@cache
def searched(scope: str, name: str, element: str, depth: int) -> Texts:
    """Whether a value is among those of a list's rows, or one or all of them are true."""
    found = filtered(scope, name, element, depth)
    text = joined("({} in {}.{})", texts(scope), found, names(TEXTS, element, ""))
    if not TRUTHS.get(element):
        return text
    any_or_all = st.sampled_from(["any", "all"])
    truth = joined("{}({}.{})", any_or_all, found, st.sampled_from(TRUTHS[element]))
    number = joined("({} in {}.{})", numbers(scope, depth), found, fields(element))
    return st.one_of(text, truth, number)


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, Scope]:
    scope = draw(st.sampled_from([KPI, KPI, PROJECT, PROJECT, DELIVERABLE, CONDITION]))
    return draw(truths(scope.name, draw(st.sampled_from((0, 1, 1, 1, 2))))), scope


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


def test_columns_and_explain_agree() -> None:
    seen: Counter[Value] = Counter()
    exact = 0

    @given(portfolios(), st.lists(conditions(), min_size=1, max_size=4))
    @settings(
        max_examples=120,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    def agree(observations: Observations, found: list[tuple[str, Scope]]) -> None:
        nonlocal exact
        batch = [checked(text, scope, tables=TABLES) for text, scope in found]
        together = evaluate(observations, batch)
        for condition, column in zip(batch, together, strict=True):
            alone = evaluate(observations, [condition])[0]
            assert column.equals(alone, null_equal=True)
            plain: list[Value] = [
                explain(condition, observations, row).value for row in range(len(column))
            ]
            assert column.to_list() == plain, condition.expression.text
            seen.update(plain)
        attainments = observations.kpis["attainment"].to_list()
        exact += sum(value in {0.8, 0.9, 1.0} for value in attainments)

    agree()
    assert min(seen[True], seen[False], seen[None]) > seen.total() / 20
    assert exact > 20


def test_everything_in_the_language_is_generated() -> None:
    seen: Counter[str] = Counter()

    @given(st.lists(conditions(), min_size=5, max_size=20))
    @settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
    def count(found: list[tuple[str, Scope]]) -> None:
        for text, scope in found:
            condition = checked(text, scope, tables=TABLES)
            seen.update(forms(condition.tree))
            seen.update(name.split(".")[-1] for name in condition.names_read)

    count()
    lists = {found.name for scope in SCOPES.values() for found in scope.collections.values()}
    wanted = {*FUNCTIONS, *FORMS, *lists, "rag", "mark", "contribution"}
    missing = wanted - seen.keys()
    assert not missing


FORMS = {kind.__name__ for kind in Node.__subclasses__()}


def forms(node: Node) -> Iterator[str]:
    yield type(node).__name__
    for child in children(node):
        yield from forms(child)
