"""What events say of rulebooks and workflows, sweeps, findings and recommendations."""

from typing import Any

from govern.domain.recommendation import RecommendationStatus
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import (
    finding,
    recommendation,
    rulebook_proposal,
    rulebook_revision,
    sweep,
    workflow_revision,
)


def workflow_recorded(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        workflow_revision,
        digest=data["digest"],
        workflow_id=data["workflow"],
        workflow_version=data["version"],
        path=data["path"],
        recorded_at=fact.at,
    )


def rulebook_proposed(rows: Rows, fact: Fact) -> None:
    rows.add(
        rulebook_proposal,
        id=fact.data["proposal"],
        digest=fact.data["digest"],
        author=fact.actor,
        note=fact.data["note"],
        recorded_at=fact.at,
    )


def rulebook_published(rows: Rows, fact: Fact) -> None:
    data = fact.data
    if not rows.is_proposed(data["digest"]):
        # The rules directory is put in force without a proposal of its own.
        rows.add(
            rulebook_proposal,
            id=data["proposal"],
            digest=data["digest"],
            author=data["author"],
            note=data["note"],
            recorded_at=fact.at,
        )
    rows.add(
        rulebook_revision,
        id=data["revision"],
        digest=data["digest"],
        published_by=fact.actor,
        note=data["note"],
        recorded_at=fact.at,
    )


def sweep_recorded(rows: Rows, fact: Fact) -> None:
    names = ("as_of", "rulebook_digest", "facts_digest", "outcome_digest", "counts")
    rows.add(
        sweep,
        id=fact.data["sweep"],
        recorded_by=fact.actor,
        recorded_at=fact.at,
        **{name: fact.data[name] for name in names},
    )


def findings_recorded(rows: Rows, fact: Fact) -> None:
    data = fact.data
    names = ("id", "period", "state", "streak", "severity", "message", "observed")
    stands = data.get("standing", False)
    if stands:
        rows.end_findings(fact.project, data["sweep"])
    for each in data["findings"]:
        rows.add(
            finding,
            rule_id=each["rule"],
            project_id=fact.project,
            kpi_id=each["kpi"],
            as_of=data["as_of"],
            rulebook_digest=data["rulebook_digest"],
            facts_digest=data["facts_digest"],
            snoozed=each.get("snoozed"),
            withheld=each.get("withheld", False),
            sweep_id=data["sweep"],
            ended_by=None if stands else data["sweep"],
            **{name: each[name] for name in names},
        )


def recommendation_proposed(rows: Rows, fact: Fact) -> None:
    values = dict(fact.data)
    rows.add(
        recommendation,
        id=values.pop("recommendation"),
        rule_id=values.pop("rule"),
        kpi_id=values.pop("kpi"),
        project_id=fact.project,
        version=1,
        recorded_at=fact.at,
        **values,
    )


_TOLD = (
    *("reason", "decide_by", "deferred_until", "superseded_by", "scope_change_id"),
    *("implemented_by", "implemented_at", "implemented_note", "implemented_link"),
    "closed_at",
)


def recommendation_answered(rows: Rows, fact: Fact) -> None:
    rows.change(
        recommendation,
        fact.data["recommendation"],
        status=fact.kind.partition(".")[2],
        reason=fact.data["reason"],
        deferred_until=fact.data["deferred_until"],
        answered_by=fact.actor,
        answered_at=fact.at,
        rejected_because=fact.data.get("rejected_because"),
        alternative=fact.data.get("alternative"),
        closed_at=fact.data.get("closed_at"),
    )


def recommendation_moved(rows: Rows, fact: Fact) -> None:
    """Each column that the event tells; the others stay."""
    told: dict[str, Any] = {name: fact.data[name] for name in _TOLD if name in fact.data}
    rows.change(recommendation, fact.data["recommendation"], status=fact.data["to"], **told)


def recommendation_cleared(rows: Rows, fact: Fact) -> None:
    rows.change(
        recommendation,
        fact.data["recommendation"],
        status=RecommendationStatus.CLEARED.value,
        reason=fact.data["reason"],
        closed_at=fact.data.get("closed_at"),
    )
