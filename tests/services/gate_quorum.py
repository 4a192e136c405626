"""A gate of a workflow file, as docs/workflow-files.md tells it: who votes, what the votes decide, and
what is advised. A quorum is found by trying every way to put voters on seats."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

PASSING = ("go", "conditional_go")


@dataclass
class Vote:
    who: str
    principal: str | None
    roles: frozenset[str]
    answer: str
    owed: tuple[date, ...] = ()
    resume_on: date | None = None

    @property
    def counted(self) -> str:
        return self.principal or self.who


def days_of(words: str | None) -> int | None:
    """`10 working days` → 10."""
    return None if words is None else int(words.split()[0])


def assignments(
    voters: Sequence[frozenset[str]], seats: Mapping[str, int]
) -> Iterator[tuple[str | None, ...]]:
    """Every way to put voters, by their roles, on seats: the role each fills, or none."""
    if not voters:
        yield ()
        return
    first, *others = voters
    for role in (None, *sorted(first)):
        if role is None:
            yield from ((None, *rest) for rest in assignments(others, seats))
        elif seats.get(role, 0) > 0:
            left = {**seats, role: seats[role] - 1}
            yield from ((role, *rest) for rest in assignments(others, left))


class Gate:
    def __init__(self, text: Mapping[str, Any]) -> None:
        self.id: str = text["id"]
        self.source: str = text["from"]
        self.target: str = text["to"]
        self.submit: list[str] = text["submit"]
        self.seats = {each["role"]: each.get("votes", 1) for each in text["approve"]}
        self.panels = {each["role"]: each["of"] for each in text["approve"] if "of" in each}
        self.veto: list[str] = text.get("veto", [])
        self.waive: list[str] = text.get("waive", [])
        self.separation: list[str] = text.get("separation", [])
        self.escalate = [(days_of(e["after"]) or 0, e["to"]) for e in text.get("escalate", [])]
        self.expires = days_of(text.get("expires"))
        self.repeats = "repeats" in text
        criteria = text["criteria"]
        self.must = {c["id"]: c.get("fatal", False) for c in criteria.get("must", [])}
        self.should = [c["id"] for c in criteria.get("should", [])]
        self.roles = frozenset((*self.seats, *self.veto))

    def filled(self, voters: Sequence[frozenset[str]]) -> int:
        """How many seats these voters can fill at most."""
        found = assignments(voters, self.seats)
        return max(sum(role is not None for role in each) for each in found)

    def seated(self, votes: Sequence[Vote]) -> list[Vote]:
        """The passing votes that fill a seat: each that does not take one from who came before."""
        kept: list[Vote] = []
        for each in votes:
            if each.answer in PASSING:
                more = [*(v.roles for v in kept), each.roles]
                if self.filled(more) == len(more):
                    kept.append(each)
        return kept

    def empty(self, votes: Sequence[Vote]) -> list[Counter[str]]:
        """The seats that may be said to be empty, by role: one for each way to seat the votes."""
        voters = [each.roles for each in self.seated(votes)]
        full = [each for each in assignments(voters, self.seats) if None not in each]
        return [Counter(self.seats) - Counter(map(str, each)) for each in full]

    def decision(self, votes: Sequence[Vote]) -> str | None:
        against = [each for each in votes if each.answer in ("recycle", "hold", "kill")]
        alone = (set(self.seats) - set(self.panels)) | set(self.veto)
        decisive = next((each.answer for each in against if each.roles & alone), None)
        if decisive is not None:
            return decisive
        for role, size in self.panels.items():
            said = Counter(each.answer for each in against if role in each.roles)
            if said.total() > size - self.seats[role]:
                return max(("recycle", "hold", "kill"), key=lambda answer: said[answer])
        seated = self.seated(votes)
        if len(seated) < sum(self.seats.values()):
            return None
        strings = any(each.answer == "conditional_go" for each in votes)
        return "conditional_go" if strings else "go"

    def advice(self, judged: Mapping[str, tuple[str, Any]]) -> str:
        outcome = {name: each[0] for name, each in judged.items()}
        missed = [name for name in self.must if outcome[name] == "not_met"]
        if any(self.must[name] for name in missed):
            return "kill"
        if missed:
            return "recycle"
        if any(outcome[name] == "unknown" for name in self.must):
            return "hold"
        good = sum(outcome[name] in ("met", "waived") for name in self.should)
        return "conditional_go" if good < 0.7 * len(self.should) else "go"
