"""What a rulebook finds in kept facts, and what it recommends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from govern.domain.finding import Finding, FindingState
from govern.domain.plain import plain
from govern.language.check import Checked
from govern.rulebook.findings import Proposal, findings, proposals
from govern.rulebook.judge import judge as judge_rules
from govern.rulebook.rule import Rule, Rulebook
from govern.rulebook.snoozes import Snooze
from govern.services.proposing import snooze_of
from govern.services.replay_texts import Facts

Subject = tuple[str, str | None]
"""Rule and KPI."""


@dataclass(frozen=True, slots=True)
class Found:
    """`silent` are the subjects of which there is nothing to say."""

    rulebook: Rulebook
    facts: Facts
    findings: Mapping[Subject, Finding]
    proposals: Mapping[Subject, Proposal]
    silent: frozenset[Subject]

    def told(self) -> list[dict[str, Any]]:
        """As `findings.recorded` holds them, and what findings say beside."""
        day = date.fromisoformat(self.facts.as_of)
        found: list[dict[str, Any]] = []
        for each in self.findings.values():
            snooze = snooze_of(self.rulebook, each, day)
            until = {} if snooze is None else _snoozed(snooze)
            found.append(
                plain(
                    {
                        "rule": each.rule_id,
                        "kpi": each.kpi_id,
                        "period": each.period,
                        "state": each.state,
                        "streak": each.streak,
                        "severity": each.severity,
                        "message": each.message,
                        "observed": each.values,
                        **until,
                    }
                )
            )
        return found

    def proposed(self, subject: Subject, at: datetime) -> dict[str, Any] | None:
        """As `recommendation.proposed` holds it; `None` where the rule recommends nothing."""
        finding, proposal = self.findings.get(subject), self.proposals.get(subject)
        if finding is None or proposal is None:
            return None
        return plain(
            {
                "period": finding.period,
                "action": proposal.action,
                "severity": finding.severity,
                "title": proposal.title,
                "message": finding.message,
                "because": proposal.because,
                "proposal": {"deliverables": proposal.deliverables},
                "observed": finding.values,
                "decided_by_role": proposal.decided_by,
                "decide_by": proposal.calendar.deadline(at, proposal.decide_by_working_days),
            }
        )

    def why_cleared(self, subject: Subject) -> str:
        """Why a recommendation is cleared, in the words of the sweep; or why it should not be."""
        if self.rulebook.rule(subject[0]) is None:
            return "the rule is no longer in the rulebook"
        if subject in self.silent:
            return "the rule is silent again"
        finding = self.findings.get(subject)
        return "the rule is not judged" if finding is None else f"the rule is {finding.state}"

    def reads_erased(self, rule_id: str) -> tuple[str, ...]:
        """The fields that a rule reads and of which a text was erased."""
        rule = self.rulebook.rule(rule_id)
        if rule is None or not self.facts.erased:
            return ()
        read = {name.rpartition(".")[2] for each in _conditions(rule) for name in each.names_read}
        return tuple(sorted(read & self.facts.erased))


def find(rulebook: Rulebook, facts: Facts) -> Found:
    """The sweep of one project."""
    states = judge_rules(rulebook, facts.observations)
    silent = states.filter(states["state"] == FindingState.SILENT.value)
    return Found(
        rulebook,
        facts,
        {(e.rule_id, e.kpi_id): e for e in findings(rulebook, facts.observations, states)},
        {(e.rule_id, e.kpi_id): e for e in proposals(rulebook, facts.observations, states)},
        frozenset(silent.select("rule", "kpi").iter_rows()),  # pyright: ignore[reportArgumentType] - two texts each
    )


def _snoozed(snooze: Snooze) -> dict[str, Any]:
    told = {"until": snooze.until, "by": snooze.by, "because": snooze.because}
    return {"snoozed_until": snooze.until, "snoozed": told}


def _conditions(rule: Rule) -> list[Checked]:
    found = [rule.when, rule.applies_to, rule.clear_when]
    if rule.recommend is not None:
        found.append(rule.recommend.propose)
    return [each for each in found if each is not None]
