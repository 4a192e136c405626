"""What events say of scope changes, and of the versions of the plan that they lead to."""

from govern.store import scope_changes
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import baseline_version, project, scope_change, scope_change_vote


def baseline_frozen(rows: Rows, fact: Fact) -> None:
    rows.change(project, fact.project, bump=False, baseline_frozen_at=fact.at)
    # Before plans had versions, an event named none.
    if "number" in fact.data:
        baseline_kept(rows, fact)


def baseline_kept(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        baseline_version,
        id=data["baseline"],
        project_id=fact.project,
        number=data["number"],
        digest=data["digest"],
        scope_change_id=data.get("scope_change"),
        recorded_by=fact.actor,
        recorded_at=fact.at,
    )


def proposed(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        scope_change,
        id=data["scope_change"],
        project_id=fact.project,
        state=scope_changes.OPEN,
        proposed_by=fact.actor,
        recommendation_id=data.get("recommendation"),
        action=data.get("action"),
        revision=1,
        amended_by=[],
        version=1,
        recorded_at=fact.at,
        **{name: data[name] for name in ("title", "reason", "changes", "effective_on")},
    )


def amended(rows: Rows, fact: Fact) -> None:
    data = fact.data
    names = ("title", "reason", "changes", "effective_on", "revision", "amended_by")
    rows.change(scope_change, data["scope_change"], **{name: data[name] for name in names})


def voted(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        scope_change_vote,
        id=data["vote"],
        scope_change_id=data["scope_change"],
        for_person_id=data.get("for_person_id"),
        revision=data.get("revision", 1),
        recorded_by=fact.actor,
        recorded_at=fact.at,
        **{name: data[name] for name in ("role", "decision", "reason")},
    )
    rows.change(scope_change, data["scope_change"])


def decided(rows: Rows, fact: Fact) -> None:
    # The vote before it has raised the version already.
    rows.change(
        scope_change,
        fact.data["scope_change"],
        bump=False,
        state=fact.data["state"],
        decided_at=fact.at,
    )


def applied(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.change(scope_change, data["scope_change"], bump=False, baseline_number=data["number"])
    baseline_kept(rows, fact)


def withdrawn(rows: Rows, fact: Fact) -> None:
    state = scope_changes.WITHDRAWN
    rows.change(scope_change, fact.data["scope_change"], state=state)
