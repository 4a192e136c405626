"""A post-implementation review: what came of the project, and signing it off."""

from typing import Any

from flask import request

from govern.domain.refusal import Refusal
from govern.services import review_signature, reviews
from govern.services.projects import get_project
from govern.web.pages.form import Form, read_form
from govern.web.pages.once import new_key, once
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.schemas.reviews import NewSignature
from govern.web.site import actor, now, runtime

pages = Pages("review")


@pages.page("/reviews/<int:number>")
def review(number: int) -> Any:
    return _show(number, Form())


@pages.page("/reviews/<int:number>/signature")
def sent(number: int) -> Any:
    """Where the form is sent to; who opens the address again is on the page."""
    return go_on(f"/reviews/{number}")


@pages.form("/reviews/<int:number>/signature")
@once
def sign(number: int) -> Any:
    form = read_form(NewSignature)
    if form.data is None or form.errors:
        return _show(number, form, 422)
    version = request.form.get("version", "")
    try:
        review_signature.sign(
            runtime(),
            actor(),
            number,
            **form.data,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            now=now(),
        )
    except Refusal as refusal:
        return _show(number, form.refused(refusal), refusal.status)
    return go_on(f"/reviews/{number}?done=signed")


def _show(number: int, form: Form, status: int = 200) -> Any:
    found = reviews.get_review(runtime(), actor(), number, now=now())
    answer = render(
        "review.html",
        title=f"Review {found['number']} of {found['project']}",
        told=found,
        project=get_project(runtime(), actor(), found["project"]),
        may_sign=not found["missing"] and actor().name in found["signers"],
        form=form,
        once=new_key(),
        done=request.args.get("done"),
    )
    answer.status_code = status
    return answer
