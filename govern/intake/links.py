"""Cells that tie a row to others, each with its share: `KPI-1:40%; KPI-2`."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from govern.intake.log import shown
from govern.intake.numbers import Percent, parse_number
from govern.intake.problem import CellProblem
from govern.intake.register import Register
from govern.intake.rows import Known, KpiRow, ObjectiveRow, OutcomeRow
from govern.intake.texts import trimmed

Shares = dict[str, Decimal | None]

OF_NO_PROJECT = ""


@dataclass(frozen=True, slots=True)
class Targets:
    """What a cell may name. `owner` gives the project of an id, `OF_NO_PROJECT` or, where there is no such
    thing, `None`; `why_not` then says why. Not `whole`: nothing can be held against them."""

    word: str
    owner: Callable[[str], str | None]
    why_not: Callable[[str], tuple[str, str]]
    whole: bool


def kpi_targets(kpis: Register[KpiRow], known: Known) -> Targets:
    def owner(key: str) -> str | None:
        row = kpis.get(key)
        if row is not None:
            return row.kpi.project_id
        stored = None if kpis.has_refused(key) else known.kpis.get(key)
        return stored.project_id if stored else None

    return Targets("KPI", owner, lambda key: kpis.why_not(key, known.kpis), kpis.whole)


def outcome_targets(outcomes: Register[OutcomeRow], known: Known) -> Targets:
    def owner(key: str) -> str | None:
        row = outcomes.get(key)
        if row is not None:
            return row.outcome.project_id
        return None if outcomes.has_refused(key) else known.outcomes.get(key)

    return Targets(
        "outcome", owner, lambda key: outcomes.why_not(key, known.outcomes), outcomes.whole
    )


def objective_targets(objectives: Register[ObjectiveRow], known: Known) -> Targets:
    def owner(key: str) -> str | None:
        stored = key in known.objectives and not objectives.has_refused(key)
        return OF_NO_PROJECT if stored or key in objectives else None

    return Targets(
        "objective", owner, lambda key: objectives.why_not(key, known.objectives), objectives.whole
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Reads `KPI-1:40%; KPI-2` for one row of a project. A share is 40% or 0.4, or not agreed yet."""

    targets: Targets
    project: str | None
    whose: str

    def parse(self, text: str) -> Shares:
        links: Shares = {}
        word = self.targets.word
        for part in filter(None, map(trimmed, text.split(";"))):
            key, share = self._link(part)
            if key in links:
                raise CellProblem(
                    f"names the {word} '{shown(key)}' twice", f"name each {word} once"
                )
            links[key] = share
        return links

    def parse_parts(self, text: str) -> Shares:
        """As `parse`, where the shares are parts of one whole."""
        links = self.parse(text)
        total = sum((share or Decimal(0) for share in links.values()), Decimal(0))
        if total > 1:
            raise CellProblem(
                f"gives {total * 100:f}".rstrip("0").rstrip(".") + " % in all",
                "let the shares add up to at most 100 %",
            )
        return links

    def _link(self, part: str) -> tuple[str, Decimal | None]:
        if ":" not in part or self.targets.owner(part) is not None:
            return self._checked(part), None
        key, _, share = part.rpartition(":")
        return self._checked(trimmed(key)), _share(trimmed(share))

    def _checked(self, key: str) -> str:
        if not self.targets.whole:
            return key
        word = self.targets.word
        owner = self.targets.owner(key)
        if owner is None:
            problem, right = self.targets.why_not(key)
            raise CellProblem(f"names the {word} '{shown(key)}', which {problem}", right)
        if self.project and owner not in (self.project, OF_NO_PROJECT):
            raise CellProblem(
                f"names the {word} '{shown(key)}', which belongs to the project {owner}",
                f"name {word}s of {self.whose} own project",
            )
        return key


def _share(text: str) -> Decimal:
    try:
        share = parse_number(text, Percent.SHARE)
    except CellProblem:
        share = None
    if share is None or not 0 < share <= 1:
        raise CellProblem(
            f"gives the share '{text[:20]}'", "write a share above 0 and up to 1: 40% or 0.4"
        )
    return share
