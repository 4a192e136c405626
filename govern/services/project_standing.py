"""A project as alternatives are computed on it: KPIs with forecasts, deliverables, shares, budget."""

from datetime import datetime

from sqlalchemy import Connection

from govern.adjustments.standing import Benefit, Standing, Work
from govern.domain.benefits.paths import contributions
from govern.domain.project import DeliverableState
from govern.domain.record import Record
from govern.services.courses import Course, courses
from govern.services.rollup import Used, exchange_into
from govern.store import deliverables, exchange_rates
from govern.store.benefits import load_map


def standing_of(
    connection: Connection, project: Record, currency: str | None, used: Used, now: datetime
) -> Standing:
    """What is known of the project on the day of `now`. Money is in `currency`, or else in each KPI's
    own; `used` takes the rates that it is exchanged by."""
    day = now.date()
    rates = exchange_rates.table(connection, day)

    def benefit(course: Course) -> Benefit:
        kpi = course.kpi
        own: str | None = kpi["currency"]
        into = currency if own is not None and currency is not None else own
        history = course.history()
        return Benefit(
            id=kpi["id"],
            name=kpi["name"],
            unit=kpi["unit"],
            currency=into,
            measured=course.measured,
            history=history,
            forecast=course.forecast(),
            exchange=exchange_into(own, into, rates, used),
            target_on=kpi["target_on"],
            part_of=kpi["part_of"],
            inputs=tuple(sorted(set(kpi["inputs"].values()))) if kpi["formula"] else (),
        )

    return Standing(
        project=project["id"],
        today=day,
        start=project["start"],
        end=project["end"],
        budget=project["budget"],
        spent=project["spent"],
        benefits=tuple(benefit(each) for each in courses(connection, [project], day)),
        works=tuple(
            Work(
                each["id"], each["name"], DeliverableState(each["state"]), each["due"], each["cost"]
            )
            for each in deliverables.of_project(connection, project["id"])
        ),
        shares=contributions(load_map(connection, [project["id"]])),
    )
