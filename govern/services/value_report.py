"""The portfolio value report: what was promised, is realised, is to be expected, and what stands in the way."""

from govern.domain.record import Record
from govern.services.reports import About, Asking, ReportKind, section, source
from govern.services.rollup import roll_up


def _data(asking: Asking) -> Record:
    rolled = roll_up(
        asking.runtime,
        asking.actor,
        portfolio=None if asking.about is None else asking.named,
        currency=asking.currency,
        at=asking.day,
        now=asking.now,
    )
    query = asking.query("/rollup", portfolio=asking.about, currency=asking.currency, at=asking.day)
    total = section(
        "total", "All together", {"total": rolled["total"]}, [source(query, {"/total": "/total"})]
    )
    return {"name": asking.about or "all portfolios", "sections": [total]}


VALUE_REPORT = ReportKind("portfolio-value", "Portfolio value report", About.PORTFOLIO, _data)
