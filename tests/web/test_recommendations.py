"""What the API tells of recommendations beyond their answers."""

from typing import Any

import pytest

from govern.rulebook.load import load_sources
from govern.services.people import OPERATOR
from govern.services.rulebooks import publish
from tests.services import house as made
from tests.services.house import NOW, RULES, House
from tests.web.caller import Callers, good, problem

SNOOZE = """\
schema: govern/snoozes/v1
snoozes:
  - {project: P1, until: 2026-12-31, by: ana@example.org, because: Looked at.}
"""


@pytest.fixture
def where(people: Callers, house: House, project: str) -> str:
    """The address of a recommendation that waits."""
    made.report(house, "P1-K1", {"2026-10-31": 100})
    good(people.op.post("/sweeps", {"as_of": "2026-10-31"}))
    [proposed] = good(people.sam.get("/recommendations?open=true&severity=red"))["items"]
    return f"/recommendations/{proposed['id']}"


def answer(people: Callers, where: str, body: dict[str, Any], who: str = "sam") -> Any:
    """By the version that stands now."""
    version = people[who].get(where).headers["ETag"]
    return good(people[who].post(f"{where}/answers", body, version=version))


def test_a_snooze_is_news_to_who_knows_the_version(
    people: Callers, house: House, where: str
) -> None:
    known = {"If-None-Match": people.sam.get(where).headers["ETag"]}
    assert people.sam.call("GET", where, headers=known).status_code == 304
    loaded = load_sources({"benefits.yaml": RULES, "snoozes.yaml": SNOOZE})
    assert loaded.rulebook is not None
    publish(house.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)
    read = good(people.sam.call("GET", where, headers=known))
    assert read["snoozed"] == {
        "until": "2026-12-31",
        "by": "ana@example.org",
        "because": "Looked at.",
    }
    rejected = answer(
        people, where, {"answer": "reject", "reason": "No.", "rejected_because": "too_costly"}
    )
    assert (rejected["rejected_because"], rejected["snoozed"]) == ("too_costly", None)


def test_what_was_accepted_is_reported_as_done(people: Callers, where: str) -> None:
    accept = {"answer": "accept", "reason": "Yes.", "alternative": "drive_adoption"}
    accepted = answer(people, where, accept)
    assert accepted["alternative"] == {"name": "drive_adoption"}
    [to_do] = good(people.pia.get("/waiting"))["to_do"]
    assert (to_do["id"], to_do["what"]) == (accepted["id"], "report_implementation")
    body = {"note": "Trained.", "link": "https://example.org/training"}
    tag = people.pia.get(where).headers["ETag"]
    done = good(people.pia.post(f"{where}/implementation", body, version=tag))
    assert (done["status"], done["implemented_note"]) == ("implemented", "Trained.")
    assert good(people.pia.get("/waiting"))["to_do"] == []
    again = people.pia.post(
        f"{where}/implementation", body, version=people.pia.get(where).headers["ETag"]
    )
    assert problem(again, 409, "recommendation-not-ready")["state"] == "implemented"


def test_what_waits_is_told_by_project_to_who_may_see_it(people: Callers, where: str) -> None:
    [told] = good(people.sam.get("/recommendations/by-project"))["items"]
    assert (told["project"], told["by_severity"]) == ("P1", {"green": 0, "amber": 0, "red": 1})
    assert told["turn"] == [{"role": "sponsor", "recommendations": 1}]
    assert good(people.nil.get("/recommendations/by-project")) == {"items": [], "next": None}
