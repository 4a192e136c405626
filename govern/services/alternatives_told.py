"""An alternative as it is told: dates, changes, what becomes of every KPI, budget, value, assumptions."""

from dataclasses import asdict
from typing import Any

from govern.adjustments.alternative import Alternative
from govern.adjustments.standing import Standing, Work
from govern.adjustments.value import (
    Valued,
    not_counted,
    sums,
    to_go,
    unknowns,
    valued,
)
from govern.domain.recommendation import Action
from govern.domain.record import Record
from govern.domain.worth import Worth
from govern.services.rollup import shown


def told(standing: Standing, found: Alternative, name: str, *, recommended: bool) -> Record:
    """As docs/adapting.md describes it."""
    at = standing.today
    left_out = not_counted(found.effects)
    money = [valued(each, at) for each in found.effects]
    names = {each.benefit.id: each.benefit.name for each in found.effects}
    return {
        "name": name,
        "action": None if found.ask.action is None else found.ask.action.value,
        "title": found.title,
        "recommended": recommended,
        "proposes": list(found.proposes),
        "deliverables": [_work(standing, each) for each in found.works],
        "left_out": [asdict(each) for each in found.left_out],
        "dates": [
            {
                "of": each.of.value,
                "id": each.of_id,
                "field": each.field,
                "was": each.was,
                "becomes": each.becomes,
            }
            for each in found.dates
        ],
        "changes": [dict(each) for each in found.changes],
        "kpis": [_kpi(each, left_out.get(each.effect.benefit.id, ())) for each in money],
        "budget": shown(asdict(found.budget)),
        "value": {
            "sums": [_sum(each) for each in sums(money, left_out)],
            "unknown": [
                {"kpi": kpi, "name": names[kpi], "why": why} for kpi, why in unknowns(found).items()
            ],
        },
        "to_go": (
            shown(asdict(to_go(standing, money, left_out)))
            if found.ask.action is Action.TERMINATE
            else None
        ),
        "assumptions": list(found.assumes),
    }


def _work(standing: Standing, work: Work) -> Record:
    return {
        "id": work.id,
        "name": work.name,
        "state": work.state.value,
        "due": work.due,
        "cost": work.cost,
        "brings": [
            {"kpi": kpi, "share": shown(share)} for kpi, share in standing.brings(work.id).items()
        ],
    }


def _kpi(found: Valued, counted_in: tuple[str, ...]) -> Record:
    effect, benefit = found.effect, found.effect.benefit
    promised = benefit.forecast.promised
    row: Record = {
        "kpi": benefit.id,
        "name": benefit.name,
        "unit": benefit.unit,
        "completes_on": benefit.history.completes_on,
        "reported": benefit.reported if benefit.measured.cumulative else None,
        "without": effect.without,
        "with": effect.value,
        "change": effect.change,
        "why": effect.why or (None if effect.change is not None else _no_direction(effect.value)),
        "promised": promised,
        "promised_with": effect.left,
        "promised_change": benefit.better_by(promised, effect.left),
        "promised_why": effect.left_why,
        "attainment_without": benefit.forecast.attainment,
        "attainment_with": effect.attainment,
        "currency": benefit.currency,
        "worth_without": _value(found.without),
        "worth_with": _value(found.with_),
        "worth_why": next(
            (each.why for each in (found.without, found.with_) if each and each.why), None
        ),
        "counted_in": list(counted_in),
    }
    return shown(row)


def _no_direction(value: Any) -> str | None:
    return None if value is None else "nobody has said in which direction it is good"


def _value(worth: Worth | None) -> Any:
    return None if worth is None else worth.value


def _sum(found: Any) -> Record:
    plain: Record = shown(asdict(found))
    kept = plain.pop("kept")
    return {**plain, "with": kept, "per": found.per.value}
