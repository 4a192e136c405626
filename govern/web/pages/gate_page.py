"""The page of a submission: all that is needed to decide it, and the form to decide with."""

from typing import Any

from flask import Response, request

from govern.services import alternatives
from govern.services.gate_page import gate_page
from govern.web.pages import condition_rows, gate_shown, once
from govern.web.pages.form import Form
from govern.web.pages.page import Pages
from govern.web.pages.render import render
from govern.web.site import actor, now, runtime

pages = Pages("gates")

LABELS = {
    "decision": "Your answer",
    "reason": "Reason",
    "override_reason": "Why against the advice",
    "conditions": "Conditions",
    "resume_on": "Resume on",
    "resume_when": "Resume when",
    "on_behalf_of": "For whom",
    "role": "In which role",
}
"""What the fields of the form are called where they are spoken of."""

WEIGHED = 3
"""Of so many open recommendations the alternatives stand on the page; the others lead to theirs."""


@pages.page("/gates/<int:submission>")
def gate(submission: int) -> Any:
    return show(submission, Form())


def show(
    submission: int,
    form: Form,
    *,
    rows: int = 1,
    changed: tuple[str, ...] = (),
    again: bool = False,
    confirm: str | None = None,
    status: int = 200,
) -> Response:
    """The page with a form that is empty, or that was refused and comes back to be mended; `changed`
    is what is not as the person saw it. `again`: they have another session since; `confirm`: where they
    show first that it is them."""
    found = gate_page(runtime(), actor(), submission, now=now())
    told, me = found["submission"], found["me"]
    results = gate_shown.ordered(told["results"])
    answer = render(
        "gate.html",
        title=f"{told['title']}: {found['project']['name']}",
        today=now().date(),
        found=found,
        submission=told,
        project=found["project"],
        at=found["gate"],
        me_here=me,
        results=results,
        values={each["id"]: gate_shown.values_of(each) for each in results},
        values_shown=gate_shown.VALUES_SHOWN,
        sparks={each["id"]: gate_shown.spark(each) for each in found["kpis"]},
        kpis={each["id"]: each for each in found["kpis"]},
        weighed=_weighed(found["recommendations"]),
        answers=gate_shown.answers(found),
        needed=gate_shown.needed_sentence(told["missing"], me["may_vote"]),
        form=form,
        rows=rows,
        labels=LABELS | condition_rows.labels(rows),
        changed=changed,
        again=again,
        confirm=confirm,
        once=once.new_key(),
        done=request.args.get("done"),
    )
    answer.status_code = status
    return answer


def _weighed(recommendations: list[dict[str, Any]]) -> dict[int, Any]:
    """The alternatives of the first open recommendations, by their numbers."""
    return {
        each["id"]: alternatives.alternatives(runtime(), actor(), each["id"], now=now())
        for each in recommendations[:WEIGHED]
    }
