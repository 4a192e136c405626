"""For auditors: does the ledger hold, do decisions come out the same again, and what to take away."""

from datetime import date
from typing import Any

from flask import Response, request

from govern.domain.refusal import InvalidInput, Refusal
from govern.domain.role import Role
from govern.services.audit import verify_ledger
from govern.services.export_selection import Query
from govern.services.exporting import export
from govern.services.log_upkeep import standing
from govern.services.receipts import check_receipt
from govern.services.replaying import replay
from govern.services.state_audit import StateAudit, audit_state
from govern.web.fields import Day, Identifier
from govern.web.pages.form import Form, read_form, read_query
from govern.web.pages.page import Pages
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.schemas.base import Given
from govern.web.site import actor, now, runtime

pages = Pages("verifying")


class ExportForm(Given):
    project = Identifier("All of this project.")
    gate = Identifier("Only what concerns this gate of the project.")
    first = Day("What was sealed from this day on (UTC), of all projects.")
    last = Day("What was sealed up to and with this day.")


class ReplayForm(Given):
    project = Identifier("Only this project.")


@pages.page("/history/verify")
def verifying() -> Any:
    return _page()


@pages.form("/history/verify")
def verify() -> Any:
    """Everything, now: chains, log, what events cite, and the tables that are made of events."""
    found = verify_ledger(runtime(), actor())
    state = audit_state(runtime(), actor()) if Role.AUDITOR in actor().everywhere else None
    faults = Table(
        "faults",
        "What does not hold",
        (Column("project", "Chain"), Column("seq", "Event", Kind.NUMBER), Column("what", "What")),
        [{"project": each.project, "seq": each.seq, "what": each.what} for each in found.faults],
        none="Nothing: every chain holds.",
    )
    return _page(found=found, faults=faults, state=state, differences=_differences(state))


@pages.form("/history/replay")
def replay_again() -> Any:
    """Decisions and findings computed again from the facts and rules that they cite."""
    form = read_form(ReplayForm)
    if form.data is None:
        return _page(replay_form=form)
    try:
        again = replay(runtime(), actor(), project=form.data.get("project"))
    except Refusal as refused:
        return _page(replay_form=form.refused(refused))
    kinds = Table(
        "replayed",
        "What was computed again",
        (
            Column("kind", "Kind"),
            Column("same", "The same", Kind.NUMBER),
            Column("differs", "Not the same", Kind.NUMBER),
            Column("not_told", "Cannot be told", Kind.NUMBER),
        ),
        [
            {
                "kind": kind,
                "same": counts.get("same", 0),
                "differs": counts.get("differs", 0),
                "not_told": sum(n for how, n in counts.items() if how not in ("same", "differs")),
            }
            for kind, counts in again.counts.items()
        ],
        none="Nothing that could be computed again has happened yet.",
    )
    differing = Table(
        "differing",
        "Each that did not come out the same",
        (
            Column("at", "When", Kind.MOMENT),
            Column("project", "Project"),
            Column("kind", "Kind", link="link"),
            Column("outcome", "Outcome", Kind.WORDS),
            Column("because", "Why"),
        ),
        [
            {
                "at": each.at,
                "project": each.project,
                "kind": each.kind,
                "link": f"/history/{each.project}/{each.seq}",
                "outcome": each.outcome.value,
                "because": each.because or "; ".join(str(one) for one in each.differences),
            }
            for each in again.found
        ],
        none="None: all came out the same.",
    )
    return _page(again=again, kinds=kinds, differing=differing, replay_form=form)


@pages.form("/history/receipt")
def receipt() -> Any:
    """Holds what somebody was given for a decision against the ledger."""
    text = request.form.get("receipt", "").replace("\r\n", "\n")
    form = Form({"receipt": text})
    try:
        held = check_receipt(runtime(), text if text.endswith("\n") else f"{text}\n")
    except Refusal as refused:
        return _page(receipt_form=form.refused(refused))
    return _page(held=held, receipt_form=form)


@pages.page("/history/export")
def take_away() -> Any:
    """A bundle that is verified elsewhere, without this service."""
    form = read_query(ExportForm)
    if form.data is None:
        return _page(export_form=form)
    try:
        made = export(runtime(), actor(), Query(**form.data), now=now())
    except InvalidInput as refused:
        return _page(export_form=form.refused(refused))
    answer = Response(made.parts, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=made.filename)
    return answer


def _differences(state: StateAudit | None) -> Table:
    return Table(
        "differences",
        "Rows that are not what the events say",
        (
            Column("project", "Project"),
            Column("table", "Table"),
            Column("key", "Row"),
            Column("column", "Column", missing="the whole row"),
            Column("stored", "Stands there", missing="nothing"),
            Column("told", "The events say", missing="nothing"),
            Column("seq", "Event", link="link", missing="none"),
        ),
        [
            {
                **{name: getattr(each, name) for name in ("project", "table", "key", "column")},
                "stored": None if each.stored is None else str(each.stored),
                "told": None if each.told is None else str(each.told),
                "seq": None if each.seq is None else str(each.seq),
                "link": None if each.seq is None else f"/history/{each.project}/{each.seq}",
            }
            for each in (state.differences if state else ())
        ],
    )


def _page(**shown: Any) -> Any:
    wrong = any(isinstance(each, Form) and each.errors for each in shown.values())
    made = {
        "found": None,
        "differences": None,
        "faults": None,
        "state": None,
        "again": None,
        "kinds": None,
        "differing": None,
        "held": None,
        "replay_form": Form(),
        "receipt_form": Form(),
        "export_form": Form(),
        "standing": standing(runtime()),
        "today": date.isoformat(now().date()),
    }
    answer = render("verifying.html", title="Verify and take away", **made | shown)
    if wrong:
        answer.status_code = InvalidInput.status
    return answer
