"""The observation tables: what the store hands over, with declared columns and types.

Amounts and KPI values are Float64, days are Date, everything else is text unless said. Ids are the
organisation's own. A null is unknown. NaN and infinities are read as unknown too.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import polars as pl

from govern.observation.errors import WrongColumnsError
from govern.observation.numbers import finite

SCHEMAS: Mapping[str, Mapping[str, pl.DataType]] = {
    "projects": {
        "project": pl.String(),
        "portfolio": pl.String(),
        "name": pl.String(),
        "owner": pl.String(),
        "department": pl.String(),
        "start": pl.Date(),
        "end": pl.Date(),
        "budget": pl.Float64(),
        "spent": pl.Float64(),
        "status_text": pl.String(),
        "objective": pl.String(),
        "tags": pl.List(pl.String()),
        "reviews_signed": pl.Float64(),
        "lessons": pl.Float64(),
    },
    "stages": {"project": pl.String(), "stage": pl.String(), "since": pl.Date()},
    "kpis": {
        "project": pl.String(),
        "kpi": pl.String(),
        "name": pl.String(),
        "category": pl.String(),
        "unit": pl.String(),
        "direction": pl.String(),
        "baseline": pl.Float64(),
        "baseline_on": pl.Date(),
        "target": pl.Float64(),
        "target_on": pl.Date(),
        "tolerance": pl.Float64(),
        "weight": pl.Float64(),
        "cadence": pl.String(),
        "owner": pl.String(),
        "source": pl.String(),
        "aggregation": pl.String(),
        "cumulative": pl.Boolean(),
        "disbenefit": pl.Boolean(),
        "reporting_lag_days": pl.Int64(),
        "description": pl.String(),
        "currency": pl.String(),
        "scale": pl.Float64(),
        "baseline_source": pl.String(),
        "tolerance_red": pl.Float64(),
        "tolerance_in": pl.String(),
        "responsible": pl.String(),
        "calculation": pl.String(),
        "cashable": pl.Boolean(),
        "attribution": pl.Float64(),
        "formula": pl.String(),
        "objectives": pl.List(pl.String()),
        "original_baseline": pl.Float64(),
        "original_target": pl.Float64(),
        "follow_up": pl.String(),
    },
    "values": {
        "kpi": pl.String(),
        "period": pl.Date(),
        "planned": pl.Float64(),
        "actual": pl.Float64(),
        "validated": pl.Boolean(),
        "confidence": pl.String(),
        "original_planned": pl.Float64(),
    },
    "deliverables": {
        "project": pl.String(),
        "deliverable": pl.String(),
        "name": pl.String(),
        "owner": pl.String(),
        "state": pl.String(),
        "due": pl.Date(),
        "done_on": pl.Date(),
        "cost": pl.Float64(),
    },
    "serves": {"deliverable": pl.String(), "kpi": pl.String(), "contribution": pl.Float64()},
    "conditions": {
        "project": pl.String(),
        "condition": pl.String(),
        "text": pl.String(),
        "owner": pl.String(),
        "due": pl.Date(),
        "state": pl.String(),
    },
    "recommendations": {
        "project": pl.String(),
        "recommendation": pl.String(),
        "kpi": pl.String(),
        "rule": pl.String(),
        "action": pl.String(),
        "severity": pl.String(),
        "status": pl.String(),
    },
}
"""Column names and types of each table."""


def table(name: str, rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """A table with its declared columns from rows of plain values; a key left out is null."""
    return pl.DataFrame(list(rows), schema=dict(SCHEMAS[name]))


def declared(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with some of a table's columns; the others are null."""
    return rows.select(
        pl.col(column) if column in rows.columns else pl.lit(None, of).alias(column)
        for column, of in SCHEMAS[name].items()
    )


@dataclass(frozen=True, slots=True)
class ObservationTables:
    """All that `observe` reads. Creating one with a column or type off raises `WrongColumnsError`.

    - `projects`: one row per project; `reviews_signed` and `lessons` are how many of each it has.
    - `stages`: one row per move, a project's moves in the order they were made; `since` is null for
      "as far back as we know".
    - `kpis`: one row per KPI; `cadence` and `direction` hold the values of the domain's enums.
    - `kpis`: `responsible` is the department that its figures come from, `objectives` the ids of the
      strategic objectives that it supports, `original_baseline` and `original_target` what the
      first agreed plan said, `follow_up` what the review that was signed last says becomes of it.
    - `values`: at most one row per KPI and period: the latest reading, whether it is validated, and
      how sure it is, beside the plan in force and the first agreed one.
    - `serves`: which deliverable serves which KPI of the same project; `contribution` is a share.
    - `conditions`: `state` is `open` or `closed`.
    - `recommendations`: `kpi` is null where the rule is on the project.
    """

    projects: pl.DataFrame
    stages: pl.DataFrame
    kpis: pl.DataFrame
    values: pl.DataFrame
    deliverables: pl.DataFrame
    serves: pl.DataFrame
    conditions: pl.DataFrame
    recommendations: pl.DataFrame

    def __post_init__(self) -> None:
        for member in fields(self):
            _check(member.name, getattr(self, member.name))

    @classmethod
    def empty(cls) -> "ObservationTables":
        """Tables with the right columns and no rows."""
        return cls(**{name: table(name) for name in SCHEMAS})

    def finite(self) -> "ObservationTables":
        """The same tables with every number that is not one made null."""
        found = {name: finite(getattr(self, name)) for name in SCHEMAS}
        if all(frame is getattr(self, name) for name, frame in found.items()):
            return self
        return ObservationTables(**found)

    def closed(self) -> "ObservationTables":
        """Without the rows of a project, KPI or deliverable that is not in them."""
        own = {
            name: _of(getattr(self, name), self.projects, "project")
            for name in ("stages", "kpis", "deliverables", "conditions", "recommendations")
        }
        serves = _of(self.serves, own["deliverables"], "deliverable")
        return replace(
            self,
            **own,
            values=_of(self.values, own["kpis"], "kpi"),
            serves=_of(serves, own["kpis"], "kpi"),
        )

    def of_project(self, project_id: str) -> "ObservationTables":
        """The rows of one project only."""
        return self.of_projects([project_id])

    def of_projects(self, project_ids: Collection[str]) -> "ObservationTables":
        """The rows of some projects only."""
        own = pl.col("project").is_in(sorted(project_ids))
        kpis = self.kpis.filter(own)
        deliverables = self.deliverables.filter(own)
        return ObservationTables(
            projects=self.projects.filter(own),
            stages=self.stages.filter(own),
            kpis=kpis,
            values=self.values.filter(pl.col("kpi").is_in(kpis["kpi"].to_list())),
            deliverables=deliverables,
            serves=self.serves.filter(
                pl.col("deliverable").is_in(deliverables["deliverable"].to_list())
            ),
            conditions=self.conditions.filter(own),
            recommendations=self.recommendations.filter(own),
        )


def _of(rows: pl.DataFrame, known: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.join(known.select(key), on=key, how="semi", maintain_order="left")


def _check(name: str, frame: pl.DataFrame) -> None:
    declared, known = SCHEMAS[name], frame.schema
    for column, dtype in declared.items():
        if column not in known:
            raise WrongColumnsError(name, f"column '{column}' is missing; it should be {dtype}")
        if (found := known[column]) != dtype:
            raise WrongColumnsError(name, f"column '{column}' is {found}; it should be {dtype}")
    if extra := [column for column in known if column not in declared]:
        possible = ", ".join(declared)
        raise WrongColumnsError(name, f"unknown column '{extra[0]}'; the columns are {possible}")
