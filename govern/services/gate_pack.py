"""The gate pack: all that whoever decides a submission has to know, on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from govern.domain.criterion import Outcome
from govern.domain.record import Record
from govern.services import alternatives, conditions, gates, recommendations, status_kpis, workflows
from govern.services.everything import everything
from govern.services.projects import get_project
from govern.services.reports import About, Asking, ReportKind, derived, section, source
from govern.store.paging import LARGEST_PAGE

_GATE = (
    *("id", "title", "project", "gate", "iteration", "round", "state", "submitted_by_name"),
    *("recorded_at", "note", "as_of", "advice", "advice_because", "decide_by", "expires_on"),
    *("changed", "leads_to", "decision", "decided_at"),
)
_PROJECT = (
    *("id", "name", "owner", "department", "objective", "stage", "start", "end", "budget", "spent"),
)
_PROCESS = ("id", "from", "to", "approve", "veto", "freezes", "should_mark")
_RESULT = (
    *("id", "kind", "title", "require", "outcome", "values", "otherwise", "weight", "fatal"),
    *("because", "share", "waiver"),
)
_EVIDENCE = ("name", "link", "file", "filename", "media_type", "size", "digest", "by")
_VOTE = (
    *("person", "for_person", "roles", "decision", "reason", "override_reason", "counts", "round"),
    *("recorded_at", "signed_at", "signed_how"),
)
_EARLIER = ("submission", "iteration", "advice", "decision", "decided_at", "differs")
_DECIDED = ("id", "gate", "iteration", "advice", "decision", "decided_at", "became")
_WAIVER = ("id", "gate", "criterion", "reason", "expires_on", "state")
_CONDITION = ("id", "submission", "text", "owner", "due", "state")
_RECOMMENDATION = (
    *("id", "rule", "title", "action", "severity", "kpi", "message", "status"),
    *("decided_by_role", "decide_by", "deferred_until"),
)
_ALTERNATIVE = ("name", "title", "recommended")
_SUM = ("currency", "per", "without", "with", "lost", "gained", "not_known")
_UNKNOWN = ("kpi", "name", "why")
_EFFECT = ("kpi", "name", "unit", "without", "with", "change", "why")
_LESSON = ("id", "project", "title", "happened", "because", "next_time", "rank", "alike")

MOST_WEIGHED = 5
"""Of so many recommendations the alternatives stand in the pack."""


def _data(asking: Asking) -> Record:
    number = int(asking.named) if asking.named.isdecimal() else 0
    found = gates.get_submission(asking.runtime, asking.actor, number, now=asking.now)
    project = get_project(asking.runtime, asking.actor, found["project"])
    own = source(asking.query(f"/submissions/{number}"), {"": ""})
    of_project = replace(asking, about=found["project"])
    return {
        "name": f"{found['title']}, {project['name']}",
        "sections": [
            _gate(of_project, found, project, number),
            _criteria(found, own),
            _lists("evidence", "Evidence", {"evidence": (found["evidence"], _EVIDENCE)}, own),
            status_kpis.kpis(of_project),
            _recommended(of_project),
            _alternatives(of_project),
            _lists(
                "votes",
                "Who has voted, and what is missing",
                {"votes": (found["votes"], _VOTE), "missing": (found["missing"], None)},
                own,
                note="A vote that no longer counts was cast before what it was cast on changed.",
            ),
            _lists(
                "earlier",
                "Earlier iterations and waivers",
                {
                    "earlier": (found["earlier"], _EARLIER),
                    "waivers": (found["waivers"], _WAIVER),
                },
                own,
            ),
            _decided(of_project),
            _conditions(of_project),
            _lists(
                "lessons",
                "What projects like this one have learned",
                {"lessons": (found["lessons"], _LESSON)},
                own,
                note="As the gate shows them to whoever decides it.",
            ),
        ],
    }


def _gate(asking: Asking, found: Record, project: Record, number: int) -> Record:
    """What is asked, what the machine advises, and what a go changes."""
    workflow = workflows.workflow_of(asking.runtime, asking.actor, asking.named)
    # Under a newer version of the workflow the gate may be there no more.
    at = next((n for n, each in enumerate(workflow["gates"]) if each["id"] == found["gate"]), None)
    path = f"/projects/{asking.named}"
    process = None if at is None else _part(workflow["gates"][at], _PROCESS)
    return section(
        "gate",
        "What is to be decided",
        {
            "submission": _part(found, _GATE),
            "project": _part(project, _PROJECT),
            "process": process,
        },
        [
            source(asking.query(f"/submissions/{number}"), {"/submission": ""}),
            source(asking.query(path), {"/project": ""}),
            *(
                []
                if at is None
                else [source(asking.query(f"{path}/workflow"), {"/process": f"/gates/{at}"})]
            ),
        ],
        note="The advice is the machine's, by the criteria alone. People decide, and say why where they "
        "decide otherwise.",
    )


def _criteria(found: Record, own: Record) -> Record:
    results = [_part(each, _RESULT) for each in found["results"]]
    outcomes = [each.value for each in Outcome]
    return section(
        "criteria",
        "Criteria",
        {
            **{each: sum(one["outcome"] == each for one in results) for each in outcomes},
            "results": results,
        },
        [{**own, "figures": [{"path": "/results", "pointer": "/results"}]}],
        derived=[derived(f"/{each}", "count", "/results", outcome=each) for each in outcomes],
        note="Missing data is unknown, never met.",
    )


def _recommended(asking: Asking) -> Record:
    found = _open_recommendations(asking)
    query = asking.query("/recommendations", project=asking.named, open=True, limit=LARGEST_PAGE)
    return section(
        "recommendations",
        "Recommendations that wait for an answer",
        {"items": [_part(each, _RECOMMENDATION) for each in found]},
        [source(query, {"/items": "/items"}, every_page=True)],
    )


def _alternatives(asking: Asking) -> Record:
    """Of the first recommendations: what nothing, what is recommended and what else would come to."""
    items: list[Record] = []
    sources: list[Record] = []
    for each in _open_recommendations(asking)[:MOST_WEIGHED]:
        found = alternatives.alternatives(
            asking.runtime,
            asking.actor,
            each["id"],
            currency=asking.currency,
            now=asking.now,
        )
        place = f"/items/{len(items)}"
        items.append(
            {
                "recommendation": found["recommendation"],
                "alternatives": [
                    {
                        **_part(one, _ALTERNATIVE),
                        "kpis": [_part(it, _EFFECT) for it in one["kpis"]],
                        "value": {
                            "sums": [_part(it, _SUM) for it in one["value"]["sums"]],
                            "unknown": [_part(it, _UNKNOWN) for it in one["value"]["unknown"]],
                        },
                    }
                    for one in found["alternatives"]
                ],
                "not_possible": found["not_possible"],
            }
        )
        query = asking.query(
            f"/recommendations/{each['id']}/alternatives", currency=asking.currency
        )
        sources.append(source(query, {place: ""}))
    return section(
        "alternatives",
        "What the alternatives come to",
        {"items": items},
        sources,
        note="Computed on the forecast, beside leaving all as it is.",
    )


def _decided(asking: Asking) -> Record:
    """What was decided at every gate, the last decision first."""
    found = everything(
        lambda request: gates.list_submissions(
            asking.runtime, asking.actor, request, project=asking.named, state="decided"
        )
    )
    query = asking.query("/submissions", project=asking.named, state="decided", limit=LARGEST_PAGE)
    return section(
        "decided",
        "What was decided so far",
        {"items": [_part(each, _DECIDED) for each in found]},
        [source(query, {"/items": "/items"}, every_page=True)],
    )


def _conditions(asking: Asking) -> Record:
    found = everything(
        lambda request: conditions.list_conditions(
            asking.runtime, asking.actor, request, project=asking.named, state="open"
        )
    )
    query = asking.query("/conditions", project=asking.named, state="open", limit=LARGEST_PAGE)
    return section(
        "conditions",
        "Conditions that are owed",
        {"items": [_part(each, _CONDITION) for each in found]},
        [source(query, {"/items": "/items"}, every_page=True)],
    )


def _open_recommendations(asking: Asking) -> list[Record]:
    return everything(
        lambda request: recommendations.list_recommendations(
            asking.runtime,
            asking.actor,
            request,
            project=asking.named,
            open=True,
            now=asking.now,
        )
    )


def _lists(
    name: str,
    title: str,
    content: Mapping[str, tuple[Sequence[Record], Sequence[str] | None]],
    own: Record,
    *,
    note: str | None = None,
) -> Record:
    """Lists of the submission, as it is read."""
    told = {
        each: [dict(one) if names is None else _part(one, names) for one in found]
        for each, (found, names) in content.items()
    }
    return section(name, title, told, [own], note=note)


def _part(found: Mapping[str, Any], names: Sequence[str]) -> Record:
    """What of it is told; a field that was added later may be missing in what was kept before."""
    return {name: found[name] for name in names if name in found}


GATE_PACK = ReportKind("gate-pack", "Gate pack", About.SUBMISSION, _data)
