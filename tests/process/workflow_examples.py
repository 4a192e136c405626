"""Workflows made in code, for tests of what needs no file."""

from decimal import Decimal
from itertools import pairwise
from typing import Any, cast

from hypothesis import strategies as st

from govern.documents.source import Place
from govern.domain.criterion import CriterionKind, CriterionResult, Outcome
from govern.domain.role import Role
from govern.process.definition import ApproveSlot, Gate, Workflow

PLACE = Place("workflows/example.yaml", 1, 1)


def gate(gate_id: str, source: str, target: str, **more: Any) -> Gate:
    return Gate(
        id=gate_id,
        title=gate_id.replace("_", " "),
        source=source,
        target=target,
        submit=(Role.PROJECT_MANAGER,),
        approve=(ApproveSlot(Role.SPONSOR, 1),),
        criteria=(),
        place=PLACE,
        **more,
    )


def workflow(stages: tuple[str, ...], gates: tuple[Gate, ...]) -> Workflow:
    return Workflow("example", 1, "Example", stages, gates, PLACE.path, "", "sha256:0")


def straight(*stages: str) -> Workflow:
    """A gate from each stage to the next, named after the stage it leads to."""
    return workflow(
        stages, tuple(gate(target, source, target) for source, target in pairwise(stages))
    )


FIVE = straight("draft", "value_defined", "planned", "monitoring", "post_review", "closed")


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Any workflow whose every stage is reachable: a straight line with gates added across it."""
    count = draw(st.integers(2, 6))
    stages = tuple(f"s{number}" for number in range(count))
    gates = list(straight(*stages).gates)
    across = draw(
        st.lists(st.tuples(st.sampled_from(stages[:-1]), st.sampled_from(stages)), max_size=4)
    )
    gates += [gate(f"g{n}", source, target) for n, (source, target) in enumerate(across)]
    return workflow(stages, tuple(draw(st.permutations(gates))))


def result(
    criterion_id: str,
    outcome: str,
    kind: str = "must",
    *,
    fatal: bool = False,
    weight: str | None = None,
    values: dict[str, str] | None = None,
    otherwise: str | None = None,
) -> CriterionResult:
    return CriterionResult(
        id=criterion_id,
        kind=CriterionKind(kind),
        title=criterion_id.capitalize(),
        require="budget > 0",
        outcome=Outcome(outcome),
        values=cast(dict[str, str], values or {}),
        otherwise=otherwise,
        weight=Decimal(weight) if weight else None,
        fatal=fatal,
    )
