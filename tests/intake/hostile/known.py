"""The KPIs that the hostile files are about, and what is stored of them."""

from datetime import date
from decimal import Decimal

from govern.domain.period import Cadence, ends_between
from govern.intake.foreign.known import KnownKpi, KnownReading

TODAY = date(2026, 11, 24)

_PLAN = {
    end: Decimal(1000)
    for end in ends_between(Cadence.MONTHLY, date(2026, 1, 31), date(2026, 6, 30))
}
_READINGS = {
    date(2026, 1, 31): KnownReading(Decimal(900)),
    date(2026, 2, 28): KnownReading(Decimal(950), note="first estimate"),
}

KPIS = {
    each.id: each
    for each in (
        KnownKpi("SALES", "Sales", "EUR", "EUR"),
        KnownKpi("CSAT", "Satisfaction", "%"),
        KnownKpi("NPS", "Promoters", "points", cadence=Cadence.QUARTERLY),
        KnownKpi("CALLS", "Calls", "per day", cadence=Cadence.WEEKLY),
        KnownKpi("CO2", "Footprint", "t", cadence=Cadence.YEARLY),
        KnownKpi("RATIO", "Ratio"),
        KnownKpi("STORED", "Stored", "EUR", "EUR", planned=_PLAN, readings=_READINGS),
        KnownKpi("FROZEN", "Frozen", "EUR", "EUR", frozen=True, planned=_PLAN),
        KnownKpi("ROI", "Return", composite=True),
        KnownKpi("KEEP-1", "Retention", "%"),
        KnownKpi("KEEP-2", "Retention", "%"),
    )
}
