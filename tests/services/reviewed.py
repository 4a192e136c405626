"""A workflow with reviews, and a project that is rolled out under it on 2026-11-24."""

from datetime import date
from decimal import Decimal
from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Role
from govern.services import people, readings, review_signature, reviews
from govern.services.people import OPERATOR
from govern.store import people as stored_people
from govern.store import reviews as stored
from tests.services.house import NOW, House, add_project
from tests.services.timed import at, pass_gate, pass_time, take

WORKFLOW = """\
schema: govern/workflow/v1
id: reviewed
version: 1
stages: [draft, rolled_out, closed]
reviews:
  since: rolled_out
  after: 6 months
  due: 12 months
  repeat: 12 months
  sign: [benefit_owner, sponsor]
  survey:
    - {id: used, ask: Is it used?, of: [data_owner, finance]}
    - {id: again, ask: Would you do it again?, of: [sponsor]}
gates:
  - id: out
    title: Rolled out
    from: draft
    to: rolled_out
    submit: [project_manager]
    approve: [{role: sponsor}]
    freezes: baseline
    criteria: {must: [{id: budget-set, require: budget != null}]}
  - id: close
    title: Close
    from: rolled_out
    to: closed
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria: {must: [{id: budget-set, require: budget != null}]}
"""

KPI = "P1-K1"
OPENS = "2027-05-24"


def drafted(house: House, project: str = "P1") -> str:
    """Promises revenue from 0 to 1200."""
    take(house, WORKFLOW)
    return add_project(house, project, workflow="reviewed")


def rolled_out(house: House, project: str = "P1") -> str:
    pass_gate(house, drafted(house, project), "out")
    return project


def ben(house: House) -> Actor:
    """Who owns the benefit."""
    return person(house, "Ben", Role.BENEFIT_OWNER)


def person(house: House, name: str, role: Role) -> Actor:
    email = f"{name.lower()}@example.org"
    person_id = people.add_person(house.runtime, OPERATOR, email=email, name=name, now=NOW)
    people.grant_role(house.runtime, OPERATOR, email=email, role=role, portfolio="main", now=NOW)
    with house.runtime.store.reading() as connection:
        actor = stored_people.actor_of_person(connection, person_id, NOW)
    assert actor is not None
    return actor


def report(house: House, period: str, actual: str | None, day: str) -> None:
    """What Dan reports of the KPI."""
    figure = None if actual is None else Decimal(actual)
    values: list[dict[str, Any]] = [
        {"kpi": KPI, "period": date.fromisoformat(period), "actual": figure, "reason": "Counted."}
    ]
    readings.record_readings(house.runtime, house.dan, values, now=at(day))


def opened(house: House, actual: str | None = "1080") -> int:
    """The number of the review that time has opened, with a figure for April 2027."""
    rolled_out(house)
    if actual is not None:
        report(house, "2027-04-30", actual, "2027-05-20")
    pass_time(house, OPENS)
    return only(house)


def only(house: House) -> int:
    with house.runtime.store.reading() as connection:
        return stored.of_project(connection, "P1")[-1]["id"]


def write(house: House, review: int, day: str = "2027-05-28", **fields: Any) -> Record:
    """What Pia writes."""
    return reviews.change(house.runtime, house.pia, review, fields, version=None, now=at(day))


KEPT = {
    "kpi": KPI,
    "follow_up": "keep_measuring",
    "owner": "Olga",
    "until": date(2028, 6, 30),
    "note": None,
}


def written(house: House, review: int, **more: Any) -> Record:
    """All that a signature needs: the KPI is 120 short of its target, and is measured on."""
    fields: dict[str, Any] = {"rating": "met", "summary": "It sells.", "kpis": [KEPT], **more}
    return write(house, review, **fields)


def sign(
    house: House,
    by: Actor,
    review: int,
    day: str = "2027-05-29",
    reason: str | None = None,
    currency: str | None = None,
) -> Record:
    return review_signature.sign(
        house.runtime, by, review, reason=reason, currency=currency, version=None, now=at(day)
    )
