"""How two plans differ, as records: for previews of scope changes and comparisons of baselines."""

from collections.abc import Iterable

from govern.domain import agreed
from govern.domain.agreed import Change, Difference
from govern.domain.record import Record


def told(found: Iterable[Difference]) -> list[Record]:
    return [told_of(each) for each in found]


def told_of(found: Difference) -> Record:
    """One KPI: `fields` in words, figures exact; what a side does not have is None."""
    some = found.second or found.first
    assert some is not None  # noqa: S101 - one of both has it
    return {
        "kpi": found.kpi,
        "name": found.name,
        "unit": some.fields.get("unit"),
        "currency": some.fields.get("currency"),
        "in_first": found.first is not None,
        "in_second": found.second is not None,
        "comparable": found.comparable,
        "fields": [
            {"field": name, "first": agreed.as_text(before), "second": agreed.as_text(after)}
            for name, (before, after) in found.fields.items()
        ],
        "planned": [
            {"period": day, "first": before, "second": after}
            for day, (before, after) in found.planned.items()
        ],
        "promised": _told(found.promised),
        "planned_in_all": _told(found.planned_in_all),
    }


def _told(change: Change) -> Record:
    return {"first": change.first, "second": change.second, "change": change.change}
