"""Objectives, outcomes and links as use cases: kept, refused, told to the ledger, seen by rules and gates."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govern.domain.refusal import Duplicate, InvalidInput, NotAllowed, NotFound, StaleVersion
from govern.services import benefits_map as maps
from govern.services import deliverables, kpis, objectives, outcomes
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.store import observations
from tests.services.house import NOW, House, add_project, submit


@pytest.fixture
def project(house: House) -> str:
    objectives.add_objective(house.runtime, OPERATOR, {"id": "GROW", "name": "Grow"}, now=NOW)
    return add_project(house)


def outcome(house: House, number: int, **fields: Any) -> dict[str, Any]:
    named = {"id": f"P1-O{number}", "project": "P1", "name": f"Outcome {number}", **fields}
    return outcomes.add_outcome(house.runtime, house.pia, named, now=NOW)


def change_deliverable(house: House, **fields: Any) -> dict[str, Any]:
    return deliverables.change_deliverable(
        house.runtime, house.pia, "P1-D1", fields, version=None, now=NOW
    )


def support(house: House, shares: dict[str, Decimal | None]) -> None:
    fields = {"supports": shares}
    kpis.change_kpi(house.runtime, house.pia, "P1-K1", fields, version=None, now=NOW)


def served(house: House) -> list[tuple[str, str, float | None]]:
    with house.runtime.store.reading() as connection:
        return observations.load_tables(connection, {"P1"}).serves.rows()


def codes(house: House, project: str | None = "P1") -> list[tuple[str, str]]:
    found = maps.check_maps(house.runtime, OPERATOR, project)
    return [(each["code"], each["id"]) for each in found]


def errors_of(refused: pytest.ExceptionInfo[InvalidInput]) -> dict[str, list[str]]:
    return refused.value.facts["errors"]


def test_what_is_changed_follows_from_the_events(house: House, project: str) -> None:
    outcome(house, 2, serves={"P1-K1": Decimal("0.4")})
    first = outcome(house, 1, leads_to={"P1-O2": None}, owner="Olga", description="At night.")
    change_deliverable(house, produces={"P1-O1": Decimal("0.5")}, serves={})
    support(house, {"GROW": Decimal("0.6")})
    objectives.change_objective(
        house.runtime, OPERATOR, "GROW", {"owner": "Sam"}, version=1, now=NOW
    )
    fields = {"leads_to": {"P1-O2": Decimal(1)}, "owner": None}
    changed = outcomes.change_outcome(
        house.runtime, house.pia, first["id"], fields, version=1, now=NOW
    )
    assert (changed["leads_to"], changed["owner"]) == ({"P1-O2": Decimal(1)}, None)
    assert (changed["description"], changed["version"]) == ("At night.", 2)
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_the_map_tells_links_ways_and_what_follows(house: House, project: str) -> None:
    outcome(house, 1, serves={"P1-K1": Decimal("0.4")})
    change_deliverable(house, produces={"P1-O1": Decimal("0.5")}, serves={})
    support(house, {"GROW": Decimal("0.6")})
    found = maps.benefits_map(house.runtime, house.aud, project)
    assert [(each["kind"], each["id"]) for each in found["nodes"]] == [
        ("deliverable", "P1-D1"),
        ("outcome", "P1-O1"),
        ("kpi", "P1-K1"),
        ("objective", "GROW"),
    ]
    assert found["contributions"] == [
        {"deliverable": "P1-D1", "kpi": "P1-K1", "share": Decimal("0.2")}
    ]
    assert found["objectives"] == [{"objective": "GROW", "share": Decimal("0.6")}]
    [way] = found["ways"]
    assert (way["outcomes"], way["contribution"]) == (["P1-O1"], Decimal("0.2"))
    assert found["all_ways"]
    assert found["problems"] == []


def test_rules_and_gates_see_what_is_served_through_outcomes(house: House, project: str) -> None:
    assert served(house) == [("P1-D1", "P1-K1", 0.6)]
    outcome(house, 1, serves={"P1-K1": Decimal("0.4")})
    change_deliverable(house, produces={"P1-O1": Decimal("0.1")}, serves={})
    assert served(house) == [("P1-D1", "P1-K1", 0.04)]
    change_deliverable(house, serves={"P1-K1": Decimal("0.01")})
    assert served(house) == [("P1-D1", "P1-K1", 0.05)]
    change_deliverable(house, produces={"P1-O1": None})
    assert served(house) == [("P1-D1", "P1-K1", None)]
    change_deliverable(house, produces={}, serves={})
    assert served(house) == []


def test_a_gate_takes_what_is_served_through_an_outcome(house: House, project: str) -> None:
    outcome(house, 1, serves={"P1-K1": Decimal("0.4")})
    change_deliverable(house, produces={"P1-O1": Decimal(1)}, serves={})
    support(house, {"GROW": None})
    with house.runtime.store.writing() as connection:
        connection.exec_driver_sql("UPDATE project SET stage = 'value_defined'")
    results = {each["id"]: each["outcome"] for each in submit(house, "P1", "planned")["results"]}
    assert results["deliverables-aligned"] == "met"
    assert results["kpis-served"] == "met"
    assert results["contributions-set"] == "met"
    assert results["objectives-supported"] == "met"


def test_a_link_that_closes_a_circle_is_refused_with_the_way_round(
    house: House, project: str
) -> None:
    outcome(house, 3)
    outcome(house, 2, leads_to={"P1-O3": None})
    outcome(house, 1, leads_to={"P1-O2": None})
    with pytest.raises(InvalidInput) as refused:
        outcomes.change_outcome(
            house.runtime,
            house.pia,
            "P1-O3",
            {"leads_to": {"P1-O1": None}},
            version=1,
            now=NOW,
        )
    assert errors_of(refused) == {
        "leads_to.P1-O1": ["would lead round: P1-O3 → P1-O1 → P1-O2 → P1-O3"]
    }
    with pytest.raises(InvalidInput) as itself:
        outcome(house, 4, leads_to={"P1-O4": None})
    assert errors_of(itself) == {"leads_to.P1-O4": ["is the outcome itself"]}
    assert outcomes.get_outcome(house.runtime, house.pia, "P1-O3")["leads_to"] == {}


def test_links_stay_within_the_project_and_within_the_whole(house: House, project: str) -> None:
    add_project(house, "P2")
    with pytest.raises(InvalidInput) as stranger:
        outcome(house, 1, serves={"P2-K1": None})
    assert errors_of(stranger) == {"serves.P2-K1": ["not a KPI of project P1"]}
    outcome(house, 1, serves={"P1-K1": Decimal("0.4")})
    with pytest.raises(InvalidInput) as over:
        outcome(house, 2, serves={"P1-K1": Decimal("0.01")})
    assert errors_of(over) == {
        "serves.P1-K1": ["the shares of this KPI would pass 100 %: 0 % is left"]
    }
    with pytest.raises(InvalidInput) as produced:
        change_deliverable(house, produces={"P1-O9": None})
    assert errors_of(produced) == {"produces.P1-O9": ["not an outcome of project P1"]}
    # A deliverable that is dropped gives its share back, and claims it when it is taken up again.
    change_deliverable(house, state="dropped")
    outcome(house, 2, serves={"P1-K1": Decimal("0.5")})
    with pytest.raises(InvalidInput) as again:
        change_deliverable(house, state="planned")
    assert errors_of(again) == {
        "serves.P1-K1": ["the shares of this KPI would pass 100 %: 10 % is left"]
    }


def test_a_kpi_supports_what_there_is_and_once(house: House, project: str) -> None:
    with pytest.raises(InvalidInput) as unknown:
        support(house, {"GORW": None})
    assert errors_of(unknown)["supports.GORW"][0].startswith("there is no such objective; ")
    objectives.add_objective(house.runtime, OPERATOR, {"id": "LEAN", "name": "Lean"}, now=NOW)
    with pytest.raises(InvalidInput) as over:
        support(house, {"GROW": Decimal("0.6"), "LEAN": Decimal("0.5")})
    assert errors_of(over) == {"supports": ["the shares add up to 110 %"]}
    support(house, {"GROW": Decimal("0.6"), "LEAN": Decimal("0.4")})
    assert kpis.get_kpi(house.runtime, house.pia, "P1-K1")["supports"] == {
        "GROW": Decimal("0.6"),
        "LEAN": Decimal("0.4"),
    }
    with house.runtime.store.reading() as connection:
        [told] = observations.load_tables(connection, {"P1"}).kpis["objectives"].to_list()
    assert told == ["GROW", "LEAN"]


def test_what_was_seen_in_another_version_or_is_there_already_is_refused(
    house: House, project: str
) -> None:
    outcome(house, 1)
    with pytest.raises(Duplicate):
        outcome(house, 1)
    with pytest.raises(Duplicate):
        objectives.add_objective(house.runtime, OPERATOR, {"id": "GROW", "name": "x"}, now=NOW)
    with pytest.raises(StaleVersion):
        objectives.change_objective(
            house.runtime, OPERATOR, "GROW", {"name": "x"}, version=7, now=NOW
        )
    with pytest.raises(StaleVersion):
        outcomes.change_outcome(
            house.runtime, house.pia, "P1-O1", {"name": "x"}, version=7, now=NOW
        )
    with pytest.raises(NotAllowed):
        objectives.change_objective(
            house.runtime, house.sam, "GROW", {"name": "x"}, version=1, now=NOW
        )
    with pytest.raises(NotFound):
        objectives.get_objective(house.runtime, "GROWTH")


def test_what_came_another_way_is_found_by_the_check(house: House, project: str) -> None:
    outcome(house, 1, serves={"P1-K1": Decimal("0.4")})
    outcome(house, 2, leads_to={"P1-O1": None})
    change_deliverable(house, produces={"P1-O2": None})
    assert codes(house) == [
        ("directly-and-through-outcome", "P1-D1"),
        ("kpi-without-objective", "P1-K1"),
    ]
    with house.runtime.store.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO outcome_link VALUES ('P1-O1', 'outcome', 'P1-O2', NULL)"
        )
        connection.exec_driver_sql("UPDATE deliverable_kpi SET contribution = '0.9'")
    assert codes(house, None) == [
        ("directly-and-through-outcome", "P1-D1"),
        ("circle", "P1-O1"),
        ("kpi-without-objective", "P1-K1"),
        ("shares-over-100-percent", "P1-K1"),
    ]
    # What is said of a deliverable is taken, though its shares were wrong before.
    change_deliverable(house, state="done")
    # It is still drawn, told and judged.
    assert "P1-O1 → P1-O2 → P1-O1" in maps.draw_svg(house.runtime, OPERATOR, "P1")
    assert maps.draw_mermaid(house.runtime, OPERATOR, "P1").count("-->") == 5
    assert served(house) == [("P1-D1", "P1-K1", None)]


def test_what_is_counted_in_another_projects_kpi_counts_towards_one_objective_once(
    house: House, project: str
) -> None:
    add_project(house, "P2")
    support(house, {"GROW": None})
    kpis.change_kpi(
        house.runtime,
        house.pia,
        "P2-K1",
        {"part_of": "P1-K1", "supports": {"GROW": None}},
        version=None,
        now=NOW,
    )
    assert codes(house, "P1") == []
    assert codes(house, "P2") == codes(house, None) == [("counted-twice", "P2-K1")]


def test_the_map_files_come_in_once_and_a_blank_leaves_what_is_stored(
    house: House, project: str, tmp_path: Path
) -> None:
    files = {
        "objectives.csv": "objective_id,name,owner\nGROW,Grow at home,Olga\nLEAN,Spend less,\n",
        "outcomes.csv": (
            "outcome_id,project_id,name,serves,leads_to\n"
            "P1-OA,P1,First,,P1-OB:50%\nP1-OB,P1,Second,P1-K1:40%,\n"
        ),
        "deliverables.csv": (
            "deliverable_id,project_id,name,produces\nP1-D1,P1,Web shop,P1-OA:50%\n"
        ),
        "kpis.csv": "kpi_id,project_id,name,cadence,supports\nP1-K1,P1,Revenue,monthly,LEAN:30%\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    report = import_folder(house.runtime, OPERATOR, tmp_path, now=NOW)
    assert report.refusals == []
    assert report.added == {"objectives": 1, "outcomes": 2}
    assert report.changed == {"objectives": 1, "kpis": 1, "deliverables": 1}
    again = import_folder(house.runtime, OPERATOR, tmp_path, now=NOW)
    assert (again.added, again.changed) == ({}, {})
    assert audit_state(house.runtime, OPERATOR).differences == ()
    assert served(house) == [("P1-D1", "P1-K1", 0.7)]
    (tmp_path / "outcomes.csv").write_text(
        "outcome_id,project_id,name,serves,leads_to\nP1-OA,P1,First,,\nP1-OB,P1,Second,,P1-OA\n"
    )
    refused = import_folder(house.runtime, OPERATOR, tmp_path, now=NOW)
    assert [str(each) for each in refused.refusals] == [
        "outcomes.csv:3: leads_to 'P1-OA' leads back to itself: P1-OB → P1-OA → P1-OB; "
        "take out the link that points from effect to cause"
    ]
    assert not refused.written


def test_good_rows_go_in_without_those_that_lead_to_a_refused_one(
    house: House, project: str, tmp_path: Path
) -> None:
    outcome(house, 1, leads_to={})
    outcome(house, 2, leads_to={"P1-O1": None})
    (tmp_path / "outcomes.csv").write_text(
        "outcome_id,project_id,name,leads_to\n"
        "P1-O1,P1,Round,P1-O2\n"
        "P1-O3,P1,Leads to one that stays as it was,P1-O1\n"
    )
    report = import_folder(house.runtime, OPERATOR, tmp_path, keep_good=True, now=NOW)
    assert [(each.line, each.column) for each in report.refusals] == [(2, "leads_to")]
    assert report.added == {"outcomes": 1}
    assert outcomes.get_outcome(house.runtime, house.pia, "P1-O1")["leads_to"] == {}
    assert audit_state(house.runtime, OPERATOR).differences == ()
