"""Many readings by import: what the events say, what a batch leaves, what is refused and why."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from govern.domain.period import Cadence, numbered_end, period_number
from govern.ledger.canonical import canonical, read_canonical
from govern.ledger.event import GENESIS, compose, compose_written, leaf_hash
from govern.services import bulk_values
from govern.services.import_report import ImportReport
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.personal import reveal
from govern.services.state_audit import audit_state
from govern.store import readings
from govern.store.tables import event, personal, reading
from tests.services.gate_crash import everything
from tests.services.house import NOW, ROOT, House

PROJECTS = "project_id,name,stage\nP1,One,monitoring\n=P2,Two,monitoring\n"
KPIS = (
    "kpi_id,project_id,name,cadence\n"
    'K1,P1,One,monthly\n"K""2",=P2,Two,monthly\nK3,=P2,Three,quarterly\n'
)
ODD = [
    'say "so"',
    "back\\slash",
    "two\nlines",
    "tab\there",
    "=1+1",
    "snow ☃",
    "\U0001f600",
    "'",
    "a,b",
]
ENDS = [
    numbered_end(Cadence.MONTHLY, period_number(Cadence.MONTHLY, date(2026, 10, 31)) - back)
    for back in range(60)
]


def bring_in(house: House, folder: Path, rows: str, **options: object) -> ImportReport:
    folder.mkdir(exist_ok=True)
    (folder / "projects.csv").write_text(PROJECTS)
    (folder / "kpis.csv").write_text(KPIS)
    (folder / "readings.csv").write_text(rows)
    return import_folder(house.runtime, OPERATOR, folder, now=NOW, **options)  # type: ignore[arg-type]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def long_file() -> str:
    """Two KPIs, 60 months each, in no order of anything; odd notes and origins."""
    rows = ["kpi_id,period_end,planned,actual,reported_at,note,confidence,link,origin"]
    for at, end in enumerate(ENDS):
        for kpi in ('"K""2"', "K1"):
            odd = ODD[at % len(ODD)]
            shown = "'" + odd if odd.startswith(("=", "'=")) else odd
            origin = shown.replace("\n", " ").replace("\t", " ")
            rows.append(
                f"{kpi},{end},{at}.50,-{at}.0,{end},{quoted(shown)},low,"
                f"https://example.org/?a={at},{quoted(origin)}"
            )
    return "\n".join(rows) + "\n"


def test_events_are_canonical_chained_and_tell_what_the_rows_hold(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govern.intake.readings.ROWS", 50)
    monkeypatch.setattr(bulk_values, "AT_ONCE", 7)
    report = bring_in(house, tmp_path / "in", long_file())
    assert (report.refusals, report.added["readings"], report.added["planned"]) == ([], 120, 120)
    with house.runtime.store.reading() as connection:
        told: dict[int, dict[str, object]] = {}
        for project in ("P1", "=P2"):
            prev = GENESIS
            rows = connection.execute(
                select(event).where(event.c.project == project).order_by(event.c.seq)
            ).all()
            for number, row in enumerate(rows, 1):
                fields = read_canonical(row.body)
                assert (fields["seq"], fields["prev"]) == (number, prev)
                assert (row.seq, row.prev, row.leaf) == (number, prev, leaf_hash(row.body))
                prev = row.leaf
                if row.kind == "readings.recorded":
                    facts = reveal(connection, fields["data"])["readings"]
                    assert 0 < len(facts) <= 7
                    told |= {each["id"]: each for each in facts}
        stored = connection.execute(select(reading)).all()
        assert len(stored) == len(told) == 120
        for row in stored:
            assert told[row.id] == {
                "id": row.id,
                "kpi": row.kpi_id,
                "period": row.period.isoformat(),
                "actual": f"{row.actual:f}",
                "reported_on": row.reported_on.isoformat(),
                "note": row.note,
                "reason": None,
                "confidence": row.confidence,
                "link": row.link,
                "origin": row.origin,
            }
        assert {row.note for row in stored} == set(ODD)
        texts = set(connection.scalars(select(personal.c.value)))
        assert set(ODD) <= texts
        bodies = b"".join(connection.scalars(select(event.c.body)))
        assert b"snow" not in bodies.replace(b'"origin":"snow', b"")
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_a_written_body_is_the_composed_one() -> None:
    data = {"readings": [{"actual": "1", "note": None}]}
    about = {"project": 'P"1', "seq": 3, "prev": "0" * 64, "at": NOW, "actor": "ann", "kind": "k"}
    written = compose_written(**about, data=canonical(data))  # type: ignore[arg-type]
    assert written == compose(**about, data=data)  # type: ignore[arg-type]


@pytest.mark.parametrize("batches", [1, 3])
def test_a_killed_import_leaves_nothing_and_works_from_the_start(
    house: House, database_url: str, tmp_path: Path, batches: int
) -> None:
    folder = tmp_path / "in"
    dry = bring_in(house, folder, long_file(), dry_run=True)
    assert not dry.written
    before = everything(house.runtime.store)
    words = [database_url, str(folder), "40", str(batches)]
    killed = subprocess.run(
        [sys.executable, "-m", "tests.services.killed_import", *words],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert everything(house.runtime.store) == before
    again = import_folder(house.runtime, OPERATOR, folder, now=NOW)
    assert (again.written, again.added["readings"]) == (True, 120)


HEAD = "kpi_id,period_end,actual,reported_at,note,reason,version\n"
FIRST = HEAD + "K1,2026-09-30,10,2026-10-02,counted,,\n"


def stored(house: House) -> list[tuple[Decimal | None, date | None, str | None, str | None]]:
    with house.runtime.store.reading() as connection:
        rows = connection.execute(
            select(reading).where(reading.c.kpi_id == "K1").order_by(reading.c.id)
        )
        return [(row.actual, row.reported_on, row.note, row.reason) for row in rows]


def test_a_correction_says_why(house: House, tmp_path: Path) -> None:
    bring_in(house, tmp_path / "in", FIRST)
    wrong = HEAD + "K1,2026-09-30,11.0,,,,\n"
    refused = bring_in(house, tmp_path / "in", wrong)
    assert [str(each) for each in refused.refusals] == [
        "readings.csv:2: reason corrects 10 without saying why; "
        "give the reason in the column `reason`, or with --reason for all"
    ]
    assert not refused.written
    taken = bring_in(house, tmp_path / "in", wrong, reason="Counted again.")
    assert taken.changed == {"readings": 1}
    right = HEAD + "K1,2026-09-30,12,,,A row was missing.,\n"
    bring_in(house, tmp_path / "in", right, reason="Counted again.")
    first = (Decimal(10), date(2026, 10, 2), "counted", None)
    assert stored(house) == [
        first,
        (Decimal(11), None, None, "Counted again."),
        (Decimal(12), None, None, "A row was missing."),
    ]


def test_a_blank_leaves_what_was_said_and_more_can_be_said_of_the_same_figure(
    house: House, tmp_path: Path
) -> None:
    bring_in(house, tmp_path / "in", FIRST)
    for same in ("K1,2026-09-30,10.00,,,,\n", "K1,2026-09-30,,2026-11-01,,,\n"):
        again = bring_in(house, tmp_path / "in", HEAD + same)
        assert (again.changed, again.unchanged["readings"]) == ({}, 1)
    more = HEAD + "K1,2026-09-30,10,,counted twice,It was counted again.,\n"
    assert bring_in(house, tmp_path / "in", more).changed == {"readings": 1}
    assert stored(house)[1] == (
        Decimal(10),
        date(2026, 10, 2),
        "counted twice",
        "It was counted again.",
    )


def test_a_figure_can_be_taken_back(house: House, tmp_path: Path) -> None:
    bring_in(house, tmp_path / "in", FIRST)
    back = HEAD + "K1,2026-09-30,unknown,,,It was another month's.,\n"
    assert bring_in(house, tmp_path / "in", back).changed == {"readings": 1}
    again = bring_in(house, tmp_path / "in", back)
    assert (again.changed, again.unchanged["readings"]) == ({}, 1)
    assert [actual for actual, *_ in stored(house)] == [Decimal(10), None]


def test_history_comes_in_by_its_versions_and_only_once(house: House, tmp_path: Path) -> None:
    history = HEAD + "K1,2026-09-30,10,,,,1\nK1,2026-09-30,11,,,,2\nK1,2026-09-30,12,,,Late.,3\n"
    report = bring_in(house, tmp_path / "in", history)
    assert (report.added["readings"], report.changed) == (1, {"readings": 2})
    again = bring_in(house, tmp_path / "in", history)
    assert (again.added, again.changed, again.unchanged["readings"]) == ({}, {}, 3)
    more = bring_in(house, tmp_path / "in", HEAD + "K1,2026-09-30,13,,,,4\n")
    assert [each.problem for each in more.refusals] == ["corrects 12 without saying why"]
    other = HEAD + "K1,2026-09-30,9,,,,2\nK1,2026-09-30,9,,,x,5\nK1,2026-08-31,9,,,x,2\n"
    report = bring_in(house, tmp_path / "in", other)
    assert [(each.line, each.value, each.problem) for each in report.refusals] == [
        (2, "2", "is there already for K1 and 2026-09-30, with other content"),
        (3, "5", "has no version 4 of K1 and 2026-09-30 before it"),
        (4, "2", "has no version 1 of K1 and 2026-08-31 before it"),
    ]
    assert [actual for actual, *_ in stored(house)] == [10, 11, 12]


def test_what_is_refused_of_a_batch_leaves_the_rest(house: House, tmp_path: Path) -> None:
    rows = HEAD + "K1,2026-11-30,1,,,,\nK1,2026-10-31,2,,,,\nK3,2026-09-30,3,,,,\n"
    report = bring_in(house, tmp_path / "in", rows, keep_good=True)
    assert [str(each) for each in report.refusals] == [
        "readings.csv:2: actual '1' cannot be known: the period ends on 2026-11-30, after today, "
        "2026-11-24; leave it blank until the period is over"
    ]
    assert (report.written, report.added["readings"]) == (True, 2)


def test_values_that_were_there_are_looked_up_by_the_batch(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govern.intake.readings.ROWS", 16)
    bring_in(house, tmp_path / "in", long_file())
    changed = long_file().replace(",-7.0,", ",-7.5,").replace(",3.50,", ",4.25,")
    report = bring_in(house, tmp_path / "in", changed, reason="Counted again.")
    assert report.refusals == []
    assert report.changed == {"planned": 2, "readings": 2}
    assert report.unchanged["readings"] == report.unchanged["planned"] == 118
    with house.runtime.store.reading() as connection:
        found = readings.in_force(connection)
    assert found["K1", ENDS[7]].actual == Decimal("-7.5")
    assert found["K1", ENDS[8]].actual == Decimal(-8)
