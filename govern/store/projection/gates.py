"""What events say of gates: submissions, votes, scores, waivers, evidence, conditions, notices."""

from govern.domain.decision import Decision
from govern.store import conditions, submissions
from govern.store.projection import lessons
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import (
    condition,
    evidence_file,
    notice,
    project,
    score,
    submission,
    vote,
    waiver,
)

_JUDGED = (
    "as_of",
    "facts_digest",
    "rulebook_digest",
    "seen_digest",
    "results",
    "advice",
    "advice_because",
)
_SUBMITTED = (
    *_JUDGED,
    "gate",
    "iteration",
    "submitted_by",
    "note",
    "evidence",
    "workflow_digest",
    "decide_by",
    "expires_on",
    "round",
)
_CAST = (
    "round",
    "for_person_id",
    "roles",
    "through",
    "decision",
    "meaning",
    "reason",
    "override_reason",
    "conditions",
    "resume_on",
    "resume_when",
    "seen_digest",
)
_SIGNED = ("signed_at", "signed_how")


def submitted(rows: Rows, fact: Fact) -> None:
    rows.add(
        submission,
        id=fact.data["submission"],
        project_id=fact.project,
        state=submissions.OPEN,
        changed=[],
        escalated_to=[],
        version=1,
        recorded_at=fact.at,
        **{name: fact.data[name] for name in _SUBMITTED},
    )
    lessons.shown(rows, fact)


def judged(rows: Rows, fact: Fact) -> None:
    values = {name: fact.data[name] for name in _JUDGED}
    rows.change(submission, fact.data["submission"], **values)


def rejudged(rows: Rows, fact: Fact) -> None:
    names = (*_JUDGED, "evidence", "changed", "round")
    values = {name: fact.data[name] for name in names}
    rows.change(submission, fact.data["submission"], **values)


def vote_cast(rows: Rows, fact: Fact) -> None:
    rows.add(
        vote,
        id=fact.data["vote"],
        submission_id=fact.data["submission"],
        person_id=fact.actor,
        recorded_at=fact.at,
        **{name: fact.data[name] for name in _CAST},
        # Said only at a gate that asks for a signature.
        **{name: fact.data.get(name) for name in _SIGNED},
    )
    rows.change(submission, fact.data["submission"])


def decided(rows: Rows, fact: Fact) -> None:
    # The vote before it has raised the submission's version already.
    data = fact.data
    rows.change(
        submission,
        data["submission"],
        bump=False,
        state=submissions.DECIDED,
        decision=data["decision"],
        decided_at=fact.at,
    )
    for each in data["votes"]:
        if each["seat"] is not None:
            rows.change(vote, each["vote"], bump=False, seat=each["seat"])
    rows.change(project, fact.project, bump=False, version=data["project_version"])


def escalated(rows: Rows, fact: Fact) -> None:
    asked = fact.data["asked"]
    rows.change(submission, fact.data["submission"], escalated_to=asked)


def expired(rows: Rows, fact: Fact) -> None:
    rows.change(submission, fact.data["submission"], state=submissions.EXPIRED)


def withdrawn(rows: Rows, fact: Fact) -> None:
    rows.change(submission, fact.data["submission"], state=submissions.WITHDRAWN)


def confirmed(rows: Rows, fact: Fact) -> None:
    became = Decision.GO.value
    rows.change(submission, fact.data["submission"], became=became, became_at=fact.at)


def lapsed(rows: Rows, fact: Fact) -> None:
    became = Decision.HOLD.value
    rows.change(submission, fact.data["submission"], became=became, became_at=fact.at)


def condition_set(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        condition,
        id=data["condition"],
        project_id=fact.project,
        submission_id=data["submission"],
        text=data["text"],
        owner=data["owner"],
        due=data["due"],
        state=conditions.OPEN,
        version=1,
        recorded_at=fact.at,
    )


def condition_closed(rows: Rows, fact: Fact) -> None:
    rows.change(
        condition,
        fact.data["condition"],
        state=conditions.CLOSED,
        evidence=fact.data["evidence"],
        closed_by=fact.actor,
        closed_at=fact.at,
    )


def scored(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        score,
        id=data["score_id"],
        submission_id=data["submission"],
        person_id=fact.actor,
        recorded_at=fact.at,
        **{name: data[name] for name in ("criterion", "role", "score", "note")},
    )


def waiver_granted(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        waiver,
        id=data["waiver"],
        project_id=fact.project,
        recorded_by=fact.actor,
        recorded_at=fact.at,
        version=1,
        **{name: data[name] for name in ("gate", "criterion", "reason", "expires_on", "role")},
    )


def waiver_revoked(rows: Rows, fact: Fact) -> None:
    rows.change(waiver, fact.data["waiver"], revoked_by=fact.actor, revoked_at=fact.at)


def evidence_kept(rows: Rows, fact: Fact) -> None:
    names = ("digest", "filename", "media_type", "size", "kept_in")
    rows.add(
        evidence_file,
        id=fact.data["file"],
        project_id=fact.project,
        recorded_by=fact.actor,
        recorded_at=fact.at,
        **{name: fact.data[name] for name in names},
    )


def notice_sent(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        notice,
        id=data["notice"],
        project_id=fact.project if fact.of_a_project else None,
        submission_id=data["submission"],
        recorded_at=fact.at,
        **{name: data[name] for name in ("key", "kind", "role", "people", "text")},
    )
