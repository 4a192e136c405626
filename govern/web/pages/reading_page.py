"""One reading of a KPI: reported, or corrected with a reason."""

from datetime import date
from typing import Any

from flask import request

from govern.domain.refusal import InvalidInput, Refusal
from govern.domain.role import Permission
from govern.services import kpis
from govern.services.names import with_names
from govern.services.projects import get_project
from govern.services.readings import list_readings, record_readings
from govern.store.paging import LARGEST_PAGE, PageRequest
from govern.web.pages.form import Form, read_form
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.schemas.kpis import NewReadingOfKpi
from govern.web.site import actor, now, runtime

pages = Pages("reading")

CONFIDENCE = [("", "not said"), ("high", "high"), ("medium", "medium"), ("low", "low")]

_COLUMNS = (
    Column("period", "Period ends", Kind.DAY),
    Column("actual", "Figure", Kind.NUMBER, missing="no figure"),
    Column("confidence", "How sure", Kind.WORDS, missing="not said"),
    Column("reason", "Why it was corrected", missing="–"),
    Column("note", "Note", missing="–"),
    Column("recorded_at", "Recorded", Kind.MOMENT),
    Column("recorded_by", "By"),
)


@pages.page("/readings/<id:kpi>")
def reading(kpi: str) -> Any:
    return _page(kpi, Form())


@pages.form("/readings/<id:kpi>")
def report(kpi: str) -> Any:
    form = read_form(NewReadingOfKpi)
    if form.given.get("no_figure") and not form.given.get("actual"):
        form = read_form(NewReadingOfKpi, actual=None)
    if form.data is None:
        return _page(kpi, form, 422)
    try:
        [result] = record_readings(runtime(), actor(), [{**form.data, "kpi": kpi}], now=now())
    except InvalidInput as refused:
        errors = {
            path.removeprefix("readings.0."): list(map(str, found))
            for path, found in dict(refused.facts["errors"]).items()
        }
        return _page(kpi, Form(form.given, errors), 422)
    except Refusal as refused:
        return _page(kpi, form.refused(refused), refused.status)
    return go_on(f"/readings/{kpi}?{result['status']}={form.data['period'].isoformat()}")


def _page(kpi_id: str, form: Form, status: int = 200) -> Any:
    kpi = kpis.get_kpi(runtime(), actor(), kpi_id)
    page = PageRequest(LARGEST_PAGE, None, "-period")
    known = with_names(
        runtime(), list_readings(runtime(), actor(), kpi_id, page, history=True).items
    )
    project = get_project(runtime(), actor(), kpi["project"])
    said = next(
        (
            (how, _day(request.args[how]))
            for how in ("recorded", "corrected", "unchanged")
            if how in request.args
        ),
        None,
    )
    answer = render(
        "reading.html",
        title=f"Report {kpi['name']}",
        kpi=kpi,
        may_report=actor().may(Permission.RECORD_READING, project["portfolio"], project["id"]),
        form=form,
        asked_period=request.args.get("period", ""),
        confidence=CONFIDENCE,
        said=said if said and said[1] else None,
        known=Table("readings", "What was reported", _COLUMNS, known, none="Nothing yet."),
    )
    answer.status_code = status
    return answer


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
