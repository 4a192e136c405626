"""Templates: what every page knows, and how a value is shown. The filters are those of the reports."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, make_response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from govern.reports import shown
from govern.reports.charts import CHARTS
from govern.reports.page import FILTERS, TESTS
from govern.web.pages import cookie
from govern.web.pages.menu import menu_for
from govern.web.pages.table import Table, as_csv

POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The Content-Security-Policy: no script at all; charts are drawings in the page whose parts say themselves
how they look."""

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> Response:
    """The page, as a response. `title` must be among the values: it names the page, and the window.

    Every `Table` among the values is sorted as the address asks, and is the answer where it is asked
    for as a file.
    """
    tables = {name: each.ordered(request.args) for name, each in values.items() if _is_table(each)}
    for each in tables.values():
        if request.args.get("csv") == each.name:
            return as_csv(each)
    secret = cookie.secret_of(request) or ""
    actor = g.get("actor")
    text = (
        environment()
        .get_template(template)
        .render(
            me=actor,
            menu=menu_for(actor) if actor is not None else (),
            here=request.path,
            past=g.get("past"),
            form_token=cookie.form_token(secret) if secret else "",
            **values | tables,
        )
    )
    answer = make_response(text)
    answer.headers["Content-Security-Policy"] = POLICY
    # Without a referrer a browser does not tell where a form comes from either.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


@cache
def environment() -> Environment:
    made: Any = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS
    made.filters["when"] = _when
    made.tests |= TESTS
    made.globals["query"] = _query
    made.globals |= CHARTS
    return made


def _is_table(value: Any) -> bool:
    return isinstance(value, Table)


def _when(value: date | datetime | str | None) -> Any:
    """A day or a moment, as its text; unknown where there is none."""
    if value is None or value == "":
        return "unknown"
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return shown.moment(value) if isinstance(value, datetime) else shown.day(value)


def _query(**changes: Any) -> str:
    """The query of this address with some values changed, to link to; None takes a value away."""
    asked = {**request.args.to_dict(), **changes}
    kept = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"?{kept}" if kept else request.path
