"""How well each rule recommends: how often what it recommends is accepted, comes to something, or was a
false alarm. Who owns a rule with a poor record is told, once a quarter.

Counted anew from the recommendations each time: nothing is kept that could differ from them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import Cadence, period_end
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Role
from govern.domain.rule_record import Key, Recommended, RuleRecord, grouped, record_of
from govern.rulebook.rule import Rule, Rulebook
from govern.services import notices
from govern.services.due import Candidate, Done, Duty, those
from govern.services.ledger import SERVICE
from govern.services.recommendations import in_force
from govern.services.runtime import Runtime
from govern.store import notices as told
from govern.store import people, rule_records


def records(
    runtime: Runtime,
    actor: Actor,
    *,
    portfolio: str | None = None,
    rule: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Record:
    """The record of each rule (`rules`), of each action (`actions`), and of each rule with each of its
    actions (`rule_actions`), on projects that the actor may see.

    Counted are recommendations that were proposed from `first` to `last`. Raises InvalidInput for a
    range that ends before it begins.
    """
    if first is not None and last is not None and last < first:
        raise InvalidInput(
            "The range ends before it begins.",
            errors={"to": [f"{first.isoformat()} or later"]},
        )
    with runtime.store.reading() as connection:
        found = rule_records.recommended(
            connection, actor, portfolio=portfolio, first=first, last=last
        )
        rulebook = in_force(runtime, connection)
    if rule is not None:
        found = [each for each in found if each.rule == rule]
    return {
        "rules": [
            {**_named(rulebook, each), **asdict(record)}
            for each, record in _records(grouped(found, lambda one: one.rule))
        ],
        "actions": [
            {"action": each, **asdict(record)}
            for each, record in _records(grouped(found, lambda one: one.action))
        ],
        "rule_actions": [
            {"rule": rule_id, "action": action, **asdict(record)}
            for (rule_id, action), record in _records(
                grouped(found, lambda one: (one.rule, one.action))
            )
        ],
    }


def _records(
    groups: Mapping[Key, Collection[Recommended]],
) -> Iterable[tuple[Key, RuleRecord]]:
    return ((key, record_of(found)) for key, found in groups.items())


def _named(rulebook: Rulebook | None, rule_id: str) -> dict[str, Any]:
    """A rule that is not in force any more has a record still, and neither title nor owner."""
    rule = None if rulebook is None else rulebook.rule(rule_id)
    return {
        "rule": rule_id,
        "title": None if rule is None else rule.title,
        "owner": None if rule is None else rule.owner,
        "in_force": rule is not None and rule.status.is_judged,
    }


def _poor(runtime: Runtime, connection: Connection) -> list[tuple[Rule, RuleRecord]]:
    """The rules in force that have a poor record, over all projects and all time."""
    rulebook = in_force(runtime, connection)
    if rulebook is None:
        return []
    groups = grouped(rule_records.recommended(connection), lambda one: one.rule)
    return [
        (rule, record)
        for rule in rulebook.judged
        if (record := record_of(groups.get(rule.id, []))).poor
    ]


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    keys = {_key(rule, now) for rule, _ in _poor(runtime, connection)}
    return [Candidate(SERVICE)] if keys - told.told(connection, keys) else []


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    return those(
        *(
            _tell(connection, actor, rule, record, now)
            for rule, record in _poor(runtime, connection)
        )
    )


def _tell(
    connection: Connection, actor: Actor, rule: Rule, record: RuleRecord, now: datetime
) -> Done | None:
    return notices.send(
        connection,
        actor,
        notices.POOR_RECORD,
        None,
        f"Rule '{rule.id}' ({rule.title}) has a poor record: {record.why}.",
        _owners(connection, rule, now),
        key=_key(rule, now),
        now=now,
    )


def _owners(connection: Connection, rule: Rule, now: datetime) -> list[str]:
    """Who is called or written to as the rule's owner is; where nobody is, who may publish rules."""
    found = [] if rule.owner is None else people.known_as(connection, rule.owner)
    if found:
        return found
    # No project, and no portfolio: only grants on the whole installation reach there.
    return [each["id"] for each in people.holders(connection, Role.RULE_PUBLISHER, "", "", now)]


def _key(rule: Rule, now: datetime) -> str:
    quarter = period_end(Cadence.QUARTERLY, now.date())
    return f"rule-record:{rule.id}:{quarter.isoformat()}"


POOR_RECORDS = Duty(_find, _do)
