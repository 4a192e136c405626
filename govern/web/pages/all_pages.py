"""Every group of pages, and the page for an address where there is none."""

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from govern.web.openapi import PREFIX
from govern.web.pages import (
    access_page,
    access_person,
    condition_page,
    gate_decision,
    gate_page,
    gate_work,
    history,
    kpi_page,
    lessons_page,
    me,
    oidc_sign_in,
    page,
    portfolio,
    project_advice,
    project_benefits,
    project_gates,
    project_history,
    project_page,
    projects,
    reading_page,
    reading_upload,
    readings_due,
    recommendation_page,
    review_page,
    rule_try,
    rules,
    scope_change_page,
    sign_in,
    verifying,
    waiting,
)
from govern.web.pages.assets_served import assets
from govern.web.problem import answer_http

ALL = (
    sign_in.pages,
    oidc_sign_in.pages,
    me.pages,
    access_page.pages,
    access_person.pages,
    projects.pages,
    project_page.pages,
    lessons_page.pages,
    portfolio.pages,
    project_history.pages,
    project_gates.pages,
    project_advice.pages,
    project_benefits.pages,
    kpi_page.pages,
    history.pages,
    verifying.pages,
    readings_due.pages,
    reading_upload.pages,
    reading_page.pages,
    waiting.pages,
    gate_page.pages,
    gate_decision.pages,
    gate_work.pages,
    recommendation_page.pages,
    rules.pages,
    rule_try.pages,
    scope_change_page.pages,
    condition_page.pages,
    review_page.pages,
)


def add_pages(app: Flask) -> None:
    app.register_blueprint(assets)
    for each in ALL:
        app.register_blueprint(each)
    app.register_error_handler(HTTPException, _answer)


def _answer(error: HTTPException) -> Any:
    """As a page for a browser, as a problem for a program."""
    for_people = request.accept_mimetypes.best_match(("application/json", "text/html"))
    if for_people != "text/html" or request.path.startswith(f"{PREFIX}/"):
        return answer_http(error)
    page.find_session()
    return page.wrong_address(error)
