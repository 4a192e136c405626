"""Every read has an ETag, and is answered with 304 where the caller has that answer."""

import re
from datetime import timedelta
from typing import Any

import pytest

from govern.web.app import create_app
from govern.web.etags import READ_TAG
from tests.services.house import NOW
from tests.web.caller import Caller, Callers, good, problem, token_of
from tests.web.operations import address, known, operations, reads

STREAMED = {"exportForAudit"}
"""Sent as it is made: what the tag would be is known at the end."""

OF_NOTHING = {
    "getComputed",
    "quoteExchangeRate",
    "getReview",
    "getReviewDossier",
    "getScopeChange",
    "getDelegation",
    "getReportSchedule",
    "getDelivery",
    "getBaseline",
    "compareBaselines",
    "getWebhook",
    "getWebhookDelivery",
    "listWebhookDeliveries",
}
"""What a furnished house has none of; the lists of them are read."""

WITHOUT_A_KEY = {"getLogKey", "getCheckpoint", "getCheckpointOfSize", "getConsistency", "getProof"}
"""What the log answers once it is sealed."""

ONLY = {"listServiceEvents": "?limit=5"}
"""Of a list that being read makes longer, since an auditor's reads are events in it: its oldest."""


@pytest.mark.parametrize("name", sorted({*reads(None)} - STREAMED))
def test_a_read_says_so_in_the_description(name: str) -> None:
    operation = operations()[name][2]
    assert "ETag" in operation["responses"]["200"]["headers"], name
    assert "304" in operation["responses"], name
    assert "If-None-Match" in [each["name"] for each in operation["parameters"]], name


@pytest.mark.parametrize("name", sorted({*reads()} - OF_NOTHING - WITHOUT_A_KEY))
def test_what_the_caller_has_is_not_sent_again(steady: Callers, name: str) -> None:
    path = address(name, _real(steady, name)) + ONLY.get(name, "")
    first = steady.ali.get(path)
    assert first.status_code == 200, (path, first.text)
    tag = first.headers["ETag"]
    assert re.fullmatch(READ_TAG, tag), tag
    assert first.headers["Cache-Control"] == "no-store"
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = steady.ali.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.data) == (304, b""), (path, given)
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == "no-store"
        assert "Content-Type" not in again.headers
    assert steady.ali.get(path, headers={"If-None-Match": '"v9999"'}).status_code == 200


def _real(callers: Callers, name: str) -> dict[str, Any]:
    values = dict(known(callers))
    values |= {"submission": 1} if name == "getSeen" else {}
    if name == "getFacts":
        found = good(callers.ali.get("/submissions/2"))
        values["digest"] = found["facts_digest"]
    return values


def test_who_may_not_see_it_is_refused_whatever_they_have(steady: Callers) -> None:
    tag = steady.ali.get("/projects/P1").headers["ETag"]
    problem(steady.nil.get("/projects/P1", headers={"If-None-Match": tag}), 404, "not-found")
    problem(steady.nobody.get("/projects", headers={"If-None-Match": "*"}), 401, "not-signed-in")


@pytest.mark.parametrize("path", ["/projects", "/projects?limit=1", "/projects/P1"])
def test_what_changed_is_answered_anew(people: Callers, project: str, path: str) -> None:
    tag = people.ali.get(path).headers["ETag"]
    good(people.pia.patch(f"/projects/{project}", {"name": "Another"}, version=1))
    again = people.ali.get(path, headers={"If-None-Match": tag})
    assert "Another" in again.text
    assert again.headers["ETag"] != tag


def test_a_tag_of_what_the_day_changes_is_good_for_a_write(people: Callers, project: str) -> None:
    granted = good(
        people.gus.post(
            f"/projects/{project}/waivers",
            {
                "gate": "planned",
                "criterion": "evidence-benefits_realisation_plan",
                "reason": "Being reissued.",
                "expires_on": "2026-11-30",
            },
        ),
        201,
    )
    today, later = people.pia, _at(people, "pia", days=20)
    paths = (f"/projects/{project}", f"/waivers/{granted['id']}")
    for path in paths:
        tag = today.get(path).headers["ETag"]
        assert today.get(path, headers={"If-None-Match": tag}).status_code == 304
        then = later.get(path, headers={"If-None-Match": tag})
        assert then.status_code == 200, path
        assert then.headers["ETag"] != tag
    tag = today.get(paths[0]).headers["ETag"]
    good(today.patch(paths[0], {"name": "Another"}, version=tag))
    problem(today.patch(paths[0], {"name": "A third"}, version=tag), 412, "stale-version")


def _at(people: Callers, name: str, *, days: int) -> Caller:
    app = create_app(people.house.runtime, lambda: NOW + timedelta(days=days))
    return Caller(app, token_of(people.house, name, timedelta(days=days + 1)))
