"""What an import changes of objectives, outcomes and links; and how that is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.benefits.circles import way_round
from govern.domain.project import Deliverable, Objective, Outcome
from govern.domain.record import Record
from govern.intake.rows import DeliverableRow, Intake, ObjectiveRow, OutcomeRow, Refused
from govern.services import objectives as objective_use
from govern.services import outcomes as outcome_use
from govern.services.changes import changed_fields
from govern.services.import_fields import stated
from govern.services.import_report import ImportReport, count
from govern.services.ledger import record_event
from govern.store import objectives, outcomes

Changes = dict[str, dict[str, Any]]
"""Field → `{"from": …, "to": …}`."""


@dataclass(slots=True)
class MapChanges:
    """What to write of the map, beside deliverables and KPIs."""

    new_objectives: list[Objective] = field(default_factory=list[Objective])
    changed_objectives: list[tuple[Record, Changes]] = field(
        default_factory=list[tuple[Record, Changes]]
    )
    new_outcomes: list[Outcome] = field(default_factory=list[Outcome])
    changed_outcomes: list[tuple[Record, Changes]] = field(
        default_factory=list[tuple[Record, Changes]]
    )


class MapComparison:
    """Holds the rows of an intake against the store. `project_of` has every KPI that there is or will
    be."""

    def __init__(
        self,
        connection: Connection,
        intake: Intake,
        report: ImportReport,
        project_of: Mapping[str, str],
    ) -> None:
        self.changes = MapChanges()
        self._intake = intake
        self._report = report
        self._kpis = project_of
        self._objectives = {each["id"]: each for each in objectives.every(connection)}
        self._outcomes = {each["id"]: each for each in outcomes.every(connection)}
        self._ahead = {key: list(each["leads_to"]) for key, each in self._outcomes.items()}
        self._refused: set[str] = set()

    def compare_objectives(self) -> None:
        for row in self._intake.objectives:
            found = self._objectives.get(row.objective.id)
            if found is None:
                self.changes.new_objectives.append(row.objective)
                count(self._report.added, "objectives")
                continue
            said = _stated(row, row.objective, objective_use.EDITABLE)
            changes = changed_fields(found, said, objective_use.EDITABLE)
            self._sort_in("objectives", found, changes, self.changes.changed_objectives)

    def compare_outcomes(self) -> None:
        """After the KPIs: an outcome cannot serve one that is refused."""
        rows = self._intake.outcomes
        new = {row.outcome.id for row in rows} - self._outcomes.keys()
        left = [row for row in rows if self._may_be(row)]
        while True:
            # A row that leads to one which was refused cannot stay either.
            kept = [row for row in left if self._leads_to_what_is_there(row, new)]
            if len(kept) == len(left):
                break
            left = kept
        for row in left:
            self._take(row)

    def refuses_deliverable(self, row: DeliverableRow) -> bool:
        """Whether it is tied to something that was refused."""
        made: Deliverable = row.deliverable
        return self._refuses(
            row, "serves", "KPI", made.serves, self._kpis.__contains__
        ) or self._refuses(
            row, "produces", "outcome", made.produces, lambda key: key not in self._refused
        )

    def _may_be(self, row: OutcomeRow) -> bool:
        outcome = row.outcome
        found = self._outcomes.get(outcome.id)
        if found is not None and found["project"] != outcome.project_id:
            self._refuse(
                row,
                "project_id",
                outcome.project_id,
                f"differs from the stored project {found['project']}",
                "an outcome stays with its project; give the new one an id of its own",
            )
        elif not self._refuses(row, "serves", "KPI", outcome.serves, self._kpis.__contains__) and (
            found is None or "leads_to" in row.stated
        ):
            self._refuse_circle(row)
        return outcome.id not in self._refused

    def _refuse_circle(self, row: OutcomeRow) -> None:
        outcome = row.outcome
        before = self._ahead.get(outcome.id, [])
        self._ahead[outcome.id] = list(outcome.leads_to)
        if way := way_round(self._ahead, outcome.id):
            self._ahead[outcome.id] = before
            self._refuse(
                row,
                "leads_to",
                "; ".join(outcome.leads_to),
                f"leads back to itself: {' → '.join(way)}",
                "take out the link that points from effect to cause",
            )

    def _leads_to_what_is_there(self, row: OutcomeRow, new: set[str]) -> bool:
        def is_there(key: str) -> bool:
            return key not in self._refused or key not in new

        return not self._refuses(row, "leads_to", "outcome", row.outcome.leads_to, is_there)

    def _take(self, row: OutcomeRow) -> None:
        found = self._outcomes.get(row.outcome.id)
        if found is None:
            self.changes.new_outcomes.append(row.outcome)
            count(self._report.added, "outcomes")
            return
        said = _stated(row, row.outcome, outcome_use.EDITABLE)
        changes = changed_fields(found, said, outcome_use.EDITABLE)
        self._sort_in("outcomes", found, changes, self.changes.changed_outcomes)

    def _sort_in(
        self, kind: str, found: Record, changes: Changes, changed: list[tuple[Record, Changes]]
    ) -> None:
        if changes:
            changed.append((found, changes))
            count(self._report.changed, kind)
        else:
            count(self._report.unchanged, kind)

    def _refuses(
        self,
        row: OutcomeRow | DeliverableRow,
        column: str,
        word: str,
        links: Mapping[str, Any],
        is_there: Callable[[str], bool],
    ) -> bool:
        for key in links:
            if not is_there(key):
                problem = f"names the {word} '{key}', which was refused"
                self._refuse(row, column, key, problem, f"mend the {word} first")
                return True
        return False

    def _refuse(
        self,
        row: OutcomeRow | DeliverableRow,
        column: str,
        value: str,
        problem: str,
        right: str,
    ) -> None:
        if isinstance(row, OutcomeRow):
            self._refused.add(row.outcome.id)
        self._report.refuse(Refused(row.file, row.line, column, value, problem, right))


def write_objectives(
    connection: Connection, actor: Actor, changes: MapChanges, now: datetime
) -> None:
    """Before the KPIs that support them."""
    for new in changes.new_objectives:
        values = {"id": new.id, **_values(new, objective_use.EDITABLE)}
        objective_use.write_new(connection, actor, values, now)
    for found, changed in changes.changed_objectives:
        objective_use.write_changed(connection, actor, found, changed, now)


def write_outcomes(
    connection: Connection, actor: Actor, changes: MapChanges, now: datetime
) -> None:
    """After the KPIs that they serve, before the deliverables that produce them."""
    for new in changes.new_outcomes:
        values = {
            "id": new.id,
            "project": new.project_id,
            **_values(new, outcome_use.EDITABLE),
        }
        outcomes.add(connection, values, now)
        record_event(connection, new.project_id, actor, "outcome.added", values, now)
    for found, changed in changes.changed_outcomes:
        values = {name: each["to"] for name, each in changed.items()}
        outcomes.change(connection, found["id"], found["version"], values)
        told = {"outcome": found["id"], "changes": changed}
        record_event(connection, found["project"], actor, "outcome.changed", told, now)


def _values(new: Objective | Outcome, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(new, name) for name in names}


def _stated(
    row: ObjectiveRow | OutcomeRow, new: Objective | Outcome, names: tuple[str, ...]
) -> dict[str, Any]:
    return stated(_values(new, names), row.stated)
