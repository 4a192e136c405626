"""Recommendations, scope changes and conditions on their pages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.recommendation import RecommendationStatus
from govern.services import decisions, recommendations, scope_changes
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store.paging import PageRequest
from govern.web.app import create_app
from tests.services import house as made
from tests.services import reviewed, timed
from tests.services.house import NOW, House, add_project
from tests.services.test_gates import to_stage
from tests.web.pages.approving import Open, sign_in, text_of

CHEAPER = {"kind": "project", "fields": {"budget": Decimal(900)}}


@pytest.fixture
def open_for(house: House) -> Open:
    app = create_app(house.runtime, lambda: NOW)
    return lambda name: sign_in(app, house.runtime, f"{name}@example.org")


@pytest.fixture
def behind(house: House) -> int:
    """A project that is behind its plan; the number of what its rule recommends."""
    add_project(house)
    made.report(house, "P1-K1", {"2026-09-30": 80, "2026-10-31": 100})
    sweep(house.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    found = recommendations.list_recommendations(
        house.runtime, house.sam, PageRequest(limit=10), now=NOW, project="P1"
    )
    return found.items[0]["id"]


def _get(house: House, number: int) -> dict[str, object]:
    return recommendations.get_recommendation(house.runtime, house.sam, number, now=NOW)


def test_the_page_says_what_fired_why_and_what_else_could_be_done(
    behind: int, open_for: Open
) -> None:
    told = text_of(open_for("sam").get(f"/recommendations/{behind}"))
    assert "What adds little takes capacity from what adds much." in told
    assert "attainment" in told
    assert "Do nothing" in told
    assert "Terminate the project" in told
    assert "recommended" in told


def test_it_is_rejected_for_a_reason_and_no_more_asked(
    house: House, behind: int, open_for: Open
) -> None:
    sam, path = open_for("sam"), f"/recommendations/{behind}/answer"
    page = sam.get(f"/recommendations/{behind}")
    refused = sam.fill(page, path, answer="reject", rejected_because="data_wrong")
    assert refused.status_code == 422
    assert 'id="error-reason"' in refused.text
    done = sam.fill(
        refused.text,
        path,
        reason="Counted wrongly.",
        rejected_because="data_wrong",
        answer="reject",
    )
    assert done.status_code == 303, text_of(done.text)
    page = sam.get(done.location)
    told = text_of(page)
    assert "Your answer is recorded." in told
    assert "Counted wrongly." in told
    assert "data wrong" in told
    assert "Record my answer" not in told
    assert _get(house, behind)["status"] == RecommendationStatus.REJECTED


def test_it_is_deferred_to_a_day(house: House, behind: int, open_for: Open) -> None:
    sam, path = open_for("sam"), f"/recommendations/{behind}/answer"
    page = sam.get(f"/recommendations/{behind}")
    late = sam.fill(page, path, answer="defer", reason="Later.", deferred_until="2026-11-24")
    assert late.status_code == 422
    assert 'id="error-deferred_until"' in late.text
    done = sam.fill(page, path, answer="defer", reason="Later.", deferred_until="2026-12-24")
    assert done.status_code == 303, text_of(done.text)
    assert "until 24 Dec 2026" in text_of(sam.get(done.location))


def test_whoever_does_not_answer_it_is_told_who_does(behind: int, open_for: Open) -> None:
    told = text_of(open_for("fay").get(f"/recommendations/{behind}"))
    assert "You cannot answer it: sponsor of P1 does." in told


def test_what_is_accepted_instead_is_raised_and_decided(
    house: House, behind: int, open_for: Open
) -> None:
    sam = open_for("sam")
    page = sam.get(f"/recommendations/{behind}")
    path = f"/recommendations/{behind}/answer"
    done = sam.fill(page, path, answer="accept", reason="Agreed.", alternative="rephase")
    assert done.status_code == 303, text_of(done.text)
    pia = open_for("pia")
    assert f"/recommendations/{behind}" in pia.get("/waiting")
    page = pia.get(f"/recommendations/{behind}")
    path = f"/recommendations/{behind}/scope-change"
    raised = pia.fill(page, path)
    if raised.status_code != 303:
        # Of a plan that no gate has frozen nothing is proposed: it is said, and nothing is written.
        assert raised.status_code in (409, 422)
        assert "This cannot be taken yet" in text_of(raised.text)
        return
    assert "/scope-changes/" in raised.location


def test_it_is_reported_as_done(house: House, behind: int, open_for: Open) -> None:
    sam = open_for("sam")
    path = f"/recommendations/{behind}/answer"
    page = sam.get(f"/recommendations/{behind}")
    assert sam.fill(page, path, answer="accept", reason="Agreed.").status_code == 303
    page = sam.get(f"/recommendations/{behind}")
    path = f"/recommendations/{behind}/done"
    assert sam.fill(page, path).status_code == 422
    done = sam.fill(page, path, note="Dropped it.")
    assert done.status_code == 303, text_of(done.text)
    assert "Dropped it." in text_of(sam.get(done.location))


def test_a_scope_change_shows_before_and_after_and_is_decided(house: House, open_for: Open) -> None:
    number = _proposed(house)
    path = f"/projects/P1/scope-changes/{number}"
    sam, fay = open_for("sam"), open_for("fay")
    assert path in sam.get("/waiting")
    page = sam.get(path)
    told = text_of(page)
    assert "budget" in told
    assert "1000" in told.replace(",", "")
    assert "900" in told
    assert "Record my decision" in told
    assert sam.fill(page, f"{path}/vote", decision="go").status_code == 422
    done = sam.fill(page, f"{path}/vote", decision="go", reason="Less is enough.")
    assert done.status_code == 303, text_of(done.text)
    assert "You have decided: ✓ go" in text_of(sam.get(path))
    page = fay.get(path)
    assert fay.fill(page, f"{path}/vote", decision="go", reason="Agreed.").status_code == 303
    assert "applied" in text_of(fay.get(path))


def test_whoever_proposed_a_scope_change_does_not_decide_it(house: House, open_for: Open) -> None:
    number = _proposed(house)
    told = text_of(open_for("pia").get(f"/projects/P1/scope-changes/{number}"))
    assert "You proposed this" in told
    open_for("pia").get(f"/projects/P2/scope-changes/{number}", 404)


def test_value_that_is_lost_is_told_with_what_it_is_lost_by(house: House, open_for: Open) -> None:
    number = _proposed(house, {"kind": "drop_deliverable", "deliverable": "P1-D1"})
    told = text_of(open_for("sam").get(f"/projects/P1/scope-changes/{number}"))
    assert "P1-D1 dropped" in told.partition("Value lost")[2]


def _proposed(house: House, change: Mapping[str, Any] = CHEAPER) -> int:
    to_stage(house, add_project(house), "planned")
    found = scope_changes.propose(
        house.runtime,
        house.pia,
        "P1",
        title="A smaller budget",
        reason="It costs less.",
        changes=[dict(change)],
        now=NOW,
    )
    return found["id"]


def test_a_review_that_is_written_waits_for_a_signature(house: House) -> None:
    number = reviewed.opened(house)
    reviewed.written(house, number)
    later = timed.at("2027-05-29")
    app = create_app(house.runtime, lambda: later)
    sam = sign_in(app, house.runtime, "sam@example.org", later)
    pia = sign_in(app, house.runtime, "pia@example.org", later)
    assert f"/reviews/{number}" in sam.get("/waiting")
    assert f"/reviews/{number}" not in pia.get("/waiting")
    assert "I answer for what this review says" not in pia.get(f"/reviews/{number}")
    page = sam.get(f"/reviews/{number}")
    assert "It sells." in page
    path = f"/reviews/{number}/signature"
    done = sam.fill(page, path, reason="The figures came late.")
    assert done.status_code == 303, text_of(done.text)
    assert "You have signed the review off." in text_of(sam.get(done.location))
    assert f"/reviews/{number}" not in sam.get("/waiting")


def test_a_condition_is_closed_by_whoever_may(house: House, open_for: Open) -> None:
    add_project(house)
    made_one = made.submit(house, "P1", "value_defined")
    owed = [{"text": "Name an owner.", "owner": "Pia", "due": date(2026, 12, 24)}]
    ballot = Ballot(Answer.CONDITIONAL_GO, "Nearly.", "One thing is missing.", owed)
    decided = decisions.vote(
        house.runtime, house.sam, made_one["id"], ballot, version=None, now=NOW
    )
    number = decided["conditions"][0]["id"]
    pia, fay = open_for("pia"), open_for("fay")
    assert f"/conditions/{number}" in pia.get("/waiting")
    assert "Show them what is done." in text_of(pia.get(f"/conditions/{number}"))
    page = fay.get(f"/conditions/{number}")
    path = f"/conditions/{number}/close"
    assert fay.fill(page, path).status_code == 422
    done = fay.fill(page, path, evidence="Olga is named in the profile.")
    assert done.status_code == 303
    assert "Olga is named in the profile." in text_of(fay.get(done.location))
    assert fay.fill(page, path, evidence="Again.").location == done.location
