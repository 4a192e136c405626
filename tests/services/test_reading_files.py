"""Foreign files into the database: what is sure goes in, or nothing does; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from govern.domain.refusal import InvalidInput, NotAllowed, NotFound
from govern.intake.foreign.outcome import Became
from govern.intake.source_load import load_sources
from govern.services import kpis, projects, readings
from govern.services.history import project_history
from govern.services.people import OPERATOR
from govern.services.reading_files import FileReport, take_file
from govern.services.state_audit import audit_state
from govern.store.paging import PageRequest
from govern.store.tables import project
from tests.intake.hostile import known
from tests.intake.hostile.test_files import EXPECTED, HEAD, content_of, told
from tests.services.house import NOW, House, add_project

MONTHS = "KPI,Month,Actual\nRevenue,2026-01,90\nRevenue,2026-02,210\n"


def take(house: House, text: str | bytes, by: str = "dan", **more: Any) -> FileReport:
    content = text.encode() if isinstance(text, str) else text
    options = {"filename": "sales.csv", "now": NOW, **more}
    return take_file(house.runtime, house.actors[by], content=content, **options)


def stored(house: House, kpi_id: str = "P1-K1") -> dict[str, Any]:
    page = readings.list_readings(house.runtime, OPERATOR, kpi_id, PageRequest())
    return {each["period"].isoformat(): each for each in page.items}


def test_a_file_goes_in_and_each_figure_says_where_it_stood(house: House) -> None:
    add_project(house)
    report = take(house, MONTHS)
    assert report.written
    assert report.counts["new"] == 2
    found = stored(house)
    assert {period: each["actual"] for period, each in found.items()} == {
        "2026-01-31": Decimal(90),
        "2026-02-28": Decimal(210),
    }
    assert found["2026-01-31"]["origin"] == "sales.csv:C2"
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_the_same_file_again_changes_nothing(house: House) -> None:
    add_project(house)
    take(house, MONTHS)
    report = take(house, MONTHS)
    assert (report.written, report.counts["unchanged"], report.whole) == (False, 2, True)
    assert len(stored(house)) == 2


def test_one_cell_that_is_not_sure_keeps_everything_out(house: House) -> None:
    add_project(house)
    report = take(house, MONTHS + "Revenue,2026-03,#REF!\n")
    assert (report.written, report.counts["new"], report.counts["refused"]) == (False, 2, 1)
    assert stored(house) == {}


def test_what_is_asked_keeps_everything_out_too(house: House) -> None:
    add_project(house)
    report = take(house, MONTHS + 'Revenue,2026-03,"1,234"\n')
    assert (report.written, report.counts["asked"], len(report.questions)) == (False, 1, 1)
    assert stored(house) == {}


def test_the_good_cells_go_in_when_asked_for(house: House) -> None:
    add_project(house)
    report = take(house, MONTHS + 'Revenue,2026-03,"1,234"\nRevenue,2026-04,x\n', keep_good=True)
    assert (report.written, report.counts["asked"], report.counts["refused"]) == (True, 1, 1)
    assert sorted(stored(house)) == ["2026-01-31", "2026-02-28"]


def test_a_dry_run_tells_the_same_and_writes_nothing(house: House) -> None:
    add_project(house)
    dry = take(house, MONTHS, dry_run=True)
    assert stored(house) == {}
    real = take(house, MONTHS)
    assert dry == replace(real, written=False)


def test_planned_values_go_in_with_the_actual_ones(house: House) -> None:
    add_project(house)
    report = take(house, "KPI,Month,Actual,Plan\nRevenue,2026-01,90,120\n", by="pia")
    assert report.counts["new"] == 1
    assert report.counts["corrected"] == 1
    plan = readings.list_plan(house.runtime, OPERATOR, "P1-K1")
    assert plan[0] == {"period": date(2026, 1, 31), "planned": Decimal(120)}
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_who_only_reports_changes_no_plan(house: House) -> None:
    add_project(house)
    with pytest.raises(NotAllowed):
        take(house, "KPI,Month,Actual,Plan\nRevenue,2026-01,90,120\n")
    assert stored(house) == {}


@pytest.mark.parametrize("dry_run", [True, False])
def test_who_only_reads_takes_no_file_in(house: House, dry_run: bool) -> None:
    add_project(house)
    with pytest.raises(NotAllowed):
        take(house, MONTHS, by="aud", dry_run=dry_run)


def test_a_plan_that_a_gate_has_agreed_stays(house: House) -> None:
    add_project(house)
    with house.runtime.store.writing() as connection:
        connection.execute(update(project).values(baseline_frozen_at=NOW))
    report = take(house, "KPI,Month,Plan\nRevenue,2026-01,120\nRevenue,2026-02,200\n", by="pia")
    assert not report.written
    assert [(each.became, each.status) for each in report.cells] == [
        (Became.REFUSED, None),
        (Became.TAKEN, "unchanged"),
    ]


def test_a_correction_says_why(house: House) -> None:
    add_project(house)
    take(house, MONTHS)
    corrected = MONTHS.replace("210", "201")
    report = take(house, corrected)
    assert not report.written
    [refused] = [each for each in report.cells if each.became is Became.REFUSED]
    assert "where 210 is stored, and says no reason" in refused.how
    report = take(house, corrected, reason="A return came late")
    assert (report.counts["corrected"], report.counts["unchanged"]) == (1, 1)
    now = stored(house)["2026-02-28"]
    assert (now["actual"], now["reason"]) == (Decimal(201), "A return came late")


def test_what_the_file_does_not_speak_of_stays(house: House) -> None:
    """A figure that is the same keeps the note that somebody wrote; a new note is a correction."""
    add_project(house)
    take(house, "KPI,Month,Actual,Note\nRevenue,2026-01,90,counted twice\n")
    assert take(house, "KPI,Month,Actual\nRevenue,2026-01,90\n").counts["unchanged"] == 1
    file = "KPI,Month,Actual,Confidence\nRevenue,2026-01,90,high\n"
    assert take(house, file, reason="Checked").counts["corrected"] == 1
    found = stored(house)["2026-01-31"]
    assert (found["note"], found["confidence"]) == ("counted twice", "high")


def test_a_figure_far_from_the_plan_is_asked_and_accepted(house: House) -> None:
    add_project(house)
    file = "KPI,Month,Actual\nRevenue,2026-01,90000\n"
    report = take(house, file)
    assert not report.written
    assert "off by a factor of about 1,000" in report.questions[0].text
    assert take(house, file, accept=["C2"]).written


def test_nobody_sees_kpis_of_others(house: House) -> None:
    """A label is looked up among the KPIs that the caller may see, and names no other."""
    add_project(house)
    projects.add_project(
        house.runtime,
        house.pia,
        {"id": "P2", "portfolio": "main", "name": "Other"},
        workflow="value-realization",
        now=NOW,
    )
    stranger = replace(house.dan, grants=())
    report = take_file(
        house.runtime, stranger, filename="sales.csv", content=MONTHS.encode(), now=NOW
    )
    assert not report.written
    assert "P1-K1" not in report.mapping
    [question] = report.questions
    assert [each.line for each in question.choices] == ["- {label: Revenue, skip: true}"]


def sources(folder: Path, text: str) -> Callable[[], Any]:
    (folder / "sent.yaml").write_text(text)
    return lambda: load_sources(folder)


def test_a_source_answers_what_would_be_asked(house: House, tmp_path: Path) -> None:
    add_project(house)
    mapping = HEAD + 'kpis: [{label: Umsatz, kpi: P1-K1}]\nnumbers: {decimal: ","}\n'
    runtime = replace(house.runtime, sources=sources(tmp_path, mapping))
    file = b"KPI;Month;Actual\nUmsatz;2026-10;1.234\n"
    report = take_file(runtime, house.dan, filename="a.csv", content=file, source="sent", now=NOW)
    assert report.written
    assert stored(house)["2026-10-31"]["actual"] == Decimal(1234)


def test_a_source_that_is_not_there_is_named_with_those_that_are(
    house: House, tmp_path: Path
) -> None:
    runtime = replace(house.runtime, sources=sources(tmp_path, HEAD))
    with pytest.raises(NotFound, match="there are: sent"):
        take_file(runtime, house.dan, filename="a.csv", content=b"", source="send", now=NOW)


def test_a_source_with_an_error_is_told_with_its_place(house: House, tmp_path: Path) -> None:
    runtime = replace(house.runtime, sources=sources(tmp_path, HEAD + "skips: [Total]\n"))
    with pytest.raises(InvalidInput) as refused:
        take_file(runtime, house.dan, filename="a.csv", content=b"", source="sent", now=NOW)
    [told_error] = refused.value.facts["errors"]["source"]
    assert "sent.yaml:3:1: unknown key 'skips'" in told_error


def test_the_history_names_who_brought_the_file(house: House) -> None:
    add_project(house)
    take(house, MONTHS)
    page = project_history(house.runtime, OPERATOR, "P1", limit=100)
    kinds = [each["kind"] for each in page.items]
    assert kinds.count("readings.recorded") == 1


@pytest.fixture
def hostile(house: House) -> House:
    """The KPIs of the hostile files, with what is stored of them."""
    for name in ("P1", "P2"):
        values = {"id": name, "portfolio": "main", "name": name}
        projects.add_project(
            house.runtime, house.pia, values, workflow="value-realization", now=NOW
        )
    for each in known.KPIS.values():
        values = {
            "id": each.id,
            "project": "P2" if each.frozen else "P1",
            "name": each.name,
            "unit": each.unit,
            "currency": each.currency,
            "cadence": each.cadence,
        }
        if each.composite:
            continue  # Made last, as its inputs have to be there.
        kpis.add_kpi(house.runtime, house.pia, values, now=NOW)
        plan = [{"period": period, "planned": value} for period, value in each.planned.items()]
        if plan:
            readings.record_plan(house.runtime, house.pia, each.id, plan, now=NOW)
        reported = [
            {"kpi": each.id, "period": period, "actual": was.actual, "note": was.note}
            for period, was in each.readings.items()
        ]
        if reported:
            readings.record_readings(house.runtime, house.dan, reported, now=NOW)
    composite = {
        "id": "ROI",
        "project": "P1",
        "name": "Return",
        "unit": None,
        "formula": "gain / cost",
        "inputs": {"gain": "SALES", "cost": "STORED"},
    }
    kpis.add_kpi(house.runtime, house.pia, composite, now=NOW)
    with house.runtime.store.writing() as connection:
        connection.execute(
            update(project).where(project.c.id == "P2").values(baseline_frozen_at=NOW)
        )
    return house


def test_every_hostile_file_is_told_as_it_is_read(hostile: House, tmp_path: Path) -> None:
    """Against the database what is said of every cell is what is said without one."""
    for name, expected in EXPECTED.items():
        runtime = replace(
            hostile.runtime, sources=sources(tmp_path, HEAD + expected.get("mapping", ""))
        )
        report = take_file(
            runtime,
            hostile.pia,
            filename=name,
            content=content_of(name),
            source="sent" if "mapping" in expected else None,
            dry_run=True,
            now=NOW,
        )
        taken = {
            each.place.removeprefix(f"{name}:"): told(each)
            for each in report.cells
            if each.became is Became.TAKEN
        }
        assert taken == expected.get("taken", {}), name
        refused = {
            each.place.removeprefix(f"{name}:"): f"{each.how}; {each.right}"
            for each in report.cells
            if each.became is Became.REFUSED
        }
        assert refused == expected.get("refused", {}), name


WRITTEN = (
    "semicolons.csv",
    "french.csv",
    "percent_signs.csv",
    "share_beside_points.csv",
    "weeks.csv",
    "wide.csv",
    "correction_explained.csv",
    "conflicting.csv",
    "merged_titles.xlsx",
    "binary_noise.xlsx",
    "errors.csv",
)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_figures_of_a_hostile_file_are_stored(
    hostile: House, tmp_path: Path, name: str
) -> None:
    expected = EXPECTED[name]
    runtime = replace(
        hostile.runtime, sources=sources(tmp_path, HEAD + expected.get("mapping", ""))
    )
    source = "sent" if "mapping" in expected else None
    given = {"filename": name, "content": content_of(name), "source": source, "now": NOW}
    whole = not {"refused", "asked", "questions", "problems"} & set(expected)
    assert take_file(runtime, hostile.pia, **given).written is whole
    take_file(runtime, hostile.pia, keep_good=True, **given)
    for cell, text in expected.get("taken", {}).items():
        kpi_id, period, figure, value = text.split(" (")[0].split(" ")[:4]
        if figure == "planned":
            plan = readings.list_plan(runtime, OPERATOR, kpi_id)
            assert {"period": date.fromisoformat(period), "planned": Decimal(value)} in plan
        else:
            row = stored(hostile, kpi_id)[period]
            assert (row["actual"], row["origin"]) == (Decimal(value), f"{name}:{cell}")
