"""What a sweep changes in the recommendations: proposed where an episode begins, cleared where it ends,
superseded by a worse one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.finding import Finding, FindingState
from govern.domain.plain import plain
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.domain.standing import Firing, Subject, settle
from govern.rulebook.findings import Proposal
from govern.rulebook.rule import Rulebook
from govern.rulebook.snoozes import Snooze
from govern.services.judged import Judged
from govern.services.ledger import record_event
from govern.services.recommendation_ends import find, move
from govern.store import recommendations

Place = tuple[int, int, str, str, str]

_EPISODE = (FindingState.FIRES, FindingState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Before:
    """Of what stood of some projects: what was firing or unknown, an episode that goes on; and of that
    what was withheld."""

    episodes: set[Subject]
    withheld: set[Subject]


def before(stood: Collection[Record]) -> Before:
    """`stood` are rows of findings."""
    episodes = [each for each in stood if each["state"] in _EPISODE]
    return Before(
        {_subject_of_row(each) for each in episodes},
        {_subject_of_row(each) for each in stood if each["withheld"]},
    )


def changes_to(
    connection: Connection, judged: Judged, project_ids: Collection[str], stood: Before
) -> "dict[str, list[Propose | Clear]]":
    """Of each project that was judged what is proposed, with what that supersedes, and what is cleared;
    what is held back for now is noted in `judged`."""
    rulebook = judged.rulebook
    live = {rule.id for rule in rulebook.rules}
    cleared: list[Clear] = []
    for open_one in recommendations.open_of(connection, project_ids):
        if open_one["rule"] not in live:
            cleared.append(Clear(open_one, "the rule is no longer in the rulebook"))
        elif judged.is_silent(subject_of(open_one)):
            cleared.append(Clear(open_one, "the rule is silent again"))
    goes_on = stood.episodes - stood.withheld
    firing: dict[Subject, Firing] = {}
    found: dict[Subject, Finding] = {}
    for finding in (each for of_project in judged.found.values() for each in of_project):
        subject = (finding.rule_id, finding.project_id, finding.kpi_id)
        found[subject] = finding
        if finding.state is FindingState.UNKNOWN and subject in stood.withheld:
            judged.withheld.add(subject)
        if finding.state is FindingState.FIRES and subject in judged.proposals:
            firing[subject] = Firing(
                subject,
                judged.proposals[subject].action,
                finding.severity,
                begins=subject not in goes_on,
                snoozed=snooze_of(rulebook, finding, judged.as_of) is not None,
            )
    settled = settle(
        recommendations.made_of(connection, {project for _, project, _ in found}),
        [*firing.values()],
        loud=found.keys(),
        ended={subject_of(each.recommendation) for each in cleared},
    )
    judged.withheld |= settled.withheld
    changes: dict[str, list[Propose | Clear]] = {}
    for subject in firing:
        if subject in settled.proposed:
            proposed = Propose(found[subject], judged.proposals[subject], settled.proposed[subject])
            changes.setdefault(subject[1], []).append(proposed)
    for each in cleared:
        changes.setdefault(each.recommendation["project"], []).append(each)
    return changes


def _subject_of_row(finding: Record) -> Subject:
    return (finding["rule_id"], finding["project_id"], finding["kpi_id"])


def subject_of(recommendation: Record) -> Subject:
    return (recommendation["rule"], recommendation["project"], recommendation["kpi"])


@dataclass(frozen=True, slots=True)
class Cited:
    """What a change rests on: digests of the rulebook and of the project's facts, both of them kept."""

    rulebook_digest: str
    facts_digest: str

    @property
    def told(self) -> dict[str, str]:
        return {"rulebook_digest": self.rulebook_digest, "facts_digest": self.facts_digest}


@dataclass(frozen=True, slots=True)
class Propose:
    """`supersedes` are the numbers of the lesser ones that it takes the place of."""

    finding: Finding
    proposal: Proposal
    supersedes: tuple[int, ...] = ()

    @property
    def place(self) -> Place:
        """In which order a sweep writes its changes, whichever projects it looked at together."""
        finding = self.finding
        return (0, 0, finding.rule_id, finding.project_id, finding.kpi_id or "")

    def write(
        self,
        connection: Connection,
        actor: Actor,
        cited: Cited,
        now: datetime,
    ) -> None:
        finding, proposal = self.finding, self.proposal
        values = {
            "project_id": finding.project_id,
            "kpi_id": finding.kpi_id,
            "rule_id": finding.rule_id,
            **cited.told,
            "period": finding.period,
            "action": proposal.action.value,
            "severity": finding.severity.value,
            "title": proposal.title,
            "message": finding.message,
            "because": proposal.because,
            "proposal": plain({"deliverables": proposal.deliverables}),
            "observed": plain(finding.values),
            "status": RecommendationStatus.PROPOSED.value,
            "decided_by_role": proposal.decided_by.value,
            "decide_by": proposal.calendar.deadline(now, proposal.decide_by_working_days),
            "recorded_at": now,
        }
        number = recommendations.add(connection, values)
        told = ("project_id", "kpi_id", "rule_id", "recorded_at")
        record_event(
            connection,
            finding.project_id,
            actor,
            "recommendation.proposed",
            {
                "recommendation": number,
                "rule": finding.rule_id,
                "kpi": finding.kpi_id,
                **{name: value for name, value in values.items() if name not in told},
            },
            now,
        )
        for each in self.supersedes:
            move(
                connection,
                actor,
                find(connection, each),
                RecommendationStatus.SUPERSEDED,
                {"superseded_by": number, "closed_at": now},
                cited=cited.told,
                now=now,
            )


@dataclass(frozen=True, slots=True)
class Clear:
    recommendation: Record
    reason: str

    @property
    def place(self) -> Place:
        return (1, self.recommendation["id"], "", "", "")

    def write(
        self,
        connection: Connection,
        actor: Actor,
        cited: Cited,
        now: datetime,
    ) -> None:
        found = self.recommendation
        recommendations.change(
            connection,
            found["id"],
            found["version"],
            {
                "status": RecommendationStatus.CLEARED.value,
                "reason": self.reason,
                "closed_at": now,
            },
        )
        record_event(
            connection,
            found["project"],
            actor,
            "recommendation.cleared",
            {
                "recommendation": found["id"],
                "rule": found["rule"],
                "kpi": found["kpi"],
                "from": found["status"],
                "reason": self.reason,
                "closed_at": now,
                **cited.told,
            },
            now,
        )


def snooze_of(rulebook: Rulebook, finding: Finding, as_of: date) -> Snooze | None:
    """The snooze that a finding is under, the one that lasts longest."""
    return snooze_over(rulebook, (finding.rule_id, finding.project_id, finding.kpi_id), as_of)


def snooze_over(rulebook: Rulebook, subject: Subject, on: date) -> Snooze | None:
    """The snooze that a subject is under on a day, the one that lasts longest."""
    under = [each for each in rulebook.snoozes if each.covers(*subject, on)]
    return max(under, key=lambda each: each.until, default=None)
