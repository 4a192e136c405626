"""Lists of rows, in lists, on both readings."""

from datetime import date
from decimal import Decimal

import pytest

from govern.language.explain import explain, select
from govern.language.meaning import Value
from govern.language.scopes import DELIVERABLE, KPI, PROJECT, Scope
from tests.language.portfolio import checked, kpi, observed, value

DELIVERABLES = [
    {"deliverable": "a", "due": date(2026, 1, 1), "state": "done", "cost": 0.1, "owner": "Ann"},
    {"deliverable": "b", "due": date(2026, 3, 1), "state": "planned", "cost": 0.2},
    {"deliverable": "c", "due": None, "state": "planned", "cost": 1e9},
]
PORTFOLIO = observed(
    [
        kpi("A", [84], planned=105, direction="increase", baseline=0.0, owner="Ann"),
        kpi("B", [99], planned=100, direction="increase", baseline=0.0),
        kpi("X", [1], planned=100, direction="increase", baseline=0.0, project="P2"),
    ],
    projects=[
        {"project": "P1", "name": "One", "end": date(2026, 2, 1), "budget": 1e9},
        {"project": "P2", "name": "Two"},
        {"project": "P3", "name": "Three"},
    ],
    deliverables=[{"project": "P1", "name": one["deliverable"], **one} for one in DELIVERABLES],
    serves=[
        {"deliverable": "a", "kpi": "A", "contribution": 0.03},
        {"deliverable": "b", "kpi": "A", "contribution": 0.5},
        {"deliverable": "b", "kpi": "B", "contribution": None},
    ],
    conditions=[
        {"project": "P1", "condition": "1", "text": "x", "due": date(2026, 1, 5), "state": "open"}
    ],
)


def at(text: str, row: int, scope: Scope) -> Value:
    value(text, PORTFOLIO, scope)
    return explain(checked(text, scope), PORTFOLIO, row).value


@pytest.mark.parametrize(
    ("text", "scope", "expected"),
    [
        # deliverables of a KPI, with what the link carries
        ("count(deliverables)", KPI, [2, 1, 0]),
        ("count(deliverables[contribution < 5%])", KPI, [1, 0, 0]),
        ('count(deliverables[contribution < 5% and state != "done"])', KPI, [0, 0, 0]),
        ("sum(deliverables.contribution)", KPI, [Decimal("0.53"), None, None]),
        ("max(deliverables.due)", KPI, [date(2026, 3, 1), date(2026, 3, 1), None]),
        ("every d in deliverables satisfies d.contribution > 1%", KPI, [True, None, True]),
        ("count(deliverables[due < as_of])", KPI, [1, 0, 0]),
        ("some d in deliverables satisfies d.contribution < attainment", KPI, [True, None, False]),
        ("count(deliverables[count(kpis) > 1])", KPI, [1, 1, 0]),
        # the project's lists
        ("count(deliverables)", PROJECT, [3, 0, 0]),
        ("every d in deliverables satisfies count(d.kpis) >= 1", PROJECT, [False, True, True]),
        ("count(deliverables[count(kpis) = 0])", PROJECT, [1, 0, 0]),
        ("count(kpis[count(deliverables[contribution > 10%]) > 0])", PROJECT, [1, 0, 0]),
        ("every k in kpis satisfies k.owner != null", PROJECT, [False, False, True]),
        (
            "some k in kpis satisfies some d in k.deliverables satisfies "
            "d.contribution < k.attainment and d.due > end",
            PROJECT,
            [True, False, False],
        ),
        (
            "every d in deliverables satisfies every k in kpis satisfies d.due < k.period",
            PROJECT,
            [False, True, True],
        ),
        ("count(deliverables[due > end])", PROJECT, [1, 0, 0]),
        ("count(deliverables[owner in kpis.owner])", PROJECT, [1, 0, 0]),
        ("sum(deliverables.cost)", PROJECT, [Decimal("1000000000.3"), None, None]),
        ("sum(deliverables.cost) <= budget + 0.3", PROJECT, [True, None, None]),
        ("sum(deliverables[cost < 1].cost) = 0.3", PROJECT, [True, None, None]),
        ("mean(kpis.attainment)", PROJECT, [Decimal("0.895"), Decimal("0.01"), None]),
        ('count(conditions[state = "open" and due < as_of])', PROJECT, [1, 0, 0]),
        ("count(recommendations)", PROJECT, [0, 0, 0]),
        ("previous(count(deliverables), 1)", PROJECT, [None, None, None]),
        # the KPIs of a deliverable
        ("count(kpis)", DELIVERABLE, [1, 2, 0]),
        ("sum(kpis.contribution)", DELIVERABLE, [Decimal("0.03"), None, None]),
        ("min(kpis.attainment) < 90%", DELIVERABLE, [True, True, None]),
        ("count(kpis[count(deliverables) = 2])", DELIVERABLE, [1, 1, 0]),
        (
            "some k in kpis satisfies some d in k.deliverables satisfies d.cost > cost",
            DELIVERABLE,
            [True, False, False],
        ),
        (
            "some k in kpis satisfies some d in k.deliverables satisfies "
            "d.contribution > k.contribution",
            DELIVERABLE,
            [True, None, False],
        ),
        (
            "every k in kpis satisfies count(k.deliverables[cost >= k.attainment]) = 0",
            DELIVERABLE,
            [True, True, True],
        ),
        (
            "some a in kpis.attainment satisfies count(kpis[attainment > a]) > 0",
            DELIVERABLE,
            [False, True, False],
        ),
    ],
)
def test_list(text: str, scope: Scope, expected: list[Value]) -> None:
    assert [at(text, row, scope) for row in range(3)] == expected


def test_select_gives_the_rows_of_a_filter() -> None:
    propose = checked('deliverables[contribution < 5% or state != "done"]', KPI)
    assert [select(propose, PORTFOLIO, row) for row in range(3)] == [(0, 1), (1,), ()]
    nearly = checked("deliverables[contribution < 5%]", KPI)
    assert select(nearly, PORTFOLIO, 0) == (0,)
    assert explain(nearly, PORTFOLIO, 0).shown == "a"
    with pytest.raises(TypeError):
        select(checked("actual > 1"), PORTFOLIO, 0)


def test_why_names_the_elements() -> None:
    text = "every d in deliverables satisfies count(d.kpis) >= 1"
    found = explain(checked(text, PROJECT), PORTFOLIO, 0)
    assert found.shown == "false"
    assert [(child.text, child.shown) for child in found.children] == [
        ("a", "true"),
        ("b", "true"),
        ("c", "false"),
    ]
    assert found.leaves() == {text: "false"}


def test_leaves_are_names_and_calls_with_their_values() -> None:
    text = 'attainment < act and (trend(3) = "falling" or owner = null) and tolerance > 1'
    found = explain(checked(text), PORTFOLIO, 0)
    assert found.leaves() == {
        "attainment": "0.8",
        "act": "0.8",
        "trend(3)": "unknown",
        "owner": "Ann",
        "tolerance": "unknown",
    }
    assert found.value is False
    assert found.children[0].text == "attainment < act"
