"""What is due, from whom and by when; and how reports came."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.refusal import InvalidInput, NotFound
from govern.process.load import load_sources
from govern.rulebook.load import load_sources as load_rules
from govern.services import kpis, moves, people, readings
from govern.services.people import OPERATOR
from govern.services.reporting import list_due, punctuality, reporting_stages
from govern.services.rulebooks import publish
from govern.store.paging import PageRequest
from tests.services.house import NOW, ROOT, RULES, House, report
from tests.services.timed import WORKFLOW, at, pass_gate, start, take

TO_OCTOBER = {
    "2026-01-31": 100,
    "2026-02-28": 200,
    "2026-03-31": 300,
    "2026-04-30": 400,
    "2026-05-31": 500,
    "2026-06-30": 600,
    "2026-07-31": 700,
    "2026-08-31": None,
    "2026-09-30": 900,
    "2026-10-31": 1000,
}


def running(house: House, project: str = "P1") -> str:
    start(house, project)
    report(house, f"{project}-K1", TO_OCTOBER)
    pass_gate(house, project, "start")
    return project


@pytest.fixture
def project(house: House) -> str:
    """In a stage that reports. August was reported without a figure."""
    take(house)
    return running(house)


def due(house: House, day: str = "2026-11-24", **wanted: Any) -> list[dict[str, Any]]:
    return list_due(house.runtime, house.dan, PageRequest(), now=at(day), **wanted).items


def change(house: House, kpi: str, **fields: Any) -> None:
    kpis.change_kpi(house.runtime, house.pia, kpi, fields, version=None, now=NOW)


def test_it_says_what_from_whom_and_by_when(house: House, project: str) -> None:
    change(house, "P1-K1", department="Sales", source="ledger")
    (found,) = due(house)
    assert found == {
        "kpi": "P1-K1",
        "name": "Revenue",
        "unit": "EUR",
        "project": "P1",
        "project_name": "Project P1",
        "owner": "Olga",
        "department": "Sales",
        "source": "ledger",
        "cadence": "monthly",
        "reporting_lag_days": 0,
        "calendar": "monday-to-friday",
        "calendar_missing": None,
        "overdue_days": 85,
        "periods": [
            {
                "period": date(2026, 8, 31),
                "due": date(2026, 8, 31),
                "state": "overdue",
                "days_over": 85,
            }
        ],
    }


def test_a_period_is_due_when_it_is_over(house: House, project: str) -> None:
    report(house, "P1-K1", {"2026-08-31": 800})
    change(house, "P1-K1", reporting_lag_days=5)
    assert due(house, "2026-11-29") == []
    for day, state, over in (
        ("2026-11-30", "due", 0),
        # 2026-12-05 is a Saturday.
        ("2026-12-07", "due", 0),
        ("2026-12-08", "overdue", 1),
    ):
        ((period,),) = (each["periods"] for each in due(house, day))
        assert (period["due"], period["state"], period["days_over"]) == (
            date(2026, 12, 7),
            state,
            over,
        )


def test_what_will_be_due_by_a_day(house: House, project: str) -> None:
    report(house, "P1-K1", {"2026-08-31": 800})
    (found,) = due(house, by=date(2026, 12, 31))
    assert [(each["period"], each["state"]) for each in found["periods"]] == [
        (date(2026, 11, 30), "not_yet"),
        (date(2026, 12, 31), "not_yet"),
    ]
    assert due(house, by=date(2026, 11, 29)) == []
    # A year is 12 months that are not over, and beyond it nothing is said.
    (found,) = due(house, by=date(2027, 11, 25))
    assert len(found["periods"]) == 12
    with pytest.raises(InvalidInput) as refused:
        due(house, by=date(2027, 11, 26))
    assert refused.value.facts["errors"] == {"by": ["2027-11-25 or earlier"]}


def test_it_is_sorted_filtered_and_comes_in_pages(house: House, project: str) -> None:
    running(house, "P2")
    running(house, "P3")
    report(house, "P2-K1", {"2026-08-31": 800})
    change(house, "P3-K1", owner="Ulf")
    assert [each["kpi"] for each in due(house)] == ["P1-K1", "P3-K1"]
    assert [each["kpi"] for each in due(house, owner="Ulf")] == ["P3-K1"]
    assert [each["kpi"] for each in due(house, project="P1")] == ["P1-K1"]
    assert due(house, project="P2") == []
    # On the day it is due P2's November is not overdue.
    assert [each["kpi"] for each in due(house, "2026-11-30", overdue=False)] == ["P2-K1"]
    assert [each["kpi"] for each in due(house, "2026-11-30", overdue=True)] == ["P1-K1", "P3-K1"]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = list_due(
            house.runtime, house.dan, PageRequest(1, cursor, "-project"), now=at("2026-11-24")
        )
        seen += [each["kpi"] for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["P3-K1", "P1-K1"]
    with pytest.raises(InvalidInput):
        list_due(house.runtime, house.dan, PageRequest(sort="name"), now=NOW)


def test_of_what_one_may_see(house: House, project: str) -> None:
    people.add_person(house.runtime, OPERATOR, email="eve@example.org", name="Eve", now=NOW)
    eve = people.person(house.runtime, "eve@example.org", NOW)
    assert list_due(house.runtime, eve, PageRequest(), now=NOW).items == []
    with pytest.raises(NotFound):
        list_due(house.runtime, eve, PageRequest(), now=NOW, project="P1")
    with pytest.raises(NotFound):
        punctuality(house.runtime, eve, "P1-K1", now=NOW)


def test_only_of_projects_that_report(house: House, project: str) -> None:
    start(house, "P2")
    assert [each["project"] for each in due(house)] == ["P1"]
    moves.move(house.runtime, house.sam, "P1", to_do="hold", reason="Ill.", version=None, now=NOW)
    assert due(house) == []


def test_stages_that_report_follow_from_the_workflow() -> None:
    def stages(text: str) -> set[str]:
        (workflow,) = load_sources({"w.yaml": text}).workflows.values()
        return set(reporting_stages(workflow))

    # From the first stage with a check that repeats to the last before the end.
    assert stages(WORKFLOW) == {"running", "review"}
    # Where no check repeats, in all but the first and the last.
    five = "[draft, idea, running, review, done]"
    more = """  - id: think
    title: Think
    from: draft
    to: idea
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria: {must: [{id: budget-set, require: budget != null}]}
"""
    text = WORKFLOW.replace("[draft, running, review, done]", five)
    text = text.replace("    from: draft\n", "    from: idea\n") + more
    assert stages(text) == {"running", "review"}
    start, check = text.index("  - id: check"), text.index("  - id: next")
    assert stages(text[:start] + text[check:]) == {"idea", "running", "review"}


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("value-realization", {"monitoring", "post_review"}),
        ("small-project", {"monitoring"}),
        ("gateway-reviews", {"delivery", "in_service"}),
    ],
)
def test_stages_of_the_shipped_workflows(name: str, stages: set[str]) -> None:
    text = (ROOT / "workflows" / f"{name}.yaml").read_text()
    loaded = load_sources({f"{name}.yaml": text}, tables=None)
    assert reporting_stages(loaded.workflows[name]) == stages


CALENDAR = """\
schema: govern/calendar/v1
id: house
time_zone: Asia/Tokyo
weekend: [sunday]
holidays: [{on: 2026-11-30}, {on: 2026-12-01}]
"""


def test_days_are_those_of_the_calendar_that_the_kpi_names(house: House, project: str) -> None:
    report(house, "P1-K1", {"2026-08-31": 800})
    change(house, "P1-K1", calendar="house")
    (found,) = due(house, "2026-11-30")
    assert (found["calendar"], found["calendar_missing"]) == ("monday-to-friday", "house")
    loaded = load_rules({"benefits.yaml": RULES, "house.yaml": CALENDAR})
    assert loaded.rulebook is not None, loaded.problems
    publish(house.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)
    (found,) = due(house, "2026-11-30")
    assert (found["calendar"], found["calendar_missing"]) == ("house", None)
    assert found["periods"][0]["due"] == date(2026, 12, 2)
    # It is the 3rd in Tokyo while it is still the 2nd here.
    late = datetime.fromisoformat("2026-12-02T20:00:00+00:00")
    (found,) = list_due(house.runtime, house.dan, PageRequest(), now=late).items
    assert found["overdue_days"] == 1


def test_where_nothing_was_planned_or_reported_the_start_counts(house: House) -> None:
    take(house)
    start(house)
    kpis.add_kpi(
        house.runtime,
        house.pia,
        {"id": "P1-K2", "project": "P1", "name": "Bare", "cadence": "quarterly"},
        now=NOW,
    )
    pass_gate(house, "P1", "start")
    bare = next(each for each in due(house) if each["kpi"] == "P1-K2")
    # The project starts on 2026-01-01.
    assert [each["period"] for each in bare["periods"]] == [
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 9, 30),
    ]


def test_how_reports_came(house: House, project: str) -> None:
    told = punctuality(house.runtime, house.dan, "P1-K1", now=at("2026-11-24"), periods=4)
    # Recorded on 2026-11-24, and July to October were due long before.
    assert {name: told[name] for name in ("on_time", "late", "missing", "due")} == {
        "on_time": 0,
        "late": 3,
        "missing": 1,
        "due": 0,
    }
    assert told["reports"][1] == {
        "period": date(2026, 8, 31),
        "due": date(2026, 8, 31),
        "reported": None,
        "state": "missing",
        "days_late": None,
    }
    assert told["reports"][3]["days_late"] == 22
    # What a report says of its own day counts; the correction of a figure is not its first report.
    change(house, "P1-K1", reporting_lag_days=3)
    for actual, on in ((1100, date(2026, 12, 3)), (1101, None)):
        readings.record_readings(
            house.runtime,
            house.dan,
            [
                {
                    "kpi": "P1-K1",
                    "period": date(2026, 11, 30),
                    "actual": Decimal(actual),
                    "reported_on": on,
                    "reason": "Counted again.",
                }
            ],
            now=at("2026-12-20"),
        )
    told = punctuality(house.runtime, house.dan, "P1-K1", now=at("2026-12-20"), periods=1)
    assert (told["on_time"], told["reports"][0]["reported"]) == (1, date(2026, 12, 3))
    with pytest.raises(InvalidInput):
        punctuality(house.runtime, house.dan, "P1-K1", now=NOW, periods=0)


def test_a_figure_that_was_taken_back_is_missing(house: House, project: str) -> None:
    report(house, "P1-K1", {"2026-10-31": None})
    told = punctuality(house.runtime, house.dan, "P1-K1", now=at("2026-11-24"), periods=1)
    assert told["reports"][0]["state"] == "missing"
