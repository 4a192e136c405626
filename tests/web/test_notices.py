"""Notices, read by those whom they concern."""

from govern.services.people import OPERATOR
from govern.services.ticking import tick
from tests.services import house as made
from tests.services.house import House
from tests.services.timed import at
from tests.web.caller import Callers, good, problem


def kinds(people: Callers, who: str, path: str = "/notices") -> list[str]:
    return [each["kind"] for each in good(people[who].get(path))["items"]]


def test_each_reads_what_concerns_them_by_name_or_in_their_role(
    people: Callers, house: House
) -> None:
    for project in ("P1", "P2"):
        made.add_project(house, project)
        made.submit(house, project, "value_defined")
    tick(house.runtime, OPERATOR, now=at("2026-12-04"))
    assert kinds(people, "sam") == ["gate.reminded", "gate.reminded"]
    assert "gate.escalated" in kinds(people, "gus")
    assert kinds(people, "pia") == kinds(people, "aud") == kinds(people, "nil") == []
    assert kinds(people, "sam", "/notices?project=P2") == ["gate.reminded"]
    assert kinds(people, "gus", "/notices?kind=gate.reminded&project=P1") == ["gate.reminded"]
    problem(people.nil.get("/notices?project=P1"), 404, "not-found")
    problem(people.sam.get("/notices?kind=gossip"), 422, "invalid-input")
    page = good(people.sam.get("/notices?limit=1&sort=project"))
    assert [each["project"] for each in page["items"]] == ["P1"]
    following = good(people.sam.get(f"/notices?limit=1&sort=project&cursor={page['next']}"))
    assert [each["project"] for each in following["items"]] == ["P2"]
    (read,) = good(people.sam.get("/notices?project=P1"))["items"]
    assert read["text"] == (
        "Gate 'Value is defined' of P1 is to be decided by 2026-12-08. Missing: 1 of sponsor."
    )
