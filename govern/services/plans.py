"""Writing planned values: in everyday editing and by an approved scope change alike."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.reading import PlannedValue
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.services.ledger import record_event
from govern.services.recording import off_cadence
from govern.store import readings


def check(kpi: Record, planned: Sequence[Mapping[str, Any]]) -> dict[date, Decimal]:
    """Period → value of what is asked for (`period`, `planned`). Raises InvalidInput for periods that
    are none of the KPI's."""
    errors = {
        f"planned.{index}.period": [problem]
        for index, each in enumerate(planned)
        if (problem := off_cadence(each["period"], kpi)) is not None
    }
    if errors:
        raise InvalidInput("No planned value was recorded.", errors=errors)
    return {each["period"]: each["planned"] for each in planned}


def fresh(
    connection: Connection, kpi: Record, wanted: Mapping[date, Decimal]
) -> list[PlannedValue]:
    """Those of the values that are not in force already, in order of period."""
    in_force = readings.planned_in_force(connection, {kpi["project"]})
    return [
        PlannedValue(kpi["id"], period, value)
        for period, value in sorted(wanted.items())
        if in_force.get((kpi["id"], period)) != value
    ]


def write(
    connection: Connection,
    actor: Actor,
    kpi: Record,
    new: Sequence[PlannedValue],
    now: datetime,
    **also: Any,
) -> None:
    """Adds the values and tells of them; `also` goes into the event."""
    if not new:
        return
    ids = readings.add_planned(connection, new, now, actor.person_id)
    told = {"planned": [*map(planned_fact, new, ids)], **also}
    record_event(connection, kpi["project"], actor, "plan.recorded", told, now)


def planned_fact(planned: PlannedValue, number: int) -> dict[str, Any]:
    """As an event tells a planned value; `number` is that of its row."""
    return {
        "id": number,
        "kpi": planned.kpi_id,
        "period": planned.period,
        "planned": planned.planned,
    }
