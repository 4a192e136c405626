"""The lessons that a gate shows with a submission, and that its deciders are seen to have seen."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.process.definition import LESSONS, Gate
from govern.services.lessons import told
from govern.services.likeness import choose
from govern.store import lessons

_SEEN = ("label", "happened", "because", "next_time")


def for_gate(
    connection: Connection, project: Record, gate: Gate, submission_id: int | None
) -> list[Record] | None:
    """Those that were shown with the submission, or, where there is none yet, those to show: `lesson`,
    `rank`, `alike`. None at a gate that shows no lessons."""
    if LESSONS not in gate.shows:
        return None
    if submission_id is None:
        return choose(connection, project)
    return lessons.shown(connection, [submission_id])[submission_id]


def as_seen(connection: Connection, shown: Iterable[Record]) -> list[dict[str, Any]]:
    """Them with their words, as they stand in the text that a vote is bound to."""
    listed = list(shown)
    found = lessons.some(connection, {each["lesson"] for each in listed})
    return [
        {
            **each,
            "version": found[each["lesson"]]["version"],
            **{name: found[each["lesson"]][name] for name in _SEEN},
        }
        for each in listed
    ]


def shown_with(connection: Connection, submission_id: int) -> list[Record]:
    """The lessons that were shown with a submission, in their order, each as it is now and with `alike`,
    why it was shown. One that has been changed since has another `version` than the text that is kept
    of what a vote saw."""
    return all_shown(connection, [submission_id])[submission_id]


def all_shown(connection: Connection, submission_ids: Iterable[int]) -> dict[int, list[Record]]:
    """As `shown_with`, for several submissions."""
    shown = lessons.shown(connection, list(submission_ids))
    wanted = {each["lesson"] for listed in shown.values() for each in listed}
    rows = lessons.some(connection, wanted) if wanted else {}
    named = {each["id"]: each for each in told(connection, list(rows.values()))}
    return {
        number: [
            {**named[each["lesson"]], "rank": each["rank"], "alike": each["alike"]}
            for each in listed
            if each["lesson"] in named
        ]
        for number, listed in shown.items()
    }
