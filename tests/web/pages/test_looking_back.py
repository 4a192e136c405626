"""Pages of a project as they were known on a day, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from govern.domain.role import Role
from govern.services.people import OPERATOR, grant_role
from govern.store import events
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.test_gates import to_stage
from tests.web.pages.browsing import Browsing, browse_as, words
from tests.web.test_as_of import seal

THEN = "as_of=2026-11-23"
TABS = ("", "/kpis", "/benefits", "/recommendations", "/gates", "/history", "/kpis/P1-K1")


@pytest.fixture
def since(house: House) -> House:
    """What was sealed on the day before; and what came since."""
    made.add_project(house)
    to_stage(house, "P1", "monitoring")
    made.report(house, "P1-K1", {"2026-01-31": 4321})
    seal(house, NOW - timedelta(days=1))
    made.report(house, "P1-K1", {"2026-02-28": 8765})
    made.add_project(house, "P9")
    seal(house, NOW - timedelta(hours=1))
    return house


@pytest.fixture
def auditor(since: House) -> Browsing:
    grant_role(since.runtime, OPERATOR, email="aud@example.org", role=Role.AUDITOR, now=NOW)
    return browse_as(since, since.aud.person_id)


def test_a_reading_that_was_recorded_later_is_not_there(auditor: Browsing) -> None:
    path = "/projects/P1/kpis/P1-K1"
    today, then = words(auditor.get(path)), words(auditor.get(f"{path}?{THEN}"))
    assert "4,321" in today
    assert "8,765" in today
    assert "4,321" in then
    assert "8,765" not in then
    assert "As known on 23 Nov 2026 23:59" in then
    history = "/projects/P1/history"
    assert "2026-02-28" in auditor.get(history)
    assert "2026-02-28" not in auditor.get(f"{history}?{THEN}")


def test_what_was_not_there_yet_is_not_found(auditor: Browsing) -> None:
    auditor.get("/projects/P9")
    assert "There is no project" in auditor.get(f"/projects/P9?{THEN}", status=404)


@pytest.mark.parametrize("tab", TABS)
def test_a_page_of_then_offers_no_decision_and_its_links_stay_there(
    since: House, auditor: Browsing, tab: str
) -> None:
    for who in (auditor, browse_as(since, since.sam.person_id)):
        page = who.get(f"/projects/P1{tab}?{THEN}")
        main = page.partition("<main")[2]
        assert "As known on" in words(page)
        assert 'method="post"' not in main
        inside = [each.partition('"')[0] for each in main.split('href="/projects/P1')[1:]]
        # One leads back to the present.
        assert [each for each in inside if THEN not in each] == [tab], inside
        assert len(inside) > 5


def test_the_status_report_of_then_is_of_then(auditor: Browsing) -> None:
    assert "23 Nov 2026" in auditor.get(f"/projects/P1/report?{THEN}")


@pytest.mark.parametrize("day", ["2026-11-31", "yesterday", "2026-11-25", "2020-01-01"])
def test_a_day_that_cannot_be_looked_back_to_is_told_so(auditor: Browsing, day: str) -> None:
    auditor.get(f"/projects/P1?as_of={day}", status=422)


def test_the_history_up_to_a_day_leads_to_the_project_of_that_day(auditor: Browsing) -> None:
    page = auditor.get("/history?chain=P1&last=2026-11-23")
    assert f'href="/projects/P1?{THEN}"' in page
    assert "as it was known" not in auditor.get("/history?last=2026-11-23")
    assert "as it was known" not in auditor.get("/history?chain=P1")


def test_that_an_auditor_looked_back_is_recorded_when_they_did(
    since: House, auditor: Browsing
) -> None:
    auditor.get(f"/projects/P1?{THEN}")
    assert [each["at"] for each in _reads(since, "/projects/P1")] == [NOW]


def _reads(house: House, path: str) -> list[dict[str, Any]]:
    with house.runtime.store.reading() as connection:
        found = events.of_kind(connection, "@service", "personal.read")
    return [each for each in found if each["data"]["read"] == path]
