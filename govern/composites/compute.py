"""The values of composite KPIs, by the column reading of their formulas.

Every value is computed from the inputs' values of the same period, never stored. An input of a finer
cadence is combined first:

- by its aggregation: the sum or mean of all its periods that end in the composite's period, or the
  last one; unknown where one of them (or the last) is;
- a cumulative input stands for its sum to date, as it is compared everywhere else. Where the composite
  is cumulative itself it takes what came in the period, and its own sums are made of that.

Composites of composites are computed one after the other. What is in a circle, or reads a KPI that is
not there, stays unknown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import polars as pl

from govern.composites.formula import alike, check_formula, column_of, numbered
from govern.composites.series import FIGURES, NUMBERS, combined
from govern.domain.reading import Confidence
from govern.language.check import Checked
from govern.language.columns import evaluate
from govern.language.errors import LanguageError
from govern.language.frames import Frames
from govern.observation.tables import SCHEMAS, ObservationTables

READ: Final = frozenset({"cadence", "aggregation", "cumulative", "validated", "confidence"})
"""What is read of KPIs and values, beside the figures."""
_NOTHING: Final = pl.DataFrame(schema=dict(SCHEMAS["values"]))
_SURE: Final = {Confidence.LOW.value: 0, Confidence.MEDIUM.value: 1, Confidence.HIGH.value: 2}


@dataclass(frozen=True, slots=True)
class Composition:
    """A composite KPI: `inputs` has the id of the KPI that each name of the formula stands for."""

    kpi: str
    formula: str
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InputRows:
    """What a formula is judged on: the frame `inputs` has one row per composite KPI and period, with
    a column for each name; see `govern.language.frames`."""

    inputs: pl.DataFrame

    def as_frames(self) -> Frames:
        """A formula names nothing but its inputs, so that no other frame is ever asked for."""
        return cast(Frames, self)


@dataclass(frozen=True, slots=True)
class Worked:
    """How a composite KPI's actuals came about: its formula, and its inputs' actuals in `rows`, whose
    frame has the columns `kpi` and `period`, too."""

    checked: Checked
    rows: InputRows


@dataclass(frozen=True, slots=True)
class Computed:
    """`tables` hold the computed values beside all others. `worked` is of those KPIs for which it was
    asked, as far as their formulas can be read."""

    tables: ObservationTables
    worked: Mapping[str, Worked]


def compute(
    tables: ObservationTables,
    compositions: Iterable[Composition],
    explained: Collection[str] = (),
) -> Computed:
    """The tables with the values of their composite KPIs, and how those of the KPIs `explained` came
    about.

    `tables` hold the inputs, of whatever project. An actual is computed from actuals. So is a planned
    value from planned ones, but a value that was planned for the composite itself wins. It is
    validated where all that it was computed from is, and as sure as the least sure of it.
    """
    known = set(tables.kpis["kpi"].to_list())
    wanted = {each.kpi: each for each in compositions if each.kpi in known}
    values = tables.finite().values
    own = pl.col("kpi").is_in(list(wanted))
    planned = values.filter(own).with_columns(
        actual=pl.lit(None, pl.Float64),
        validated=pl.lit(None, pl.Boolean),
        confidence=pl.lit(None, pl.String),
    )
    values = pl.concat([values.filter(~own), planned])
    worked: dict[str, Worked] = {}
    for step in in_order(wanted):
        alike_ = _alike([wanted[kpi] for kpi in step])
        links = [
            (each.kpi, number, each.inputs[name])
            for names in alike_.values()
            for each, ordered in names
            for number, name in enumerate(ordered, 1)
        ]
        read = combined(tables.kpis, values, links)
        found = [_NOTHING]
        for formula, composites in alike_.items():
            count = len(composites[0][1])
            rows = _rows(read, [each.kpi for each, _ in composites], count)
            found.append(_evaluated(formula, count, rows))
            worked |= {
                each.kpi: _explained(each, names, rows)
                for each, names in composites
                if each.kpi in explained
            }
        values = _with(values, pl.concat(found))
    return Computed(replace(tables, values=values.sort("kpi", "period")), worked)


def in_order(compositions: Mapping[str, Composition]) -> list[list[str]]:
    """The composites in steps, each after those that it reads; without what is in a circle or reads
    what is."""
    steps: list[list[str]] = []
    left = dict(compositions)
    while left:
        ready = sorted(
            kpi for kpi, each in left.items() if not any(i in left for i in each.inputs.values())
        )
        if not ready:
            break
        steps.append(ready)
        for kpi in ready:
            del left[kpi]
    return steps


def _alike(
    step: Sequence[Composition],
) -> dict[str, list[tuple[Composition, tuple[str, ...]]]]:
    """Formula with numbered names → the composites that have it, each with its names in their order."""
    found: dict[str, list[tuple[Composition, tuple[str, ...]]]] = {}
    for each in step:
        try:
            formula, names = alike(each.formula)
            check_formula(each.formula, tuple(sorted(each.inputs)))
        except LanguageError:
            # An earlier version took it, and this one cannot read it: its values are unknown.
            continue
        found.setdefault(formula, []).append((each, names))
    return found


def _rows(read: pl.DataFrame, composites: Sequence[str], count: int) -> pl.DataFrame:
    """One row per composite and period in which an input says anything; the figures of each input
    stand in columns `FIGURE NUMBER`."""
    own = read.filter(pl.col("kpi").is_in(composites))
    rows = own.select("kpi", "period").unique().sort("kpi", "period")
    for number in range(1, count + 1):
        part = own.filter(pl.col("number") == number).drop("number")
        named = part.rename({figure: f"{figure} {number}" for figure in FIGURES})
        rows = rows.join(named, on=["kpi", "period"], how="left", maintain_order="left")
    return rows


def _evaluated(formula: str, count: int, rows: pl.DataFrame) -> pl.DataFrame:
    """The values that follow, as rows of the table `values`."""
    names = [numbered(number) for number in range(1, count + 1)]
    checked = check_formula(formula, tuple(sorted(names)))
    computed = {
        figure: evaluate(_of_figure(rows, names, figure).as_frames(), [checked])[0]
        for figure in NUMBERS
    }
    numbers = range(1, count + 1)
    validated = [pl.col(f"validated {number}").fill_null(value=False) for number in numbers]
    sure = [
        pl.col(f"confidence {number}").replace_strict(_SURE, default=None, return_dtype=pl.Int64)
        for number in numbers
    ]
    least = pl.when(pl.all_horizontal(each.is_not_null() for each in sure)).then(
        pl.min_horizontal(sure)
    )
    words = {number: word for word, number in _SURE.items()}
    reported = pl.col("actual").is_not_null()
    return (
        rows.with_columns(
            *(each.alias(figure) for figure, each in computed.items()),
            validated=pl.all_horizontal(validated),
            confidence=least.replace_strict(words, default=None, return_dtype=pl.String),
        )
        .with_columns(
            validated=pl.when(reported).then("validated"),
            confidence=pl.when(reported).then("confidence"),
        )
        .select(*SCHEMAS["values"])
    )


def _explained(each: Composition, names: Sequence[str], rows: pl.DataFrame) -> Worked:
    own = rows.filter(pl.col("kpi") == each.kpi)
    checked = check_formula(each.formula, tuple(sorted(each.inputs)))
    return Worked(checked, _of_figure(own, names, "actual"))


def _of_figure(rows: pl.DataFrame, names: Sequence[str], figure: str) -> InputRows:
    """What a formula is judged on, of one figure of every input."""
    frame = rows.select(
        "kpi",
        "period",
        *(
            pl.col(f"{figure} {number}").alias(column_of(name))
            for number, name in enumerate(names, 1)
        ),
    )
    return InputRows(frame.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64)))


def _with(values: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The values with those found; what was planned for a composite itself stays."""
    planned = ("planned", "original_planned")
    both = found.join(values, on=["kpi", "period"], how="left", suffix=" own").with_columns(
        pl.coalesce(f"{name} own", name).alias(name) for name in planned
    )
    rest = values.join(found, on=["kpi", "period"], how="anti")
    told = pl.col("planned").is_not_null() | pl.col("actual").is_not_null()
    told = told | pl.col("original_planned").is_not_null()
    return pl.concat([rest, both.select(*SCHEMAS["values"]).filter(told)])
