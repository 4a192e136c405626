"""The case study: told from the record alone, with every gap told, and every number asked for again."""

import html
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govern.services import deliverables as stored
from govern.services import lessons, outcomes, review_signature, reviews
from tests.reports import houses
from tests.reports.pages import well_made
from tests.reports.traced import trace
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.reviewed import KEPT, ben, rolled_out
from tests.web.caller import Callers, everybody, good, problem
from tests.web.test_as_of import seal

KIND = "case-study"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Callers]:
    """P1 has gained 1080 of the 1200 it promised, and is reviewed; P2 has gained 1260, and that is all
    that anybody wrote down; of P3 nobody reported anything."""
    with houses.opened(migrated_sqlite, tmp_path_factory.mktemp("case")) as house:
        _told(house)
        _bare(house)
        made.add_project(house, "P3")
        yield everybody(house)


def _told(house: House) -> None:
    rolled_out(house)
    made.report(house, "P1-K1", {"2026-09-30": 900, "2026-10-31": 1080})
    fields = {"state": "done", "done_on": date(2026, 9, 30)}
    stored.change_deliverable(house.runtime, house.pia, "P1-D1", fields, version=None, now=NOW)
    outcomes.add_outcome(
        house.runtime,
        house.pia,
        {"id": "P1-O1", "project": "P1", "name": "Customers order at night"},
        now=NOW,
    )
    review = reviews.open_review(house.runtime, house.pia, "P1", now=NOW)["id"]
    fields = {
        "rating": "met",
        "summary": "It sells.",
        "went_well": "Branches were <trained> before.",
        "kpis": [KEPT],
    }
    reviews.change(house.runtime, house.pia, review, fields, version=None, now=NOW)
    review_signature.sign(house.runtime, ben(house), review, version=None, now=NOW)
    said = {
        "title": "Train before the rollout",
        "happened": "Branches sold from the first day.",
        "because": "They had been trained.",
        "next_time": "Train two weeks before.",
    }
    lessons.add_lesson(house.runtime, house.pia, "P1", said, now=NOW)


def _bare(house: House) -> None:
    made.add_project(house, "P2", objective=None)
    made.report(house, "P2-K1", {"2026-10-31": 1260})


def report_of(people: Callers, project: str) -> dict[str, Any]:
    return good(people.eve.get(f"/reports/{KIND}?project={project}"))


def words_of(people: Callers, project: str) -> str:
    """The page's text, on one line."""
    page = people.eve.get(f"/reports/{KIND}?project={project}&format=html")
    assert page.status_code == 200, page.text
    body = page.text.partition("<main>")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def content(report: dict[str, Any], name: str) -> Any:
    return next(each["content"] for each in report["sections"] if each["name"] == name)


@pytest.mark.parametrize("project", ["P1", "P2"])
def test_every_number_is_asked_for_again(people: Callers, project: str) -> None:
    assert trace(people.eve, report_of(people, project)) > 20


@pytest.mark.parametrize("project", ["P1", "P2"])
def test_the_page_is_whole_and_shows_no_number_of_its_own(people: Callers, project: str) -> None:
    page = people.eve.get(f"/reports/{KIND}?project={project}&format=html")
    well_made(page.text, report_of(people, project))


def test_it_tells_problem_measures_value_and_what_made_it_work(people: Callers) -> None:
    report = report_of(people, "P1")
    assert report["about"] == {"type": "project", "id": "P1", "name": "Project P1"}
    [value] = content(report, "value")["kpis"]
    # (1080 - 0) / (1200 - 0)
    assert [value[name] for name in ("promised", "realised", "rate")] == ["1200", "1080", "0.9"]
    told = words_of(people, "P1")
    for sentence in (
        "Project P1 was begun for this: Grow",
        "Revenue : What the web shop sells. It stood at 0 EUR on 31 Dec 2025 (by Ledger of 2025 ); "
        "it was to come to 1,200 EUR by 31 Dec 2026 .",
        "1 of 1 deliverables is done: Web shop: done on 30 Sep 2026",
        "It was to bring about: Customers order at night",
        "Revenue was to gain 1,200 EUR, and gained 1,080 : 90 % of it, as reported to 31 Oct 2026.",
        "It is not where it was promised to be.",
        "signed on 24 Nov 2026 by Ben, rates it as met: 90 % of what was promised came.",
        "What went well: Branches were <trained> before. What went badly is not recorded.",
        "Train before the rollout What happened: Branches sold from the first day.",
    ):
        plain = re.sub(r" (?=[.,:;)])", "", sentence)
        assert plain in re.sub(r" (?=[.,:;)])", "", told), (sentence, told)


def test_what_nobody_recorded_is_told_as_not_recorded(people: Callers) -> None:
    told = words_of(people, "P2")
    for sentence in (
        "What Project P2 was begun for is not recorded.",
        "Which outcomes this was to bring about is not recorded.",
        "No review is signed: what made it work is not recorded.",
        "No lesson is recorded.",
        "When it was rolled out is not recorded.",
    ):
        assert sentence in told, (sentence, told)
    assert content(report_of(people, "P2"), "worked")["review"] is None


def test_where_it_is_not_known_how_much_came_there_is_no_case(people: Callers) -> None:
    refused = problem(people.eve.get(f"/reports/{KIND}?project=P3"), 422, "invalid-input")
    assert refused["errors"] == {"project": ["the realisation rate of P3-K1 is unknown"]}
    problem(people.nil.get(f"/reports/{KIND}?project=P1"), 404, "not-found")


def test_it_looks_back(people: Callers) -> None:
    then = report_of(people, "P1")
    size = seal(people.house, NOW)
    made.report(people.house, "P1-K1", {"2026-10-31": 1200})
    found = good(people.aud.get(f"/reports/{KIND}?project=P1&as_of_size={size}"))
    for name in ("problem", "measures", "value", "worked", "learned"):
        assert content(found, name) == content(then, name), name
    assert trace(people.aud, found) > 20
    assert content(report_of(people, "P1"), "value")["kpis"][0]["rate"] == str(Decimal(1))
