"""Which duties are separated here, and switching a pair off, which is never done silently.

It is kept in the database, not in the settings of a process: so every process asks the same, and each
switch has an author, a reason and an event of the ledger.
"""

from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.domain.separation import DUTIES, SWITCHED, KeptIn, Pair
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import people, separations


def is_separated(connection: Connection, pair: Pair) -> bool:
    """Whether nobody may do both; so it is unless it was switched off, and can be."""
    if pair not in SWITCHED:
        return True
    found = separations.in_force(connection).get(pair)
    return found is None or found["separated"]


def list_pairs(runtime: Runtime) -> list[Record]:
    """Every pair: `separated` (`None` where each gate says it), who switched it last, when and why."""
    with runtime.store.reading() as connection:
        switched = separations.in_force(connection)
        names = people.names(connection, {each["recorded_by"] for each in switched.values()})
    told: list[Record] = []
    for duty in DUTIES:
        last = switched.get(duty.pair)
        told.append(
            {
                "pair": duty.pair,
                "says": duty.says,
                "kept_in": duty.kept_in,
                "separated": None
                if duty.kept_in is KeptIn.WORKFLOW
                else last is None or last["separated"],
                "switched_by": names.get(last["recorded_by"]) if last else None,
                "switched_at": last["recorded_at"] if last else None,
                "reason": last["note"] if last else None,
            }
        )
    return told


def switch(
    runtime: Runtime, actor: Actor, pair: str, *, separated: bool, reason: str, now: datetime
) -> bool:
    """Switches a pair of the installation off, or on again; False where it stands so already.

    Raises NotAllowed without the role admin on the installation, InvalidInput for a pair that is
    not switched here, `submitter/decider` above all, and without a reason.
    """
    require_everywhere(actor, Permission.SWITCH_SEPARATION)
    _check(pair, reason)
    with runtime.store.writing() as connection:
        if is_separated(connection, Pair(pair)) is separated:
            return False
        number = separations.add(connection, pair, separated, reason, now, actor.person_id)
        record_event(
            connection,
            SERVICE,
            actor,
            "separation.switched",
            {"switch": number, "pair": pair, "separated": separated, "reason": reason},
            now,
        )
    return True


def _check(pair: str, reason: str) -> None:
    errors: dict[str, list[str]] = {}
    duty = next((each for each in DUTIES if each.pair == pair), None)
    if duty is None:
        errors["pair"] = [f"one of {', '.join(SWITCHED)}"]
    elif duty.kept_in is KeptIn.ALWAYS:
        errors["pair"] = ["it is always separated, for everybody: it cannot be switched off"]
    elif duty.kept_in is KeptIn.WORKFLOW:
        errors["pair"] = ["each gate says it: `separation` in the workflow file"]
    if not reason.strip():
        errors["reason"] = ["why it is switched: it stands in the ledger"]
    if errors:
        raise InvalidInput("Nothing was switched.", errors=errors)
