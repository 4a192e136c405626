"""What a sweep changes in the recommendations: proposed where an episode begins, cleared where it ends,
superseded by a worse one."""

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
from govern.services.ledger import keep_as_it_is, record_event
from govern.services.recommendation_ends import find, move
from govern.store import findings as stored
from govern.store import recommendations


@dataclass(frozen=True, slots=True)
class Before:
    """Of the sweep that stands for today: what was firing or unknown, an episode that goes on; and
    of that what was withheld."""

    episodes: set[Subject]
    withheld: set[Subject]


def what_stood(connection: Connection) -> Before:
    current = stored.current_sweep_id(connection)
    if current is None:
        return Before(set(), set())
    states = {FindingState.FIRES, FindingState.UNKNOWN}
    return Before(
        stored.subjects_in(connection, current, states), stored.withheld_in(connection, current)
    )


def changes_to(
    connection: Connection, rulebook: Rulebook, judged: Judged, before: Before, as_of: date
) -> "list[Propose | Clear]":
    """What is proposed, with what that supersedes, and what is cleared; what is held back for now is
    noted in `judged`."""
    live = {rule.id for rule in rulebook.rules}
    cleared: list[Clear] = []
    for open_one in recommendations.all_open(connection):
        if open_one["rule"] not in live:
            cleared.append(Clear(open_one, "the rule is no longer in the rulebook"))
        elif subject_of(open_one) in judged.silent:
            cleared.append(Clear(open_one, "the rule is silent again"))
    firing: dict[Subject, Firing] = {}
    found: dict[Subject, Finding] = {}
    for finding in judged.found:
        subject = (finding.rule_id, finding.project_id, finding.kpi_id)
        found[subject] = finding
        if finding.state is FindingState.UNKNOWN and subject in before.withheld:
            judged.withheld.add(subject)
        if finding.state is FindingState.FIRES and subject in judged.proposals:
            firing[subject] = Firing(
                subject,
                judged.proposals[subject].action,
                finding.severity,
                begins=subject not in before.episodes - before.withheld,
                snoozed=snooze_of(rulebook, finding, as_of) is not None,
            )
    made = {each.number: each for each in recommendations.made(connection)}
    settled = settle(
        made.values(),
        [*firing.values()],
        loud=found.keys(),
        ended={subject_of(each.recommendation) for each in cleared},
    )
    judged.withheld |= settled.withheld
    proposed = [
        Propose(found[each], judged.proposals[each], settled.proposed[each])
        for each in firing
        if each in settled.proposed
    ]
    return [*proposed, *cleared]


def subject_of(recommendation: Record) -> Subject:
    return (recommendation["rule"], recommendation["project"], recommendation["kpi"])


@dataclass(frozen=True, slots=True)
class Propose:
    """`supersedes` are the numbers of the lesser ones that it takes the place of."""

    finding: Finding
    proposal: Proposal
    supersedes: tuple[int, ...] = ()

    def write(
        self,
        connection: Connection,
        actor: Actor,
        rulebook: Rulebook,
        judged: Judged,
        now: datetime,
    ) -> None:
        finding, proposal = self.finding, self.proposal
        facts_digest = keep_as_it_is(connection, judged.facts[finding.project_id], now)
        values = {
            "project_id": finding.project_id,
            "kpi_id": finding.kpi_id,
            "rule_id": finding.rule_id,
            "rulebook_digest": rulebook.digest,
            "facts_digest": facts_digest,
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
        cited = {"rulebook_digest": rulebook.digest, "facts_digest": facts_digest}
        for each in self.supersedes:
            move(
                connection,
                actor,
                find(connection, each),
                RecommendationStatus.SUPERSEDED,
                {"superseded_by": number, "closed_at": now},
                cited=cited,
                now=now,
            )


@dataclass(frozen=True, slots=True)
class Clear:
    recommendation: Record
    reason: str

    def write(
        self,
        connection: Connection,
        actor: Actor,
        rulebook: Rulebook,
        judged: Judged,
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
                "rulebook_digest": rulebook.digest,
                "facts_digest": keep_as_it_is(connection, judged.facts[found["project"]], now),
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
