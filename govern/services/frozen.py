"""Refusing to change what a gate froze, and saying how it is changed."""

from typing import Any

from govern.domain.record import Record
from govern.domain.refusal import BaselineFrozen


def frozen(project: Record, what: str, **facts: Any) -> BaselineFrozen:
    """`what` is a clause that says what was agreed, such as "the trajectory was agreed at a gate"."""
    return BaselineFrozen(
        f"{what}: propose a scope change of project {project['id']} instead.",
        **facts,
        project=project["id"],
        frozen_at=project["baseline_frozen_at"],
        propose=f"/projects/{project['id']}/scope-changes",
    )
