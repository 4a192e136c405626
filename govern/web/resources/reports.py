"""Reports: the state of a portfolio, a project, a gate or a review, as data or as a page."""

from typing import Any

from flask import Response, g

from govern.domain.refusal import InvalidInput
from govern.reports.page import POLICY, to_html
from govern.services.report_kinds import KINDS, kind_named
from govern.services.reports import About, Asking, ReportKind, build
from govern.web.resource import Resource
from govern.web.schemas.reports import KnownReports, ReportData, ReportQuery
from govern.web.site import actor, now, runtime

reports = Resource("reports", "What is told of a portfolio, a project, a gate or a review.")


@reports.read("/reports", KnownReports)
def list_reports() -> Any:
    """List the kinds of reports, each with what it is about."""
    return {"items": list(KINDS.values())}


@reports.read("/reports/<id:kind>", ReportData, query=ReportQuery, past=True, or_file=["text/html"])
def get_report(kind: str, query: dict[str, Any]) -> Any:
    """Read a report, as data or, with `format=html`, as one page that holds all it needs.

    Name what it is about: `portfolio`, `project`, `submission` or `review`, as its kind has it. Each
    section of the data names the reads of this API that its figures are from.
    """
    found = kind_named(kind)
    form = query.pop("format", "json")
    asking = Asking(
        runtime(),
        actor(),
        _about(found, query),
        now(),
        currency=query.get("currency"),
        at=query.get("at"),
        when=g.when if "past" in g else None,
        size=g.past.size if "past" in g else None,
    )
    record = build(found, asking)
    if form == "json":
        return record
    page = Response(to_html(found.name, record), mimetype="text/html")
    page.headers["Content-Security-Policy"] = POLICY
    return page


def _about(kind: ReportKind, query: dict[str, Any]) -> str | int | None:
    other = [each.value for each in About if each is not kind.about and each.value in query]
    if other:
        raise InvalidInput(
            f"This report is about one {kind.about}.",
            errors={name: [f"name a {kind.about} instead"] for name in other},
        )
    return query.get(kind.about.value)
