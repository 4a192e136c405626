"""The column reading: many conditions in one pass over the observation frames.

Equal parts of different conditions are computed once. What needs the rows around it (history) or
other rows (lists) becomes a column first, in as many stages as it is nested.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite

import polars as pl

from govern.language import history_columns, row_columns
from govern.language.check import Checked
from govern.language.errors import UnsortedFrameError
from govern.language.explain import constant
from govern.language.frames import Frames, frame_of
from govern.language.history_columns import ROW, TREND, Helper
from govern.language.list_columns import PARENT, aggregated
from govern.language.meaning import (
    Aggregate,
    Apply,
    Arithmetic,
    Calendar,
    Collect,
    Compare,
    Constant,
    Contains,
    Contribution,
    Fold,
    History,
    Meaning,
    Members,
    Moved,
    OneOf,
    Pick,
    Read,
    is_own,
    parts,
    rows_read,
)
from govern.language.row_columns import Raw, raw
from govern.language.scopes import SCOPES
from govern.language.types import NUMBER


def evaluate(observations: Frames, conditions: Sequence[Checked]) -> list[pl.Series]:
    """One series for each condition, aligned with the rows of its scope's frame; null is unknown.

    Boolean, Float64, String or Date by the condition's type; a list of one of them
    where a table collects. Raises `UnsortedFrameError`, and `TypeError` for a condition that gives a
    list of anything else (see `explain.select`).
    """
    engine = _Engine(observations)
    for condition in conditions:
        is_list = condition.type.kind == "list" and not isinstance(condition.meaning, Collect)
        if is_list or condition.type.kind in {"record", "table"}:
            raise TypeError(f"{condition.type} is not a value: {condition.expression.text}")
    for scope in {condition.scope.name: None for condition in conditions}:
        of_scope = [c.meaning for c in conditions if c.scope.name == scope]
        engine.base(scope).compute(of_scope)
    return [
        _final(condition, engine.base(condition.scope.name).series(condition.meaning))
        for condition in conditions
    ]


def _final(condition: Checked, found: pl.Series) -> pl.Series:
    if found.dtype == TREND:
        found = found.cast(pl.String)
    return found.alias(condition.expression.text)


_SHARED = pl.QueryOptFlags.none(comm_subexpr_elim=True)
"""What an expression repeats is computed once; there is nothing else in these queries to optimise."""
_REPEATING = (Apply, Arithmetic, Calendar, Contains, Fold, Moved, OneOf, Pick)
"""Their expressions name a part more than once; nested, they would grow without bounds."""


class _Engine:
    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self._bases: dict[str, _Rows] = {}

    def base(self, scope: str) -> "_Rows":
        """All rows of a scope."""
        if scope not in self._bases:
            frame = frame_of(self.frames, SCOPES[scope].frame)
            numbers = frame.get_column("row")
            if SCOPES[scope].history and not _is_numbered(numbers):
                raise UnsortedFrameError(scope)
            self._bases[scope] = _Rows(self, scope, frame)
        return self._bases[scope]


def _is_numbered(row: pl.Series) -> bool:
    return row.equals(pl.int_range(len(row), eager=True))


class _Rows:
    """Rows on which meanings are computed, and the columns computed so far.

    Either all rows of a scope (`outer` is `None`), or the elements of a list: one row per link
    from a row of `outer` (`parents`, positions there) to a row of the scope (`rows`).
    """

    def __init__(
        self,
        engine: _Engine,
        scope: str,
        frame: pl.DataFrame,
        outer: "_Rows | None" = None,
    ) -> None:
        self.engine = engine
        self.scope = scope
        self.frame = frame
        self.outer = outer
        self.length = frame.height
        row = pl.int_range(self.length, eager=True).alias(ROW)
        self.table = pl.DataFrame([row])
        if outer is not None:
            self.table = self.table.with_columns(frame[PARENT])
        self._names: dict[Meaning, str] = {}
        self._lists: dict[tuple[str, int], _Rows] = {}

    def series(self, meaning: Meaning) -> pl.Series:
        """A column that has been computed."""
        return self.table.get_column(self._names[meaning])

    def compute(self, wanted: Iterable[Meaning]) -> None:
        """Makes a column of each."""
        missing = [meaning for meaning in dict.fromkeys(wanted) if meaning not in self._names]
        order = self._in_order(missing)
        self._fetch(order)
        for stage in self._stages(order, missing):
            names = [f"{len(self._names) + index}" for index in range(len(stage))]
            made = self.table.lazy().with_columns(
                self._expression(meaning).alias(name)
                for meaning, name in zip(stage, names, strict=True)
            )
            self.table = made.collect(optimizations=_SHARED)
            self._names |= dict(zip(stage, names, strict=True))

    def rows_at(self, up: int) -> pl.Series:
        """For each row, the number of the scope's row that lies `up` rows outwards."""
        if self.outer is None:
            return self.table.get_column(ROW)
        if up == 0:
            return self.frame.get_column("row")
        return self.outer.rows_at(up - 1).gather(self.frame.get_column(PARENT))

    def base_at(self, up: int) -> "_Rows":
        """All rows of the scope that lies `up` rows outwards."""
        if up == 0 or self.outer is None:
            return self.engine.base(self.scope)
        return self.outer.base_at(up - 1)

    def _inputs(self, meaning: Meaning) -> Iterable[Meaning]:
        """The parts that are computed on these rows; none where the column comes from elsewhere."""
        if isinstance(meaning, Aggregate | Read | Contribution):
            return ()
        if isinstance(meaning, Raw):
            return parts(meaning.of)
        if self.outer is None:
            if isinstance(meaning, History | Helper):
                return history_columns.needs(meaning)
        elif isinstance(meaning, History) or self._is_element(meaning):
            return ()
        if isinstance(meaning, Arithmetic) and rows_read(meaning):
            return (raw(meaning), *parts(meaning))
        return parts(meaning)

    def _is_element(self, meaning: Meaning) -> bool:
        return is_own(meaning) and bool(rows_read(meaning))

    def _in_order(self, wanted: Iterable[Meaning]) -> list[Meaning]:
        """Each distinct part once, parts before wholes."""
        order: dict[Meaning, None] = {}

        def visit(meaning: Meaning) -> None:
            if meaning not in order:
                for part in self._inputs(meaning):
                    visit(part)
                order[meaning] = None

        for meaning in wanted:
            visit(meaning)
        return list(order)

    def _stages(self, order: list[Meaning], wanted: list[Meaning]) -> list[list[Meaning]]:
        """Which meanings become columns, and in which order; the others are parts of them."""
        uses = Counter(part for meaning in order for part in self._inputs(meaning))
        columns = set(wanted)
        for meaning in order:
            if isinstance(meaning, History | Helper):
                columns.add(meaning)
                columns.update(self._inputs(meaning))
            elif isinstance(meaning, _REPEATING):
                columns.update(self._inputs(meaning))
            elif uses[meaning] > 1 and not isinstance(meaning, Constant):
                columns.add(meaning)
        stages: list[list[Meaning]] = []
        level: dict[Meaning, int] = {}
        for meaning in order:
            if meaning in self._names:
                level[meaning] = -1
                continue
            inputs = self._inputs(meaning)
            level[meaning] = max((level[part] + (part in columns) for part in inputs), default=0)
            level[meaning] = max(level[meaning], 0)
            if meaning in columns:
                while len(stages) <= level[meaning]:
                    stages.append([])
                stages[level[meaning]].append(meaning)
        return [stage for stage in stages if stage]

    def _column(self, meaning: Meaning) -> pl.Expr:
        name = self._names.get(meaning)
        if name is None:
            return self._expression(meaning)
        return pl.col(name).cast(pl.String) if _is_trend(meaning) else pl.col(name)

    def _expression(self, meaning: Meaning) -> pl.Expr:
        if not rows_read(meaning) and not isinstance(meaning, Constant | Helper):
            value = constant(meaning, self.engine.frames)
            return row_columns.literal(value, meaning.type)
        match meaning:
            case Compare(operator="=", left=History() as left, right=Constant(value=str() as word)):
                if _is_trend(left):
                    return pl.col(self._names[left]) == word
            case _:
                pass
        if isinstance(meaning, History | Helper):
            return history_columns.expression(meaning, self._column)
        return row_columns.expression(meaning, self._column)

    def _fetch(self, order: list[Meaning]) -> None:
        """Adds the columns that come from the frame, from other rows, or from lists."""
        wanted = [meaning for meaning in order if meaning not in self._names]
        if self.outer is None:
            cells = [one for one in wanted if isinstance(one, Read)]
            self._add(cells, [_clean(self.frame.get_column(one.column), one) for one in cells])
        else:
            self._gather(wanted)
        self._aggregate(
            [one for one in wanted if isinstance(one, Aggregate) and one not in self._names]
        )

    def _gather(self, wanted: list[Meaning]) -> None:
        """Takes what depends on one row from the rows of its scope, where it is computed once."""
        by_row: dict[int, dict[Meaning, Meaning]] = {}
        for meaning in wanted:
            if isinstance(meaning, Read | History):
                own = replace(meaning, up=0)
                by_row.setdefault(meaning.up, {})[meaning] = own
            elif isinstance(meaning, Contribution):
                self._add([meaning], [self._link(meaning.up)])
            elif self._is_element(meaning):
                by_row.setdefault(0, {})[meaning] = meaning
        for up, found in by_row.items():
            base = self.base_at(up)
            base.compute(found.values())
            rows = self.rows_at(up)
            self._add(list(found), [base.series(own).gather(rows) for own in found.values()])

    def _link(self, up: int) -> pl.Series:
        if self.outer is None or up == 0:
            return _finite(self.frame.get_column("contribution"))
        return self.outer._link(up - 1).gather(self.frame.get_column(PARENT))

    def _aggregate(self, wanted: list[Aggregate]) -> None:
        by_list: dict[tuple[str, int], list[Aggregate]] = {}
        for one in wanted:
            by_list.setdefault((one.members.membership, one.members.up), []).append(one)
        for found in by_list.values():
            elements = self._elements(found[0].members)
            elements.compute(
                part
                for one in found
                for part in (one.members.keep, one.members.value)
                if part is not None
            )
            self._add(found, aggregated(elements.table, found, elements._column, self.length))

    def _elements(self, members: Members) -> "_Rows":
        """The rows of a list, one for each link from one of these rows."""
        key = (members.membership, members.up)
        if key not in self._lists:
            links = frame_of(self.engine.frames, members.membership)
            if self.outer is None:
                links = links.rename({"parent": PARENT})
            else:
                here = pl.DataFrame([self.rows_at(members.up).alias("parent")])
                here = here.with_row_index(PARENT).cast({PARENT: pl.Int64})
                links = here.join(links, on="parent", maintain_order="left_right")
            self._lists[key] = _Rows(self.engine, members.scope, links, self)
        return self._lists[key]

    def _add(self, meanings: Sequence[Meaning], columns: Sequence[pl.Series]) -> None:
        names = [f"{len(self._names) + index}" for index in range(len(meanings))]
        renamed = [column.alias(name) for column, name in zip(columns, names, strict=True)]
        self.table = self.table.hstack(renamed)
        self._names |= dict(zip(meanings, names, strict=True))


def _is_trend(meaning: Meaning) -> bool:
    return isinstance(meaning, History) and meaning.function == "trend"


def _clean(column: pl.Series, read: Read) -> pl.Series:
    """Numbers as Float64 without NaN and infinities."""
    return _finite(column.cast(pl.Float64)) if read.type == NUMBER else column


def _finite(column: pl.Series) -> pl.Series:
    # A sum is finite only if every number is, and costs a fraction of looking at each.
    if isfinite(column.sum() or 0.0):
        return column
    number = pl.col(column.name)
    return column.to_frame().select(pl.when(number.is_finite()).then(number)).to_series()
