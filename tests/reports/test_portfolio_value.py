"""The portfolio value report: every number from a read of the API, sums that add up, a page that is whole."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govern.reports.page import to_html
from govern.services.people import OPERATOR
from govern.services.rollup import roll_up
from tests.reports import houses
from tests.reports.pages import well_made
from tests.reports.traced import trace
from tests.services.house import NOW, House
from tests.web.caller import Callers, good, problem
from tests.web.test_as_of import seal

KIND = "portfolio-value"
MEASURES = ("promised", "planned", "realised", "forecast")


@pytest.fixture(scope="module", params=["example", "transit"])
def people(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
) -> Iterator[Callers]:
    """The example portfolio, and the published one of a transit authority."""
    with houses.opened(migrated_sqlite, tmp_path_factory.mktemp(request.param)) as house:
        yield getattr(houses, request.param)(house)


@pytest.fixture(scope="module")
def report(people: Callers) -> dict[str, Any]:
    return good(people.eve.get(f"/reports/{KIND}?currency=EUR"))


def content(report: dict[str, Any], name: str) -> Any:
    return next(each["content"] for each in report["sections"] if each["name"] == name)


def test_every_number_is_asked_for_again(people: Callers, report: dict[str, Any]) -> None:
    assert trace(people.eve, report) > 100


def test_categories_add_up_to_portfolios_and_these_to_all(report: dict[str, Any]) -> None:
    parts = content(report, "categories")["portfolios"]
    kinds = [(each["currency"], each["per"]) for each in content(report, "total")["total"]["money"]]
    for kind in kinds:
        whole = of_kind(content(report, "total")["total"], kind)
        for name in MEASURES:
            amounts = [of_kind(each, kind)[name] for each in parts if of_kind(each, kind)]
            assert near(summed(amounts), whole[name]["value"])
            assert sum(each["known"] for each in amounts) == whole[name]["known"]
            for part in parts:
                inside = [
                    of_kind(each, kind)[name] for each in part["categories"] if of_kind(each, kind)
                ]
                if of_kind(part, kind):
                    assert near(summed(inside), of_kind(part, kind)[name]["value"])


def of_kind(totals: dict[str, Any], kind: tuple[str, str]) -> Any:
    found = [each for each in totals["money"] if (each["currency"], each["per"]) == kind]
    return found[0] if found else None


def summed(amounts: list[Any]) -> Decimal | None:
    known = [Decimal(each["value"]) for each in amounts if each["value"] is not None]
    return sum(known, Decimal(0)) if known else None


def near(one: Decimal | None, other: str | None) -> bool:
    """Equal but for what rounding to nine places leaves of each addend."""
    if one is None or other is None:
        return one is None and other is None
    return abs(one - Decimal(other)) <= Decimal("0.000001")


def test_the_bars_of_a_waterfall_add_up_to_the_roll_up(report: dict[str, Any]) -> None:
    total = content(report, "total")["total"]
    told = content(report, "waterfall")["waterfalls"]
    assert {(each["currency"], each["per"]) for each in told} == {
        (each["currency"], each["per"]) for each in total["money"]
    }
    for each in told:
        first, *changes, last = each["steps"]
        assert first["total"] is last["total"] is True
        whole = of_kind(total, (each["currency"], each["per"]))
        assert near(Decimal(first["value"]), whole["promised"]["value"] or "0")
        assert near(Decimal(last["value"]), whole["forecast"]["value"] or "0")
        # To the last digit, without any rounding in between.
        assert sum(Decimal(one["value"]) for one in (first, *changes)) == Decimal(last["value"])


def test_curves_end_at_sums_of_the_roll_up(people: Callers, report: dict[str, Any]) -> None:
    rolled = roll_up(
        people.house.runtime, OPERATOR, currency="EUR", at=NOW.date(), forecast=True, now=NOW
    )
    rows = {
        row["kpi"]: row
        for portfolio in rolled["portfolios"]
        for project in portfolio["projects"]
        for category in project["categories"]
        for row in category["kpis"]
    }
    for curve in content(report, "curves")["curves"]:
        today = next(each for each in curve["points"] if each["day"] == NOW.date().isoformat())
        for name in ("planned", "realised"):
            assert near(sum(rows[kpi][name]["value"] for kpi in curve["kpis"]), today[name])
        assert all(
            rows[each["kpi"]]["planned"]["value"] is None
            or rows[each["kpi"]]["realised"]["value"] is None
            for each in curve["left_out"]
        )
        last = curve["points"][-1]
        if last["forecast"] is not None:
            assert near(
                sum(rows[kpi]["forecast"]["value"] for kpi in curve["kpis"]), last["forecast"]
            )


def test_the_pipeline_counts_every_project_once(people: Callers, report: dict[str, Any]) -> None:
    way = content(report, "pipeline")
    listed = good(people.eve.get("/projects?limit=500"))["items"]
    assert way["projects_in_all"] == len(listed) == len(way["projects"])
    for stage in way["stages"]:
        inside = [each["id"] for each in listed if each["stage"] == stage["stage"]]
        assert stage["projects"] == len(inside)
        assert [
            each["project"] for each in way["projects"] if each["stage"] == stage["stage"]
        ] == sorted(inside)
    assert sum(each["projects"] for each in way["stages"]) == len(listed)


def test_how_projects_stand_is_as_each_project_says(
    people: Callers, report: dict[str, Any]
) -> None:
    for each in content(report, "standing")["projects"]:
        said = good(people.eve.get(f"/projects/{each['project']}"))["rag"]
        assert [(one["kpi"], one["value"]) for one in each["kpis"]] == [
            (one["kpi"], one["value"]) for one in said
        ]
        colours = [one["value"] for one in said]
        assert each["worst"] == next(
            (colour for colour in ("red", "amber", "grey", "green") if colour in colours), None
        )
        assert each["counts"] == {
            value: colours.count(value) for value in ("red", "amber", "green", "grey")
        }


def test_the_page_has_all_of_it_and_needs_nothing_else(
    people: Callers, report: dict[str, Any]
) -> None:
    answer = people.eve.get(f"/reports/{KIND}?currency=EUR&format=html")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    page = answer.get_data(as_text=True)
    well_made(page, report)
    for section in report["sections"]:
        assert f'<section id="{section["name"]}"' in page
    assert page == to_html(KIND, report), "the same figures give the same page"


def test_an_early_day_is_reported_as_on_that_day(people: Callers) -> None:
    told = good(people.eve.get(f"/reports/{KIND}?at=2026-06-30"))
    assert told["at"] == "2026-06-30"
    assert trace(people.eve, told) > 100


@pytest.fixture
def busy(house: House) -> Callers:
    return houses.decided(house)


def test_what_people_decided_is_told(busy: Callers) -> None:
    told = good(busy.aud.get(f"/reports/{KIND}?portfolio=main"))
    assert trace(busy.aud, told) > 20
    assert told["about"] == {"type": "portfolio", "id": "main", "name": "Main"}
    (change,) = content(told, "changed")["changes"]
    assert change["title"] == "A smaller web shop"
    assert change["effects"][0]["promised"] == {"first": "1200", "second": "1000", "change": "-200"}
    (expected,) = change["expected"]
    assert (expected["size"], expected["state"]) == ("50", "running")
    (late,) = content(told, "overdue")["items"]
    assert late["kpi"] == "P1-K1"
    assert content(told, "overdue")["number"] == 1
    (waiting,) = content(told, "pipeline")["waiting"]
    assert (waiting["project"], waiting["days_waiting"]) == ("P2", 0)
    gates = {each["gate"]: each for each in content(told, "overrides")["gates"]}
    assert set(gates) == {"value_defined", "planned", "monitoring"}


def test_what_people_wrote_is_text_and_nothing_else(busy: Callers) -> None:
    page = busy.aud.get(f"/reports/{KIND}?format=html").get_data(as_text=True)
    assert "Pay &lt;less&gt; &amp; $save$" in page
    well_made(page, good(busy.aud.get(f"/reports/{KIND}")))


def test_it_is_made_again_as_it_was_known(busy: Callers) -> None:
    size = seal(busy.house, NOW - timedelta(hours=2))
    path = f"/reports/{KIND}?portfolio=main&as_of_size={size}"
    then = good(busy.aud.get(path))
    houses.made.report(busy.house, "P1-K1", {"2026-10-31": 900})
    seal(busy.house, NOW - timedelta(hours=1))
    again = good(busy.aud.get(path))
    assert again == then
    assert again["as_of_size"] == size
    assert trace(busy.aud, again) > 20
    assert all(
        f"as_of_size={size}" in one["query"]
        for each in again["sections"]
        for one in each["sources"]
    )
    now = good(busy.aud.get(f"/reports/{KIND}?portfolio=main"))
    assert content(now, "total") != content(then, "total")


def test_nobody_is_told_of_what_they_may_not_see(busy: Callers) -> None:
    told = good(busy.nil.get(f"/reports/{KIND}"))
    assert content(told, "pipeline")["projects"] == []
    problem(busy.nil.get(f"/reports/{KIND}?portfolio=main"), 404, "not-found")
    problem(busy.nobody.get(f"/reports/{KIND}"), 401, "not-signed-in")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("currency=XXY", "currency"),
        ("at=2027-01-01", "at"),
        ("project=P1", "project"),
        ("format=pdf", "format"),
    ],
)
def test_what_cannot_be_asked_is_named(busy: Callers, query: str, field: str) -> None:
    told = problem(busy.aud.get(f"/reports/{KIND}?{query}"), 422, "invalid-input")
    assert list(told["errors"]) == [field]


def test_a_report_that_there_is_none_of(busy: Callers) -> None:
    told = problem(busy.aud.get("/reports/portfolio-valu"), 404, "not-found")
    assert "did you mean 'portfolio-value'?" in told["detail"]
    assert KIND in [each["name"] for each in good(busy.aud.get("/reports"))["items"]]


def test_what_an_auditor_reads_of_people_is_recorded(busy: Callers) -> None:
    for query in ("", "?format=html"):
        assert busy.eve.get(f"/reports/{KIND}{query}").status_code == 200
    told = good(busy.eve.get("/service/history?limit=500"))["items"]
    reads = [
        each["data"]
        for each in told
        if each["kind"] == "personal.read" and each["data"]["read"].endswith(f"/reports/{KIND}")
    ]
    assert len(reads) == 2
    assert "owner" in reads[0]["of"]
    assert reads[1]["of"] == ["file"]


def test_a_day_that_is_to_come_is_refused_by_the_service(busy: Callers) -> None:
    problem(
        busy.aud.get(f"/reports/{KIND}?at={date(2026, 11, 25).isoformat()}"), 422, "invalid-input"
    )
