"""Readings of one KPI and period that stand in a file more than once.

Rows may stand anywhere in a file, so something of every one is kept: 21 bytes, in files without names,
parted by KPI so that one part after the other is looked through. What a row says is compared by a hash
of 64 bits under a seed of this process alone.
"""

import secrets
from collections.abc import Iterator
from datetime import date
from itertools import groupby

import polars as pl

from govern.intake.batches import Batches
from govern.intake.log import Log
from govern.intake.reading_frame import SCHEMA
from govern.intake.rows import ReadingRow

_FIRST_DAY = date(1899, 1, 1)
_KPI, _DAY = 1 << 27, 1 << 10
"""A key holds the number of the KPI, 17 bits for the day, and 10 for the version."""

_PARTS = 64
"""A part of ten million rows is about three batches."""

_SAYS = [name for name in SCHEMA if name not in ("line", "number", "kpi", "period", "version")]


class Repeats:
    """`refused` and `repeated` count rows, once they are settled."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._seed = secrets.randbits(63)
        self._seen = [Batches() for _ in range(_PARTS)]
        self._refused: list[list[tuple[int, int]]] = [[] for _ in range(_PARTS)]
        self.refused = 0
        self.repeated = 0

    def take(self, rows: pl.DataFrame) -> None:
        """Rows that can be taken by themselves."""
        day = (pl.col("period") - pl.lit(_FIRST_DAY)).dt.total_days().cast(pl.UInt64)
        key = pl.col("number").cast(pl.UInt64) * _KPI + day * _DAY + pl.col("version")
        kept = rows.select(
            key.alias("key"),
            "line",
            pl.struct(_SAYS).hash(self._seed).alias("says"),
            part=pl.col("number") % _PARTS,
            good=True,
        )
        for piece in kept.partition_by("part"):
            self._seen[int(piece["part"].item(0))].add(piece.drop("part"))

    def take_refused(self, line: int, number: int, period: date, version: int) -> None:
        """A row that cannot be taken, and of which it is known what it is about."""
        key = number * _KPI + (period - _FIRST_DAY).days * _DAY + version
        self._refused[number % _PARTS].append((key, line))

    def settle(self, ids: list[str]) -> pl.Series:
        """Refuses rows of which nothing says which is right, and notes those that say the same.

        Returns the lines that are not taken though they were good. `ids` are those of the KPIs.
        """
        lines = [
            line
            for part in range(_PARTS)
            for group in self._groups(part)
            for line in self._settle(group, ids)
        ]
        return pl.Series(sorted(lines), dtype=pl.UInt32)

    def _groups(self, part: int) -> Iterator[list[tuple[int, int, int, bool]]]:
        """The rows of each period that stand there more than once."""
        seen = self._seen[part]
        if not seen.rows:
            return
        refused = pl.DataFrame(
            self._refused[part], schema={"key": pl.UInt64, "line": pl.UInt32}, orient="row"
        ).with_columns(says=pl.lit(0, pl.UInt64), good=False)
        rows = pl.concat((*seen, refused))
        seen.clear()
        again = rows["key"].is_duplicated() | self._mixed(rows["key"])
        found = rows.filter(again).sort("key", "line").rows()
        yield from (list(group) for _, group in groupby(found, lambda row: row[0] // _DAY))

    @staticmethod
    def _mixed(key: pl.Series) -> pl.Series:
        """Where one row of a period says which version it is and another does not."""
        about, says = key // _DAY, key % _DAY > 0
        if not says.any():
            return pl.repeat(False, len(key), eager=True)
        silent = about.filter(~says)
        return about.is_in(silent.implode()) & about.is_in(about.filter(says).implode())

    def _settle(self, group: list[tuple[int, int, int, bool]], ids: list[str]) -> list[int]:
        dropped: list[int] = []
        by_version: dict[int, list[tuple[int, int, int, bool]]] = {}
        for row in group:
            by_version.setdefault(row[0] % _DAY, []).append(row)
        first = group[0][0]
        kpi = ids[first // _KPI]
        period = date.fromordinal(_FIRST_DAY.toordinal() + first % _KPI // _DAY).isoformat()
        versions = sorted(by_version)
        if versions[0] == 0 and len(versions) > 1:
            other = by_version[versions[1]][0][1]
            for _, line, _, good in by_version.pop(0):
                if good:
                    right = "say of each row which version it is"
                    self._refuse(kpi, period, line, other, right)
                    dropped.append(line)
        for rows in by_version.values():
            dropped += self._settle_version(rows, kpi, period)
        return dropped

    def _settle_version(
        self, rows: list[tuple[int, int, int, bool]], kpi: str, period: str
    ) -> list[int]:
        dropped: list[int] = []
        taken: tuple[int, int] | None = None
        refused: int | None = None
        for _, line, says, good in rows:
            if not good:
                if taken is not None:
                    self._refuse(kpi, period, taken[0], line)
                    dropped.append(taken[0])
                taken, refused = None, line if refused is None else refused
            elif taken is not None and taken[1] == says:
                self.repeated += 1
                told = "an exact repeat of a row above is taken once"
                self._log.note(ReadingRow.file, line, None, told)
                dropped.append(line)
            elif taken is not None:
                refused = taken[0]
                self._refuse(kpi, period, taken[0], line)
                self._refuse(kpi, period, line, taken[0])
                dropped += [taken[0], line]
                taken = None
            elif refused is not None:
                self._refuse(kpi, period, line, refused)
                dropped.append(line)
            else:
                taken = line, says
        return dropped

    def _refuse(
        self,
        kpi: str,
        period: str,
        line: int,
        other: int,
        right: str = "keep the row that is right",
    ) -> None:
        self.refused += 1
        self._log.refuse(
            ReadingRow.file,
            line,
            "period_end",
            period,
            problem=f"of KPI {kpi} is also on line {other}, with other content",
            right=right,
        )
