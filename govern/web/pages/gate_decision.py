"""Deciding at a gate by a form, and the receipt of a vote."""

from typing import Any

from flask import request

from govern.domain.decision import Answer
from govern.domain.refusal import (
    ConditionsNeeded,
    OverrideNeedsReason,
    Refusal,
    SignatureNeeded,
    StaleVersion,
)
from govern.domain.role import Role
from govern.reports.shown import words
from govern.services import decisions, gates
from govern.services.ballots import Ballot
from govern.services.vote_receipts import vote_receipt
from govern.web.pages import cookie, gate_shown
from govern.web.pages.condition_rows import Rows, read_rows
from govern.web.pages.form import Form, read_form
from govern.web.pages.gate_page import show
from govern.web.pages.once import once
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.schemas.gates import NewVote
from govern.web.site import actor, now, runtime

pages = Pages("gate_decision")


@pages.page("/gates/<int:submission>/decision")
def decision(submission: int) -> Any:
    """Where the form is sent to; who opens the address again is on its page."""
    return go_on(f"/gates/{submission}")


# Who confirms in another window who they are has another session then: what is filled in here comes back
# with the token of that one, and nothing is recorded before it is sent with it.
@pages.form_of_nobody("/gates/<int:submission>/decision")
def decide(submission: int) -> Any:
    secret = cookie.secret_of(request) or ""
    if not cookie.is_form_token(secret, request.form.get(cookie.FIELD, "")):
        rows = read_rows(request.form, one_more=False)
        return show(submission, Form(_given()), rows=rows.count, again=True, status=403)
    return _decide(submission)


@once
def _decide(submission: int) -> Any:
    one_more = "more" in request.form
    rows = read_rows(request.form, one_more=one_more)
    if one_more:
        return show(submission, Form(_given()), rows=rows.count)
    form = _read(rows)
    if form.data is None or form.errors:
        return show(submission, form, rows=rows.count, status=422)
    try:
        voted = _vote(submission, form.data)
    except StaleVersion as stale:
        return _changed(submission, form, rows, stale)
    except SignatureNeeded as needed:
        confirm = needed.facts["confirm"]
        return show(submission, form, rows=rows.count, confirm=confirm, status=needed.status)
    except Refusal as refusal:
        return show(
            submission, _refused(form, rows, refusal), rows=rows.count, status=refusal.status
        )
    mine = next(each for each in reversed(voted["votes"]) if each["person_id"] == actor().person_id)
    return go_on(f"/gates/{submission}/receipts/{mine['id']}")


@pages.page("/gates/<int:submission>/receipts/<int:vote>")
def receipt(submission: int, vote: int) -> Any:
    found = vote_receipt(runtime(), actor(), submission, vote, now=now())
    told = found["submission"]
    return render(
        "gate-receipt.html",
        title=f"Recorded: {told['title']}, {found['project']['name']}",
        found=found,
        submission=told,
        project=found["project"],
        vote=found["vote"],
        needed=gate_shown.needed_sentence(told["missing"], False),
    )


def _given() -> dict[str, Any]:
    return {name: value for name, value in request.form.items() if name != cookie.FIELD}


def _read(rows: Rows) -> Form:
    more = {"conditions": rows.given} if rows.given and not rows.errors else {}
    form = read_form(NewVote, **more)
    errors = {name: told for name, told in form.errors.items() if name != "conditions"}
    if "decision" in errors:
        errors["decision"] = ["Choose one of the answers."]
    if "reason" in errors and not request.form.get("reason", "").strip():
        errors["reason"] = ["Say why. It stands in the history with your name."]
    return Form(_given(), errors | rows.errors, form.data)


def _vote(submission: int, given: dict[str, Any]) -> dict[str, Any]:
    role = given.get("role")
    return decisions.vote(
        runtime(),
        actor(),
        submission,
        Ballot(
            Answer(given["decision"]),
            given["reason"],
            given.get("override_reason"),
            given.get("conditions", ()),
            given.get("resume_on"),
            given.get("resume_when"),
        ),
        role=None if role is None else Role(role),
        on_behalf_of=given.get("on_behalf_of"),
        version=_number("version", 0),
        now=now(),
    )


def _refused(form: Form, rows: Rows, refusal: Refusal) -> Form:
    """With each sentence at the field that it is about."""
    if isinstance(refusal, OverrideNeedsReason):
        says = f"The advice is {words(refusal.facts['advice'])}. Say why you decide otherwise."
        return Form(form.given, {"override_reason": [says]})
    if isinstance(refusal, ConditionsNeeded):
        return Form(form.given, {"condition-0-text": [refusal.detail]})
    told = form.refused(refusal).errors
    return Form(form.given, {rows.field_of(name): found for name, found in told.items()})


def _changed(submission: int, form: Form, rows: Rows, stale: StaleVersion) -> Any:
    """The page as it is now, with what has changed: the answer is asked for again, the rest is kept."""
    found = gates.get_submission(runtime(), actor(), submission, now=now())
    told = gate_shown.changed_since(
        found, stale.facts.get("changed", ()), _number("votes_seen", len(found["votes"]))
    )
    kept = {name: value for name, value in form.given.items() if name != "decision"}
    return show(submission, Form(kept), rows=rows.count, changed=tuple(told), status=stale.status)


def _number(name: str, otherwise: int) -> int:
    given = request.form.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else otherwise
