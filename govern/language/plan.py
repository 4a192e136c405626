"""How conditions become columns, found out once: what is computed, on which rows, in which order.

Equal parts of different conditions are computed once. What needs the rows around it (history) or
other rows (lists) becomes a column first, in as many stages as it is nested.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from govern.language import history_columns, row_columns
from govern.language.explain import constant
from govern.language.frames import Frames
from govern.language.history_columns import Helper, needs
from govern.language.list_columns import Lists
from govern.language.meaning import (
    Aggregate,
    Apply,
    Arithmetic,
    Calendar,
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
from govern.language.steps import (
    Aggregated,
    AllRows,
    Cell,
    Cells,
    Computed,
    Contributed,
    Elements,
    Gathered,
    Rows,
    Run,
    Step,
)
from govern.language.types import NUMBER

_REPEATING = (Apply, Arithmetic, Calendar, Contains, Fold, Moved, OneOf, Pick)
"""Their expressions name a part more than once; nested, they would grow without bounds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`results`: on which rows, and by which name, each condition is found in the end."""

    steps: tuple[Step, ...]
    results: tuple[tuple[Rows, str], ...]

    def run(self, frames: Frames) -> list[pl.Series]:
        """One series for each condition. Raises `UnsortedFrameError`."""
        run = Run(frames)
        for step in self.steps:
            step.run(run)
        return [run.tables[rows].get_column(name) for rows, name in self.results]


def planned(conditions: Sequence[tuple[str, Meaning]]) -> Plan:
    """The plan for conditions on the rows of a scope, by its name."""
    planner = _Planner()
    for scope in dict.fromkeys(scope for scope, _ in conditions):
        planner.base(scope).compute(meaning for of, meaning in conditions if of == scope)
    results = ((planner.base(scope), meaning) for scope, meaning in conditions)
    return Plan(
        tuple(planner.steps), tuple((base.rows, base.names[meaning]) for base, meaning in results)
    )


class _Planner:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._bases: dict[str, _Columns] = {}

    def base(self, scope: str) -> "_Columns":
        """The columns of all rows of a scope."""
        if scope not in self._bases:
            rows = Rows(scope)
            self.steps.append(AllRows(rows))
            self._bases[scope] = _Columns(self, rows)
        return self._bases[scope]


class _Columns:
    """The columns of some rows that the steps so far make; `names` has each by what it means."""

    def __init__(self, planner: _Planner, rows: Rows, outer: "_Columns | None" = None) -> None:
        self.planner = planner
        self.rows = rows
        self.outer = outer
        self.names: dict[Meaning, str] = {}
        self._lists: dict[tuple[str, int], _Columns] = {}

    def compute(self, wanted: Iterable[Meaning]) -> None:
        """Makes a column of each."""
        missing = [meaning for meaning in dict.fromkeys(wanted) if meaning not in self.names]
        order = self._in_order(missing)
        self._fetch(order)
        for stage in self._stages(order, missing):
            columns = [self._expression(meaning) for meaning in stage]
            named = zip(columns, self._named(stage), strict=True)
            made = tuple(column.alias(name) for column, name in named)
            self.planner.steps.append(Computed(self.rows, made))

    def column(self, meaning: Meaning) -> pl.Expr:
        name = self.names.get(meaning)
        if name is None:
            return self._expression(meaning)
        return pl.col(name).cast(pl.String) if _is_trend(meaning) else pl.col(name)

    def _named(self, meanings: Iterable[Meaning]) -> list[str]:
        """Gives each a name of its own."""
        named: list[str] = []
        for meaning in meanings:
            named.append(f"{len(self.names)}")
            self.names[meaning] = named[-1]
        return named

    def _base_at(self, up: int) -> "_Columns":
        """All rows of the scope that lies `up` rows outwards."""
        if up == 0 or self.outer is None:
            return self.planner.base(self.rows.scope)
        return self.outer._base_at(up - 1)

    def _inputs(self, meaning: Meaning) -> Iterable[Meaning]:
        """The parts that are computed on these rows; none where the column comes from elsewhere."""
        if isinstance(meaning, Aggregate | Read | Contribution):
            return ()
        if isinstance(meaning, Raw):
            return parts(meaning.of)
        if self.outer is None:
            if isinstance(meaning, History | Helper):
                return needs(meaning)
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
            if meaning in self.names:
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

    def _expression(self, meaning: Meaning) -> pl.Expr:
        if not rows_read(meaning) and not isinstance(meaning, Constant | Helper):
            return row_columns.literal(constant(meaning), meaning.type)
        match meaning:
            case Compare(operator="=", left=History() as left, right=Constant(value=str() as word)):
                if _is_trend(left):
                    return pl.col(self.names[left]) == word
            case _:
                pass
        if isinstance(meaning, History | Helper):
            return history_columns.expression(meaning, self.column)
        return row_columns.expression(meaning, self.column)

    def _fetch(self, order: list[Meaning]) -> None:
        """Adds the columns that come from the frame, from other rows, or from lists."""
        wanted = [meaning for meaning in order if meaning not in self.names]
        if self.outer is None:
            read = [meaning for meaning in wanted if isinstance(meaning, Read)]
            named = zip(self._named(read), read, strict=True)
            cells = tuple(Cell(name, each.column, each.type == NUMBER) for name, each in named)
            self.planner.steps.append(Cells(self.rows, cells))
        else:
            self._gather(wanted)
        self._aggregate(
            [one for one in wanted if isinstance(one, Aggregate) and one not in self.names]
        )

    def _gather(self, wanted: list[Meaning]) -> None:
        """Takes what depends on one row from the rows of its scope, where it is computed once."""
        by_row: dict[int, dict[Meaning, Meaning]] = {}
        for meaning in wanted:
            if isinstance(meaning, Read | History):
                own = replace(meaning, up=0)
                by_row.setdefault(meaning.up, {})[meaning] = own
            elif isinstance(meaning, Contribution):
                (name,) = self._named([meaning])
                self.planner.steps.append(Contributed(self.rows, name, meaning.up))
            elif self._is_element(meaning):
                by_row.setdefault(0, {})[meaning] = meaning
        for up, found in by_row.items():
            base = self._base_at(up)
            base.compute(found.values())
            theirs = (base.names[own] for own in found.values())
            names = tuple(zip(theirs, self._named(found), strict=True))
            self.planner.steps.append(Gathered(self.rows, base.rows, up, names))

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
            lists = Lists.of(found, elements.column)
            names = tuple(self._named(found))
            self.planner.steps.append(Aggregated(self.rows, elements.rows, lists, names))

    def _elements(self, members: Members) -> "_Columns":
        """The rows of a list, one for each link from one of these rows."""
        key = (members.membership, members.up)
        if key not in self._lists:
            rows = Rows(members.scope, self.rows)
            self.planner.steps.append(Elements(rows, self.rows, *key))
            self._lists[key] = _Columns(self.planner, rows, self)
        return self._lists[key]


def _is_trend(meaning: Meaning) -> bool:
    return isinstance(meaning, History) and meaning.function == "trend"
