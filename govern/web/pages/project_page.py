"""A project at a glance: what it promised and what came, what is late, what waits for whom."""

from typing import Any

from flask import Response, g, request

from govern.domain.record import Record
from govern.reports.page import POLICY, to_html
from govern.services.forecast_worker import PENDING
from govern.services.kpi_course import project_kpis
from govern.services.project_overview import next_gate, project_overview
from govern.services.report_kinds import kind_named
from govern.services.reports import Asking, build
from govern.services.status_report import STATUS_REPORT
from govern.web.pages import project_shown, value_shown
from govern.web.pages.looking_back import can_look_back
from govern.web.pages.page import Pages
from govern.web.pages.project_tabs import WITHIN, head_of, render_tab
from govern.web.site import actor, now, runtime

pages = Pages("project")


@pages.page("/projects/<project>")
@can_look_back
def overview(project: str) -> Any:
    head = head_of(project)
    currency = request.args.get("currency") or None
    found = project_overview(
        runtime(), actor(), project, currency=currency, within=WITHIN, now=now()
    )
    return render_tab(
        "project.html",
        "",
        head,
        title="Project",
        overview=found,
        next_gate=next_gate(head, found),
        tiles=value_shown.tiles(found["rolled"]["total"]),
        pending=value_shown.pending(found["rolled"]),
        names=value_shown.names(found["rolled"]),
        currency=currency,
        late=[each for each in found["due"]["items"] if each["overdue"]],
        soon=[each for each in found["due"]["items"] if not each["overdue"]][:6],
        place_of=project_shown.place_of,
        # The roll-up has waited for the forecasts already.
        kpis=project_shown.kpi_table(_kpis(project, within=0), head, short=True),
    )


@pages.page("/projects/<project>/kpis")
@can_look_back
def kpis(project: str) -> Any:
    head, found = head_of(project), _kpis(project)
    # An empty one is of those that have none.
    category = request.args.get("category")
    if category is not None:
        found = [each for each in found if (each["category"] or "") == category]
    return render_tab(
        "project-kpis.html",
        "kpis",
        head,
        category=category,
        found=found,
        pending_why=PENDING,
        kpis=project_shown.kpi_table(found, head),
    )


@pages.page("/projects/<project>/report")
@can_look_back
def report(project: str) -> Any:
    """The status report, as it is sent: one page that holds all it needs."""
    asking = Asking(
        runtime(),
        actor(),
        project,
        now(),
        currency=request.args.get("currency"),
        when=g.when if "past" in g else None,
        size=g.past.size if "past" in g else None,
    )
    record = build(kind_named(STATUS_REPORT.name), asking)
    page = Response(to_html(STATUS_REPORT.name, record), mimetype="text/html")
    page.headers["Content-Security-Policy"] = POLICY
    return page


def _kpis(project: str, within: float = WITHIN) -> list[Record]:
    return project_kpis(runtime(), actor(), project, within=within, now=now())
