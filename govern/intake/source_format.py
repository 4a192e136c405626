"""The format of source files, `govern/source/v1`: where figures come from, and how they are written.

Kinds other than files have a module of their own each; `source_kinds` lists all of them.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from govern.documents.shape import (
    Choice,
    Field,
    Fields,
    Flag,
    Identifier,
    ListOf,
    Number,
    Record,
    Text,
    Whole,
    Word,
)

VERSION: Final = "govern/source/v1"
_AnyField = Field[Any]


class Percent(StrEnum):
    """What a bare figure of a percentage is: of the whole (0.8), or a number of percent (80)."""

    SHARE = "share"
    POINTS = "points"


class Order(StrEnum):
    """In which order day, month and year stand in a day that is written in figures."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


ENCODINGS: Final = ("utf-8", "utf-16", "cp1252")
SEPARATORS: Final = {",": ",", ";": ";", "tab": "\t", "|": "|"}
THOUSANDS: Final = {".": ".", ",": ",", "space": " ", "'": "'", "none": ""}
LAYOUTS: Final = ("long", "wide")
LANGUAGES: Final = ("en", "de", "fr", "es")
ENDS: Final = ("start", "end")
FIGURES: Final = ("actual", "planned")

SCHEMA: Final[Field[str]] = Field("schema", Word((VERSION,)), True, VERSION)
ID: Final[Field[str]] = Field("id", Identifier(), True, "what `--source` names")
TITLE: Final[Field[str]] = Field("title", Text(), doc="what people call it")
OWNER: Final[Field[str]] = Field("owner", Text(), doc="who sends it, and answers questions")
HEAD: Final[tuple[_AnyField, ...]] = (SCHEMA, ID, TITLE, OWNER)
"""What the file of every kind of source begins with."""

ENCODING: Final[Field[str]] = Field("encoding", Word(ENCODINGS), doc="of a CSV file")
SEPARATOR: Final[Field[str]] = Field("separator", Word(tuple(SEPARATORS)), doc="of a CSV file")
SHEET: Final[Field[str]] = Field("sheet", Text(), doc="of a workbook; needed where it has several")
HEADER_ROW: Final[Field[int]] = Field("header_row", Whole(1), doc="the row with the names")
HEADER: Final[Field[str]] = Field("header", Text(), doc="or a text of that row, to find it by")
LAYOUT: Final[Field[str]] = Field(
    "layout", Word(LAYOUTS), doc="long: a row per period; wide: a column per period"
)
FILL_DOWN: Final[Field[bool]] = Field("fill_down", Flag(), doc="a blank label is the one above it")
THE_FILE: Final = Record(
    "`file`", (ENCODING, SEPARATOR, SHEET, HEADER_ROW, HEADER, LAYOUT, FILL_DOWN)
)
FILE_KEYS: Final[Field[Fields]] = Field("file", THE_FILE, doc="how the table is found")

COLUMN_NAMES: Final = (
    "kpi",
    "period",
    "year",
    "measure",
    "unit",
    "actual",
    "planned",
    "reported_on",
    "note",
    "confidence",
    "link",
    "reason",
)
COLUMN_DOC: Final = {
    "kpi": "the column whose cells say which KPI; its heading, or `column C`",
    "period": "in the long layout",
    "year": "the year, where it stands in a column beside the month",
    "measure": "the column that says whether a row is planned or actual",
}
COLUMNS: Final[Field[Fields]] = Field(
    "columns",
    Record(
        "`columns`",
        tuple(Field(name, Text(), doc=COLUMN_DOC.get(name, "")) for name in COLUMN_NAMES),
    ),
    doc="which heading is what",
)
KPI: Final[Field[str]] = Field("kpi", Text(), doc="the KPI, where the whole file is about one")
HOLDS: Final[Field[str]] = Field(
    "holds", Word(FIGURES), doc="what figures are where neither heading nor row says it"
)
MEASURES: Final[Field[Fields]] = Field(
    "measures",
    Record(
        "`measures`",
        (
            Field("actual", ListOf(Text()), doc="words for actual values"),
            Field("planned", ListOf(Text()), doc="words for planned values"),
            Field("skip", ListOf(Text()), doc="words for figures that are not taken"),
        ),
    ),
    doc="the words of headings and rows that say what figures are",
)

SIGN: Final[Field[str]] = Field("sign", Text(), True, "as it stands behind the figure: k, Mio.")
TIMES: Final[Field[Decimal]] = Field("times", Number(), True, "1000")
NUMBERS: Final[Field[Fields]] = Field(
    "numbers",
    Record(
        "`numbers`",
        (
            Field("decimal", Word((".", ",")), doc="the decimal sign"),
            Field("thousands", Word(tuple(THOUSANDS)), doc="what stands between thousands"),
            Field("currency", ListOf(Text()), doc="signs that may stand beside a figure: €, EUR"),
            Field("parentheses", Flag(), doc="(5) is below zero"),
            Field("trailing_minus", Flag(), doc="5- is below zero"),
            Field(
                "scales",
                ListOf(Record("a sign for thousands or millions", (SIGN, TIMES))),
                doc="signs behind a figure that multiply it",
            ),
        ),
    ),
    doc="how figures are written in texts",
)
SCALE: Final[Field[Decimal]] = Field(
    "scale", Number(), doc="what every figure is multiplied by: 1000 for a table in thousands"
)
PERCENT: Final[Field[Percent]] = Field(
    "percent",
    Choice(Percent),
    doc="of a KPI counted in %: whether bare figures are shares (0.8) or points (80)",
)
SIGNS: Final[Field[Percent]] = Field(
    "signs",
    Choice(Percent),
    doc="of a KPI not counted in %: whether 80% is 0.8 (share) or 80 (points)",
)
LABEL: Final[Field[str]] = Field("label", Text(), True, "as it stands in the file")
LABELLED: Final[Field[str]] = Field("kpi", Text(), doc="the id of the KPI")
SKIPPED: Final[Field[bool]] = Field("skip", Flag(), doc="the rows are not taken")
KPIS: Final[Field[tuple[Fields, ...]]] = Field(
    "kpis",
    ListOf(Record("a label", (LABEL, LABELLED, SKIPPED, SCALE, PERCENT, SIGNS))),
    doc="which label is which KPI",
)
DATES: Final[Field[Fields]] = Field(
    "dates",
    Record(
        "`dates`",
        (
            Field("order", Choice(Order), doc="of 03/04/2026"),
            Field("language", Word(LANGUAGES), doc="of month names; any of them if not said"),
            Field("century", Whole(1900), doc="2000: 26 is 2026"),
            Field("year", Whole(1900), doc="of months that stand without a year"),
            Field("fiscal_start", Whole(1), doc="the month in which a fiscal year begins"),
            Field("fiscal_named", Word(ENDS), doc="FY26 starts, or ends in 2026"),
            Field("any_day", Flag(), doc="any day of a period names the period"),
            Field("serial", Flag(), doc="46053 is the day that spreadsheets store so"),
        ),
    ),
    doc="how days and periods are written",
)
MISSING: Final[Field[tuple[str, ...]]] = Field(
    "missing", ListOf(Text()), doc="words that say that there is no figure"
)
SKIP: Final[Field[tuple[str, ...]]] = Field(
    "skip", ListOf(Text()), doc="rows whose label begins with one of these: Total"
)
ACCEPT: Final[Field[tuple[str, ...]]] = Field(
    "accept", ListOf(Text()), doc="cells whose figure is right although it is far from the others"
)

KIND: Final[Field[str]] = Field("kind", Text(), doc="file if not said")
FILE_SOURCE: Final = Record(
    "a source file",
    (
        *HEAD,
        Field("kind", Word(("file",)), doc="a file that somebody sends"),
        FILE_KEYS,
        COLUMNS,
        KPI,
        HOLDS,
        MEASURES,
        KPIS,
        NUMBERS,
        SCALE,
        PERCENT,
        SIGNS,
        DATES,
        MISSING,
        SKIP,
        ACCEPT,
    ),
)
