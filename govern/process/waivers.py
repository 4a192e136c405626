"""What a waiver does to a criterion that stands in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from govern.domain.criterion import CriterionResult, Outcome


def apply(
    results: Sequence[CriterionResult], waived: Mapping[str, str]
) -> tuple[CriterionResult, ...]:
    """`waived` is criterion id → who waived it, until when and why. A criterion that is met stays
    met: the waiver was not needed then."""
    return tuple(
        replace(each, outcome=Outcome.WAIVED, waiver=waived[each.id])
        if each.id in waived and each.outcome is not Outcome.MET
        else each
        for each in results
    )
