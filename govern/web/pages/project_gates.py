"""The gates of a project: each iteration, what became of it, the stages, conditions and waivers."""

from typing import Any

from govern.domain.record import Record
from govern.services import conditions
from govern.services.everything import everything
from govern.services.gate_record import gate_record
from govern.web.pages.looking_back import can_look_back
from govern.web.pages.page import Pages
from govern.web.pages.project_tabs import head_of, render_tab
from govern.web.pages.table import Column, Kind, Table
from govern.web.site import actor, now, runtime

pages = Pages("project_gates")


@pages.page("/projects/<project>/gates")
@can_look_back
def project_gates(project: str) -> Any:
    head = head_of(project)
    record = gate_record(runtime(), actor(), project, now=now())
    owed = everything(
        lambda request: conditions.list_conditions(runtime(), actor(), request, project=project)
    )
    return render_tab(
        "project-gates.html",
        "gates",
        head,
        gates=_gates(record),
        stages=_stages(record),
        conditions=_conditions(owed),
        waivers=_waivers(record["waivers"]),
    )


def _gates(record: Record) -> Table:
    rows: list[Record] = [
        {
            "gate": gate["title"] or gate["gate"],
            "to": f"/gates/{each['submission']}",
            "iteration": each["iteration"],
            "state": each["state"],
            "submitted_at": each["submitted_at"],
            "submitted_by": each["submitted_by"],
            "advice": each["advice"],
            "decision": each["decision"],
            "override": "against the advice" if each["override"] else None,
            "decided_at": each["decided_at"],
            "days_open": each["days_open"],
            "votes": "; ".join(
                f"{vote['person'] or 'unknown'} {vote['decision']}".replace("_", " ")
                for vote in each["votes"]
                if vote["counts"]
            )
            or None,
        }
        for gate in record["gates"]
        for each in gate["iterations"]
    ]
    rows.sort(key=lambda row: row["submitted_at"], reverse=True)
    return Table(
        "gates",
        "What was put before a gate",
        (
            Column("gate", "Gate", link="to"),
            Column("iteration", "Iteration", Kind.NUMBER),
            Column("submitted_at", "Submitted", Kind.MOMENT),
            Column("submitted_by", "By"),
            Column("advice", "Advice", Kind.WORDS),
            Column("decision", "Decision", Kind.WORDS, missing="not decided"),
            Column("override", "Override", missing="–"),
            Column("decided_at", "Decided", Kind.MOMENT, missing="not yet"),
            Column("days_open", "Days open", Kind.NUMBER),
            Column("votes", "Votes", missing="none"),
        ),
        rows,
        none="The project was not put before a gate yet.",
    )


def _stages(record: Record) -> Table:
    return Table(
        "stages",
        "Stages it was in",
        (
            Column("stage", "Stage", Kind.WORDS),
            Column("since", "Since", Kind.DAY),
            Column("until", "Until", Kind.DAY, missing="–"),
            Column("state", "State"),
            Column("days", "Days", Kind.NUMBER),
        ),
        [
            {**each, "until": None if each["now"] else each["until"], "state": _visit(each)}
            for each in record["stages"]
        ],
        none="Nobody knows when it entered its stage.",
    )


def _visit(visit: Record) -> str:
    if visit["now"]:
        return "is there now"
    return "left" if visit["until"] else "left on a day that is unknown"


def _conditions(found: list[Record]) -> Table:
    return Table(
        "conditions",
        "Conditions of a conditional go",
        (
            Column("text", "Condition", link="to"),
            Column("owner", "Owner"),
            Column("due", "Due", Kind.DAY),
            Column("state", "State", Kind.WORDS),
        ),
        [{**each, "to": f"/conditions/{each['id']}"} for each in found],
        none="No condition was owed.",
    )


def _waivers(found: list[Record]) -> Table:
    return Table(
        "waivers",
        "Criteria that were waived",
        (
            Column("gate", "Gate", Kind.WORDS),
            Column("criterion", "Criterion", Kind.WORDS),
            Column("state", "State", Kind.WORDS),
            Column("until", "Until", Kind.DAY, missing="no end"),
            Column("reason", "Why"),
        ),
        found,
        none="No criterion was waived.",
    )
