"""How gates are told: drawings, labels, rows of conditions."""

from datetime import date
from decimal import Decimal

import pytest

from govern.web.pages.condition_rows import read_rows
from govern.web.pages.gate_shown import (
    answers,
    changed_since,
    label_of,
    needed_sentence,
    ordered,
    spark,
    values_of,
)


def test_a_kpi_without_any_figure_is_not_drawn() -> None:
    kpi = {"name": "Revenue <b>", "unit": "EUR", "points": []}
    assert spark(kpi) == ""
    point = {"day": date(2026, 2, 28), "planned": Decimal(20), "actual": Decimal(15)}
    drawn = spark({**kpi, "points": [point]})
    assert "Revenue &lt;b&gt;: 15 EUR, planned 20, by 28 Feb 2026" in drawn


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("LE-018-K1: k.staleness_days", "LE-018-K1 staleness days"),
        ("count(kpis)", "number of KPIs"),
        ("every k in kpis satisfies k.actual != null", "true of every one of the KPIs"),
        ("some d in deliverables satisfies d.done", "true of at least one of the deliverables"),
        ("spent", "spent"),
    ],
)
def test_labels_are_for_people(name: str, label: str) -> None:
    assert label_of(name) == label


def test_what_is_not_known_stands_first_and_is_no_text() -> None:
    seen = values_of({"values": {"a": "true", "spent": "1234567.891", "budget": "unknown"}})
    assert [(each.label, each.text) for each in seen] == [
        ("budget", None),
        ("spent", "1,234,568"),
        ("a", "yes"),
    ]


def test_must_meet_stands_before_should_meet_and_the_worst_first() -> None:
    results = [
        {"id": "a", "kind": "should", "outcome": "not_met"},
        {"id": "b", "kind": "must", "outcome": "met"},
        {"id": "c", "kind": "must", "outcome": "unknown"},
        {"id": "d", "kind": "must", "outcome": "not_met"},
    ]
    assert [each["id"] for each in ordered(results)] == ["d", "c", "b", "a"]


@pytest.mark.parametrize(
    ("votes", "may", "says_so"),
    [
        ((), True, "No vote is missing."),
        ((1,), True, "Your vote is the last one that is missing: with it the gate is decided."),
        (
            (1, 1),
            True,
            "A go needs 2 more votes (1 × sponsor, 1 × sponsor); yours can be one of them.",
        ),
        ((1,), False, "A go needs 1 more vote: 1 × sponsor."),
    ],
)
def test_what_is_still_needed(votes: tuple[int, ...], may: bool, says_so: str) -> None:
    missing = [{"role": "sponsor", "votes": each} for each in votes]
    assert needed_sentence(missing, may) == says_so


def test_each_answer_says_what_it_leads_to() -> None:
    found = {
        "project": {"id": "P1"},
        "gate": {"from": "planned", "to": "monitoring", "freezes": "baseline"},
        "submission": {"leads_to": [{"decision": "recycle", "to": "value_defined"}]},
    }
    told = {name: leads for name, _, leads in answers(found)}
    assert set(told) == {"go", "conditional_go", "recycle", "hold", "kill", "abstain"}
    assert told["go"] == "P1 enters monitoring. The plan is frozen as the baseline."
    assert told["recycle"].startswith("P1 goes back to value defined")
    again = answers({**found, "gate": {"from": "planned", "to": "planned", "freezes": None}})
    assert again[0][2] == "P1 stays in planned."


def test_what_changed_is_told_with_the_votes_since() -> None:
    vote = {"person": "Fay", "decision": "conditional_go", "for_person": "Sam"}
    assert changed_since({"votes": [vote]}, ["The budget is another."], 0) == [
        "The budget is another.",
        "Fay has voted conditional go for Sam.",
    ]
    assert len(changed_since({"votes": [vote]}, [], 1)) == 1


def test_rows_are_kept_and_errors_stand_in_theirs() -> None:
    rows = read_rows(
        {
            "rows": "3",
            "condition-0-text": " ",
            "condition-1-text": "Name an owner.",
            "condition-1-owner": "Olga",
            "condition-1-due": "soon",
        },
        one_more=True,
    )
    assert rows.count == 4
    assert rows.given == [{"text": "Name an owner.", "owner": "Olga", "due": "soon"}]
    assert set(rows.errors) == {"condition-1-due"}
    assert rows.field_of("conditions.0.due") == "condition-1-due"
    assert rows.field_of("conditions.7.due") == "conditions.7.due"
    assert rows.field_of("reason") == "reason"


@pytest.mark.parametrize("asked", ["", "0", "-1", "x", "99999", "999"])
def test_a_number_of_rows_that_makes_no_sense_is_mended(asked: str) -> None:
    assert 1 <= read_rows({"rows": asked}, one_more=False).count <= 50
