"""What pages of projects and portfolios work out of what use cases tell: pure."""

from datetime import date
from decimal import Decimal
from typing import Any

from govern.services.portfolio_overview import at_gates, attention, rag_matrix, worst_first
from govern.web.pages import kpi_shown, map_drawn, portfolio_tables


def _kpi(kpi: str, project: str, category: str, **more: Any) -> dict[str, Any]:
    told = {"currency": "EUR", "per": "month", "promised": Decimal(10), "counted_in": []}
    return {"kpi": kpi, "project": project, "category": category, **told, **more}


def test_not_rated_is_no_better_than_it_may_be() -> None:
    assert worst_first(["green", None]) is None
    assert worst_first([None, "grey"]) == "grey"
    assert worst_first(["green", "amber", None]) == "amber"
    assert worst_first(["green"]) == "green"


def test_a_category_without_a_kpi_has_no_cell() -> None:
    rows = [_kpi("A1", "A", "cost"), _kpi("B1", "B", "revenue")]
    rated = {
        "projects": [
            {"kpis": [{"kpi": "A1", "value": "green"}]},
            {"kpis": [{"kpi": "B1", "value": "red"}]},
        ]
    }
    listed = [{"project": name, "name": name, "stage": "x"} for name in "ABC"]
    found = rag_matrix(rated, rows, listed)
    assert found["categories"] == ["cost", "revenue"]
    assert [(each["project"], each["cells"]) for each in found["projects"]] == [
        ("B", {"revenue": "red"}),
        ("C", {}),
        ("A", {"cost": "green"}),
    ]


def test_a_cell_of_the_matrix_leads_to_the_kpis_that_it_is_of() -> None:
    found = {
        "categories": ["cost", None],
        "projects": [
            {"project": "A", "name": "A", "stage": "x", "worst": "red", "cells": {"cost": "red"}},
            {"project": "B", "name": "B", "stage": "x", "worst": None, "cells": {None: None}},
        ],
    }
    table = portfolio_tables.matrix(found)
    links = [each.link or "" for each in table.columns[-2:]]
    assert [[row[each] for each in links] for row in table.rows] == [
        ["/projects/A/kpis?category=cost", None],
        [None, "/projects/B/kpis?category="],
    ]


def test_where_no_rules_rate_every_project_still_has_its_row() -> None:
    listed = [{"project": "A", "name": "A", "stage": "x"}]
    found = rag_matrix({"projects": []}, [_kpi("A1", "A", "cost")], listed)
    (row,) = found["projects"]
    assert (row["worst"], row["cells"]) == (None, {"cost": None})


def test_the_stake_at_a_gate_adds_no_unknown_and_no_kpi_twice() -> None:
    rows = [
        _kpi("A1", "A", "cost"),
        _kpi("A2", "A", "cost", promised=None),
        _kpi("A3", "A", "cost", counted_in=["A1"]),
        _kpi("A4", "A", "nps", currency=None),
        _kpi("B1", "B", "cost", promised=Decimal(5), per="to_date"),
    ]
    waits = [
        {"project": "A", "gate": "g", "title": "G", "days_waiting": 3, "days_over": 0},
        {"project": "B", "gate": "g", "title": "G", "days_waiting": 9, "days_over": 2},
    ]
    (gate,) = at_gates({"waiting": waits}, rows)
    assert gate["stake"] == {("EUR", "month"): Decimal(10), ("EUR", "to_date"): Decimal(5)}
    assert (gate["waiting"], gate["oldest"], gate["late"], gate["unknown"]) == (2, 9, 1, 1)


def test_projects_of_which_nothing_is_to_be_said_need_no_attention() -> None:
    matrix = {
        "projects": [
            {"project": name, "name": name, "stage": "x", "worst": worst, "cells": {"cost": worst}}
            for name, worst in (("A", "green"), ("B", "green"), ("C", "red"))
        ]
    }
    waits = {"waiting": [{"project": "B", "title": "G", "days_over": 1}]}
    found = attention(matrix, waits, [], {})
    assert [(each["project"], each["because"]) for each in found] == [
        ("C", ["1 category is red"]),
        ("B", ["gate G is 1 day past its day"]),
    ]


def test_thresholds_are_the_shares_that_rules_hold_attainment_against() -> None:
    def why(rule: str, *shares: str) -> dict[str, Any]:
        parts = [
            {
                "text": f"attainment < x{share}",
                "value": "true",
                "parts": [
                    {"text": "attainment", "value": "0.7", "parts": []},
                    {"text": f"x{share}", "value": share, "parts": []},
                ],
            }
            for share in shares
        ]
        applies = {"name": "applies_to", "text": "", "value": "true", "parts": parts[:1]}
        return {
            "rule": rule,
            "title": rule,
            "conditions": [applies, {"name": "when", "text": "", "value": "true", "parts": parts}],
        }

    found = kpi_shown.thresholds([why("b", "0.9", "0.8"), why("a", "0.8")])
    assert found == [
        {"share": Decimal("0.8"), "rules": ["b", "a"]},
        {"share": Decimal("0.9"), "rules": ["b"]},
    ]


def test_a_threshold_lies_between_baseline_and_plan_whichever_way_is_good() -> None:
    course = {
        "baseline": Decimal(100),
        "points": [
            {"day": date(2026, 1, 31), "planned": Decimal(80)},
            {"day": date(2026, 2, 28), "planned": None},
        ],
    }
    (line,) = kpi_shown.levels(course, [{"share": Decimal("0.5")}])
    assert line["points"] == [{"day": "2026-01-31", "value": "90"}]


def test_a_forecast_goes_on_where_the_figures_end() -> None:
    course = {
        "points": [
            {"day": date(2026, 1, 31), "planned": Decimal(1), "actual": Decimal(2)},
            {"day": date(2026, 2, 28), "planned": Decimal(2), "actual": None},
        ],
        "forecast": {
            "path": [
                {
                    "period": date(2026, 2, 28),
                    "value": Decimal(3),
                    "low": Decimal(2),
                    "high": Decimal(4),
                }
            ]
        },
    }
    january, february = kpi_shown.curve(course)
    assert (january["realised"], january["forecast"], january["low"]) == ("2", "2", "2")
    assert february == {
        **{"day": "2026-02-28", "planned": "2", "realised": None},
        **{"forecast": "3", "low": "2", "high": "4"},
    }


def test_a_map_with_a_circle_is_told_to_its_end() -> None:
    def end(name: str) -> dict[str, str]:
        return {"kind": "outcome", "id": name}

    found = {
        "nodes": [{"kind": "outcome", "id": name, "name": name, "dropped": False} for name in "AB"],
        "links": [
            {"source": end("A"), "target": end("B"), "share": None},
            {"source": end("B"), "target": end("A"), "share": None},
        ],
    }
    (root,) = map_drawn.tree(found)
    assert root["node"]["id"] == "A"
    assert root["leads"][0]["leads"][0]["again"]


def test_the_drawing_of_a_map_has_no_style_and_changes_no_text() -> None:
    drawn = '<svg><style>text{fill:#fff}</style><rect fill="#e8f0fa"/><text>#e8f0fa &lt;b&gt;</text></svg>'
    assert map_drawn.inline(drawn) == (
        '<svg><rect fill="var(--map-deliverable, #e8f0fa)"/><text>#e8f0fa &lt;b&gt;</text></svg>'
    )
