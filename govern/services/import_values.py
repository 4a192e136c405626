"""What an import changes of readings and planned values: a batch of rows at a time, nothing written."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row

from govern.domain.period import Cadence
from govern.intake.batches import Batches
from govern.intake.reading_frame import SAID
from govern.intake.rows import ReadingRow, Readings, Refused
from govern.services.import_report import ImportReport, count
from govern.services.kpis import off_cadence
from govern.store import bulk

SCOPE_CHANGE = "change it through an approved scope change"

_FRESH = ("project", "kpi", "period", "actual", "reported_on", *SAID)
_KEPT = ("reported_on", "note", "confidence", "link")
"""What stays where a row says the same figure again and is silent about them."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the rows are held against. `frozen` are the projects whose plan was agreed at a gate,
    `stored` the KPIs that were there before, `doubtful` those whose cadence is another than the
    import's file says, `formula_of` those that are computed from others. `reason` is that of every
    correction that does not give its own."""

    project_of: Mapping[str, str]
    cadence_of: Mapping[str, Cadence]
    frozen: Set[str]
    stored: Set[str]
    doubtful: Set[str]
    formula_of: Mapping[str, str]
    today: date
    reason: str | None


@dataclass(slots=True)
class FreshValues:
    """What is to be written, in frames: `project`, `kpi`, `period` and the columns of each."""

    readings: Batches = field(default_factory=Batches)
    planned: Batches = field(default_factory=Batches)


def fresh_values(
    connection: Connection, rows: Readings, held: Held, report: ImportReport
) -> FreshValues:
    """Compares rows with what is stored for their periods. What is refused goes into the report."""
    fresh = FreshValues()
    comparison = _Values(connection, held, report)
    for frame in rows.frames():
        said = comparison.placed(frame)
        fresh.readings.add(comparison.readings(said))
        fresh.planned.add(comparison.planned(said))
    return fresh


class _Values:
    def __init__(self, connection: Connection, held: Held, report: ImportReport) -> None:
        self._connection = connection
        self._held = held
        self._report = report
        self._ahead: dict[tuple[str, str, date], int] = {}
        """How many versions of a period the file has brought, beyond what is stored."""

    def placed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that say something of a KPI that is there or comes in, with its project."""
        said = frame.filter(pl.col("reports") | pl.col("planned").is_not_null())
        said = said.with_columns(
            pl.col("kpi")
            .replace_strict(dict(self._held.project_of), default=None, return_dtype=pl.String)
            .alias("project")
        )
        for row in said.filter(pl.col("project").is_null()).iter_rows(named=True):
            problem = "belongs to a KPI that was refused"
            self._refuse(row, "kpi_id", row["kpi"], problem, "mend the KPI first")
        said = said.filter(pl.col("project").is_not_null())
        if not self._held.doubtful:
            return said
        wrong: list[int] = []
        for row in said.filter(pl.col("kpi").is_in(self._held.doubtful)).iter_rows(named=True):
            cadence = self._held.cadence_of[row["kpi"]]
            if off_cadence(cadence, [row["period"]]):
                problem = f"ends no {cadence} period, and that is the cadence of KPI {row['kpi']}"
                right = f"use the last day of a {cadence} period, or state the cadence in kpis.csv"
                self._refuse(row, "period_end", row["period"].isoformat(), problem, right)
                wrong.append(row["line"])
        return said.filter(~pl.col("line").is_in(wrong))

    def readings(self, said: pl.DataFrame) -> pl.DataFrame:
        today = self._held.today
        reported = said.filter("reports")
        computed = pl.col("kpi").is_in(self._held.formula_of)
        for row in reported.filter(computed).iter_rows(named=True):
            problem = f"is computed from others, by {self._held.formula_of[row['kpi']]}"
            self._refuse(row, "kpi_id", row["kpi"], problem, "report what its formula reads")
        reported = reported.filter(~computed)
        future = pl.col("actual").is_not_null() & (pl.col("period") > today)
        for row in reported.filter(future).iter_rows(named=True):
            period = row["period"]
            problem = f"cannot be known: the period ends on {period}, after today, {today}"
            right = "leave it blank until the period is over"
            self._refuse(row, "actual", row["actual"], problem, right)
        return self._sorted_out(reported.filter(~future), "readings", self._compare_reading, _FRESH)

    def planned(self, said: pl.DataFrame) -> pl.DataFrame:
        wanted = ("project", "kpi", "period", "planned")
        planned = said.filter(pl.col("planned").is_not_null())
        return self._sorted_out(planned, "planned", self._compare_planned, wanted)

    def _sorted_out(
        self, rows: pl.DataFrame, kind: str, compare: Any, wanted: tuple[str, ...]
    ) -> pl.DataFrame:
        """Rows of a period without anything stored are new; the others are looked at one by one."""
        table = bulk.READINGS if kind == "readings" else bulk.PLANNED
        known = rows.filter(pl.col("kpi").is_in(self._held.stored))
        before = bulk.versions(self._connection, table, known.select("kpi", "period").iter_rows())
        closer = pl.col("version") > 1
        if before:
            keys = pl.DataFrame(
                list(before), schema={"kpi": pl.String, "period": pl.Date}, orient="row"
            )
            stored = rows.select("line", "kpi", "period").join(
                keys, on=("kpi", "period"), how="semi"
            )
            closer |= pl.col("line").is_in(stored["line"].implode())
        if kind == "planned" and self._held.frozen:
            closer |= pl.col("project").is_in(self._held.frozen)
        # A version 1 that is new is one that others may follow.
        for kpi, period in (
            rows.filter(~closer, pl.col("version") == 1).select("kpi", "period").iter_rows()
        ):
            self._ahead[kind, kpi, period] = 1
        new = rows.filter(~closer)
        count(self._report.added, kind, new.height)
        if new.height == rows.height:
            return new.select(wanted)
        looked_at: list[dict[str, Any]] = []
        for row in rows.filter(closer).iter_rows(named=True):
            fresh = compare(row, before.get((row["kpi"], row["period"]), []))
            if fresh is not None:
                looked_at.append(fresh)
        columns = ("line", *wanted)
        schema = {name: rows.schema[name] for name in columns}
        more = pl.DataFrame(
            [[each[name] for name in columns] for each in looked_at], schema=schema, orient="row"
        )
        return pl.concat([new.select(columns), more]).sort("line").select(wanted)

    def _compare_reading(
        self, row: dict[str, Any], before: list[Row[Any]]
    ) -> dict[str, Any] | None:
        if row["version"]:
            if not self._follows(row, "readings", before, _same_reading):
                return None
            corrected = before[-1] if before else None
        else:
            corrected = before[-1]
            # A report without a figure leaves the one that is there, unless it says `unknown`.
            silent = row["actual"] is None and not row["unknown"]
            if silent or _repeats(row, corrected):
                count(self._report.unchanged, "readings")
                return None
            if row["actual"] is not None and _figure(row["actual"]) == corrected.actual:
                row |= {name: row[name] or getattr(corrected, name) for name in _KEPT}
        if corrected is not None and corrected.actual is not None:
            row["reason"] = row["reason"] or self._held.reason
            if row["reason"] is None:
                problem = f"corrects {_shown(corrected.actual)} without saying why"
                right = "give the reason in the column `reason`, or with --reason for all"
                self._refuse(row, "reason", "", problem, right)
                return None
        corrects = corrected is not None or row["version"] > 1
        count(self._report.changed if corrects else self._report.added, "readings")
        return row

    def _compare_planned(
        self, row: dict[str, Any], before: list[Row[Any]]
    ) -> dict[str, Any] | None:
        planned = _figure(row["planned"])
        version = row["version"]
        if before and planned == before[-1].planned and version in (0, len(before)):
            count(self._report.unchanged, "planned")
            return None
        if row["project"] in self._held.frozen and not _was(before, version, planned):
            problem = "differs from the trajectory that was agreed at a gate"
            self._refuse(row, "planned", row["planned"], problem, SCOPE_CHANGE)
            return None
        if version and not self._follows(row, "planned", before, _same_planned):
            return None
        corrects = bool(before) or version > 1
        count(self._report.changed if corrects else self._report.added, "planned")
        return row

    def _follows(self, row: dict[str, Any], kind: str, before: list[Row[Any]], same: Any) -> bool:
        """Whether a version is new and the next one; one that is there already has to be the same."""
        version, stored = row["version"], len(before)
        if version <= stored:
            if same(row, before[version - 1]):
                count(self._report.unchanged, kind)
            else:
                problem = (
                    f"is there already for {row['kpi']} and {row['period']}, with other content"
                )
                right = "leave the version blank to correct what is in force"
                self._refuse(row, "version", str(version), problem, right)
            return False
        key = (kind, row["kpi"], row["period"])
        ahead = self._ahead.get(key, 0)
        if version != stored + ahead + 1:
            problem = f"has no version {version - 1} of {row['kpi']} and {row['period']} before it"
            right = "put the versions of a period in their order"
            self._refuse(row, "version", str(version), problem, right)
            return False
        self._ahead[key] = ahead + 1
        return True

    def _refuse(
        self, row: dict[str, Any], column: str, value: str, problem: str, right: str
    ) -> None:
        refused = Refused(ReadingRow.file, row["line"], column, value, problem, right)
        self._report.refuse(refused)


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _shown(figure: Decimal) -> str:
    return format(figure, "f")


def _repeats(row: dict[str, Any], stored: Row[Any]) -> bool:
    """Whether a row says nothing else than what is in force; what it leaves blank it does not say."""
    if _figure(row["actual"]) != stored.actual:
        return False
    return all(row[name] is None or row[name] == getattr(stored, name) for name in _KEPT)


def _same_reading(row: dict[str, Any], stored: Row[Any]) -> bool:
    if _figure(row["actual"]) != stored.actual:
        return False
    return all(row[name] == getattr(stored, name) for name in ("reported_on", *SAID))


def _same_planned(row: dict[str, Any], stored: Row[Any]) -> bool:
    return _figure(row["planned"]) == stored.planned


def _was(before: list[Row[Any]], version: int, planned: Decimal | None) -> bool:
    """Whether this is an older version, as it is stored."""
    return 0 < version <= len(before) and before[version - 1].planned == planned
