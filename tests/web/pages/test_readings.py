"""A data owner's pages: what is owed, a figure reported, a file looked at and brought in."""

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from govern.services.waiting_files import KEPT_FOR
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.test_gates import to_stage
from tests.web.pages.browsing import Browsing, browse_as, words

KPI = "P1-K1"
CSV = "KPI,Period,Actual\nP1-K1,2026-10-31,900\nP1-K1,2026-09-30,lots\n"
GOOD = "KPI,Period,Actual\nP1-K1,2026-10-31,900\nP1-K1,2026-09-30,800\n"


@pytest.fixture
def monitored(house: House) -> House:
    made.add_project(house)
    to_stage(house, "P1", "monitoring")
    return house


@pytest.fixture
def dan(monitored: House) -> Browsing:
    return browse_as(monitored, monitored.dan.person_id)


def _stored(house: House) -> dict[str, Any]:
    from govern.services.readings import list_readings  # noqa: PLC0415
    from govern.store.paging import PageRequest  # noqa: PLC0415

    page = list_readings(house.runtime, house.dan, KPI, PageRequest())
    return {each["period"].isoformat(): each["actual"] for each in page.items}


def _fields(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'name="(actual\|[^"]+)"', page)]


def test_what_is_owed_is_asked_for(dan: Browsing) -> None:
    page = dan.get("/readings")
    fields = _fields(page)
    assert f"actual|{KPI}|2026-10-31" in fields
    assert f"{len(fields)} figures are due by 30 Nov 2026" in words(page)
    assert "overdue" in words(page)


def test_figures_are_reported_and_no_longer_owed(dan: Browsing, monitored: House) -> None:
    before = len(_fields(dan.get("/readings")))
    answer = dan.send("/readings", **{f"actual|{KPI}|2026-10-31": "910.5"})
    assert "✓ 1 figure reported." in words(dan.follow(answer))
    assert str(_stored(monitored)["2026-10-31"]) == "910.5"
    assert len(_fields(dan.get("/readings"))) == before - 1


def test_a_wrong_figure_keeps_all_out_and_is_shown_again(dan: Browsing, monitored: House) -> None:
    answer = dan.send(
        "/readings",
        **{f"actual|{KPI}|2026-10-31": "910", f"actual|{KPI}|2026-09-30": "8,5 <b>"},
    )
    assert answer.status_code == 422
    told = words(answer.text)
    assert f"{KPI}, period to 2026-09-30 : a number is needed" in told
    assert "Nothing was written" in told
    assert 'value="8,5 &lt;b&gt;"' in answer.text
    assert 'value="910"' in answer.text
    assert _stored(monitored) == {}


def test_nothing_filled_in_is_said(dan: Browsing) -> None:
    answer = dan.send("/readings")
    assert answer.status_code == 422
    assert "No figure is filled in yet" in words(answer.text)


def test_a_field_that_names_no_period_is_refused(dan: Browsing) -> None:
    answer = dan.send("/readings", **{"actual|P1-K1": "4"})
    assert answer.status_code == 422


def test_a_correction_takes_a_reason(dan: Browsing, monitored: House) -> None:
    dan.follow(dan.send(f"/readings/{KPI}", period="2026-10-31", actual="900"))
    answer = dan.send(f"/readings/{KPI}", period="2026-10-31", actual="800")
    assert answer.status_code == 422
    assert 'id="error-reason"' in answer.text
    said = dan.follow(
        dan.send(f"/readings/{KPI}", period="2026-10-31", actual="800", reason="Counted twice")
    )
    assert "Corrected for the period to 31 Oct 2026" in words(said)
    assert "Counted twice" in words(said)
    assert str(_stored(monitored)["2026-10-31"]) == "800"


def test_that_there_is_no_figure_is_reported_as_unknown(dan: Browsing, monitored: House) -> None:
    dan.follow(dan.send(f"/readings/{KPI}", period="2026-10-31", no_figure="yes"))
    assert _stored(monitored) == {"2026-10-31": None}
    assert "no figure" in words(dan.get(f"/readings/{KPI}"))


def test_who_may_not_report_is_shown_no_form(monitored: House) -> None:
    gus = browse_as(monitored, monitored.gus.person_id)
    assert 'name="actual"' not in gus.get(f"/readings/{KPI}")
    assert gus.send(f"/readings/{KPI}", period="2026-10-31", actual="1").status_code == 403


def _upload(who: Browsing, text: str, name: str = "sales.csv") -> str:
    answer = who.send("/readings/files", file=(io.BytesIO(text.encode()), name))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_file_is_shown_cell_by_cell_and_not_written(dan: Browsing, monitored: House) -> None:
    told = words(dan.get(_upload(dan, CSV)))
    assert "Nothing has been written. 1 cell cannot be taken as it stands." in told
    assert "sales.csv:C3 lots refused" in told
    assert _stored(monitored) == {}


def test_what_was_shown_is_brought_in(dan: Browsing, monitored: House) -> None:
    where = _upload(dan, GOOD)
    assert "Everything can be taken" in words(dan.get(where))
    answer = dan.send(where, do="take")
    assert "✓ 2 new figures brought in." in words(answer.text)
    assert {period: str(value) for period, value in _stored(monitored).items()} == {
        "2026-09-30": "800",
        "2026-10-31": "900",
    }
    dan.get(where, 404)


def test_what_is_sure_goes_in_without_the_rest_only_when_asked(
    dan: Browsing, monitored: House
) -> None:
    where = _upload(dan, CSV)
    refused = dan.send(where, do="take")
    assert refused.status_code == 422
    assert "Nothing was written: cells are refused" in words(refused.text)
    answer = dan.send(where, do="take", keep_good="true")
    assert "1 new figure brought in. 1 cells were left out" in words(answer.text)
    assert list(_stored(monitored)) == ["2026-10-31"]


def test_a_file_is_its_senders_alone_and_for_an_hour(dan: Browsing, monitored: House) -> None:
    where = _upload(dan, GOOD)
    browse_as(monitored, monitored.fay.person_id).get(where, 404)
    late = browse_as(monitored, monitored.dan.person_id, clock := _Clock())
    clock.at = NOW + KEPT_FOR + timedelta(seconds=1)
    assert "kept for an hour" in words(late.get(where, 404))


class _Clock:
    at = NOW

    def __call__(self) -> Any:
        return self.at


def test_no_file_and_an_empty_one_are_said(dan: Browsing) -> None:
    answer = dan.send("/readings/files")
    assert "Choose a file first" in words(answer.text)
    answer = dan.send("/readings/files", file=(io.BytesIO(b""), "x.csv"))
    assert "x.csv is empty" in words(answer.text)


def test_the_workbook_comes_back(dan: Browsing, monitored: House) -> None:
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(io.BytesIO(dan.file("/readings/template.xlsx").data))
    sheet: Any = book.active
    heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
    row = next(
        each[0].row
        for each in sheet.iter_rows()
        if any(str(cell.value).startswith("2026-10-31") for cell in each)
    )
    column = next(heads[name] for name in heads if str(name).lower().startswith("actual"))
    sheet.cell(row=row, column=column).value = 905
    kept = io.BytesIO()
    book.save(kept)
    answer = dan.send("/readings/files", file=(io.BytesIO(kept.getvalue()), "due.xlsx"))
    taken = dan.send(answer.headers["Location"], do="take")
    assert "1 new figure brought in" in words(taken.text)
    assert {k: str(v) for k, v in _stored(monitored).items()} == {"2026-10-31": "905"}
