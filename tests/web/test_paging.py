"""Lists, page by page."""

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest

from govern.web.schemas.deliverables import DeliverableQuery
from govern.web.schemas.gates import ConditionQuery, SubmissionQuery
from govern.web.schemas.kpis import KpiQuery, ReadingQuery
from govern.web.schemas.projects import ProjectQuery
from govern.web.schemas.recommendations import RecommendationQuery
from govern.web.schemas.rules import FindingQuery
from tests.services import house as made
from tests.services.house import House
from tests.web.caller import API, Callers, good, problem

LISTS = {
    "/projects": ProjectQuery,
    "/kpis": KpiQuery,
    "/kpis/P1-K1/readings": ReadingQuery,
    "/deliverables": DeliverableQuery,
    "/submissions": SubmissionQuery,
    "/conditions": ConditionQuery,
    "/findings": FindingQuery,
    "/recommendations": RecommendationQuery,
}
SORTS = [(path, sort) for path, query in LISTS.items() for sort in query().fields["sort"].known]


@pytest.mark.parametrize(("path", "sort"), SORTS)
def test_every_order_there_is_can_be_had_page_by_page(
    steady: Callers, path: str, sort: str
) -> None:
    whole = good(steady.ali.get(path, query={"sort": sort}))
    assert whole["next"] is None
    assert whole["items"]
    pieces = list(_follow(steady, f"{path}?limit=1&sort={sort}"))
    assert pieces == whole["items"]


def _follow(steady: Callers, path: str) -> Any:
    """Every item, by the Link header alone."""
    link: str | None = path
    while link is not None:
        response = steady.ali.get(link)
        told = good(response)
        yield from told["items"]
        given = response.headers.get("Link")
        assert (given is None) == (told["next"] is None)
        if given is None:
            return
        found = re.fullmatch(r'<(.*)>; rel="next"', given)
        assert found is not None
        link = found[1].removeprefix(API)


def test_history_comes_in_pages_too(steady: Callers) -> None:
    whole = good(steady.ali.get("/projects/P1/history"))["items"]
    assert [each["seq"] for each in whole] == list(range(1, len(whole) + 1))
    assert list(_follow(steady, "/projects/P1/history?limit=2")) == whole
    votes = good(steady.ali.get("/projects/P1/history?kind=vote.cast"))["items"]
    assert [each["kind"] for each in votes] == ["vote.cast"]
    assert list(_follow(steady, "/projects/P1/gates/value_defined/history?limit=1"))


def test_a_cursor_of_another_order_is_refused(people: Callers, house: House) -> None:
    made.add_project(house, "P1")
    made.add_project(house, "P2", budget=None)
    first = good(people.pia.get("/projects?limit=1&sort=-budget"))
    second = people.pia.get("/projects", query={"sort": "-budget", "cursor": first["next"]})
    assert [each["id"] for each in good(second)["items"]] == ["P2"]
    other = people.pia.get("/projects", query={"sort": "name", "cursor": first["next"]})
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/projects?stage=value_defined", ["P1"]),
        ("/projects?stage=nowhere", []),
        ("/projects?department=Sales", ["P2"]),
        ("/projects?portfolio=main", ["P1", "P2", "P3"]),
        ("/kpis?project=P1", ["P1-K1"]),
        ("/kpis?category=revenue&sort=-id", ["P3-K1", "P2-K1", "P1-K1"]),
        ("/kpis?category=cost", []),
        ("/deliverables?project=P2", ["P2-D1"]),
        ("/deliverables?state=done", []),
        ("/submissions?state=open", [3, 2]),
        ("/submissions?gate=value_defined&sort=id", [1, 2]),
        ("/submissions?project=P1", [1]),
        ("/conditions?project=P1", [1]),
        ("/conditions?state=closed", []),
        ("/recommendations?action=descope", [1]),
        ("/recommendations?rule=none", []),
        ("/recommendations?status=proposed&project=P1", [1]),
    ],
)
def test_filters(steady: Callers, path: str, ids: list[Any]) -> None:
    assert [each["id"] for each in good(steady.ali.get(path))["items"]] == ids


def _cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("path", "cursor"),
    [
        ("/projects", _cursor("id", "P1")),
        ("/projects", _cursor("id", "P1", 3)),
        ("/projects", _cursor("id", 3, "P1")),
        ("/projects", _cursor("id", "a\x00", "P1")),
        ("/projects", _cursor("id", "\ud800", "P1")),
        ("/projects", _cursor("id", ["P1"], "P1")),
        ("/projects?sort=start", _cursor("start", 3, "P1")),
        ("/projects?sort=start", _cursor("start", "2026-02-30", "P1")),
        ("/projects?sort=budget", _cursor("budget", "much", "P1")),
        ("/submissions?sort=id", _cursor("id", 2**31, 1)),
        ("/submissions?sort=id", _cursor("id", 1, -(2**40))),
        ("/submissions?sort=id", _cursor("id", True, True)),
        ("/submissions?sort=recorded_at", _cursor("recorded_at", "now", 1)),
        ("/submissions?sort=recorded_at", _cursor("recorded_at", "0001-01-01T00:00+14:00", 1)),
        ("/projects", "W10"),
        ("/projects", "bnVsbA"),
        ("/projects", "x" * 1999),
        ("/projects", "ä"),
    ],
)
def test_a_forged_cursor_is_refused(steady: Callers, path: str, cursor: str) -> None:
    told = problem(
        steady.ali.get(path.partition("?")[0], query=_query(path, cursor)), 422, "invalid-input"
    )
    assert list(told["errors"]) == ["cursor"]


def _query(path: str, cursor: str) -> dict[str, str]:
    asked = dict(parse_qsl(path.partition("?")[2]))
    return {**asked, "cursor": cursor}
