"""Rows that a database gave → readings and planned values, or what is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from govern.documents.links import wrong_with
from govern.documents.problem import did_you_mean
from govern.domain.reading import Confidence
from govern.domain.record import Record
from govern.domain.refusal import SourceUnreadable
from govern.intake.source_sql import Holds, SqlSource, Watermark, write_watermark

LONGEST_TEXT: Final = 2_000
MOST_DIGITS: Final = 34

_NUMBER = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,18})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DAY = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class SqlRow:
    """`number` counts from 1, `key` is what the source calls it, `mark` its watermark. `values` has
    `kpi`, `period` and what else was read; those in `errors` could not be. `skipped`: its label says so.
    """

    number: int
    key: str
    mark: Watermark
    values: Record
    errors: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    skipped: bool = False


class _Wrong(Exception):  # noqa: N818 - becomes an error of a row
    pass


def read_rows(
    source: SqlSource, names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[SqlRow]:
    """`names` are the columns of the query. Raises SourceUnreadable where a column is not there, or the
    rows do not come in the order of their watermarks: then none of them can be taken.
    """
    at = _positions(source, names)
    read: list[SqlRow] = []
    for number, row in enumerate(rows, start=1):
        mark = _mark(source, row[at[None]], number)
        if read and mark < read[-1].mark:  # pyright: ignore[reportOperatorIssue] - one kind in a column
            raise SourceUnreadable(
                f"The query of {source.id} does not give its rows in the order of their watermark, "
                f"{source.marked}: row {number} is below the one before. Add ORDER BY {source.marked}."
            )
        given = {name: row[place] for name, place in at.items() if name is not None}
        read.append(_row(source, number, mark, given))
    return read


def _positions(source: SqlSource, names: Sequence[str]) -> dict[str | None, int]:
    """What it is → where it stands in a row; the watermark is under None."""
    wanted: dict[str | None, str] = {None: source.marked, **source.columns}
    for column in wanted.values():
        if column not in names:
            near = did_you_mean(column, names)
            raise SourceUnreadable(
                f"The query of {source.id} gives no column {column}; it gives {', '.join(names)}"
                + (f": {near}" if near else ".")
            )
    return {what: list(names).index(column) for what, column in wanted.items()}


def _mark(source: SqlSource, value: Any, number: int) -> Watermark:
    match source.holds:
        case Holds.MOMENT if isinstance(value, datetime):
            return value
        case Holds.DAY if isinstance(value, date) and not isinstance(value, datetime):
            return value
        case Holds.NUMBER if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
        case Holds.TEXT if isinstance(value, str):
            return value
        case _:
            kind = "nothing" if value is None else f"a {type(value).__name__}"
            raise SourceUnreadable(
                f"Row {number} of {source.id} has {kind} as its watermark, {source.marked}, where "
                f"`holds` says {source.holds}: a row without one would be lost. Mend the query, or "
                "say what the column holds."
            )


def _row(source: SqlSource, number: int, mark: Watermark, given: Mapping[str, Any]) -> SqlRow:
    key = given.get("row")
    named = write_watermark(mark) if key is None else str(key)
    errors: dict[str, list[str]] = {}
    values: Record = {}
    try:
        label = source.kpi if source.kpi is not None else _text(given["kpi"])
    except _Wrong as wrong:
        return SqlRow(number, named, mark, {}, {"kpi": [str(wrong)]})
    if label is None:
        errors["kpi"] = ["no KPI is named"]
    elif source.kpi is None and source.kpis:
        if label not in source.kpis:
            near = did_you_mean(label, source.kpis)
            told = f"the label '{label}' is not among `kpis`"
            errors["kpi"] = [f"{told}; {near}" if near else f"{told}: add it, with `kpi` or `skip`"]
        elif source.kpis[label] is None:
            return SqlRow(number, named, mark, {}, skipped=True)
        values["kpi"] = source.kpis.get(label)
    else:
        values["kpi"] = label
    for name, read in _READ.items():
        if name in given:
            try:
                values[name] = read(given[name])
            except _Wrong as wrong:
                errors[name] = [str(wrong)]
    if values.get("period") is None and "period" not in errors:
        errors["period"] = ["no period is named"]
    return SqlRow(number, named, mark, values, errors)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    if len(text) > LONGEST_TEXT:
        raise _Wrong(f"has {len(text)} characters; at most {LONGEST_TEXT} are taken")
    if _CONTROL.search(text):
        raise _Wrong("holds control characters, which no text needs")
    return text or None


def _day(value: Any) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        if value.time() != time():
            raise _Wrong(f"{value} is a moment; give the day alone: CAST(… AS date)")
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise _Wrong(f"{_shown(value)} is no day; right would be a date, or a text such as 2026-03-31")


def _figure(value: Any) -> Decimal | None:
    if value is None:
        return None
    number: Decimal | None = None
    if isinstance(value, float):
        # A binary number has about 15 digits that somebody meant (IEEE 754).
        number = Decimal(f"{value:.15g}")
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
    elif isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = Decimal(value.strip())
    if number is None or not number.is_finite():
        raise _Wrong(f"{_shown(value)} is no number; right would be a number column, or 1234.5")
    if not _NUMBER.fullmatch(f"{number:f}") or len(number.as_tuple().digits) > MOST_DIGITS:
        raise _Wrong(f"{_shown(value)} has more digits than are kept: round it in the query")
    return number


def _confidence(value: Any) -> str | None:
    text = _text(value)
    if text is not None and text not in {*Confidence}:
        raise _Wrong(f"one of {', '.join(Confidence)} is needed, not {_shown(text)}")
    return text


def _link(value: Any) -> str | None:
    text = _text(value)
    if text is not None and (wrong := wrong_with(text)):
        raise _Wrong(wrong)
    return text


def _shown(value: Any) -> str:
    text = str(value)
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


_READ = {
    "period": _day,
    "actual": _figure,
    "planned": _figure,
    "reported_on": _day,
    "note": _text,
    "confidence": _confidence,
    "link": _link,
    "reason": _text,
}
