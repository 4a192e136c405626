"""Asks about figures that are far from the others by a factor that mistakes have."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import median

from govern.intake.foreign.checks import far_from, off_by
from govern.intake.foreign.known import KnownKpi
from govern.intake.foreign.outcome import Became, CellOutcome, Found
from govern.intake.source import FileSource


def ask_far(
    outcomes: Sequence[CellOutcome],
    kpis: Mapping[str, KnownKpi],
    source: FileSource,
    found: Found,
) -> list[CellOutcome]:
    """The outcomes, with those asked that are off and that nobody has accepted."""
    accepted = {each.casefold() for each in source.accept}
    middles = _middles(outcomes)
    answered: list[CellOutcome] = []
    for each in outcomes:
        kpi = kpis.get(each.kpi or "")
        if each.became is not Became.TAKEN or kpi is None or each.status == "unchanged":
            answered.append(each)
            continue
        cell = each.place.removeprefix(f"{found.file}:")
        far = far_from(each, kpi, middles.get((each.kpi, each.figure)))
        if far is None:
            answered.append(each)
        elif cell.casefold() in accepted or cell.rpartition("!")[2].casefold() in accepted:
            answered.append(replace(each, how=f"{each.how}; accepted, though off by {far[0]:,}"))
        else:
            question = off_by(each, *far, cell)
            found.ask(question, cell)
            answered.append(replace(each, became=Became.ASKED, how=question.text, status=None))
    return answered


def _middles(outcomes: Sequence[CellOutcome]) -> dict[tuple[str | None, str | None], Decimal]:
    """The middle of the figures of each KPI, where there are at least three."""
    by_key: dict[tuple[str | None, str | None], list[Decimal]] = {}
    for each in outcomes:
        if each.became is Became.TAKEN and each.value:
            by_key.setdefault((each.kpi, each.figure), []).append(abs(each.value))
    return {key: median(values) for key, values in by_key.items() if len(values) >= 3}
