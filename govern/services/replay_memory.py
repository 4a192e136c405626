"""What has happened in a chain so far, as far as a later event rests on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from govern.domain.personal import ERASED
from govern.ledger.event import Event
from govern.services.replay_gates import Waiver

Data = Mapping[str, Any]


@dataclass(slots=True)
class Submission:
    """`votes` are those of the round it is in."""

    gate: str
    workflow: str
    iteration: int
    round: int = 1
    votes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    scores: dict[tuple[str, str], dict[str, Any]] = field(
        default_factory=dict[tuple[str, str], dict[str, Any]]
    )


@dataclass(slots=True)
class Memory:
    """Of one project, from its events in order. `workflow` is the digest it runs under."""

    workflow: str | None = None
    held_from: str | None = None
    submissions: dict[int, Submission] = field(default_factory=dict[int, Submission])
    waivers: dict[int, Waiver] = field(default_factory=dict[int, Waiver])
    revoked: set[int] = field(default_factory=set[int])

    def remember(self, event: Event, data: Data) -> None:
        match event.kind:
            case "project.added":
                self.workflow, self.held_from = data["workflow_digest"], data.get("held_from")
            case "project.migrated":
                self.workflow = data["to"]["digest"]
                self.held_from = data["to_held_from"]
            case "stage.moved":
                self.held_from = data["held_from"]
            case "waiver.granted":
                self.waivers[data["waiver"]] = Waiver(
                    data["waiver"],
                    data["gate"],
                    data["criterion"],
                    data["role"],
                    data["reason"],
                    data["expires_on"],
                )
            case "waiver.revoked":
                self.revoked.add(data["waiver"])
            case "gate.submitted":
                self.submissions[data["submission"]] = Submission(
                    data["gate"], data["workflow_digest"], data["iteration"]
                )
            case "gate.rejudged":
                found = self.submissions[data["submission"]]
                if data["round"] != found.round:
                    found.round, found.votes = data["round"], []
            case "criterion.scored":
                score = {**data, "person_id": event.actor}
                given = self.submissions[data["submission"]].scores
                key = (data["criterion"], event.actor)
                given.pop(key, None)
                given[key] = score
            case "vote.cast":
                self.submissions[data["submission"]].votes.append({**data, "person": event.actor})
            case _:
                pass

    def in_force(self, gate: str, as_of: str) -> dict[str, Waiver]:
        """Criterion → the newest waiver that holds on a day (ISO 8601)."""
        return {
            each.criterion: each
            for each in self._by_number()
            if each.gate == gate and each.number not in self.revoked and each.expires_on >= as_of
        }

    def granted(self, numbers: Iterable[int]) -> dict[str, Waiver]:
        """Criterion → waiver, of those with these numbers."""
        wanted = set(numbers)
        return {each.criterion: each for each in self._by_number() if each.number in wanted}

    def _by_number(self) -> list[Waiver]:
        return sorted(self.waivers.values(), key=lambda each: each.number)


def in_words(waivers: Mapping[str, Waiver], results: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Criterion → what a result says of its waiver: as it was recorded, if that tells the waiver's
    role, last day and reason; who granted it stands outside of the events."""
    recorded = {each["id"]: each.get("waiver") for each in results}
    found: dict[str, str] = {}
    for criterion, waiver in waivers.items():
        told, ends = recorded.get(criterion), waiver.ends()
        known = told is not None and (told.endswith(ends) or ERASED in told or ERASED in ends)
        found[criterion] = told if told is not None and known else f"by somebody{ends}"
    return found
