"""The record of a project at its gates: every iteration, round, vote and decision, and how long each
stage took."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.services import lessons_shown, waiver_list
from govern.services.access import project_for
from govern.services.personal import reveal
from govern.services.runtime import Runtime
from govern.store import events, people, projects, submissions

REJUDGED = "gate.rejudged"


def gate_record(runtime: Runtime, actor: Actor, project_id: str, *, now: datetime) -> Record:
    """`gates` in the order of the workflow, each with its iterations; `stages` in the order in which
    the project was in them, with their days, unknown where a date is; every one of its `waivers`.

    Raises NotFound.
    """
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
        titles = {gate.id: gate.title for gate in workflow.gates}
        tried = iterations(connection, project_id, now)
        visits = visits_of(projects.moves_of(connection, project_id), now.date())
        return {
            "project": project_id,
            "workflow": project["workflow"],
            "workflow_version": project["workflow_version"],
            "stage": project["stage"],
            "stages": visits,
            "days_in_stage": _days_in_stage(visits),
            "gates": [
                {
                    "gate": gate,
                    "title": titles.get(gate),
                    "recycles": sum(each["decision"] == Decision.RECYCLE for each in tried[gate]),
                    "iterations": tried[gate],
                }
                # What was decided under an earlier workflow version may be a gate no longer.
                for gate in dict.fromkeys((*titles, *tried))
            ],
            "waivers": waiver_list.of_project(connection, project_id, now.date()),
        }


def visits_of(moves: Sequence[Record], today: date) -> list[Record]:
    """One per stage that was entered; `days` is null where it is not known since when, or until when."""
    visits: list[Record] = []
    for index, each in enumerate(moves):
        is_last = index == len(moves) - 1
        until = None if is_last else moves[index + 1]["since"]
        end = today if is_last else until
        since = each["since"]
        visits.append(
            {
                "stage": each["to_stage"],
                "since": since,
                "until": until,
                "now": is_last,
                "days": (end - since).days if since is not None and end is not None else None,
                "recorded_at": each["recorded_at"],
            }
        )
    return visits


def _days_in_stage(visits: Sequence[Record]) -> list[Record]:
    """All visits of a stage together; null where one of them is not known."""
    days: dict[str, list[int | None]] = defaultdict(list)
    for each in visits:
        days[each["stage"]].append(each["days"])
    return [
        {
            "stage": stage,
            "visits": len(found),
            "days": None if None in found else sum(each for each in found if each is not None),
        }
        for stage, found in days.items()
    ]


def iterations(
    connection: Connection, project_id: str, now: datetime
) -> defaultdict[str, list[Record]]:
    found = submissions.of_project(connection, project_id)
    votes = {each["id"]: submissions.votes(connection, each["id"]) for each in found}
    shown = lessons_shown.all_shown(connection, [each["id"] for each in found])
    named = people.names(
        connection,
        {each["submitted_by"] for each in found}
        | {
            person
            for cast in votes.values()
            for each in cast
            for person in (each["person_id"], each["for_person_id"])
            if person is not None
        },
    )
    rejudged: defaultdict[int, list[Record]] = defaultdict(list)
    for event in reveal(connection, events.of_kind(connection, project_id, REJUDGED)):
        rejudged[event["data"]["submission"]].append(event)
    told: defaultdict[str, list[Record]] = defaultdict(list)
    for each in found:
        told[each["gate"]].append(
            {
                **{
                    name: each[name]
                    for name in (
                        "iteration",
                        "state",
                        "advice",
                        "advice_because",
                        "decision",
                        "decided_at",
                        "became",
                        "became_at",
                        "decide_by",
                        "round",
                        "escalated_to",
                        "facts_digest",
                        "rulebook_digest",
                        "workflow_digest",
                        "seen_digest",
                    )
                },
                "submission": each["id"],
                "submitted_at": each["recorded_at"],
                "submitted_by": named.get(each["submitted_by"]),
                "override": each["decision"] is not None and each["decision"] != each["advice"],
                "days_open": ((each["decided_at"] or now).date() - each["recorded_at"].date()).days
                if each["decided_at"] or each["state"] == submissions.OPEN
                else None,
                "rounds": _rounds(each, rejudged[each["id"]]),
                "lessons": shown[each["id"]],
                "votes": [_vote(vote, each["round"], named) for vote in votes[each["id"]]],
            }
        )
    return told


def _rounds(found: Record, rejudged: Sequence[Record]) -> list[Record]:
    """Every judgement of the submission: the first has changed nothing, a later one says what."""
    return [
        {"round": 1, "judged_at": found["recorded_at"], "changed": []},
        *(
            {
                "round": each["data"]["round"],
                "judged_at": each["at"],
                "changed": each["data"]["changed"],
            }
            for each in rejudged
        ),
    ]


def _vote(vote: Record, current: int, named: dict[str, str]) -> Record:
    return {
        **{
            name: vote[name]
            for name in (
                "id",
                "round",
                "through",
                "roles",
                "seat",
                "decision",
                "meaning",
                "reason",
                "override_reason",
                "seen_digest",
                "signed_at",
                "signed_how",
                "recorded_at",
            )
        },
        "person": named.get(vote["person_id"]),
        "for_person": named.get(vote["for_person_id"]),
        "counts": vote["round"] == current,
    }
