"""Validating readings: finance confirms what others reported.

It is a reading that is validated, by its number, not a period: so nobody validates a figure that they
have not seen, and a correction, which is a new reading, is provisional again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound, SeparationOfDuties
from govern.domain.role import Permission
from govern.domain.separation import Pair
from govern.services.access import require
from govern.services.ledger import record_event
from govern.services.readings import MOST_AT_ONCE
from govern.services.receipts import receipts
from govern.services.runtime import Runtime
from govern.services.separation import is_separated
from govern.store import projects, validations

NAMED = 20
"""So many readings are named in a sentence; the facts of a refusal have all of them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A reading, and all that was ever reported of its KPI and period, the newest last."""

    reading: Record
    project: str
    versions: Sequence[Record]

    def is_of(self, person: str) -> bool:
        return any(each["recorded_by"] == person for each in self.versions)


class _Own(Exception):  # noqa: N818 - becomes a refusal, once it is recorded
    def __init__(self, own: Sequence[_Asked]) -> None:
        super().__init__()
        self.own = own


def validate_readings(
    runtime: Runtime, actor: Actor, reading_ids: Sequence[int], *, now: datetime
) -> Record:
    """Validates readings, all or none: the `results`, one per reading, in the order given, and the
    `receipts`, one per project in which something was validated.

    One that is validated already is `unchanged`. Raises NotFound with the `readings` that there are
    not, NotAllowed without the role finance on every project, SeparationOfDuties with the `readings`
    that the actor reported or corrected (which is recorded in each project), and InvalidInput naming
    each that was corrected since; nothing is validated then.
    """
    if len(reading_ids) > MOST_AT_ONCE:
        raise InvalidInput(
            "Too many readings at once.", errors={"readings": [f"at most {MOST_AT_ONCE}"]}
        )
    try:
        with runtime.store.writing() as connection:
            asked = _asked(connection, actor, reading_ids)
            own = [each for each in asked.values() if each.is_of(actor.person_id)]
            if own and is_separated(connection, Pair.READING_SUBMITTER_VALIDATOR):
                raise _Own(own)
            _require_in_force(asked, reading_ids)
            fresh = [each for each in asked.values() if each.reading["validated_at"] is None]
            _validate(connection, actor, fresh, now)
            return {
                "results": [_result(asked[each]) for each in reading_ids],
                "receipts": receipts(runtime, connection, {each.project for each in fresh}),
            }
    except _Own as refused:
        _record_refusal(runtime, actor, refused.own, now)
        numbers = [each.reading["id"] for each in refused.own]
        raise SeparationOfDuties(
            "Somebody else validates what you reported or corrected, whatever roles you hold: "
            f"{_these(numbers)}. Nothing was validated.",
            readings=numbers,
        ) from None


def _asked(connection: Connection, actor: Actor, reading_ids: Sequence[int]) -> dict[int, _Asked]:
    of = validations.projects_of(connection, set(reading_ids))
    # In one order, so that two who validate in the same projects do not wait for each other.
    locked = {each: projects.find(connection, each, True) for each in sorted({*of.values()})}
    seen = {
        name: found
        for name, found in locked.items()
        if found and actor.may(Permission.READ, found["portfolio"], found["id"])
    }
    unknown = [each for each in dict.fromkeys(reading_ids) if of.get(each) not in seen]
    if unknown:
        raise NotFound(f"There is no {_these(unknown)} that you may see.", readings=unknown)
    for project in seen.values():
        require(actor, Permission.VALIDATE_READING, project)
    versions: dict[int, list[Record]] = {}
    for each in validations.versions_of(connection, set(reading_ids)):
        versions.setdefault(each["wanted"], []).append(each)
    return {
        wanted: _Asked(next(each for each in found if each["id"] == wanted), of[wanted], found)
        for wanted, found in versions.items()
    }


def _require_in_force(asked: Mapping[int, _Asked], reading_ids: Sequence[int]) -> None:
    errors: dict[str, list[str]] = {}
    first: dict[int, int] = {}
    for index, number in enumerate(reading_ids):
        newest = asked[number].versions[-1]
        if first.setdefault(number, index) != index:
            errors[f"readings.{index}"] = [f"it stands twice: entry {first[number]} has it too"]
        elif newest["id"] != number:
            errors[f"readings.{index}"] = [
                f"reading {number} of {newest['kpi']} for {newest['period']} was corrected: "
                f"reading {newest['id']} is in force"
            ]
    if errors:
        raise InvalidInput("No reading was validated: some cannot be.", errors=errors)


def _validate(connection: Connection, actor: Actor, fresh: Sequence[_Asked], now: datetime) -> None:
    if not fresh:
        return
    numbers = validations.add(
        connection, [each.reading["id"] for each in fresh], now, actor.person_id
    )
    for project in sorted({each.project for each in fresh}):
        here = [each for each in fresh if each.project == project]
        told = [{"validation": numbers[each.reading["id"]], **_fact(each.reading)} for each in here]
        own = [each.reading["id"] for each in here if each.is_of(actor.person_id)]
        # Said only where the pair is switched off, and somebody has used that.
        not_separated = {"not_separated": own} if own else {}
        record_event(
            connection,
            project,
            actor,
            "readings.validated",
            {"readings": told, **not_separated},
            now,
        )


def _record_refusal(runtime: Runtime, actor: Actor, own: Sequence[_Asked], now: datetime) -> None:
    with runtime.store.writing() as connection:
        for project in sorted({each.project for each in own}):
            told = [_fact(each.reading) for each in own if each.project == project]
            record_event(
                connection,
                project,
                actor,
                "validation.refused",
                {"readings": told, "code": SeparationOfDuties.code},
                now,
            )


def _fact(reading: Record) -> Record:
    """Which reading it is, also for somebody who has only the events."""
    return {
        "reading": reading["id"],
        "kpi": reading["kpi"],
        "period": reading["period"],
        "actual": reading["actual"],
        "recorded_by": reading["recorded_by"],
        "recorded_at": reading["recorded_at"],
    }


def _result(asked: _Asked) -> Record:
    reading = asked.reading
    return {
        "reading": reading["id"],
        "kpi": reading["kpi"],
        "period": reading["period"],
        "status": "validated" if reading["validated_at"] is None else "unchanged",
    }


def _these(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:NAMED])) + (" …" if len(numbers) > NAMED else "")
    return f"reading{'s' if len(numbers) > 1 else ''} {shown}"
