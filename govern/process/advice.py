"""What the machine advises on a submission. People decide; a decision against it is an override.

In this order: an unmet must-meet criterion → recycle (kill where it is marked fatal); an unknown
one → hold; a should-meet score below the gate's mark → conditional go; else go. A criterion that is
waived stands in nobody's way, and is named. One that people score counts with the share they gave.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from govern.domain.criterion import CriterionKind, CriterionResult, Outcome
from govern.domain.decision import Advice, Decision
from govern.process.definition import Gate

_NAMED = 5
"""How many missing values a sentence names; the criterion's result has them all."""


def advise(results: Sequence[CriterionResult], gate: Gate) -> Advice:
    """`results` are those of the gate's criteria. `because` starts with what decided."""
    must = [result for result in results if result.kind is CriterionKind.MUST]
    should = [result for result in results if result.kind is CriterionKind.SHOULD]
    unmet = [result for result in must if result.outcome is Outcome.NOT_MET]
    unknown = [result for result in must if result.outcome is Outcome.UNKNOWN]
    if unmet:
        fatal = any(result.fatal for result in unmet)
        unmet.sort(key=lambda result: not result.fatal)
        return Advice(
            Decision.KILL if fatal else Decision.RECYCLE,
            (*map(_unmet, unmet), *map(_unknown, unknown), *_waived(results)),
        )
    if unknown:
        return Advice(Decision.HOLD, (*map(_unknown, unknown), *_waived(results)))
    total = sum((_weight(result) for result in should), Decimal(0))
    met = sum((_weight(result) * _share(result) for result in should), Decimal(0))
    if met < gate.should_mark * total:
        missed = [result for result in should if not result.outcome.passes]
        return Advice(
            Decision.CONDITIONAL_GO,
            (
                f"The should-meet criteria score {_percent(met / total)}, "
                f"below this gate's mark of {_percent(gate.should_mark)}.",
                *map(_missed, missed),
                *_waived(results),
            ),
        )
    sentences = [_all_met(must)]
    if total:
        sentences.append(
            f"The should-meet criteria score {_percent(met / total)}; this gate's mark is "
            f"{_percent(gate.should_mark)}."
        )
    return Advice(Decision.GO, (*sentences, *_waived(results)))


def _weight(result: CriterionResult) -> Decimal:
    return Decimal(1) if result.weight is None else result.weight


def _share(result: CriterionResult) -> Decimal:
    """How much of its weight a should-meet criterion brings."""
    if result.outcome is Outcome.WAIVED:
        return Decimal(1)
    if result.share is not None and result.outcome is not Outcome.UNKNOWN:
        return result.share
    return Decimal(result.outcome is Outcome.MET)


def _waived(results: Sequence[CriterionResult]) -> tuple[str, ...]:
    return tuple(
        _sentence(f"'{result.id}' is waived", result.waiver or result.title)
        for result in results
        if result.outcome is Outcome.WAIVED
    )


def _unmet(result: CriterionResult) -> str:
    kind = "Fatal must-meet" if result.fatal else "Must-meet"
    return _sentence(f"{kind} '{result.id}' is not met", result.otherwise or result.title)


def _unknown(result: CriterionResult) -> str:
    names = [name for name, value in result.values.items() if value == "unknown"]
    why = f"no value for {_listed(names)}" if names else result.otherwise or result.title
    why = result.because or why
    return _sentence(f"Must-meet '{result.id}' is unknown", why)


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _missed(result: CriterionResult) -> str:
    word = "unknown" if result.outcome is Outcome.UNKNOWN else "not met"
    return _sentence(
        f"Should-meet '{result.id}' (weight {_weight(result).normalize():f}) is {word}",
        result.because or result.otherwise or result.title,
    )


def _all_met(must: Sequence[CriterionResult]) -> str:
    count = len(must)
    if any(result.outcome is Outcome.WAIVED for result in must):
        return "Every must-meet criterion is met or waived."
    if count == 0:
        return "This gate has no must-meet criteria."
    if count == 1:
        return "The must-meet criterion is met."
    return f"All {count} must-meet criteria are met."


def _sentence(start: str, rest: str) -> str:
    return f"{start}: {rest}" if rest.endswith((".", "!", "?")) else f"{start}: {rest}."


def _percent(share: Decimal) -> str:
    """Cut, not rounded, to one decimal: a score just below a mark must not read as the mark."""
    cut = (share * 100).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"{cut.normalize():f} %"
