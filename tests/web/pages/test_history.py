"""An auditor's pages: the history with filters, an event with its proof, verifying, replay, export."""

import io
import zipfile
from pathlib import Path

import pytest

from govern.services.ledger import SERVICE
from govern.services.log_reading import key
from govern.services.people import OPERATOR
from govern.services.sealing import seal
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.sealed import with_key
from tests.services.test_gates import to_stage
from tests.web.pages.browsing import Browsing, browse_as, words


@pytest.fixture
def kept(house: House, tmp_path: Path) -> House:
    keyed = with_key(house, tmp_path / "keys")
    made.add_project(keyed)
    to_stage(keyed, "P1", "planned")
    made.add_project(keyed, "P2")
    seal(keyed.runtime, NOW)
    return keyed


@pytest.fixture
def aud(kept: House) -> Browsing:
    from govern.domain.role import Role  # noqa: PLC0415
    from govern.services.people import grant_role  # noqa: PLC0415

    grant_role(kept.runtime, OPERATOR, email="aud@example.org", role=Role.AUDITOR, now=NOW)
    return browse_as(kept, kept.aud.person_id)


def _table(page: str) -> str:
    return words("<main>" + page.partition('id="table-events"')[2])


def test_all_of_it_is_listed_the_last_first(aud: Browsing, kept: House) -> None:
    seal(kept.runtime, NOW)
    page = aud.get("/history")
    told = _table(page)
    assert told.index("session.started") < told.index("deliverable.added")
    assert "not in the log yet" not in words(page)


def test_what_is_not_sealed_is_said_to_be_missing(aud: Browsing, kept: House) -> None:
    made.add_project(kept, "P3")
    told = words(aud.get("/history"))
    assert "not in the log yet, and so not in this list" in told
    assert "'Project P2' enters" in told
    assert "'Project P3' enters" not in told


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("chain=P2", "P2-K1", "P1-K1"),
        ("kind=gate.*", "gate.decided", "kpi.added"),
        ("kind=gate.decided", "gate.decided", "gate.submitted"),
        ("person=Pia", "Pia", "Operator"),
        ("person=pia@example.org", "Pia", "Operator"),
        ("first=2026-11-25", "Nothing.", "P2"),
        ("last=2026-11-23", "Nothing.", "P2"),
        ("first=2026-11-24&last=2026-11-24&chain=P2", "P2-K1", "P1"),
    ],
)
def test_filters(aud: Browsing, query: str, there: str, not_there: str) -> None:
    table = _table(aud.get(f"/history?{query}"))
    assert there in table
    assert not_there not in table


def test_older_events_follow_without_gap_or_double(aud: Browsing) -> None:
    import re  # noqa: PLC0415

    seen: list[str] = []
    path: str | None = "/history"
    while path is not None:
        page = aud.get(path)
        seen += re.findall(r'<td[^>]*data-title="In the log">\s*([\d ,]+)', page)
        older = re.search(r'href="(/history\?[^"]*before=[^"]*)" rel="next"', page)
        path = older[1].replace("&amp;", "&") if older else None
    numbers = [int(each.replace(",", "").replace(" ", "")) for each in seen]
    assert numbers == list(range(max(numbers), -1, -1))


def test_days_that_end_before_they_begin(aud: Browsing) -> None:
    assert "2026-11-24 or later" in words(aud.get("/history?first=2026-11-24&last=2026-11-01", 422))


def test_an_event_is_shown_with_its_proof(aud: Browsing, kept: House) -> None:
    told = words(aud.get("/history/P1/1"))
    assert "✓ Yes." in told
    assert "under the checkpoint of size" in told
    assert "start 1 Jan 2026" in told.partition("What it says")[2]
    proof = aud.file("/history/P1/1/proof").text
    assert proof.startswith("c2sp.org/tlog-proof@v1")
    assert key(kept.runtime)["origin"] in proof


def test_an_event_that_was_changed_is_seen(aud: Browsing, kept: House) -> None:
    from sqlalchemy import update  # noqa: PLC0415

    from govern.store.tables import event  # noqa: PLC0415
    from tests.store.tampering import drop_triggers  # noqa: PLC0415

    with kept.runtime.store.writing() as connection:
        drop_triggers(connection)
        found = event.c.project == "P1", event.c.seq == 2
        body = connection.scalar(event.select().with_only_columns(event.c.body).where(*found))
        assert body is not None
        connection.execute(update(event).where(*found).values(body=body.replace(b"P1", b"P9")))
    assert "✗ No." in words(aud.get("/history/P1/2"))
    told = words(aud.send("/history/verify").text)
    assert "✗ It does not hold." in told


def test_it_holds_and_is_said_to(aud: Browsing) -> None:
    told = words(aud.send("/history/verify").text)
    assert "✓ Every chain holds." in told
    assert "✓ The tables are what the events say." in told


def test_a_row_that_was_changed_past_the_ledger_is_named(aud: Browsing, kept: House) -> None:
    from sqlalchemy import update  # noqa: PLC0415

    from govern.store.tables import project  # noqa: PLC0415

    with kept.runtime.store.writing() as connection:
        connection.execute(update(project).where(project.c.id == "P2").values(stage="closed"))
    told = words(aud.send("/history/verify").text)
    assert "Somebody or something wrote past the ledger" in told
    assert "P2 project P2 stage closed" in told


def test_decisions_come_out_the_same(aud: Browsing) -> None:
    told = words(aud.send("/history/replay", project="P1").text)
    assert "✓ All came out the same" in told
    answer = aud.send("/history/replay", project="P9")
    assert answer.status_code == 422
    assert "There is no project" in words(answer.text)


def test_a_receipt_is_held_against_the_ledger(aud: Browsing) -> None:
    answer = aud.send("/history/receipt", receipt="no receipt")
    assert answer.status_code == 422
    assert "This is no receipt of this log" in words(answer.text)


def test_a_bundle_is_taken_away(aud: Browsing) -> None:
    answer = aud.file("/history/export?project=P1")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        assert any(name.endswith("verify.py") for name in bundle.namelist())
    told = words(aud.get("/history/export?gate=planned", 422))
    assert "This cannot be taken yet" in told


def test_others_see_what_they_may(kept: House) -> None:
    pia = browse_as(kept, kept.pia.person_id)
    assert "P2-K1" in words(pia.get("/history"))
    assert "session.started" not in _table(pia.get("/history"))
    pia.get(f"/history/{SERVICE}/1", 404)
    pia.get("/history/P1/1")
    assert pia.send("/history/verify").status_code == 403
