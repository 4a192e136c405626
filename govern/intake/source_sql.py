"""A source that is a database: a query that is asked again from where it was read up to.

Its address is never in the file: it stands in the environment, under the name that `url_env` gives.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from govern.documents.problem import Problem
from govern.documents.shape import (
    Choice,
    Duration,
    Field,
    Fields,
    Flag,
    ListOf,
    Record,
    Text,
    Whole,
    Word,
)
from govern.intake.source_format import HEAD, ID, TITLE

MOST_ROWS: Final = 10_000
TIMEOUT_S: Final = 60
EVERY_H: Final = 24


class Holds(StrEnum):
    """What the values of the watermark column are."""

    MOMENT = "moment"
    DAY = "day"
    NUMBER = "number"
    TEXT = "text"


Watermark = datetime | date | Decimal | str
COLUMN_NAMES: Final = (
    "kpi",
    "period",
    "actual",
    "planned",
    "reported_on",
    "note",
    "confidence",
    "link",
    "reason",
    "row",
)
_DOC: Final = {
    "kpi": "the column that says which KPI: its id, or a label of `kpis`",
    "period": "the last day of the period",
    "reason": "why a figure is another than the one before",
    "row": "what the source calls the row",
}

URL_ENV: Final[Field[str]] = Field(
    "url_env", Text(), True, "the environment variable that holds the database's SQLAlchemy URL"
)
QUERY: Final[Field[str]] = Field(
    "query", Text(), True, "a SELECT with :watermark, ordered by the watermark's column"
)
MARKED: Final[Field[str]] = Field("column", Text(), True, "the column that grows with every change")
HOLDS: Final[Field[Holds]] = Field("holds", Choice(Holds), True, "what its values are")
STARTS: Final[Field[str]] = Field("starts", Text(), True, "the value to begin with")
WATERMARK: Final[Field[Fields]] = Field(
    "watermark", Record("`watermark`", (MARKED, HOLDS, STARTS)), True, "how far it was read"
)
COLUMNS: Final[Field[Fields]] = Field(
    "columns",
    Record("`columns`", tuple(Field(n, Text(), doc=_DOC.get(n, "")) for n in COLUMN_NAMES)),
    True,
    "which column of the query is what",
)
KPI: Final[Field[str]] = Field("kpi", Text(), doc="the KPI, where the whole query is about one")
LABEL: Final[Field[str]] = Field("label", Text(), True, "as the query gives it")
LABELLED: Final[Field[str]] = Field("kpi", Text(), doc="the id of the KPI")
SKIPPED: Final[Field[bool]] = Field("skip", Flag(), doc="the rows are not taken")
KPIS: Final[Field[tuple[Fields, ...]]] = Field(
    "kpis", ListOf(Record("a label", (LABEL, LABELLED, SKIPPED))), doc="which label is which KPI"
)
EVERY: Final[Field[int]] = Field("every", Duration("hour"), doc="how often; 24 hours if not said")
TIMEOUT: Final[Field[int]] = Field(
    "timeout", Duration("second"), doc="how long it may take; 60 seconds if not said"
)
ROWS: Final[Field[int]] = Field("most_rows", Whole(1), doc="at once; 10000 if not said")

SQL_SOURCE: Final = Record(
    "a source file",
    (
        *HEAD,
        Field("kind", Word(("sql",)), True, "a database that is asked"),
        URL_ENV,
        QUERY,
        WATERMARK,
        COLUMNS,
        KPI,
        KPIS,
        EVERY,
        TIMEOUT,
        ROWS,
    ),
)

_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class SqlSource:
    """`columns`: what it is → column of the query. `kpis`: label → KPI, None for a label whose rows are
    not taken; without labels the column holds ids. Times are hours and seconds."""

    id: str
    title: str | None
    url_env: str
    query: str
    marked: str
    holds: Holds
    starts: Watermark
    columns: Mapping[str, str]
    kpi: str | None = None
    kpis: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    every_h: int = EVERY_H
    timeout_s: int = TIMEOUT_S
    most_rows: int = MOST_ROWS


def read_watermark(holds: Holds, text: str) -> Watermark:
    """What `write_watermark` wrote. Raises ValueError saying what would be right."""
    try:
        if holds is Holds.MOMENT:
            return datetime.fromisoformat(text)
        if holds is Holds.DAY:
            return date.fromisoformat(text)
        if holds is Holds.NUMBER:
            number = Decimal(text)
            if not number.is_finite():
                raise ValueError
            return number
    except (ValueError, InvalidOperation) as error:
        right = {
            Holds.MOMENT: "a moment, such as 2026-01-01T00:00:00",
            Holds.DAY: "a day, such as 2026-01-01",
            Holds.NUMBER: "a number, such as 0",
        }[holds]
        raise ValueError(f"'{text}' is not {right}") from error
    return text


def write_watermark(value: Watermark) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def sql_source(fields: Fields) -> SqlSource:
    """The source that a sound file of the kind `sql` makes."""
    mark = fields[WATERMARK]
    labels = {each[LABEL]: _kpi(each) for each in fields.get(KPIS) or ()}
    return SqlSource(
        fields[ID],
        fields.get(TITLE),
        fields[URL_ENV],
        fields[QUERY],
        mark[MARKED],
        mark[HOLDS],
        read_watermark(mark[HOLDS], mark[STARTS]),
        fields[COLUMNS].values,
        fields.get(KPI),
        labels,
        fields.get(EVERY) or EVERY_H,
        fields.get(TIMEOUT) or TIMEOUT_S,
        fields.get(ROWS) or MOST_ROWS,
    )


def _kpi(each: Fields) -> str | None:
    return None if each.get(SKIPPED) else each.get(LABELLED)


def check(fields: Fields, problems: list[Problem]) -> None:
    """What no shape can say: each problem of a file of the kind `sql` that is right in its shape."""

    def wrong(what: str, field: Field[Any], right: str, within: Fields = fields) -> None:
        problems.append(Problem("E603", what, within.place(field), right))

    variable = fields[URL_ENV]
    if not _VARIABLE.fullmatch(variable) or variable.startswith("GOVERN_"):
        # Told of the file, not of the line: an address with a password in it is shown nowhere.
        what = "`url_env` is not the name of a variable of your own"
        right = "such as WAREHOUSE_URL; its value, the address, stays out of the file"
        problems.append(Problem("E603", what, fields.node.place, right))
    parameters = set(_PARAMETER.findall(fields[QUERY]))
    if "watermark" not in parameters:
        right = "such as WHERE changed_at >= :watermark ORDER BY changed_at"
        wrong("the query does not read from a watermark", QUERY, right)
    for name in sorted(parameters - {"watermark"}):
        wrong(
            f"the query has the parameter :{name}, which nothing gives",
            QUERY,
            r"write \: for a colon",
        )
    mark = fields[WATERMARK]
    try:
        read_watermark(mark[HOLDS], mark[STARTS])
    except ValueError as error:
        wrong(str(error), STARTS, f"a {mark[HOLDS]}, as `holds` says", mark)
    columns = fields[COLUMNS]
    if "period" not in columns.values:
        wrong("no column says which period a row is about", COLUMNS, "period: …")
    if not {"actual", "planned"} & columns.values.keys():
        wrong("no column holds figures", COLUMNS, "actual: …, or planned: …")
    if ("kpi" in columns.values) == (KPI in fields):
        what = "which KPI a row is about is said twice, or not at all"
        wrong(what, COLUMNS, "`kpi` among the columns, or `kpi` for the whole source")
    labels: set[str] = set()
    for each in fields.get(KPIS) or ():
        if each[LABEL] in labels:
            wrong(f"the label '{each[LABEL]}' stands twice", LABEL, "keep one of the two", each)
        if (LABELLED in each) == bool(each.get(SKIPPED)):
            what = f"of the label '{each[LABEL]}' both or neither are said"
            wrong(what, LABEL, "add `kpi:` or `skip: true`", each)
        labels.add(each[LABEL])
