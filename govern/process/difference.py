"""What two workflows, or two versions of one, say differently: as data and as sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from govern.process.definition import (
    ApproveSlot,
    Criterion,
    Gate,
    Reviews,
    Scorecard,
    Workflow,
)
from govern.process.scorecards import in_words


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """`gate` and `criterion` say where, `what` which key; `None` in `before` or `after` is what is
    not there. `sentence` says it all."""

    kind: Kind
    gate: str | None
    criterion: str | None
    what: str
    before: str | None
    after: str | None
    sentence: str


_Told = Callable[[Any], str | None]


def difference(before: Workflow, after: Workflow) -> tuple[Change, ...]:
    """Stages, gates in their order, who decides, deadlines and criteria; tests are not compared."""
    return (
        *_keys(_WORKFLOW, before, after, None, None, "the workflow"),
        *_stages(before, after),
        *_gates(before, after),
    )


def _stages(before: Workflow, after: Workflow) -> Iterator[Change]:
    for stage in before.stages:
        if stage not in after.stages:
            yield _one(Kind.REMOVED, None, None, "stage", stage, f"The stage '{stage}' is gone.")
    for number, stage in enumerate(after.stages):
        if stage not in before.stages:
            where = f"after '{after.stages[number - 1]}'" if number else "at the beginning"
            told = f"The stage '{stage}' is new, {where}."
            yield _one(Kind.ADDED, None, None, "stage", stage, told)
    kept = [stage for stage in before.stages if stage in after.stages]
    now = [stage for stage in after.stages if stage in before.stages]
    if kept != now:
        told = f"The stages come in another order: {', '.join(now)}."
        yield Change(Kind.CHANGED, None, None, "order", ", ".join(kept), ", ".join(now), told)


def _gates(before: Workflow, after: Workflow) -> Iterator[Change]:
    for gate in before.gates:
        if after.gate(gate.id) is None:
            told = f"The gate '{gate.id}' from {gate.source} to {gate.target} is gone."
            yield _one(Kind.REMOVED, gate.id, None, "gate", gate.title, told)
    for gate in after.gates:
        earlier = before.gate(gate.id)
        if earlier is None:
            told = f"The gate '{gate.id}' from {gate.source} to {gate.target} is new: {gate.title}."
            yield _one(Kind.ADDED, gate.id, None, "gate", gate.title, told)
            continue
        where = f"the gate '{gate.id}'"
        yield from _keys(_GATE, earlier, gate, gate.id, None, where)
        yield from _criteria(earlier, gate)


def _criteria(before: Gate, after: Gate) -> Iterator[Change]:
    earlier = {each.id: each for each in before.criteria}
    later = {each.id: each for each in after.criteria}
    for name, criterion in earlier.items():
        if name not in later:
            told = f"The gate '{after.id}' asks no more for '{name}': {criterion.title}."
            yield _one(Kind.REMOVED, after.id, name, "criterion", _asked(criterion), told)
    for name, criterion in later.items():
        if name not in earlier:
            told = (
                f"The gate '{after.id}' asks for '{name}' as well ({criterion.kind}-meet): "
                f"{criterion.title}."
            )
            yield _one(Kind.ADDED, after.id, name, "criterion", _asked(criterion), told)
            continue
        where = f"the criterion '{name}' of the gate '{after.id}'"
        yield from _keys(_CRITERION, earlier[name], criterion, after.id, name, where)


def _keys(
    keys: Mapping[str, _Told],
    before: Any,
    after: Any,
    gate: str | None,
    criterion: str | None,
    where: str,
) -> Iterator[Change]:
    for what, told in keys.items():
        was, now = told(before), told(after)
        if was == now:
            continue
        kind = Kind.ADDED if was is None else Kind.REMOVED if now is None else Kind.CHANGED
        name = what.replace("_", " ")
        sentence = f"{where}, {name}: {now or 'none any more'}; before: {was or 'none'}."
        sentence = " ".join(sentence.replace(".;", ";").replace("..", ".").split())
        yield Change(kind, gate, criterion, what, was, now, sentence[0].upper() + sentence[1:])


def _one(
    kind: Kind, gate: str | None, criterion: str | None, what: str, value: str, sentence: str
) -> Change:
    was, now = (value, None) if kind is Kind.REMOVED else (None, value)
    return Change(kind, gate, criterion, what, was, now, sentence.replace("..", "."))


def _asked(criterion: Criterion) -> str:
    return criterion.require or (in_words(criterion.score) if criterion.score else "")


def _listed(values: Sequence[str]) -> str | None:
    return ", ".join(values) or None


def _days(value: int | None) -> str | None:
    return None if value is None else f"{value} working day{'' if value == 1 else 's'}"


def _share(value: Decimal) -> str:
    return f"{(value * 100).normalize():f} %"


def _slot(slot: ApproveSlot) -> str:
    of = f" of {slot.of}" if slot.of is not None else ""
    meaning = f" ({slot.meaning})" if slot.meaning else ""
    return f"{slot.votes}{of} {slot.role}{meaning}"


def _score(card: Scorecard | None) -> str | None:
    if card is None:
        return None
    by = f", by {', '.join(card.by)}" if card.by else ""
    anchors = "".join(f"; {at}: {means}" for at, means in card.anchors)
    return in_words(card) + by + anchors


def _condition(criterion: Criterion) -> str | None:
    return None if criterion.require is None else " ".join(criterion.require.split())


def _months(value: int) -> str:
    return f"{value} month{'' if value == 1 else 's'}"


def _reviews(reviews: Reviews | None) -> str | None:
    if reviews is None:
        return None
    repeat = f", again {_months(reviews.repeat)} later" if reviews.repeat else ""
    return (
        f"{_months(reviews.after)} after entering {reviews.since}, due after "
        f"{_months(reviews.due)}{repeat}; signed by {', '.join(reviews.sign)}"
    )


def _survey(reviews: Reviews | None) -> str | None:
    if reviews is None or not reviews.survey:
        return None
    return "; ".join(f"{each.id} ({', '.join(each.of)}): {each.ask}" for each in reviews.survey)


_WORKFLOW: Mapping[str, _Told] = {
    "title": lambda w: w.title,
    "calendar": lambda w: w.calendar,
    "roles_that_reopen": lambda w: _listed(w.reopen),
    "reviews": lambda w: _reviews(w.reviews),
    "survey": lambda w: _survey(w.reviews),
}
_GATE: Mapping[str, _Told] = {
    "title": lambda g: g.title,
    "way": lambda g: f"from {g.source} to {g.target}",
    "cadence": lambda g: g.repeats.value if g.repeats else None,
    "roles_that_submit": lambda g: _listed(g.submit),
    "votes": lambda g: ", ".join(map(_slot, g.approve)),
    "veto": lambda g: _listed(g.veto),
    "roles_that_waive": lambda g: _listed(g.waive),
    "separation": lambda g: _listed(g.separation),
    "time_to_decide": lambda g: _days(g.decide_within),
    "reminder": lambda g: _days(g.remind),
    "escalation": lambda g: _listed(
        [f"to {step.to} after {_days(step.after_working_days)}" for step in g.escalate]
    ),
    "expiry": lambda g: _days(g.expires),
    "freeze": lambda g: g.freezes,
    "shown": lambda g: _listed(g.shows),
    "signature": lambda g: "whoever votes confirms who they are" if g.signature else None,
    "mark": lambda g: _share(g.should_mark),
    "evidence": lambda g: _listed(g.evidence),
}
_CRITERION: Mapping[str, _Told] = {
    "kind": lambda c: f"{c.kind}-meet",
    "title": lambda c: c.title,
    "condition": _condition,
    "scorecard": lambda c: _score(c.score),
    "advice_where_it_is_not_met": lambda c: c.otherwise,
    "weight": lambda c: None if c.weight is None else f"{c.weight.normalize():f}",
    "fatality": lambda c: "it ends the project" if c.fatal else None,
}
