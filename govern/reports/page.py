"""A report as a page: one file that holds all it needs, for a screen, for paper, and to send.

No script and no address from elsewhere: style stands inside, charts are drawings in the text.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from govern.domain.record import Record
from govern.reports import shown
from govern.reports.charts import CHARTS

TEMPLATES = Path(__file__).parent / "templates"
GENERIC = "generic.html"
"""The template of a kind that has none of its own."""

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy that a page is content with."""


def to_html(kind_name: str, record: Record) -> str:
    """The page of a report, as `services.reports.build` gives it."""
    environment = _environment()
    template = environment.select_template([f"{kind_name}.html", GENERIC])
    sections = {each["name"]: each for each in record["sections"]}
    return template.render(report=record, sections=sections, style=_style()) + "\n"


@cache
def _environment() -> Environment:
    made: Any = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS
    made.globals |= CHARTS
    made.tests |= TESTS
    return made


def _is_told(value: Any) -> bool:
    """Whether it is a decimal number, which a report has as text."""
    return isinstance(value, str) and shown.decimal(value) is not None


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


@cache
def _style() -> Markup:
    return Markup((TEMPLATES / "report.css").read_text())  # noqa: S704 - a file of ours


def _figure(value: Any) -> Markup:
    """A number, with all its digits for whoever reads the page with a program."""
    if shown.decimal(value) is None:
        return Markup('<span class="unknown">unknown</span>')
    return Markup('<data value="{}">{}</data>').format(str(value), shown.number(value))


def _share(value: Any) -> Markup:
    if shown.decimal(value) is None:
        return Markup('<span class="unknown">unknown</span>')
    return Markup('<data value="{}">{}</data>').format(str(value), shown.percent(value))


FILTERS: Final[dict[str, Any]] = {
    **{
        name: getattr(shown, name)
        for name in ("number", "percent", "compact", "day", "dated", "moment", "words", "per")
    },
    "figure": _figure,
    "share": _share,
}
"""How templates show values: those of reports, and those of the pages of the service."""

TESTS: Final[dict[str, Any]] = {"told": _is_told, "list": _is_list}
