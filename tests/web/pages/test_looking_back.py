"""Pages of a project as they were known on a day, on both databases."""

from datetime import timedelta

import pytest

from govern.domain.role import Role
from govern.services.people import OPERATOR, grant_role
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.test_gates import to_stage
from tests.web.pages.browsing import Browsing, browse_as, words
from tests.web.test_as_of import seal

THEN = "as_of=2026-11-23"


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
