"""How two plans differ, as records: for previews of scope changes and comparisons of baselines."""

from collections.abc import Iterable, Mapping
from typing import Any

from govern.domain import agreed
from govern.domain.agreed import Agreed, Change, Difference
from govern.domain.record import Record
from govern.domain.terms import Terms, differing


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


def deliverable_told(deliverable: str, first: Terms | None, second: Terms | None) -> Record:
    """One deliverable in two plans; a side that does not have it is None."""
    return {
        "deliverable": deliverable,
        "name": (second or first or {}).get("name", deliverable),
        "in_first": first is not None,
        "in_second": second is not None,
        "fields": fields_told(first, second),
    }


def fields_told(first: Terms | None, second: Terms | None) -> list[Record]:
    """The fields that differ, in words."""
    return [
        {
            "field": each.field,
            "first": agreed.as_text(each.first),
            "second": agreed.as_text(each.second),
        }
        for each in differing(first, second)
    ]


def agreed_told(found: Agreed) -> Record:
    """One KPI in one plan: its fields in words, its planned values in order of period."""
    return {
        "kpi": found.kpi,
        "name": found.name,
        "fields": in_words(found.fields),
        "planned": [
            {"period": day, "planned": found.planned[day]} for day in sorted(found.planned)
        ],
    }


def in_words(fields: Mapping[str, Any]) -> list[Record]:
    return [{"field": name, "value": agreed.as_text(fields[name])} for name in sorted(fields)]


def _told(change: Change) -> Record:
    return {"first": change.first, "second": change.second, "change": change.change}
