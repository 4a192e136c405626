"""A condition of a conditional go, and closing it."""

from typing import Any

from flask import request

from govern.domain.refusal import Refusal
from govern.domain.role import Permission
from govern.services import conditions
from govern.services.projects import get_project
from govern.web.pages.form import Form, read_form
from govern.web.pages.once import new_key, once
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.schemas.gates import Closing
from govern.web.site import actor, now, runtime

pages = Pages("condition")


@pages.page("/conditions/<int:number>")
def condition(number: int) -> Any:
    return _show(number, Form())


@pages.page("/conditions/<int:number>/close")
def sent(number: int) -> Any:
    """Where the form is sent to; who opens the address again is on the page."""
    return go_on(f"/conditions/{number}")


@pages.form("/conditions/<int:number>/close")
@once
def close(number: int) -> Any:
    form = read_form(Closing)
    if form.data is None or form.errors:
        return _show(number, form, 422)
    version = request.form.get("version", "")
    try:
        conditions.close_condition(
            runtime(),
            actor(),
            number,
            evidence=form.data["evidence"],
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            now=now(),
        )
    except Refusal as refusal:
        return _show(number, form.refused(refusal), refusal.status)
    return go_on(f"/conditions/{number}?done=closed")


def _show(number: int, form: Form, status: int = 200) -> Any:
    found = conditions.get_condition(runtime(), actor(), number)
    project = get_project(runtime(), actor(), found["project"])
    answer = render(
        "condition.html",
        title=f"Condition {number}, {found['project']}",
        told=found,
        project=project,
        may_close=found["state"] == "open"
        and actor().may(Permission.CLOSE_CONDITION, project["portfolio"], project["id"]),
        today=now().date(),
        form=form,
        once=new_key(),
        done=request.args.get("done"),
    )
    answer.status_code = status
    return answer
