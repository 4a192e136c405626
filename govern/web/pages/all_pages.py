"""Every group of pages, and the page for an address where there is none."""

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from govern.web.openapi import PREFIX
from govern.web.pages import (
    history,
    page,
    reading_page,
    reading_upload,
    readings_due,
    sign_in,
    verifying,
)
from govern.web.pages.assets_served import assets
from govern.web.problem import answer_http

ALL = (
    sign_in.pages,
    history.pages,
    verifying.pages,
    readings_due.pages,
    reading_upload.pages,
    reading_page.pages,
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
