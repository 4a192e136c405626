"""Publishing a rulebook: from then on sweeps judge by it, and every finding names it."""

from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.rulebook.rule import Rulebook
from govern.services.ledger import SERVICE, keep, record_event
from govern.services.runtime import Runtime
from govern.store import revisions


def publish(
    runtime: Runtime, actor: Actor, rulebook: Rulebook, *, note: str | None, now: datetime
) -> bool:
    """Puts a rulebook in force. Returns False, changing nothing, where it is in force already."""
    with runtime.store.writing() as connection:
        current = revisions.published_rulebook(connection)
        if current is not None and current["digest"] == rulebook.digest:
            return False
        digest = keep(connection, dict(rulebook.sources), now)
        revisions.add_rulebook(connection, digest, actor.person_id, note, now)
        record_event(
            connection,
            SERVICE,
            actor,
            "rulebook.published",
            {"digest": digest, "note": note, "rules": [rule.id for rule in rulebook.rules]},
            now,
        )
    return True


def is_published(runtime: Runtime, digest: str) -> bool:
    """Whether the rulebook in force is the one with this digest."""
    with runtime.store.reading() as connection:
        current = revisions.published_rulebook(connection)
    return current is not None and current["digest"] == digest


def published(runtime: Runtime) -> Record:
    """The rulebook in force: digest, when and by whom published, and its rules."""
    with runtime.store.reading() as connection:
        rulebook = runtime.catalog.published(connection)
        revision = revisions.published_rulebook(connection)
    assert revision is not None  # noqa: S101 - `published` has raised NoRulebook otherwise
    return {
        "digest": revision["digest"],
        "published_by": revision["published_by"],
        "published_at": revision["recorded_at"],
        "note": revision["note"],
        "rules": [
            {
                "id": rule.id,
                "title": rule.title,
                "area": rule.area,
                "status": rule.status,
                "severity": rule.severity,
                "scope": rule.scope,
                "place": str(rule.place),
            }
            for rule in rulebook.rules
        ],
    }
