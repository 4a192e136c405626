"""Whose projects an author tries rules on, and by which rulebook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from govern.documents.problem import did_you_mean
from govern.domain.actor import Actor
from govern.domain.progress import Progress
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound
from govern.domain.role import ALLOWED, Permission
from govern.observation.frame import Observations, observe
from govern.rulebook.load import load_sources
from govern.rulebook.rule import Rule, Rulebook
from govern.services.engines import in_pieces
from govern.services.observing import load_tables
from govern.services.rulebooks import faulty
from govern.services.runtime import Runtime
from govern.store import projects, rulebooks
from govern.store.observations import count_values

ROWS_AT_ONCE = 270_000
"""KPIs × periods, on average, in a piece of the portfolio for which `projects_at_once` sets the size."""
_MOST_PROJECTS = 10_000
"""SQL databases take only so many values in a list."""
YEARS_BACK = 3
"""How far a range reaches back whose beginning is not said."""


@dataclass(frozen=True, slots=True)
class Range:
    """The periods that end from `first` to `last`, both included."""

    first: date
    last: date


def range_of(first: date | None, last: date | None, now: datetime) -> Range:
    """Up to today and three years back, unless said. Raises InvalidInput."""
    until = last or now.date()
    if until > now.date():
        today = now.date().isoformat()
        raise InvalidInput(
            "Nobody has reported on the future.", errors={"to": [f"today, {today}, or earlier"]}
        )
    since = first or until.replace(day=min(until.day, 28), year=max(1, until.year - YEARS_BACK))
    if since > until:
        raise InvalidInput(
            "A range begins before it ends.", errors={"from": [f"{until.isoformat()} or earlier"]}
        )
    return Range(since, until)


def draft_of(sources: Mapping[str, str]) -> Rulebook:
    """The rulebook of rule files (path → text) that nobody has published. Raises FaultyRules."""
    loaded = load_sources(sources)
    if loaded.rulebook is None:
        raise faulty(loaded.problems)
    return loaded.rulebook


def draft_or_revision(sources: Mapping[str, str] | None, revision: str | None) -> Rulebook | None:
    """The draft, where there is one; it and a revision are two answers to one question.

    Raises InvalidInput for both, FaultyRules for a draft with errors.
    """
    if sources is not None and revision is not None:
        raise InvalidInput(
            "Rules are judged by a draft or by a revision, not by both.",
            errors={"revision": ["leave it out, or the draft"]},
        )
    return None if sources is None else draft_of(sources)


def rulebook_of(runtime: Runtime, connection: Connection, digest: str | None) -> Rulebook:
    """The rulebook in force, or one that was proposed or in force. Raises NoRulebook, NotFound."""
    if digest is None:
        return runtime.catalog.published(connection)
    if rulebooks.find(connection, digest) is None:
        raise NotFound(f"No rulebook {digest} has been proposed or in force.", digest=digest)
    return runtime.catalog.rulebook(connection, digest)


def rule_of(rulebook: Rulebook, rule_id: str) -> Rule:
    """Raises NotFound with the rule that may have been meant."""
    found = rulebook.rule(rule_id)
    if found is None:
        hint = did_you_mean(rule_id, [rule.id for rule in rulebook.rules])
        raise NotFound(
            f"The rulebook has no rule '{rule_id}'." + (f" {hint.capitalize()}" if hint else ""),
            rule=rule_id,
        )
    return found


def require_trying(actor: Actor) -> None:
    """Raises NotAllowed for who may try rules on no project at all."""
    if not any(grant.role in ALLOWED[Permission.TRY_RULES] for grant in actor.grants):
        needed = sorted(role.value for role in ALLOWED[Permission.TRY_RULES])
        raise NotAllowed(f"This takes one of the roles {', '.join(needed)}.", needed=needed)


def projects_at_once(projects: int, values: int) -> int:
    """How many projects make a piece of about `ROWS_AT_ONCE` rows, in a portfolio with so many
    planned or reported values: enough that what every piece costs by itself is little, and few enough
    that memory does not grow with the portfolio."""
    return min(max(1, ROWS_AT_ONCE * projects // max(1, values)), _MOST_PROJECTS)


def tried_on(connection: Connection, actor: Actor, at_once: int | None) -> tuple[list[str], int]:
    """The projects that the actor may try rules on, in order, and how many make a piece: for `None` as
    many as `projects_at_once` says."""
    known = projects.portfolios(connection)
    size = projects_at_once(len(known), count_values(connection)) if at_once is None else at_once
    ids = [
        project_id
        for project_id, portfolio in known
        if actor.may(Permission.TRY_RULES, portfolio, project_id)
    ]
    return ids, size


def observed_in_pieces(
    connection: Connection,
    actor: Actor,
    as_of: date,
    at_once: int | None,
    progress: Progress,
) -> Iterator[Observations]:
    """The projects of `tried_on`, so many at once, as known now."""
    ids, size = tried_on(connection, actor, at_once)
    progress(0, len(ids))
    for done, piece in in_pieces(ids, size):
        yield observe(load_tables(connection, set(piece)), as_of)
        progress(done, len(ids))
