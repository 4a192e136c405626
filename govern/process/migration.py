"""Where a project that changes its workflow stands afterwards, and what its gate says no more."""

from collections.abc import Mapping
from dataclasses import dataclass

from govern.domain.refusal import IllegalMove
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.definition import Workflow
from govern.process.evidence import criterion_id
from govern.process.machine import Machine, Moved


@dataclass(frozen=True, slots=True)
class Placed:
    """Where it stands then; or `why` it cannot be placed, and `stage`, the one to be mapped."""

    moved: Moved | None
    stage: str
    why: str | None = None


def place(
    stage: str,
    held_from: str | None,
    before: Workflow,
    after: Machine,
    mapping: Mapping[str, str],
) -> Placed:
    """A stage goes to the one that `mapping` says, or to the one of its name.

    On hold and terminated stay what they are; the stage to resume or reopen in is mapped. The
    machine has the last word: no project ends by a migration, and none that has ended goes on.
    """
    stands = held_from if stage in (ON_HOLD, TERMINATED) else stage
    if stands is None:
        # It ended before the stage that it ended in was kept.
        return Placed(Moved(stage, None, 0), stage)
    target = mapping.get(stands, stands)
    known = after.workflow.stages
    if target not in known:
        asked = f"--map {stands}=STAGE" if stands not in mapping else f"one of {', '.join(known)}"
        why = f"workflow '{after.workflow.id}' has no stage '{target}': say which, {asked}"
        return Placed(None, stands, why)
    ended = stage == before.final
    if ended != (target == after.workflow.final) and stage != TERMINATED:
        why = (
            f"'{stands}' is where its way ended, and '{target}' is not"
            if ended
            else f"'{target}' is where the way ends, and only a gate takes a project there"
        )
        return Placed(None, stands, why)
    try:
        moved = after.stand(target, None) if stands == stage else after.stand(stage, target)
    except IllegalMove as refused:
        return Placed(None, stands, refused.detail)
    return Placed(moved, stands)


def judged(workflow: Workflow) -> frozenset[tuple[str, str]]:
    """Each criterion of each gate, those that evidence makes among them, as (gate, criterion)."""
    return frozenset(
        (gate.id, name)
        for gate in workflow.gates
        for name in (
            *(each.id for each in gate.criteria),
            *map(criterion_id, gate.evidence),
        )
    )
