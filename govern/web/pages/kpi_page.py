"""A KPI: planned, actual and forecast against its rules; what was corrected; how it is defined."""

from typing import Any

from govern.domain.record import Record
from govern.domain.refusal import NoRulebook, NotFound
from govern.reports.charts import CHARTS
from govern.services.explaining import explain
from govern.services.kpi_course import kpi_course
from govern.services.kpis import get_kpi
from govern.services.reporting import punctuality
from govern.web.pages import kpi_shown
from govern.web.pages.looking_back import can_look_back
from govern.web.pages.page import Pages
from govern.web.pages.project_tabs import WITHIN, head_of, render_tab
from govern.web.site import actor, now, runtime

pages = Pages("kpi")


@pages.page("/projects/<project>/kpis/<kpi>")
@can_look_back
def kpi_page(project: str, kpi: str) -> Any:
    profile = get_kpi(runtime(), actor(), kpi)
    if profile["project"] != project:
        raise NotFound(f"There is no KPI '{kpi}' in project '{project}'.", kpi=kpi)
    head = head_of(project)
    course = kpi_course(runtime(), actor(), kpi, within=WITHIN, now=now())
    whys = kpi_shown.applying(_whys(project, kpi))
    found = kpi_shown.thresholds(whys)
    drawn = kpi_shown.curve(course)
    return render_tab(
        "kpi.html",
        "kpis",
        head,
        title=profile["name"],
        kpi=profile,
        course=course,
        unit=profile["unit"] or profile["currency"] or "",
        thresholds=found,
        chart=_chart(profile, course, drawn, found) if drawn else None,
        figures=kpi_shown.figures_table(course, drawn, course["corrections"]),
        rules=kpi_shown.rule_table(whys),
        corrections=kpi_shown.correction_table(course["corrections"]),
        models=kpi_shown.MODELS,
        came=punctuality(runtime(), actor(), kpi, now=now()),
    )


def _whys(project: str, kpi: str) -> list[Record]:
    """What each rule says of it; nothing where no rules are in force, or nothing can be judged yet."""
    try:
        return explain(runtime(), actor(), project, kpi=kpi, now=now())["items"]
    except (NoRulebook, NotFound):
        return []


def _chart(profile: Record, course: Record, drawn: list[Record], found: list[Record]) -> Any:
    return CHARTS["curves"](
        f"{profile['name']}: planned, actual and forecast",
        drawn,
        profile["unit"] or profile["currency"] or "",
        now().date().isoformat(),
        "Sums up to each period." if profile["cumulative"] else "",
        levels=kpi_shown.levels(course, found),
        was=[
            {"day": each["day"].isoformat(), "value": str(each["value"])}
            for each in course["was"]
            if each["day"].isoformat() >= drawn[0]["day"]
        ],
        bare=True,
    )
