"""Delegation: somebody on leave lets a colleague vote for them, from one day to another.

It is not handed on: a deputy votes in the roles that were granted to whom they stand for, never in
those delegated to that person. The vote stays that person's; both stand in the history.
"""

from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import DelegationCircle, InvalidInput, NotAllowed, NotFound
from govern.domain.role import ALLOWED, Permission
from govern.services.access import check_version, project_for
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import delegations, people, portfolios
from govern.store.paging import Page, PageRequest


def delegate(
    runtime: Runtime,
    actor: Actor,
    *,
    to: str,
    starts_on: date,
    ends_on: date,
    reason: str,
    of: str | None = None,
    portfolio: str | None = None,
    project: str | None = None,
    gate: str | None = None,
    now: datetime,
) -> Record:
    """Lets `to` vote for the actor, or for `of` where an administrator arranges it.

    `to` and `of` are ids or e-mail addresses. Days are inclusive. `portfolio`, `project` and `gate`
    narrow what it covers, together. Raises InvalidInput, NotAllowed for another's votes without the
    role admin, DelegationCircle where the other has delegated to this person on one of the days;
    nothing changes then.
    """
    with runtime.store.writing() as connection:
        giver = actor.person_id if of is None else people.resolve(connection, of) or of
        to = people.resolve(connection, to) or to
        if giver != actor.person_id:
            _require_admin(actor)
        _check(connection, actor, giver, to, starts_on, ends_on, now.date())
        if project is not None:
            found = project_for(connection, actor, project)
            if portfolio not in (None, found["portfolio"]):
                raise InvalidInput(
                    "The project is in another portfolio.",
                    errors={"portfolio": [f"{found['portfolio']}, or leave it out"]},
                )
        elif portfolio is not None and portfolios.find(connection, portfolio) is None:
            raise InvalidInput(
                "There is no such portfolio.", errors={"portfolio": ["the id of a portfolio"]}
            )
        values = {
            "from_person_id": giver,
            "to_person_id": to,
            "portfolio_id": portfolio,
            "project_id": project,
            "gate": gate,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "reason": reason,
        }
        delegation_id = delegations.add(connection, {**values, "recorded_by": actor.person_id}, now)
        data = {"delegation": delegation_id, **values}
        record_event(connection, SERVICE, actor, "delegation.given", data, now)
        return _told(connection, _found(connection, delegation_id))


def revoke(
    runtime: Runtime,
    actor: Actor,
    delegation_id: int,
    *,
    reason: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Ends a delegation at once: by whom it is, or an administrator. Votes cast stay.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput where it has been revoked.
    """
    with runtime.store.writing() as connection:
        found = _visible(connection, actor, delegation_id, lock=True)
        if found["from_person_id"] != actor.person_id:
            _require_admin(actor)
        check_version(found, version)
        if found["revoked_at"] is not None:
            raise InvalidInput("It has been revoked.", errors={"delegation": ["one in force"]})
        delegations.revoke(connection, found, actor.person_id, now)
        record_event(
            connection,
            SERVICE,
            actor,
            "delegation.revoked",
            {
                "delegation": delegation_id,
                "from_person_id": found["from_person_id"],
                "to_person_id": found["to_person_id"],
                "reason": reason,
            },
            now,
        )
        return _told(connection, _found(connection, delegation_id))


def get_delegation(runtime: Runtime, actor: Actor, delegation_id: int) -> Record:
    with runtime.store.reading() as connection:
        return _told(connection, _visible(connection, actor, delegation_id))


def list_delegations(runtime: Runtime, actor: Actor, request: PageRequest) -> Page:
    """Those from and to the actor; all of them for an administrator or an auditor."""
    with runtime.store.reading() as connection:
        person = None if _sees_all(actor) else actor.person_id
        found = delegations.page(connection, request, person_id=person)
        return Page([_told(connection, each) for each in found.items], found.next_cursor)


def _check(
    connection: Connection,
    actor: Actor,
    giver: str,
    to: str,
    starts_on: date,
    ends_on: date,
    today: date,
) -> None:
    named = people.names(connection, {giver, to})
    errors: dict[str, list[str]] = {}
    if giver not in named:
        errors["of"] = ["the e-mail address or the id of a person"]
    if to not in named:
        errors["to"] = ["the e-mail address or the id of a person"]
    elif to == giver:
        errors["to"] = ["somebody else: nobody stands in for themselves"]
    elif giver != actor.person_id and to == actor.person_id:
        errors["to"] = ["somebody else: an administrator does not take another's votes"]
    if ends_on < starts_on:
        errors["ends_on"] = [f"{starts_on.isoformat()} or later"]
    elif ends_on < today:
        errors["ends_on"] = [f"today, {today.isoformat()}, or later"]
    if errors:
        raise InvalidInput("This cannot be delegated so.", errors=errors)
    back = delegations.overlapping(connection, to, giver, starts_on, ends_on)
    if back:
        raise DelegationCircle(
            f"{named[to]} has delegated to {named[giver]} from "
            f"{back[0]['starts_on'].isoformat()} to {back[0]['ends_on'].isoformat()}: then neither "
            "would be there.",
            delegation=back[0]["id"],
        )


def _require_admin(actor: Actor) -> None:
    needed = ALLOWED[Permission.MANAGE_ACCESS]
    if needed.isdisjoint(actor.everywhere):
        raise NotAllowed(
            "Only an administrator arranges or ends the delegation of another person's votes.",
            needed=sorted(role.value for role in needed),
            held=sorted(role.value for role in actor.everywhere),
        )


def _sees_all(actor: Actor) -> bool:
    return not (ALLOWED[Permission.MANAGE_ACCESS] | ALLOWED[Permission.READ_AUDIT]).isdisjoint(
        actor.everywhere
    )


def _visible(
    connection: Connection, actor: Actor, delegation_id: int, lock: bool = False
) -> Record:
    found = delegations.find(connection, delegation_id, lock)
    own = found is not None and actor.person_id in (
        found["from_person_id"],
        found["to_person_id"],
    )
    if found is None or not (own or _sees_all(actor)):
        raise NotFound(f"There is no delegation {delegation_id} that you may see.")
    return found


def _found(connection: Connection, delegation_id: int) -> Record:
    found = delegations.find(connection, delegation_id)
    assert found is not None  # noqa: S101 - it was written a moment ago
    return found


def _told(connection: Connection, found: Record) -> Record:
    named = people.names(connection, {found["from_person_id"], found["to_person_id"]})
    return {
        **{k: v for k, v in found.items() if k not in ("portfolio_id", "project_id")},
        "portfolio": found["portfolio_id"],
        "project": found["project_id"],
        "from_name": named.get(found["from_person_id"]),
        "to_name": named.get(found["to_person_id"]),
    }
