"""The report of a review: its rating, what it rests on, and what becomes of what is still owed, on paper."""

from collections.abc import Sequence
from typing import Any

from govern.domain.record import Record
from govern.services import reviews
from govern.services.projects import get_project
from govern.services.reports import About, Asking, ReportKind, section, source

_REVIEW = (
    *(
        "id",
        "project",
        "number",
        "state",
        "rolled_out_on",
        "due_on",
        "overdue",
        "rating",
        "summary",
    ),
    *("went_well", "went_badly", "suggested", "reason", "meaning", "opened_by_name"),
    *("signed_by_name", "signed_at", "dossier_digest", "signers", "missing"),
)
_KPI = (
    *("kpi", "name", "promised", "realised", "rate", "why", "reached"),
    *("follow_up", "owner", "until", "note", "before"),
)
_QUESTION = ("question", "ask", "n", "median", "distribution", "answers")


def _data(asking: Asking) -> Record:
    number = int(asking.named) if asking.named.isdecimal() else 0
    found = reviews.get_review(asking.runtime, asking.actor, number, now=asking.now)
    rests_on = reviews.get_dossier(
        asking.runtime, asking.actor, number, currency=asking.currency, now=asking.now
    )
    project = get_project(asking.runtime, asking.actor, found["project"])
    own = asking.query(f"/reviews/{number}")
    dossier = asking.query(f"/reviews/{number}/dossier", currency=asking.currency)
    frozen = "As it was when the review was signed." if found["signed_at"] else None

    def part(name: str, title: str, note: str | None = frozen) -> Record:
        return section(name, title, rests_on[name], [source(dossier, {"": f"/{name}"})], note=note)

    def lists(names: Sequence[str], name: str, title: str) -> Record:
        content = {each: rests_on[each] for each in names}
        figures = {f"/{each}": f"/{each}" for each in names}
        return section(name, title, content, [source(dossier, figures)], note=frozen)

    return {
        "name": f"{project['name']}, review {found['number']}",
        "sections": [
            section("review", "What came of the project", _part(found, _REVIEW), [_all(own)]),
            part("value", "Value", "Realised / promised is the realisation rate."),
            section(
                "kpis",
                "What becomes of the KPIs",
                {"kpis": [_part(each, _KPI) for each in found["kpis"]]},
                [source(own, {"/kpis": "/kpis"})],
            ),
            part("cost", "Cost"),
            part("timeline", "Time"),
            lists(["gates"], "gates", "What was decided"),
            lists(["recommendations"], "recommendations", "What rules recommended"),
            lists(["scope_changes", "effects"], "changes", "What was changed, and what it brought"),
            section(
                "survey",
                "What people say",
                {"survey": [_part(each, _QUESTION) for each in found["survey"]]},
                [source(own, {"/survey": "/survey"})],
            ),
        ],
    }


def _all(query: str) -> Record:
    return source(query, {"": ""})


def _part(found: Record, names: Sequence[str]) -> dict[str, Any]:
    return {name: found[name] for name in names}


REVIEW_REPORT = ReportKind("review", "Review", About.REVIEW, _data)
