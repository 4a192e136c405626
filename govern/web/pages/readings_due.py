"""For data owners: what is owed this month, and a form to report it."""

from typing import Any

from flask import Response, request

from govern.domain.refusal import InvalidInput, Refusal
from govern.services.asking import template
from govern.services.owed_by import ALL, MINE, month_end, owed_by
from govern.services.readings import record_readings
from govern.web.fields import Day, Word
from govern.web.pages.form import Form, read_query, read_row
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.schemas.base import Given
from govern.web.schemas.kpis import NewReading
from govern.web.site import actor, now, runtime

pages = Pages("readings_due")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARK = "actual|"
"""What the name of a figure's field begins with; KPI and period follow."""


class OwedQuery(Given):
    whose = Word((MINE, ALL), "Whose readings.")
    by = Day("What is due by this day.")
    reported = Word(("yes",), "Whether figures have just been reported.")


@pages.page("/readings")
def owed() -> Any:
    return _page(Form())


@pages.form("/readings")
def report() -> Any:
    """Reports every figure that was filled in: all of them, or none and which cannot be taken."""
    given = {
        name: value.strip()
        for name, value in request.form.items()
        if name.startswith(_MARK) and value.strip()
    }
    form = Form(dict(given))
    if not given:
        return _page(
            Form({}, {"": ["No figure is filled in yet: type at least one, then report."]}), 422
        )
    rows: list[dict[str, Any]] = []
    errors: dict[str, list[str]] = {}
    for name, value in given.items():
        kpi, _, period = name.removeprefix(_MARK).partition("|")
        row, wrong = read_row(NewReading, {"kpi": kpi, "period": period, "actual": value})
        if wrong:
            errors[name] = wrong
        rows.append(row)
    if not errors:
        try:
            record_readings(runtime(), actor(), rows, now=now())
        except InvalidInput as refused:
            errors = _by_field(refused, list(given))
        except Refusal as refused:
            errors = {"": [refused.detail]}
    if errors:
        labels = {
            name: name.removeprefix(_MARK).replace("|", ", period to ") for name in errors if name
        }
        return _page(Form(form.given, errors, labels=labels), 422)
    return go_on(f"/readings?reported=yes&n={len(rows)}")


@pages.page("/readings/template.xlsx")
def workbook() -> Any:
    """A workbook that asks for what is due; it is brought back by the upload as it is."""
    query = read_query(OwedQuery)
    asked: dict[str, Any] = query.data or {}
    whose = actor().name if asked.get("whose") == MINE else None
    content, _ = template(
        runtime(), actor(), owner=whose, by=asked.get("by") or month_end(now().date()), now=now()
    )
    answer = Response(content, mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename="readings-due.xlsx")
    return answer


def _page(form: Form, status: int = 200) -> Any:
    query = read_query(OwedQuery)
    asked: dict[str, Any] = query.data or {}
    by = asked.get("by") or month_end(now().date())
    whose = asked.get("whose", MINE)
    found = owed_by(runtime(), actor(), whose=whose, by=by, now=now())
    rows = [
        {**_row(kpi, period), "kpi_order": order}
        for order, kpi in enumerate(found)
        for period in kpi["periods"]
    ]
    answer = render(
        "readings-due.html",
        title="Readings due",
        form=form,
        whose=whose,
        is_own=any(each["owner"] == actor().name for each in found),
        by=by,
        rows=rows,
        reported=request.args.get("n", "") if asked.get("reported") else None,
        overdue=sum(each["state"] == "overdue" for each in rows),
        due=Table("due", "Readings due", _COLUMNS, rows),
    )
    answer.status_code = status
    return answer


_COLUMNS = (
    Column("kpi", "KPI"),
    Column("name", "Name"),
    Column("project", "Project"),
    Column("owner", "Owner", missing="nobody"),
    Column("unit", "Unit", missing="none"),
    Column("period", "Period ends", Kind.DAY),
    Column("due", "Due", Kind.DAY),
    Column("state", "State", Kind.WORDS),
    Column("days_over", "Days over", Kind.NUMBER),
)


def _row(kpi: dict[str, Any], period: dict[str, Any]) -> dict[str, Any]:
    names = ("kpi", "name", "unit", "project", "project_name", "owner", "source")
    return {
        **{name: kpi[name] for name in names},
        **period,
        "field": f"{_MARK}{kpi['kpi']}|{period['period'].isoformat()}",
        "state": str(period["state"]),
    }


def _by_field(refused: InvalidInput, fields: list[str]) -> dict[str, list[str]]:
    """Errors of `readings.3.actual` as those of the third field."""
    errors: dict[str, list[str]] = {}
    for path, found in dict(refused.facts["errors"]).items():
        _, number, *rest = path.split(".")
        told = [str(each) for each in found]
        if rest and rest[0] != "actual":
            told = [f"{rest[0]}: {each}" for each in told]
        errors.setdefault(fields[int(number)], []).extend(told)
    return errors
