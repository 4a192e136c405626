"""Foreign files by property: what is written in any locale reads back, and nothing makes it fall over."""

import csv
import json
import random
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta
from openpyxl import Workbook

from govern.cli.main import govern
from govern.documents.problem import Problem
from govern.documents.source import Source
from govern.domain.period import Cadence, ends_between
from govern.domain.plain import plain_decimal
from govern.intake import source_format
from govern.intake.foreign.figures import readings_of
from govern.intake.foreign.file import read_file
from govern.intake.foreign.known import KnownKpi
from govern.intake.foreign.outcome import Became
from govern.intake.source import DateKeys, FileSource, LabelKeys, NumberKeys, TableKeys
from govern.intake.source_format import Order
from govern.intake.source_load import file_source, load_sources, read_source
from tests.intake.hostile.known import KPIS, TODAY
from tests.intake.hostile.test_files import EXPECTED, content_of

ROOT = Path(__file__).parents[2]


class Locale(NamedTuple):
    decimal: str
    thousands: str
    mark: str
    separator: str
    encoding: str
    month: str


LOCALES = (
    Locale(".", ",", ",", ",", "utf-8", "{y}-{m:02}"),
    Locale(",", ".", ".", ";", "cp1252", "{m:02}/{y}"),
    Locale(",", "space", "\u00a0", ";", "utf-8", "{m}.{y}"),
    Locale(".", "'", "’", "tab", "utf-16", "{y}-{m:02}"),
    Locale(",", "none", "", "|", "utf-8", "{y}/{m:02}"),
)
MONTHS = ends_between(Cadence.MONTHLY, date(2024, 1, 31), date(2026, 10, 31))
KNOWN = {name: KnownKpi(name, f"Name of {name}", "EUR") for name in ("A", "B", "C")}

figures = st.decimals(-(10**12), 10**12, places=4, allow_nan=False, allow_infinity=False)
grids = st.dictionaries(
    st.tuples(st.sampled_from(sorted(KNOWN)), st.sampled_from(MONTHS)),
    figures,
    min_size=1,
    max_size=25,
)


def written(value: Decimal, locale: Locale) -> str:
    text = f"{value:,f}"
    table = str.maketrans({",": locale.mark, ".": locale.decimal})
    return text.translate(table)


def mapping(locale: Locale) -> FileSource:
    return FileSource(
        table=TableKeys(encoding=locale.encoding, separator=locale.separator),
        numbers=NumberKeys(decimal=locale.decimal, thousands=locale.thousands),
        holds="actual",
    )


def taken(content: bytes, source: FileSource, name: str = "a.csv") -> Mapping[Any, Any]:
    """What goes in. Figures may be far from each other here: that question is no matter of reading."""
    reading = read_file(name, content, source, KNOWN, today=TODAY)
    assert reading.problems == ()
    assert {each.section for each in reading.questions} <= {"accept"}
    found: dict[Any, Decimal] = {}
    for each in reading.cells:
        if each.became in (Became.TAKEN, Became.ASKED):
            assert each.value is not None
            found[each.kpi, each.period] = each.value
    return found


def as_csv(rows: list[list[str]], locale: Locale) -> bytes:
    stream = StringIO()
    separator = source_format.SEPARATORS[locale.separator]
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode(locale.encoding)


@given(grid=grids, locale=st.sampled_from(LOCALES))
def test_a_long_table_of_any_locale_reads_back(
    grid: dict[tuple[str, date], Decimal], locale: Locale
) -> None:
    rows = [["KPI", "Month", "Actual"]]
    for (kpi, period), value in grid.items():
        month = locale.month.format(y=period.year, m=period.month)
        rows.append([kpi, month, written(value, locale)])
    assert taken(as_csv(rows, locale), mapping(locale)) == grid


@given(grid=grids, locale=st.sampled_from(LOCALES))
def test_a_wide_table_of_any_locale_reads_back(
    grid: dict[tuple[str, date], Decimal], locale: Locale
) -> None:
    periods = sorted({period for _, period in grid})
    rows = [["KPI", *(locale.month.format(y=each.year, m=each.month) for each in periods)]]
    for kpi in sorted({kpi for kpi, _ in grid}):
        values = (grid.get((kpi, period)) for period in periods)
        rows.append([kpi, *("" if v is None else written(v, locale) for v in values)])
    rows = [["Report of the quarter", *[""] * len(periods)], *rows]
    assert taken(as_csv(rows, locale), mapping(locale)) == grid


@given(
    grid=st.dictionaries(
        st.tuples(st.sampled_from(sorted(KNOWN)), st.sampled_from(MONTHS)),
        st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=12,
    )
)
def test_a_workbook_reads_back(grid: dict[tuple[str, date], Decimal]) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["KPI", "Month", "Actual"])
    for (kpi, period), value in grid.items():
        sheet.append([kpi, period, float(value)])
    stream = BytesIO()
    book.save(stream)
    assert taken(stream.getvalue(), FileSource(), "a.xlsx") == grid


@given(value=figures, locale=st.sampled_from(LOCALES))
def test_what_a_locale_writes_is_among_the_readings(value: Decimal, locale: Locale) -> None:
    """Without a mapping a figure is what was meant, or it is asked: never another figure alone."""
    readings = readings_of(written(abs(value), locale))
    assert readings[locale.decimal] == abs(value)


ORDERS = {
    Order.DMY: "{0.day:02}.{0.month:02}.{0.year}",
    Order.MDY: "{0.month:02}/{0.day:02}/{0.year}",
}


@given(day=st.dates(date(2024, 1, 1), date(2026, 10, 31)), order=st.sampled_from(list(ORDERS)))
def test_a_day_in_its_order_is_that_day(day: date, order: Order) -> None:
    text = ORDERS[order].format(day)
    content = f"KPI;Date;Actual\nA;{text};5\n".encode()
    keys = DateKeys(order=order, any_day=True)
    [(_, period)] = taken(content, FileSource(dates=keys))
    assert (period.year, period.month) == (day.year, day.month)


@given(day=st.dates(date(2024, 1, 1), date(2026, 10, 31)), order=st.sampled_from(list(ORDERS)))
def test_a_day_in_no_order_is_never_another_day(day: date, order: Order) -> None:
    content = f"KPI;Date;Actual\nA;{ORDERS[order].format(day)};5\n".encode()
    reading = read_file(
        "a.csv", content, FileSource(dates=DateKeys(any_day=True)), KNOWN, today=TODAY
    )
    for each in reading.cells:
        if each.became is Became.TAKEN:
            assert each.period is not None
            assert (each.period.year, each.period.month) == (day.year, day.month)
        else:
            assert each.became is Became.ASKED


MUTATIONS = 12


@pytest.mark.parametrize("name", EXPECTED)
def test_no_mutated_file_makes_it_fall_over(name: str) -> None:
    """Bytes changed, cut out, doubled: every answer is an outcome, a problem or a question."""
    content = content_of(name)
    chance = random.Random(name)  # noqa: S311 - the same changes on every run
    pieces = (
        b"\x00",
        b"\xff",
        b'"',
        b";",
        b",",
        b"\n",
        b"1e9",
        b"%",
        b"(",
        b"-",
        b"99/99/9999",
        b"\xef\xbb\xbf",
    )
    for _ in range(MUTATIONS):
        changed = bytearray(content or b"KPI,Month,Actual\n")
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(changed) + 1)
            kind = chance.randrange(3)
            if kind == 0:
                changed[at:at] = chance.choice(pieces)
            elif kind == 1:
                del changed[at : at + chance.randint(1, 8)]
            else:
                changed[at : at + 1] = bytes([chance.randrange(256)])
        reading = read_file(name, bytes(changed), FileSource(), KPIS, today=TODAY)
        assert reading.cells or reading.problems or reading.questions or reading.stated


@given(text=st.text(max_size=200))
def test_no_text_makes_it_fall_over(text: str) -> None:
    read_file("a.csv", text.encode("utf-8", "replace"), FileSource(), KPIS, today=TODAY)


@given(
    cell=st.text("0123456789.,-()% €k'e", min_size=1, max_size=12)
    | st.text(min_size=1, max_size=30)
)
def test_a_figure_has_the_digits_that_were_typed(cell: str) -> None:
    """Whatever stands in a cell: what goes in has its digits, and nothing makes it fall over."""
    stream = StringIO()
    csv.writer(stream).writerows([["KPI", "Month", "Actual"], ["Sales", "2026-01", cell]])
    content = stream.getvalue().encode("utf-8", "replace")
    reading = read_file("a.csv", content, FileSource(), KPIS, today=TODAY)
    for each in reading.cells:
        if each.became is Became.TAKEN:
            assert each.value is not None
            digits = re.sub(r"[^0-9]", "", plain_decimal(each.value)).strip("0")
            assert digits in re.sub(r"[^0-9]", "", cell)


def test_the_mapping_of_the_page_is_right_and_names_every_key() -> None:
    page = (ROOT / "docs" / "sources.md").read_text()
    [text] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    problems: list[Problem] = []
    fields = read_source(Source("docs/sources.md", text), problems)
    assert fields is not None, problems
    source = file_source(fields)
    assert source.kpis["fehlerquote"] == LabelKeys(
        kpi="LE-001-K1", percent=source_format.Percent.SHARE
    )
    for field in source_format.FILE_SOURCE.fields:
        assert f"\n{field.key}:" in f"\n{text}", field.key
    for name in source_format.COLUMN_NAMES:
        assert f"`{name}`" in page, name
    for record in (source_format.THE_FILE, source_format.DATES.shape, source_format.NUMBERS.shape):
        for field in getattr(record, "fields"):  # noqa: B009
            assert f"{field.key}:" in text, field.key


def test_the_schema_takes_what_the_page_shows_and_not_a_word_of_its_own() -> None:
    ran = CliRunner().invoke(govern, ["sources", "schema"])
    schema = json.loads(ran.stdout)
    assert meta.is_valid(schema)
    page = (ROOT / "docs" / "sources.md").read_text()
    [text] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    mapping = yaml.safe_load(text)
    validator = Draft202012Validator(schema)
    assert [each.message for each in validator.iter_errors(mapping)] == []
    assert not validator.is_valid({**mapping, "skips": ["Total"]})


def test_the_sources_that_come_with_govern_are_right() -> None:
    loaded = load_sources(ROOT / "sources")
    assert loaded.problems == ()
    assert {"billing-export", "controlling-wide"} <= set(loaded.fields)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("skips: [Total]", "unknown key 'skips'"),
        ('numbers: {decimal: ",", thousands: ","}', "cannot also stand between thousands"),
        ("dates: {fiscal_start: 13}", "there is no month 13"),
        ("kpis: [{label: A, kpi: B}, {label: a, skip: true}]", "the label 'a' stands twice"),
        ("kpis: [{label: A}]", "nothing is said of the label 'A'"),
        ("percent: half", "'half' is not possible here"),
        ("file: {encoding: latin9}", "'latin9' is not possible here"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_with_its_place(line: str, told: str) -> None:
    problems: list[Problem] = []
    text = f"schema: govern/source/v1\nid: sent\n{line}\n"
    assert read_source(Source("sent.yaml", text), problems) is None
    [problem] = problems
    assert told in problem.message
    assert problem.place.line == 3
