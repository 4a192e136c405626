"""Late corrections: a figure that was corrected or came in after it had been decided on, and what it
would have changed.

From the events alone. A correction is all that one event reports otherwise than was known; it is put
into the facts that each earlier decision of the project saw, and these are judged again by the rules
and the workflow of that day. Every correction is judged by itself.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Permission
from govern.ledger.event import Event
from govern.services.access import project_for
from govern.services.replay_chain import NOT_THOSE
from govern.services.replay_gates import Cited, Judged, judge
from govern.services.replay_memory import Memory, in_words
from govern.services.replay_rules import Found, find
from govern.services.replay_texts import CannotReplayError, Facts, Texts, understood
from govern.services.replaying import events_in_turn, texts_of
from govern.services.runtime import Runtime
from govern.store import people, projects

Point = tuple[str, str]
"""KPI and period (ISO 8601)."""

DECISIONS = frozenset({"gate.decided", "findings.recorded", "recommendation.proposed"})


@dataclass(frozen=True, slots=True)
class Correction:
    """What an event reports otherwise than was known: point → what was known (`None` for nothing)
    and what is known since. `late` are the points that nothing had been reported for, `reasons` why
    it says so, where it does."""

    seq: int
    at: datetime
    by: str
    values: Mapping[Point, tuple[str | None, str | None]]
    late: frozenset[Point]
    reasons: Mapping[Point, str | None]


@dataclass(slots=True)
class _History:
    """The corrections of a chain, and for each the decisions before it."""

    memory: Memory = field(default_factory=Memory)
    known: dict[Point, str | None] = field(default_factory=dict[Point, str | None])
    decisions: list[tuple[Event, Record]] = field(default_factory=list[tuple[Event, Record]])
    corrections: list[Correction] = field(default_factory=list[Correction])

    def take(self, event: Event, data: Record) -> None:
        if event.kind == "readings.recorded":
            values = {(each["kpi"], each["period"]): each["actual"] for each in data["readings"]}
            was = {point: self.known.get(point) for point in values}
            changed = {p: (was[p], now) for p, now in values.items() if was[p] != now}
            if changed and self.decisions:
                late = frozenset(changed.keys() - self.known.keys())
                told = {(each["kpi"], each["period"]): each for each in data["readings"]}
                # An event of an earlier version has no reasons.
                reasons = {point: told[point].get("reason") for point in changed}
                self.corrections.append(
                    Correction(event.seq, event.recorded_at, event.actor, changed, late, reasons)
                )
            self.known |= values
        elif event.kind in DECISIONS:
            self.decisions.append((event, data))
        self.memory.remember(event, data)


def corrections(runtime: Runtime, actor: Actor, project_id: str) -> list[Record]:
    """The corrections of a project that came after a decision which saw what was known before.

    Each has `event`, `at`, `by`, `by_name`, its `values` (`kpi`, `period`, `was`, `now`, `late`,
    `reason`), how many earlier decisions were `judged` again, and in `decisions` those that would have
    been others or of which nobody can say (`because`). Raises NotFound.
    """
    with runtime.store.reading() as connection:
        project_for(connection, actor, project_id)
        found = corrections_in(events_in_turn(connection, project_id), texts_of(connection))
        named = people.names(connection, {each["by"] for each in found})
    return [{**each, "by_name": named.get(each["by"])} for each in found]


def corrected_projects(runtime: Runtime, actor: Actor) -> list[tuple[str, list[Record]]]:
    """Every project that the actor may see and that has corrections, with them."""
    with runtime.store.reading() as connection:
        known = projects.portfolios(connection)
    ids = [one for one, portfolio in known if actor.may(Permission.READ, portfolio, one)]
    found = [(each, corrections(runtime, actor, each)) for each in ids]
    return [(project_id, those) for project_id, those in found if those]


def corrections_in(events: Iterable[Event], texts: Texts) -> list[Record]:
    """`corrections` of one chain, without names."""
    history = _History()
    for event in events:
        if event.kind not in _TOLD:
            continue
        try:
            history.take(event, texts.reveal(event.data))
        except NOT_THOSE:
            continue  # Replaying names it.
    told = [_told(history, each, texts) for each in history.corrections]
    return [each for each in told if each["judged"]]


_TOLD = DECISIONS | {
    *("readings.recorded", "gate.submitted", "gate.rejudged", "waiver.granted", "waiver.revoked"),
    *("vote.cast", "criterion.scored"),
}


def _told(history: _History, correction: Correction, texts: Texts) -> Record:
    judged = 0
    changed: list[Record] = []
    for event, data in history.decisions:
        if event.seq > correction.seq:
            continue
        about = {
            "event": event.seq,
            "kind": event.kind,
            "at": event.recorded_at,
            **_about(data),
            "then": None,
            "now": None,
            "because": None,
        }
        try:
            both = _again(history.memory, event, data, correction, texts)
        except (CannotReplayError, *NOT_THOSE) as error:
            judged += 1
            changed.append({**about, "because": str(error)})
            continue
        if both is None:
            continue
        judged += 1
        then, now, erased = both
        if then != now:
            changed.append({**about, "then": then, "now": now, "because": erased})
    return {
        "event": correction.seq,
        "at": correction.at,
        "by": correction.by,
        "values": [
            {
                "kpi": kpi,
                "period": period,
                "was": was,
                "now": now,
                "late": (kpi, period) in correction.late,
                "reason": correction.reasons[kpi, period],
            }
            for (kpi, period), (was, now) in sorted(correction.values.items())
        ],
        "judged": judged,
        "decisions": changed,
    }


def _about(data: Record) -> Record:
    return {
        "gate": data.get("gate"),
        "submission": data.get("submission"),
        "decision": data.get("decision"),
        "recommendation": data.get("recommendation"),
    }


def _again(
    memory: Memory, event: Event, data: Record, correction: Correction, texts: Texts
) -> tuple[Record, Record, str | None] | None:
    """The verdict then and with the corrected values; `None` where the facts did not see them."""
    before = texts.facts(data["facts_digest"])
    corrected = _corrected(before, correction)
    if corrected is None:
        return None
    if event.kind != "gate.decided":
        rulebook = texts.rulebook(data["rulebook_digest"])
        then, now = (_states(find(rulebook, each)) for each in (before, corrected))
        subjects = sorted(then.keys() | now.keys())
        if event.kind == "recommendation.proposed":
            subjects = ["/".join(filter(None, (data["rule"], data["kpi"])))]
        other = [each for each in subjects if then.get(each) != now.get(each)]
        first, second = (
            {"advice": None, "outcomes": {each: of.get(each, "silent") for each in other}}
            for of in (then, now)
        )
        return first, second, None
    seen = cast("dict[str, Any]", texts.plain(data["seen_digest"]))
    waivers = memory.granted(seen["waivers"])

    def judged(facts: Facts) -> Judged:
        return judge(
            texts,
            Cited(
                seen["gate"],
                seen["workflow_digest"],
                seen["facts_digest"],
                seen["rulebook_digest"],
            ),
            provided=[each["name"] for each in seen["evidence"]],
            scores=seen["scores"],
            waivers=waivers,
            in_words=in_words(waivers, seen["results"]),
            facts=facts,
        )

    was, would = judged(before), judged(corrected)
    outcomes = [{each["id"]: each["outcome"] for each in one.results} for one in (was, would)]
    other = [name for name in outcomes[0] if outcomes[0][name] != outcomes[1].get(name)]
    first, second = (
        {"advice": one.advice, "outcomes": {name: of[name] for name in other}}
        for one, of in zip((was, would), outcomes, strict=True)
    )
    erased = [name for name in other if name in was.reads_erased]
    because = f"{', '.join(erased)} read what was erased" if erased else None
    return first, second, because


def _states(found: Found) -> dict[str, str]:
    return {
        "/".join(filter(None, subject)): each.state.value
        for subject, each in found.findings.items()
    }


def _corrected(facts: Facts, correction: Correction) -> Facts | None:
    """Facts with the corrected values in place of those that they held; `None` if they held none."""
    plain = copy.deepcopy(dict(facts.plain))
    touched = False
    for kpi in plain["kpis"]:
        by_period: dict[str, Record] = {each["period"]: each for each in kpi["values"]}
        for (kpi_id, period), (was, now) in correction.values.items():
            if kpi_id != kpi["kpi"] or period > facts.as_of:
                continue
            held = by_period.get(period)
            if _number(held["actual"] if held else None) != _number(was):
                continue
            touched = True
            if held is None:
                by_period[period] = {"period": period, "planned": None, "actual": now}
            else:
                held["actual"] = now
        kpi["values"] = [each for _, each in sorted(by_period.items())]
    return understood(plain, "the corrected facts") if touched else None


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
