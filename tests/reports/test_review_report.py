"""The report of a review: every number of it stands in an answer of the API, before and after signing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from govern.services import review_signature, reviews
from tests.reports import houses
from tests.reports.pages import well_made
from tests.reports.traced import trace
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.reviewed import KEPT, ben, rolled_out
from tests.web.caller import Callers, everybody, good, problem


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Callers]:
    """P1 has gained 1080 of the 1200 it promised; its first review is signed, its second open."""
    with houses.opened(migrated_sqlite, tmp_path_factory.mktemp("review")) as house:
        _reviewed(house)
        yield everybody(house)


def _reviewed(house: House) -> None:
    rolled_out(house)
    made.report(house, "P1-K1", {"2026-09-30": 900, "2026-10-31": 1080})
    first = reviews.open_review(house.runtime, house.pia, "P1", now=NOW)["id"]
    said = {"rating": "exceeded", "summary": "It <sells>.", "kpis": [KEPT]}
    reviews.change(house.runtime, house.pia, first, said, version=None, now=NOW)
    reviews.answer(house.runtime, house.dan, first, question="used", score=4, said="Yes.", now=NOW)
    why = "The market fell."
    review_signature.sign(house.runtime, ben(house), first, reason=why, version=None, now=NOW)
    reviews.open_review(house.runtime, house.pia, "P1", now=NOW)


@pytest.mark.parametrize("review", [1, 2])
def test_every_number_is_asked_for_again(people: Callers, review: int) -> None:
    report = good(people.eve.get(f"/reports/review?review={review}&currency=EUR"))
    assert report["about"]["name"] == f"Project P1, review {review}"
    assert trace(people.eve, report) > 20
    sections = {each["name"]: each["content"] for each in report["sections"]}
    (kpi,) = sections["value"]["kpis"]
    assert (kpi["promised"], kpi["realised"], kpi["rate"]) == ("1200", "1080", "0.9")
    assert sections["cost"]["budget_first"] == "1000"


def test_the_page_says_what_came_and_what_becomes_of_it(people: Callers) -> None:
    page = people.eve.get("/reports/review?review=1&format=html")
    assert page.status_code == 200, page.text
    well_made(page.text, good(people.eve.get("/reports/review?review=1")))
    for words in (
        "<strong>exceeded</strong>",
        "The figures suggest</dt><dd>met",
        "It &lt;sells&gt;.",
        "The market fell.",
        "keep measuring",
        "I answer for what this review says came of the project.",
        "Dan: Yes.",
    ):
        assert words in page.text, words
    waiting = people.eve.get("/reports/review?review=2&format=html").text
    assert "summary: say what came of the project" in waiting


def test_a_review_that_is_not_there_has_no_report(people: Callers) -> None:
    problem(people.eve.get("/reports/review?review=9"), 404, "not-found")
