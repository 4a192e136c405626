"""A gate's verdict, and the decision that its votes add up to, recomputed from what was kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from govern.domain.decision import Answer
from govern.domain.role import Role
from govern.language.check import Checked
from govern.process import tally, verdict
from govern.process.conditions import NO_TABLES, with_tables
from govern.process.definition import Gate
from govern.rulebook.rule import Rulebook
from govern.services.replay_texts import CannotReplayError, Facts, Texts


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver as it was granted, all of it as text."""

    number: int
    gate: str
    criterion: str
    role: str
    reason: str
    expires_on: str

    def ends(self) -> str:
        """How a sentence about it ends: all but who has granted it."""
        return f" ({self.role.replace('_', ' ')}) until {self.expires_on}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Cited:
    """What a judgement rests on, by digest, and the gate it is about."""

    gate: str
    workflow: str
    facts: str
    rulebook: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """`results` as events hold them. `reads_erased` are the criteria whose condition reads a field of
    which a text was erased: what they were judged on is not known any more."""

    facts: Facts
    gate: Gate
    rulebook: Rulebook | None
    results: list[dict[str, Any]]
    advice: str
    because: list[str]
    reads_erased: Mapping[str, tuple[str, ...]]


def judge(
    texts: Texts,
    cited: Cited,
    *,
    provided: Iterable[str],
    scores: Sequence[Mapping[str, Any]],
    waivers: Mapping[str, Waiver],
    in_words: Mapping[str, str],
    facts: Facts | None = None,
) -> Judged:
    """The verdict on what is cited. Raises `CannotReplayError`.

    `scores` have `criterion` and `score`; `waivers` are by criterion; `in_words` says of each what a
    result says. `facts` stand in for those that are cited.
    """
    seen = facts or texts.facts(cited.facts)
    workflow = texts.workflow(cited.workflow)
    gate = workflow.gate(cited.gate)
    if gate is None:
        raise CannotReplayError(f"the workflow {cited.workflow} has no gate '{cited.gate}'")
    rulebook = None if cited.rulebook is None else texts.rulebook(cited.rulebook)
    tables = NO_TABLES if rulebook is None else rulebook.readable(seen.project["portfolio"])
    readable = with_tables(gate, tables)
    given: dict[str, list[Decimal]] = {}
    for each in scores:
        given.setdefault(each["criterion"], []).append(Decimal(each["score"]))
    reached = verdict.verdict(
        readable, seen.observations, scores=given, provided=set(provided), waived=in_words
    )
    numbers = {criterion: each.number for criterion, each in waivers.items()}
    return Judged(
        facts=seen,
        gate=gate,
        rulebook=rulebook,
        results=[verdict.told(each, numbers.get(each.id)) for each in reached.results],
        advice=reached.advice.decision.value,
        because=list(reached.advice.because),
        reads_erased=_reading_erased(readable, seen.erased),
    )


def decide(gate: Gate, votes: Sequence[Mapping[str, Any]]) -> tuple[str | None, str | None, Any]:
    """The decision, what decided it, and the votes with their seats, from `vote.cast` data with the
    `person` who cast each; as `gate.decided` holds them."""
    reached = tally.tally(
        gate,
        [
            tally.Vote(_voter(each), tuple(map(Role, each["roles"])), Answer(each["decision"]))
            for each in votes
        ],
    )
    told: list[dict[str, Any]] = []
    for each in votes:
        seat = reached.seats.get(_voter(each))
        told.append(
            {
                "vote": each.get("vote"),
                "person": each["person"],
                "for": each["for_person_id"],
                "through": each["through"],
                "roles": each["roles"],
                "seat": None if seat is None else seat.value,
                "decision": each["decision"],
                "reason": each["reason"],
                "override_reason": each["override_reason"],
                **({"signed_at": each["signed_at"]} if each.get("signed_at") else {}),
            }
        )
    decision = None if reached.decision is None else reached.decision.value
    return decision, reached.because, told


def _voter(vote: Mapping[str, Any]) -> str:
    return vote["for_person_id"] or vote["person"]


def _reading_erased(gate: Gate, erased: frozenset[str]) -> dict[str, tuple[str, ...]]:
    if not erased:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for criterion in gate.criteria:
        if isinstance(criterion.condition, Checked):
            read = {name.rpartition(".")[2] for name in criterion.condition.names_read}
            if read & erased:
                found[criterion.id] = tuple(sorted(read & erased))
    return found
