"""Recording exchange rates: by whom, never over another, and asked about where one is far off."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govern.domain.refusal import InvalidInput, NotAllowed, NotFound
from govern.services.exchange_rates import find_rate, list_rates, record_rates
from govern.services.people import OPERATOR
from govern.services.rate_files import import_rates
from govern.services.state_audit import audit_state
from govern.store.paging import PageRequest
from tests.services.house import NOW, House

DAY = date(2026, 10, 30)
PAGE = PageRequest(limit=100)


def of(rate: str, on: date = DAY, pair: str = "EUR/USD", **more: Any) -> dict[str, Any]:
    one, other = pair.split("/")
    return {
        "currency": one,
        "to_currency": other,
        "rate_on": on,
        "rate": Decimal(rate),
        **more,
    }


def record(house: House, *rates: dict[str, Any], **options: Any) -> list[str]:
    results = record_rates(house.runtime, OPERATOR, rates, **options, now=NOW)
    return [each["status"] for each in results]


def in_force(house: House, **options: Any) -> list[tuple[str, Decimal]]:
    items = list_rates(house.runtime, PAGE, **options).items
    return [(each["rate_on"].isoformat(), each["rate"]) for each in items]


def test_a_correction_is_a_new_row_and_the_older_one_stays(house: House) -> None:
    assert record(house, of("1.0874", origin="ECB")) == ["recorded"]
    assert record(house, of("1.0874")) == ["unchanged"]
    assert record(house, of("1.0870")) == ["corrected"]
    assert in_force(house) == [("2026-10-30", Decimal("1.0870"))]
    assert len(in_force(house, history=True)) == 2
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_who_may_not_is_refused(house: House) -> None:
    with pytest.raises(NotAllowed):
        record_rates(house.runtime, house.fay, [of("1.1")], now=NOW)
    assert in_force(house) == []


@pytest.mark.parametrize(
    ("given", "where", "why"),
    [
        ([of("1", pair="EUR/EUR")], "rates.0.to_currency", "the same currency"),
        ([of("0")], "rates.0.rate", "above 0"),
        ([of("1.1", NOW.date() + timedelta(1))], "rates.0.rate_on", "after today"),
        ([of("1.1"), of("1.2")], "rates.1.rate_on", "stands twice"),
    ],
)
def test_what_is_no_rate_is_refused_and_none_is_recorded(
    house: House, given: list[dict[str, Any]], where: str, why: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(house, of("0.9", pair="EUR/GBP"), *given)
    place = where.replace("0", "1") if where.startswith("rates.0") else "rates.2.rate_on"
    assert why in refused.value.facts["errors"][place][0]
    assert in_force(house) == []


@pytest.mark.parametrize(
    "slipped",
    [
        of("10.9", DAY + timedelta(1)),
        of("0.0109", DAY + timedelta(1)),
        of("108.74"),
        of("110", DAY - timedelta(30)),
        of("0.0092", DAY + timedelta(1), "USD/EUR"),
    ],
)
def test_a_rate_far_off_its_neighbour_is_asked_about(house: House, slipped: dict[str, Any]) -> None:
    record(house, of("1.0874"))
    with pytest.raises(InvalidInput) as refused:
        record(house, slipped)
    assert "confirm" in refused.value.facts["errors"]["rates.0.rate"][0]
    assert record(house, slipped, confirm=True)[0] in ("recorded", "corrected")


def test_neighbours_of_one_request_are_held_against_each_other(house: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(house, of("110"), of("1.1", DAY - timedelta(1)), of("1.1", DAY - timedelta(2)))
    assert list(refused.value.facts["errors"]) == ["rates.0.rate"]


def test_a_rate_is_asked_for_and_says_how_it_came_about(house: House) -> None:
    record(house, of("1.25"))
    found = find_rate(house.runtime, currency="USD", to_currency="EUR", on=None, now=NOW)
    assert (found["rate"], found["rate_on"], found["by"]) == (Decimal("0.8"), DAY, "inverse")
    with pytest.raises(NotFound):
        find_rate(house.runtime, currency="USD", to_currency="EUR", on=DAY - timedelta(1), now=NOW)


HEADER = "currency,to_currency,rate_on,rate,origin\n"


def bring_in(house: House, folder: Path, text: str, **options: Any) -> dict[str, Any]:
    path = folder / "rates.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    return import_rates(house.runtime, OPERATOR, path, **options, now=NOW)


def test_a_file_is_brought_in_once(house: House, tmp_path: Path) -> None:
    text = "EUR,USD,2026-10-30,1.0874,ECB\nEUR,GBP,2026-10-30,0.84,\n"
    assert bring_in(house, tmp_path, text, dry_run=True)["recorded"] == 2
    assert in_force(house) == []
    assert bring_in(house, tmp_path, text)["recorded"] == 2
    assert bring_in(house, tmp_path, text)["unchanged"] == 2
    origins = [each["origin"] for each in list_rates(house.runtime, PAGE).items]
    assert sorted(origins) == ["ECB", "rates.csv:3"]


@pytest.mark.parametrize(
    ("row", "place", "why"),
    [
        ("EURO,USD,2026-10-30,1.1,", "rates.csv:3 currency", "three letters"),
        ("EUR,CHF,30.10.2026,1.1,", "rates.csv:3 rate_on", "2026-10-30"),
        ('EUR,CHF,2026-10-30,"1,1",', "rates.csv:3 rate", "1.1"),
        ("EUR,CHF,2026-10-30,,", "rates.csv:3 rate", "is missing"),
        ("EUR,CHF,2026-10-30,-1,", "rates.csv:3 rate", "above 0"),
        ("EUR,USD,2026-10-31,110,", "rates.csv:3 rate", "confirm"),
        ("EUR,USD,2026-10-30", "rates.csv:3", "3 cells"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_and_nothing_is_written(
    house: House, tmp_path: Path, row: str, place: str, why: str
) -> None:
    report = bring_in(house, tmp_path, f"EUR,USD,2026-10-30,1.1,\n{row}\n")
    [refusal] = report["refusals"]
    assert refusal["place"] == place
    assert why in refusal["problem"]
    assert in_force(house) == []


def test_another_file_is_refused_by_its_header(house: House, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("date,USD\n2026-10-30,1.1\n", encoding="utf-8")
    report = import_rates(house.runtime, OPERATOR, path, now=NOW)
    assert "has no column" in report["refusals"][0]["problem"]
