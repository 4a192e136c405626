"""What is done at a gate besides deciding it: scoring a criterion, waiving one, bringing evidence."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Response, request, send_file

from govern.domain.refusal import Refusal
from govern.domain.role import Role
from govern.services import brought, evidence_files, gates, scores, waivers
from govern.web.pages.form import Form, read_form
from govern.web.pages.once import new_key, once
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.schemas.evidence import NewEvidence
from govern.web.schemas.scores import NewScore
from govern.web.schemas.waivers import NewWaiver
from govern.web.site import actor, now, runtime

pages = Pages("gate_work")
EVIDENCE = "pages_gate_work.evidence_brought"
"""The endpoint whose form may hold a file, and be larger than others."""


@pages.page("/gates/<int:submission>/scores")
def score(submission: int) -> Any:
    return _show(submission, "gate-score.html", "Score", Form(dict(request.args.items())))


@pages.form("/gates/<int:submission>/scores")
@once
def scored(submission: int) -> Any:
    def write(given: dict[str, Any], found: dict[str, Any]) -> None:
        role = given.get("role")
        scores.score(
            runtime(),
            actor(),
            submission,
            criterion=given["criterion"],
            given=given["score"],
            note=given.get("note"),
            role=None if role is None else Role(role),
            version=found["version"],
            now=now(),
        )

    return _done(submission, "gate-score.html", "Score", read_form(NewScore), write, "scored")


@pages.page("/gates/<int:submission>/waivers")
def waive(submission: int) -> Any:
    return _show(
        submission, "gate-waiver.html", "Waive a criterion", Form(dict(request.args.items()))
    )


@pages.form("/gates/<int:submission>/waivers")
@once
def waived(submission: int) -> Any:
    def write(given: dict[str, Any], found: dict[str, Any]) -> None:
        waivers.grant(runtime(), actor(), found["project"], **given, now=now())

    found = gates.get_submission(runtime(), actor(), submission, now=now())
    form = read_form(NewWaiver, gate=found["gate"])
    return _done(submission, "gate-waiver.html", "Waive a criterion", form, write, "waived")


@pages.page("/gates/<int:submission>/evidence")
def evidence(submission: int) -> Any:
    return _show(
        submission, "gate-evidence.html", "Bring evidence", Form(dict(request.args.items()))
    )


@pages.form("/gates/<int:submission>/evidence")
@once
def evidence_brought(submission: int) -> Any:
    def write(given: dict[str, Any], found: dict[str, Any]) -> None:
        handed = request.files.get("document")
        if handed is not None and handed.filename:
            kept = evidence_files.hand_in(
                runtime(),
                actor(),
                found["project"],
                filename=handed.filename,
                media_type=handed.mimetype,
                content=handed.read(),
                now=now(),
            )
            given = {**given, "file": kept["id"]}
        brought.bring(runtime(), actor(), submission, [given], version=found["version"], now=now())

    form = read_form(NewEvidence)
    return _done(submission, "gate-evidence.html", "Bring evidence", form, write, "brought")


@pages.page("/evidence-files/<int:file>")
def file(file: int) -> Response:
    """A file that was handed in; its content is held against its digest first."""
    found = evidence_files.read_file(runtime(), actor(), file)
    return send_file(
        BytesIO(found.content),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.filename,
        conditional=False,
    )


def _done(
    submission: int,
    template: str,
    what: str,
    form: Form,
    write: Callable[[dict[str, Any], dict[str, Any]], None],
    done: str,
) -> Any:
    if form.data is None or form.errors:
        return _show(submission, template, what, form, 422)
    found = gates.get_submission(runtime(), actor(), submission, now=now())
    try:
        write(form.data, found)
    except Refusal as refusal:
        return _show(submission, template, what, _named(form.refused(refusal)), refusal.status)
    return go_on(f"/gates/{submission}?done={done}#criteria")


def _named(form: Form) -> Form:
    """The sentences of `evidence.0.link` stand at the field `link`."""
    told = {name.removeprefix("evidence.0."): found for name, found in form.errors.items()}
    told = {("" if name.startswith("evidence.") else name): found for name, found in told.items()}
    return Form(form.given, told, form.data)


def _show(submission: int, template: str, what: str, form: Form, status: int = 200) -> Any:
    found = gates.get_submission(runtime(), actor(), submission, now=now())
    answer = render(
        template,
        title=f"{what}: {found['title']}, {found['project']}",
        submission=found,
        form=form,
        once=new_key(),
        today=now().date(),
    )
    answer.status_code = status
    return answer
