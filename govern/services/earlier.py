"""The earlier iterations of a gate beside a later one: what was decided, and what differs since."""

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.process.changes import changes
from govern.store import submissions


def of_submission(connection: Connection, found: Record) -> list[Record]:
    """The submissions of the same project to the same gate before this one, the newest first.

    `differs` says in sentences what the later judgement has otherwise than that one.
    """
    if found["iteration"] == 1:
        return []
    before = [
        each
        for each in submissions.of_project(connection, found["project"], found["gate"])
        if each["iteration"] < found["iteration"]
    ]
    return [
        {
            "submission": each["id"],
            "iteration": each["iteration"],
            "advice": each["advice"],
            "decision": each["decision"],
            "decided_at": each["decided_at"],
            "differs": list(
                changes(each["results"], found["results"], each["evidence"], found["evidence"])
            ),
        }
        for each in reversed(before)
    ]
