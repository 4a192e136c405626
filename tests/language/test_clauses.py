"""What counts as a clause of a condition, and what of it is read on a row."""

import pytest

from govern.language.check import check
from govern.language.clauses import clauses, reached
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.row_reading import value_at
from govern.language.scopes import KPI, PROJECT, Scope
from govern.language.types import BOOLEAN
from govern.language.write import write
from tests.language.portfolio import PARAMS, checked, kpi, observed


def found(text: str, scope: Scope = KPI) -> list[str]:
    return [write(each.source) for each in clauses(checked(text, scope).meaning)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attainment < act", ["attainment < act"]),
        ("attainment < act and actual > 1", ["attainment < act", "actual > 1"]),
        ("not(disbenefit or actual = null)", ["disbenefit", "actual = null"]),
        ("attainment between 1 and 2", ["attainment between 1 and 2"]),
        ("attainment in [1..2]", ["attainment in [1..2]"]),
        ('category in ("cost", "revenue")', ['category in ("cost", "revenue")']),
        ("actual in (< 1, [2..3], 7)", ["actual in (< 1, [2..3], 7)"]),
        ('"x" in tags', ['"x" in tags']),
        ("category in values", ["category in values"]),
        ("act > 50% and actual > 1", ["actual > 1"]),
        ("true and actual > 1", ["actual > 1"]),
        (
            "if actual != null then actual > 1 else planned > 1",
            ["actual != null", "actual > 1", "planned > 1"],
        ),
        (
            "(if tolerance != null then tolerance else 0) < 1",
            ["(if tolerance != null then tolerance else 0) < 1", "tolerance != null"],
        ),
        ("streak(actual < 1) > 2", ["streak(actual < 1) > 2", "actual < 1"]),
        (
            "count(history[actual > 1]) > 2",
            ["count(history[actual > 1]) > 2", "actual > 1"],
        ),
        (
            'every d in deliverables[due < as_of] satisfies d.state = "done"',
            [
                'every d in deliverables[due < as_of] satisfies d.state = "done"',
                "due < as_of",
                'd.state = "done"',
            ],
        ),
        (
            "count(deliverables[due < as_of][cost > 1]) > 0",
            ["count(deliverables[due < as_of][cost > 1]) > 0", "due < as_of", "cost > 1"],
        ),
    ],
)
def test_a_clause_is_true_or_false_by_itself(text: str, expected: list[str]) -> None:
    assert sorted(found(text)) == sorted(expected)


def test_a_search_in_a_list_is_one_clause() -> None:
    text = '"done" in deliverables.state'
    assert found(text) == [text]
    assert found("90% in kpis.attainment", PROJECT) == ["90% in kpis.attainment"]


def test_a_clause_keeps_its_place_in_the_text() -> None:
    text = "not(actual > 1) and\n planned < 2"
    condition = check(parse(text, within("r.yaml", text, 5, 9)), KPI, PARAMS)
    origin = condition.expression.origin
    places = [str(origin.at(each.source.span[0])) for each in clauses(condition.meaning)]
    assert places == ["r.yaml:5:13", "r.yaml:6:10"]


def read(text: str) -> dict[str, set[bool]]:
    """The clauses that are read in the second of two months, with the values they have."""
    condition = checked(text, expect=BOOLEAN)
    observations = observed(
        [kpi("A", [90, 70], 100)],
        deliverables=[
            {"project": "P1", "deliverable": "D1", "state": "done"},
            {"project": "P1", "deliverable": "D2", "state": "planned"},
        ],
        serves=[
            {"deliverable": "D1", "kpi": "A", "contribution": 0.1},
            {"deliverable": "D2", "kpi": "A", "contribution": 0.9},
        ],
    )
    names = {id(each): write(each.source) for each in clauses(condition.meaning)}
    values: dict[str, set[bool]] = {}
    for meaning, place in reached(condition, observations, 1):
        if id(meaning) in names:
            value = value_at(meaning, place)
            assert isinstance(value, bool)
            values.setdefault(names[id(meaning)], set()).add(value)
    return values


def test_of_an_if_one_branch_is_reached() -> None:
    assert read("if actual < 80 then planned > 1 else planned > 2") == {
        "actual < 80": {True},
        "planned > 1": {True},
    }


def test_a_filter_is_read_on_every_element_and_what_follows_on_those_it_keeps() -> None:
    text = 'some d in deliverables[contribution < 50%] satisfies d.state = "done"'
    assert read(text) == {
        text: {True},
        "contribution < 50%": {True, False},
        'd.state = "done"': {True},
    }


def test_what_history_asks_is_read_on_the_row_itself() -> None:
    assert read("streak(actual < 80) = 1") == {
        "streak(actual < 80) = 1": {True},
        "actual < 80": {True},
    }
