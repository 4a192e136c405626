"""Criteria that people score from 0 to 10, where no condition can tell."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from govern.domain.criterion import CriterionResult, Outcome
from govern.process.definition import Criterion, Scorecard

HIGHEST = Decimal(10)
_SHOWN = Decimal("0.01")


def judge(criterion: Criterion, scores: Sequence[Decimal]) -> CriterionResult:
    """The mean of the scores against what is enough; unknown until enough people have scored.

    Raises `ValueError` for a criterion without a scorecard.
    """
    card = criterion.score
    if card is None:
        raise ValueError(f"criterion '{criterion.id}' is not scored by people")
    mean = sum(scores, Decimal(0)) / len(scores) if scores else None
    known = mean is not None and len(scores) >= card.scorers
    if mean is None or not known:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.MET if mean >= card.least else Outcome.NOT_MET
    return CriterionResult(
        id=criterion.id,
        kind=criterion.kind,
        title=criterion.title,
        require=in_words(card),
        outcome=outcome,
        values={
            "score": "unknown" if mean is None or not known else _figure(mean),
            "scores given": f"{len(scores)} of {card.scorers}",
        },
        otherwise=criterion.otherwise,
        weight=criterion.weight,
        fatal=criterion.fatal,
        share=mean / HIGHEST if mean is not None and known else None,
    )


def in_words(card: Scorecard) -> str:
    people = "somebody scores" if card.scorers == 1 else f"{card.scorers} people score"
    return f"{people} it {card.least.normalize():f} of 10 or more"


def _figure(mean: Decimal) -> str:
    return f"{mean.quantize(_SHOWN, ROUND_HALF_UP).normalize():f}"
