"""A scope change: what it does, the value it costs, who has voted how; and voting on it."""

from typing import Any

from flask import request

from govern.domain.decision import Answer
from govern.domain.refusal import NotFound, Refusal
from govern.domain.role import Role
from govern.services.scope_change_page import scope_change_page
from govern.services.scope_votes import vote
from govern.web.pages.form import Form, read_form
from govern.web.pages.once import new_key, once
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.schemas.scope_changes import NewScopeVote
from govern.web.site import actor, now, runtime

pages = Pages("scope_change")

ANSWERS = (
    ("go", "Go", "It is made as proposed. With the last vote all of it is applied at once, and the next "
     "version of the baseline is kept."),
    ("recycle", "Recycle", "It is not made so. It can be proposed anew."),
    ("kill", "Kill", "It is not made."),
    ("abstain", "Abstain", "You leave it to the others."),
)  # fmt: skip


@pages.page("/projects/<project>/scope-changes/<int:number>")
def scope_change(project: str, number: int) -> Any:
    return _show(project, number, Form())


@pages.page("/projects/<project>/scope-changes/<int:number>/vote")
def sent(project: str, number: int) -> Any:
    """Where the form is sent to; who opens the address again is on the page."""
    return go_on(f"/projects/{project}/scope-changes/{number}")


@pages.form("/projects/<project>/scope-changes/<int:number>/vote")
@once
def voted(project: str, number: int) -> Any:
    form = read_form(NewScopeVote)
    if "decision" in form.errors:
        form = Form(form.given, form.errors | {"decision": ["Choose one of the answers."]})
    if form.data is None or form.errors:
        return _show(project, number, form, 422)
    given = form.data
    role = given.get("role")
    version = request.form.get("version", "")
    try:
        vote(
            runtime(),
            actor(),
            number,
            decision=Answer(given["decision"]),
            reason=given["reason"],
            role=None if role is None else Role(role),
            on_behalf_of=given.get("on_behalf_of"),
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            now=now(),
        )
    except Refusal as refusal:
        return _show(project, number, form.refused(refusal), refusal.status)
    return go_on(f"/projects/{project}/scope-changes/{number}?done=voted")


def _show(project: str, number: int, form: Form, status: int = 200) -> Any:
    found = scope_change_page(runtime(), actor(), number, now=now())
    told = found["scope_change"]
    if told["project"] != project:
        raise NotFound(f"Project {project} has no scope change {number}.")
    answer = render(
        "scope-change.html",
        title=f"Scope change {number}: {told['title']}",
        found=found,
        told=told,
        project=found["project"],
        me_here=found["me"],
        answers=ANSWERS,
        form=form,
        once=new_key(),
        done=request.args.get("done"),
    )
    answer.status_code = status
    return answer
