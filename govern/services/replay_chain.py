"""One chain replayed: what each verdict, vote, decision and finding should have said.

Pure: events in order and the texts that they cite in, outcomes out. What people did before (waivers,
scores, votes) is taken from the events themselves, never from the tables of the service.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from govern.domain.decision import Answer, Decision
from govern.domain.plain import plain
from govern.domain.refusal import IllegalMove
from govern.ledger.canonical import NotCanonical
from govern.ledger.event import Event
from govern.process.machine import REOPEN, RESUME
from govern.services.replay_difference import Difference, differences
from govern.services.replay_gates import Cited, Judged, decide, judge
from govern.services.replay_memory import Memory, in_words
from govern.services.replay_rules import Found, find
from govern.services.replay_texts import CannotReplayError, Texts
from govern.services.working_days import calendar_of

Data = Mapping[str, Any]


class Outcome(StrEnum):
    """`SAME`: recomputed, and so it was. `DIFFERENT`: recomputed, and it was not so. `ERASED`: it
    differs where a personal text was read or told that has been erased since, so that nobody can say.
    `LOST`: what it cites is gone, or this engine cannot read it."""

    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Replayed:
    """An event that was replayed. `engine` is the version that wrote it, where it says so; `because`
    is why it could not be recomputed."""

    project: str
    seq: int
    at: datetime
    kind: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    because: str | None = None
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """`erased` says why each place that begins so (`results[owner-named]`) cannot be known."""

    differences: tuple[Difference, ...]
    erased: Mapping[str, str] = field(default_factory=dict[str, str])
    follows: bool = False
    """Whether what hangs on the criteria may differ because one of those places does."""


_Replay = Callable[[Event, Data], _Answer]

_FOLLOWS = ("advice", "override", "waived", "seen.advice")
"""What hangs on how criteria come out."""

_NOT_OF_THE_RULES = frozenset({"id", "withheld"})
"""What a finding tells that no rule says: its row, and that an earlier sweep held it back."""

NOT_THOSE = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration)
"""What reading an event's data raises that are not those of its kind."""


def replay_chain(
    events: Iterable[Event], texts: Texts, since: datetime | None = None
) -> Iterator[Replayed]:
    """Each event of a chain that can be recomputed. Those before `since` are only remembered."""
    chain = _Chain(texts)
    for event in events:
        try:
            data = texts.reveal(event.data)
        except (NotCanonical, *NOT_THOSE):
            yield _of(event, Outcome.LOST, because="its body is no event")
            continue
        replay = chain.replays.get(event.kind)
        if replay is not None and (since is None or event.recorded_at >= since):
            yield _replayed(event, data, replay)
        try:
            chain.memory.remember(event, data)
        except NOT_THOSE:
            if replay is None:
                yield _of(event, Outcome.LOST, because="its data are not those of its kind")


def _replayed(event: Event, data: Data, replay: _Replay) -> Replayed:
    engine = data.get("engine")
    try:
        answer = replay(event, data)
    except CannotReplayError as error:
        return _of(event, Outcome.LOST, because=str(error), engine=engine)
    except NOT_THOSE as error:
        because = f"its data are not those of its kind ({type(error).__name__}: {error})"
        return _of(event, Outcome.LOST, because=because, engine=engine)
    if not answer.differences:
        return _of(event, Outcome.SAME, engine=engine)
    reasons: dict[str, None] = {}
    unexplained: list[Difference] = []
    for each in answer.differences:
        why = next((w for start, w in answer.erased.items() if each.at.startswith(start)), None)
        if why is None and each.erased:
            why = f"{each.at} is or holds a text that was erased"
        if why is None:
            unexplained.append(each)
        else:
            reasons[why] = None
    follows = answer.follows and all(each.at.startswith(_FOLLOWS) for each in unexplained)
    if reasons and (not unexplained or follows):
        return _of(event, Outcome.ERASED, answer.differences, "; ".join(reasons), engine)
    return _of(event, Outcome.DIFFERENT, answer.differences, engine=engine)


def _of(
    event: Event,
    outcome: Outcome,
    found: tuple[Difference, ...] = (),
    because: str | None = None,
    engine: str | None = None,
) -> Replayed:
    return Replayed(
        event.project, event.seq, event.recorded_at, event.kind, outcome, found, because, engine
    )


class _Chain:
    """How each kind of event is replayed, and what the events before have left."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.memory = Memory()
        self._judged: dict[str, Judged] = {}
        self._found: dict[tuple[str, str], Found] = {}
        self.replays: Mapping[str, _Replay] = {
            "gate.submitted": self._submitted,
            "gate.rejudged": self._rejudged,
            "gate.judged": self._judged_again,
            "vote.cast": self._vote,
            "gate.decided": self._decision,
            "stage.moved": self._moved,
            "findings.recorded": self._findings,
            "recommendation.proposed": self._proposed,
            "recommendation.cleared": self._cleared,
        }

    # --- gates ---------------------------------------------------------------------------------

    def _submitted(self, event: Event, data: Data) -> _Answer:
        again, found = self._verdict(event, data, data["workflow_digest"], [])
        days = calendar_of(self._texts.workflow(data["workflow_digest"]), again.rulebook)
        deadlines = {
            "decide_by": days.after(event.recorded_at, again.gate.decide_within),
            "expires_on": days.after(event.recorded_at, again.gate.expires),
            **days.told(),
        }
        found += _compared(data, plain({**deadlines, **self._lessons(data)}))
        return self._of_verdict(again, found)

    def _lessons(self, data: Data) -> dict[str, Any]:
        """Those that were shown: which they were is kept, as what other projects wrote is not replayed."""
        seen = self._texts.plain(data["seen_digest"]).get("lessons")
        if seen is None:
            return {}
        return {"lessons": [{k: each[k] for k in ("lesson", "rank", "alike")} for each in seen]}

    def _judged_again(self, event: Event, data: Data) -> _Answer:
        """After a score that asks nobody again."""
        waiting = self.memory.submissions[data["submission"]]
        scores = list(waiting.scores.values())
        return self._of_verdict(*self._verdict(event, data, waiting.workflow, scores))

    def _rejudged(self, event: Event, data: Data) -> _Answer:
        waiting = self.memory.submissions[data["submission"]]
        scores = list(waiting.scores.values())
        again, found = self._verdict(event, data, waiting.workflow, scores)
        found += _compared(data, {"round": waiting.round + bool(waiting.votes)})
        return self._of_verdict(again, found)

    def _verdict(
        self, event: Event, data: Data, workflow: str, scores: list[dict[str, Any]]
    ) -> tuple[Judged, list[Difference]]:
        cited = Cited(data["gate"], workflow, data["facts_digest"], data["rulebook_digest"])
        waivers = self.memory.in_force(data["gate"], data["as_of"])
        again = judge(
            self._texts,
            cited,
            provided=[each["name"] for each in data["evidence"]],
            scores=scores,
            waivers=waivers,
            in_words=in_words(waivers, data["results"]),
        )
        self._judged = {data["seen_digest"]: again}
        told = {
            "as_of": again.facts.as_of,
            "results": again.results,
            "advice": again.advice,
            "advice_because": again.because,
        }
        seen = {
            "gate": data["gate"],
            "workflow_digest": workflow,
            "facts_digest": data["facts_digest"],
            "rulebook_digest": data["rulebook_digest"],
            "evidence": data["evidence"],
            "results": again.results,
            "scores": [
                {k: each[k] for k in ("criterion", "person_id", "role", "score", "note")}
                for each in scores
            ],
            "waivers": sorted(each.number for each in waivers.values()),
            "advice": again.advice,
        }
        found = [*_compared(data, told), *_own(again, event.project)]
        if not found:
            kept = self._texts.plain(data["seen_digest"])
            if "lessons" in kept:
                seen["lessons"] = kept["lessons"]
            found += differences(kept, seen, "seen")
        return again, found

    def _vote(self, event: Event, data: Data) -> _Answer:
        again = self._seen(data["seen_digest"])
        waiting = self.memory.submissions[data["submission"]]
        against = data["decision"] not in (Answer.ABSTAIN, again.advice)
        meant = (s.meaning for s in again.gate.approve if s.role in data["roles"] and s.meaning)
        told = {
            "gate": waiting.gate,
            "round": waiting.round,
            "advice": again.advice,
            "override": against,
            "facts_digest": self._texts.plain(data["seen_digest"])["facts_digest"],
            "meaning": next(meant, None),
        }
        if shown := self._lessons(data):
            told["lessons_shown"] = [each["lesson"] for each in shown["lessons"]]
        return self._of_verdict(again, [*_compared(data, told), *_own(again, event.project)])

    def _decision(self, event: Event, data: Data) -> _Answer:
        again = self._seen(data["seen_digest"])
        waiting = self.memory.submissions[data["submission"]]
        seen = self._texts.plain(data["seen_digest"])
        decision, because, votes = decide(again.gate, waiting.votes)
        told = {
            "gate": waiting.gate,
            "iteration": waiting.iteration,
            "decision": decision,
            "because": because,
            "advice": again.advice,
            "override": decision != again.advice,
            "waived": [each["id"] for each in again.results if each["outcome"] == "waived"],
            "votes": votes,
            "workflow_digest": waiting.workflow,
            "facts_digest": seen["facts_digest"],
            "rulebook_digest": seen["rulebook_digest"],
        }
        return self._of_verdict(again, [*_compared(data, told), *_own(again, event.project)])

    def _seen(self, digest: str) -> Judged:
        """What voters saw, judged on its own citations; a score or waiver since is not in it."""
        if digest not in self._judged:
            seen = self._texts.plain(digest)
            waivers = self.memory.granted(seen["waivers"])
            self._judged[digest] = judge(
                self._texts,
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
            )
        return self._judged[digest]

    def _of_verdict(self, again: Judged, found: list[Difference]) -> _Answer:
        erased = {
            f"{where}[{criterion}]": f"'{criterion}' reads {' and '.join(fields)}, and such a text "
            "was erased"
            for criterion, fields in again.reads_erased.items()
            for where in ("results", "seen.results")
        }
        # A vote and a decision tell the advice only; it hangs on the criteria.
        if erased and not any(each.at.startswith("results") for each in found):
            erased |= dict.fromkeys(("advice", "override", "waived"), next(iter(erased.values())))
        return _Answer(tuple(found), erased, follows=True)

    def _moved(self, event: Event, data: Data) -> _Answer:
        if self.memory.workflow is None:
            raise CannotReplayError("the chain does not tell the project's workflow")
        machine = self._texts.machine(self.memory.workflow)
        stage, held, decision = data["from"], self.memory.held_from, data["decision"]
        # What a gate has decided gives no reason of its own; a lapse names the gate it comes from.
        at_gate = None if data.get("reason") else data.get("gate")
        try:
            if decision == RESUME:
                moved = machine.resume(stage, held)
            elif decision == REOPEN:
                moved = machine.reopen(stage, held or data["to"])
            else:
                moved = machine.move(stage, held, Decision(decision), at_gate)
        except IllegalMove as refused:
            return _Answer((Difference("to", data["to"], refused.detail),))
        told = {"to": moved.stage, "held_from": moved.held_from}
        return _Answer(tuple(_compared(data, told)))

    # --- rules ---------------------------------------------------------------------------------

    def _findings(self, event: Event, data: Data) -> _Answer:
        found = self._find(data)
        told = found.told()
        recorded = [
            {name: value for name, value in each.items() if name not in _NOT_OF_THE_RULES}
            for each in cast("list[dict[str, Any]]", data["findings"])
        ]
        kept = {name for each in recorded for name in each} | {"rule", "kpi", "period", "state"}
        shown = [{name: each[name] for name in each if name in kept} for each in told]
        gone = [
            *_compared({"as_of": data["as_of"]}, {"as_of": found.facts.as_of}),
            *differences(recorded, shown, "findings"),
            *_of_project(found, event.project),
        ]
        rules = {each["rule"] for each in (*recorded, *told)}
        return _Answer(tuple(gone), _rules_read(found, rules, "findings"))

    def _proposed(self, event: Event, data: Data) -> _Answer:
        found = self._find(data)
        told = found.proposed((data["rule"], data["kpi"]), event.recorded_at)
        nothing: dict[str, Any] = {"action": None, "message": None}
        gone = [*_compared(data, told or nothing), *_of_project(found, event.project)]
        return _Answer(tuple(gone), _any_place(found, data["rule"]))

    def _cleared(self, event: Event, data: Data) -> _Answer:
        found = self._find(data)
        told = {"reason": found.why_cleared((data["rule"], data["kpi"]))}
        gone = [*_compared(data, told), *_of_project(found, event.project)]
        return _Answer(tuple(gone), _any_place(found, data["rule"]))

    def _find(self, data: Data) -> Found:
        key = (data["rulebook_digest"], data["facts_digest"])
        if key not in self._found:
            rulebook = self._texts.rulebook(data["rulebook_digest"])
            self._found = {key: find(rulebook, self._texts.facts(data["facts_digest"]))}
        return self._found[key]


def _own(again: Judged, project: str) -> list[Difference]:
    return list(differences(project, again.facts.project["project"], "facts.project"))


def _of_project(found: Found, project: str) -> list[Difference]:
    return list(differences(project, found.facts.project["project"], "facts.project"))


def _rules_read(found: Found, rules: Iterable[str], where: str) -> dict[str, str]:
    """Where each rule stands that reads what was erased → why nobody can say."""
    return {
        f"{where}[{rule}": f"the rule '{rule}' reads {' and '.join(fields)}, and such a text was erased"
        for rule in sorted(rules)
        if (fields := found.reads_erased(rule))
    }


def _any_place(found: Found, rule: str) -> dict[str, str]:
    return (
        dict.fromkeys([""], *_rules_read(found, [rule], "").values())
        if found.reads_erased(rule)
        else {}
    )


def _compared(data: Data, told: Mapping[str, Any]) -> list[Difference]:
    return list(differences({name: data.get(name) for name in told}, dict(told)))
