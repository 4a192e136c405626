"""Rulebooks: proposed by an author, put in force by somebody else; sweeps judge by the one in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.documents.problem import Level, Problem
from govern.domain.actor import Actor
from govern.domain.count import counted
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, FaultyRules, NotFound, SeparationOfDuties
from govern.domain.role import Permission
from govern.domain.separation import Pair
from govern.rulebook.load import load_sources
from govern.rulebook.rule import Rule, Rulebook
from govern.services.access import check_version, require_everywhere
from govern.services.gate_tables import lost_gates
from govern.services.ledger import SERVICE, keep_as_it_is, record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.services.separation import is_separated
from govern.store import people, rulebooks
from govern.store.paging import Page, PageRequest

DIRECTORY = "directory"
"""The author of a rulebook that was taken from the rules directory: whoever may write there."""


def propose(
    runtime: Runtime, actor: Actor, sources: Mapping[str, str], *, note: str, now: datetime
) -> Record:
    """Keeps rule files (path → text) as a rulebook that somebody else may put in force.

    Raises NotAllowed, FaultyRules with every problem or every gate that could not be read any
    more, and Duplicate for files that were proposed before, by whomever.
    """
    require_everywhere(actor, Permission.PROPOSE_RULES)
    loaded = load_sources(sources)
    if loaded.rulebook is None:
        raise faulty(loaded.problems)
    rulebook = loaded.rulebook
    with runtime.store.writing() as connection:
        _keep_gates(runtime, connection, rulebook)
        digest = keep_as_it_is(connection, dict(sources), now)
        number = rulebooks.propose(connection, digest, actor.person_id, note, now)
        if number is None:
            raise Duplicate(
                "Exactly these files have been proposed or in force before.", digest=digest
            )
        record_event(
            connection,
            SERVICE,
            actor,
            "rulebook.proposed",
            {
                "proposal": number,
                "digest": digest,
                "note": note,
                "rules": [rule.id for rule in rulebook.rules],
            },
            now,
        )
        signed = receipt(runtime, connection, SERVICE)
    return {**get_revision(runtime, digest), "receipt": signed}


def publish_proposed(
    runtime: Runtime,
    actor: Actor,
    digest: str,
    *,
    note: str | None = None,
    version: int | None = None,
    now: datetime,
) -> Record:
    """Puts a proposed rulebook in force, or one that was in force before.

    Publishing what is in force changes nothing, and has no receipt. Raises NotAllowed, NotFound,
    SeparationOfDuties for its author (which is recorded) unless that pair is switched off,
    StaleVersion where it was published since the caller read it, and FaultyRules where this version
    of govern finds errors in it or gates could not be read any more.
    """
    require_everywhere(actor, Permission.PUBLISH_RULES)
    signed: str | None = None
    try:
        with runtime.store.writing() as connection:
            found = _find(connection, digest, lock=True)
            is_own = found["author"] == actor.person_id
            if is_own and is_separated(connection, Pair.RULE_AUTHOR_PUBLISHER):
                raise SeparationOfDuties(
                    "You proposed this rulebook: somebody else puts it in force, whatever roles you "
                    "hold.",
                    digest=digest,
                )
            check_version(found, version)
            loaded = load_sources(runtime.catalog.sources(connection, digest))
            if loaded.rulebook is None:
                raise faulty(loaded.problems)
            if found["state"] != rulebooks.IN_FORCE:
                _keep_gates(runtime, connection, loaded.rulebook)
                _put_in_force(connection, actor, loaded.rulebook, found, note, now)
                signed = receipt(runtime, connection, SERVICE)
    except SeparationOfDuties as refused:
        with runtime.store.writing() as connection:
            data = {"digest": digest, "code": refused.code}
            record_event(connection, SERVICE, actor, "rulebook.refused", data, now)
        raise
    return {**get_revision(runtime, digest), "receipt": signed}


def publish(
    runtime: Runtime, actor: Actor, rulebook: Rulebook, *, note: str | None, now: datetime
) -> bool:
    """Puts the rules directory in force without a proposal: the convenience of an embedded govern.

    Returns False, changing nothing, where it is in force already. Raises FaultyRules where gates
    could not be read any more.
    """
    with runtime.store.writing() as connection:
        current = rulebooks.in_force(connection)
        if current is not None and current["digest"] == rulebook.digest:
            return False
        _keep_gates(runtime, connection, rulebook)
        digest = keep_as_it_is(connection, dict(rulebook.sources), now)
        rulebooks.propose(connection, digest, DIRECTORY, note, now)
        found = _find(connection, digest)
        _put_in_force(connection, actor, rulebook, found, note, now)
    return True


def _keep_gates(runtime: Runtime, connection: Connection, rulebook: Rulebook) -> None:
    """Raises FaultyRules with every criterion that reads a table which this rulebook has not."""
    lost = lost_gates(runtime, connection, rulebook)
    if lost:
        refused = faulty(tuple(lost))
        gates = f"{len(lost)} criteri{'on' if len(lost) == 1 else 'a'} of gates in use"
        raise FaultyRules(
            f"With these rules {gates} could not be read any more: "
            + "; ".join(f"{each.place}: {each.message}" for each in lost),
            **refused.facts,
        )


def _put_in_force(
    connection: Connection,
    actor: Actor,
    rulebook: Rulebook,
    proposed: Record,
    note: str | None,
    now: datetime,
) -> None:
    number = rulebooks.publish(connection, rulebook.digest, actor.person_id, note, now)
    told: dict[str, Any] = {
        "revision": number,
        "proposal": proposed["id"],
        "digest": rulebook.digest,
        "author": proposed["author"],
        "note": note,
        "rules": [rule.id for rule in rulebook.rules],
    }
    if proposed["author"] == actor.person_id:
        told["not_separated"] = True
    record_event(connection, SERVICE, actor, "rulebook.published", told, now)


def faulty(problems: tuple[Problem, ...]) -> FaultyRules:
    """The refusal of rule files with these problems, each with its place."""
    errors = sum(problem.level is Level.ERROR for problem in problems)
    return FaultyRules(
        f"{counted(errors, 'error')} in the rule files: they come in whole or not at all.",
        problems=[
            {
                "code": problem.code,
                "level": problem.level,
                "path": problem.place.path,
                "line": problem.place.line,
                "column": problem.place.column,
                "message": problem.message,
                "help": problem.help,
            }
            for problem in problems
        ],
    )


def is_published(runtime: Runtime, digest: str) -> bool:
    """Whether the rulebook in force is the one with this digest."""
    with runtime.store.reading() as connection:
        current = rulebooks.in_force(connection)
    return current is not None and current["digest"] == digest


def list_revisions(runtime: Runtime, request: PageRequest, *, state: str | None = None) -> Page:
    """Every rulebook that was proposed: who, when, why, and whether it is in force."""
    with runtime.store.reading() as connection:
        page = rulebooks.page(connection, request, state=state)
        return Page(_named(connection, page.items), page.next_cursor)


def get_revision(runtime: Runtime, digest: str) -> Record:
    """One of them, with its files (`sources`: path → text). Raises NotFound."""
    with runtime.store.reading() as connection:
        [found] = _named(connection, [_find(connection, digest)])
        sources = runtime.catalog.sources(connection, digest)
        return {**found, "sources": sources, "receipt": None}


def _find(connection: Connection, digest: str, lock: bool = False) -> Record:
    found = rulebooks.find(connection, digest, lock)
    if found is None:
        raise NotFound(f"No rulebook {digest} has been proposed.", digest=digest)
    return found


def _named(connection: Connection, found: list[Record]) -> list[Record]:
    ids = {each[who] for each in found for who in ("author", "publisher") if each[who]}
    names = people.names(connection, ids)
    return [
        {
            **each,
            "author_name": names.get(each["author"]),
            "publisher_name": names.get(each["publisher"]),
        }
        for each in found
    ]


def published(runtime: Runtime) -> Record:
    """The rulebook in force: digest, when and by whom published, and its rules."""
    with runtime.store.reading() as connection:
        rulebook = runtime.catalog.published(connection)
        revision = rulebooks.in_force(connection)
    assert revision is not None  # noqa: S101 - `published` has raised NoRulebook otherwise
    return {
        "version": revision["id"],
        "digest": revision["digest"],
        "author": revision["author"],
        "published_by": revision["published_by"],
        "published_at": revision["recorded_at"],
        "note": revision["note"],
        "rules": [_told(rule) for rule in rulebook.rules],
    }


def _told(rule: Rule) -> Record:
    return {
        "id": rule.id,
        "title": rule.title,
        "area": rule.area,
        "status": rule.status,
        "severity": rule.severity,
        "scope": rule.scope,
        "place": str(rule.place),
    }
