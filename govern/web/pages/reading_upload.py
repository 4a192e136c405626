"""Files of figures: chosen, looked at cell by cell, and brought in as they were shown."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from govern.domain.refusal import Refusal
from govern.intake.foreign.csv_file import LARGEST
from govern.intake.foreign.outcome import Became, CellOutcome
from govern.services import waiting_files
from govern.services.reading_files import FileReport
from govern.services.waiting_files import Choices
from govern.web.fields import Flag, Text
from govern.web.pages.form import Form, read_form, read_query
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.patterns import TEXT_LENGTH
from govern.web.schemas.base import Given
from govern.web.site import actor, now, runtime

pages = Pages("reading_upload")

UPLOAD = "pages_reading_upload.keep"
"""The endpoint whose forms hold a file."""
LARGEST_FORM = LARGEST + 64 * 1024

_COLUMNS = (
    Column("place", "Cell"),
    Column("raw", "Stands there", missing="empty"),
    Column("outcome", "What it becomes", Kind.WORDS),
    Column("kpi", "KPI", link="link", missing="none found"),
    Column("period", "Period ends", Kind.DAY, missing="none found"),
    Column("value", "Figure", Kind.NUMBER, missing="none"),
    Column("how", "How it was read, or why not", long=True),
    Column("right", "What would be right", missing="–", long=True),
)


class ChoicesGiven(Given):
    source = Text(200, "The source file that says how figures are written.")
    accept = Text(TEXT_LENGTH, "Cells that are right though far from others: C14,C15.")
    reason = Text(TEXT_LENGTH, "Why figures are corrected.", lines=True)
    keep_good = Flag("Take what is sure, though other cells are not.", in_query=True)
    show = Text(20, "Which cells are shown.")


@pages.page("/readings/files")
def choose() -> Any:
    return _choose(Form())


@pages.form("/readings/files")
def keep() -> Any:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _choose(Form({}, {"file": ["Choose a file first: CSV or Excel (.xlsx)."]}), 422)
    content = sent.read()
    if not content:
        return _choose(Form({}, {"file": [f"{sent.filename} is empty."]}), 422)
    filename = sent.filename.replace("\\", "/").rpartition("/")[2]
    number = waiting_files.keep(runtime(), actor(), filename, content, now=now())
    return go_on(f"/readings/files/{number}")


@pages.page("/readings/files/<number:file>")
def look(file: int) -> Any:
    form = read_query(ChoicesGiven)
    return _look(file, form)


@pages.form("/readings/files/<number:file>")
def bring_in(file: int) -> Any:
    form = read_form(ChoicesGiven)
    if form.data is None:
        return _look(file, form, 422)
    if request.form.get("do") == "look":
        kept = {name: value for name, value in form.given.items() if value and name != "do"}
        return go_on(f"/readings/files/{file}?{urlencode(kept)}")
    try:
        report = waiting_files.bring_in(runtime(), actor(), file, _choices(form.data), now=now())
    except Refusal as refused:
        return _look(file, form.refused(refused), refused.status)
    if not report.written:
        why = (
            "Nothing was written: cells are refused or asked about. Mend the file and choose it "
            "again, or take what is sure without them."
            if not report.whole
            else "Nothing was written: every figure of the file is there already."
        )
        return _look(file, Form(form.given, {"": [why]}, form.data), 422)
    return render(
        "reading-file-in.html", title=f"{report.file} is in", report=report, cells=_cells(report)
    )


def _choose(form: Form, status: int = 200) -> Any:
    answer = render(
        "reading-file.html",
        title="Bring in a file of figures",
        form=form,
        sources=_sources(),
        largest=LARGEST // (1024 * 1024),
    )
    answer.status_code = status
    return answer


def _look(file: int, form: Form, status: int = 200) -> Any:
    data: dict[str, Any] = form.data or {}
    report = waiting_files.look(runtime(), actor(), file, _choices(data), now=now())
    wanted = data.get("show") or ("all" if report.whole else "not_taken")
    shown = [
        each
        for each in report.cells
        if wanted == "all" or each.became not in (Became.TAKEN, Became.REPEATED)
    ]
    answer = render(
        "reading-file-look.html",
        title=f"What {report.file} becomes",
        report=report,
        form=form,
        file=file,
        wanted=wanted,
        sources=_sources(),
        corrects=report.counts["corrected"],
        new=report.counts["new"] + report.counts["corrected"],
        not_taken=report.counts["refused"] + report.counts["asked"],
        cells=_cells(report, shown),
        problems=_table("problems", "What is wrong with the file as a whole", report.problems),
    )
    answer.status_code = status
    return answer


def _choices(data: dict[str, Any]) -> Choices:
    accept = [each.strip() for each in (data.get("accept") or "").split(",") if each.strip()]
    return Choices(data.get("source"), accept, data.get("reason"), bool(data.get("keep_good")))


def _sources() -> list[tuple[str, str]]:
    loaded = runtime().sources()
    names = sorted(name for name in loaded.fields if loaded.file(name) is not None)
    return [("", "Find it out from the file"), *((each, each) for each in names)]


def _cells(report: FileReport, shown: list[CellOutcome] | None = None) -> Table:
    cells = report.cells if shown is None else shown
    return _table("cells", "Cell by cell", cells)


def _table(name: str, title: str, cells: Any) -> Table:
    return Table(
        name,
        title,
        _COLUMNS,
        [
            {
                "place": each.place,
                "raw": each.raw,
                "outcome": each.status or each.became.value,
                "kpi": each.kpi,
                "link": f"/readings/{each.kpi}" if each.kpi else None,
                "period": each.period,
                "value": each.value,
                "how": each.how,
                # The sentence is the command line's as well, where the reason is an option.
                "right": each.right and each.right.replace("--reason", "below"),
            }
            for each in cells
        ],
        none="None.",
    )
