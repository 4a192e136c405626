"""A recommendation: what fired, why, what could be done instead; answering it, and carrying it out."""

from collections.abc import Callable
from typing import Any

from flask import request

from govern.domain.recommendation import ALTERNATIVES, RecommendationStatus, RejectedBecause
from govern.domain.refusal import Refusal
from govern.services import alternatives, recommendations
from govern.services.raising import raise_scope_change
from govern.services.recommendation_done import report_done
from govern.services.recommendation_page import recommendation_page
from govern.web.pages import gate_shown
from govern.web.pages.form import Form, read_form
from govern.web.pages.once import new_key, once
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.schemas.recommendations import Answer, Implementation
from govern.web.schemas.scope_changes import RaisedScopeChange
from govern.web.site import actor, now, runtime

pages = Pages("recommendation")

_STATUS = {
    "accept": RecommendationStatus.ACCEPTED,
    "reject": RecommendationStatus.REJECTED,
    "defer": RecommendationStatus.DEFERRED,
}


@pages.page("/recommendations/<int:number>")
def recommendation(number: int) -> Any:
    return _show(number, Form())


@pages.form("/recommendations/<int:number>/answer")
@once
def answer(number: int) -> Any:
    def write(given: dict[str, Any]) -> str:
        because = given.get("rejected_because")
        recommendations.answer(
            runtime(),
            actor(),
            number,
            status=_STATUS[given["answer"]],
            reason=given["reason"],
            deferred_until=given.get("deferred_until"),
            rejected_because=None if because is None else RejectedBecause(because),
            alternative=given.get("alternative"),
            version=_version(),
            now=now(),
        )
        return f"/recommendations/{number}?done=answered"

    return _done(number, read_form(Answer), write)


@pages.form("/recommendations/<int:number>/scope-change")
@once
def scope_change(number: int) -> Any:
    def write(given: dict[str, Any]) -> str:
        made = raise_scope_change(
            runtime(), actor(), number, **given, version=_version(), now=now()
        )
        return f"/projects/{made['project']}/scope-changes/{made['id']}"

    return _done(number, read_form(RaisedScopeChange), write)


@pages.form("/recommendations/<int:number>/done")
@once
def carried_out(number: int) -> Any:
    def write(given: dict[str, Any]) -> str:
        report_done(runtime(), actor(), number, **given, version=_version(), now=now())
        return f"/recommendations/{number}?done=implemented"

    return _done(number, read_form(Implementation), write)


@pages.page("/recommendations/<int:number>/<any(answer, 'scope-change', done):_form>")
def sent(number: int, _form: str) -> Any:
    """Where the forms are sent to; who opens the address again is on the page."""
    return go_on(f"/recommendations/{number}")


def _done(number: int, form: Form, write: Callable[[dict[str, Any]], str]) -> Any:
    if form.data is None or form.errors:
        return _show(number, form, 422)
    try:
        return go_on(write(form.data))
    except Refusal as refusal:
        return _show(number, form.refused(refusal), refusal.status)


def _show(number: int, form: Form, status: int = 200) -> Any:
    found = recommendation_page(runtime(), actor(), number, now=now())
    told = found["recommendation"]
    weighed = alternatives.alternatives(runtime(), actor(), number, now=now())
    shown = render(
        "recommendation.html",
        title=f"Recommendation {number}: {told['action'].replace('_', ' ')}, {told['project']}",
        found=found,
        told=told,
        project=found["project"],
        me_here=found["me"],
        observed=gate_shown.values_of({"values": told["observed"]}),
        spark=gate_shown.spark(found["kpi"]) if found["kpi"] else None,
        weighed=weighed,
        choices=[
            ("", f"What the rule recommends: {told['action'].replace('_', ' ')}"),
            *(
                (each["name"], each["title"])
                for each in weighed["alternatives"]
                if each["name"] in ALTERNATIVES and not each["recommended"]
            ),
        ],
        because=[(each.value, each.value.replace("_", " ")) for each in RejectedBecause],
        form=form,
        once=new_key(),
        done=request.args.get("done"),
    )
    shown.status_code = status
    return shown


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
