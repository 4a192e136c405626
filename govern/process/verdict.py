"""What a gate says of one set of facts: for whoever submits now, and for whoever replays it later.

The same function for both, so that a replay repeats what was done and not something like it.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from govern.domain.criterion import CriterionResult, Outcome
from govern.domain.decision import Advice
from govern.domain.plain import plain
from govern.observation.frame import Observations
from govern.observation.one_project import OneProject
from govern.process import advice, criteria, evidence, waivers
from govern.process.definition import Gate


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every criterion of the gate and each document it asks for, and the machine's advice."""

    results: tuple[CriterionResult, ...]
    advice: Advice


def verdict(
    gate: Gate,
    observations: Observations | OneProject,
    *,
    scores: Mapping[str, Sequence[Decimal]],
    provided: Set[str],
    waived: Mapping[str, str],
) -> Verdict:
    """The verdict on one project. `gate` is one that can be read (see `conditions.with_tables`).

    `scores` are what people gave, criterion id → one score (0 to 10) of each; `provided` the names
    of the documents that were brought; `waived` criterion id → who waived it, until when and why.
    Raises `ValueError` for observations of no project or several.
    """
    results = waivers.apply(
        (*criteria.judge(gate, observations, scores), *evidence.judge(gate, provided)), waived
    )
    return Verdict(results, advice.advise(results, gate))


def told(result: CriterionResult, waiver_id: int | None) -> dict[str, Any]:
    """A result as events and kept texts hold it; `waiver_id` is that of the criterion's waiver."""
    return plain(
        {
            "id": result.id,
            "kind": result.kind,
            "title": result.title,
            "require": result.require,
            "outcome": result.outcome,
            "values": result.values,
            "otherwise": result.otherwise,
            "weight": result.weight,
            "fatal": result.fatal,
            "because": result.because,
            "share": result.share,
            "waiver": result.waiver,
            "waiver_id": waiver_id if result.outcome is Outcome.WAIVED else None,
        }
    )
