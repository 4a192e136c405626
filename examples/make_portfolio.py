"""Writes the example portfolio: `python examples/make_portfolio.py [FOLDER]`.

The projects are told in `lindmark/`; this turns each KPI's story into two years of readings. The
noise is drawn from a generator seeded with the KPI's id, so every run writes the same bytes.
"""

import calendar
import csv
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from lindmark import customers, networks, pipeline, services
from lindmark.model import Course, Kpi, Project
from lindmark.objectives import OBJECTIVES, supports
from lindmark.people import GRANTS, email

PROJECTS = sorted(
    (*customers.PROJECTS, *networks.PROJECTS, *services.PROJECTS, *pipeline.PROJECTS),
    key=lambda project: project.number,
)
TODAY = date(2026, 11, 24)
STEP = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
LAST_ENDED = {"monthly": "2026-10", "quarterly": "2026-09", "half_yearly": "2026-06"}
RAMP_UP = 6
"""Periods until a cumulative benefit flows in full."""

Row = Sequence[object]


def month_number(text: str) -> int:
    year, month = text.split("-")[:2]
    return int(year) * 12 + int(month) - 1


def month_end(number: int) -> date:
    year, month = divmod(number, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def at(course: Course, month: int) -> float:
    """The course's value so many months after the start of the trajectory."""
    before = course[0]
    for point in course:
        if month <= point[0]:
            if point[0] == before[0]:
                return point[1]
            share = (month - before[0]) / (point[0] - before[0])
            return before[1] + share * (point[1] - before[1])
        before = point
    return before[1]


def rounded(value: float, decimals: int) -> str:
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def noise(rng: random.Random) -> float:
    """From -1 to 1, mostly near 0."""
    return rng.random() + rng.random() - 1


class Series:
    """The planned and actual values of one KPI."""

    def __init__(self, kpi_id: str, kpi: Kpi) -> None:
        self._kpi = kpi
        self._rng = random.Random(kpi_id)
        self._step = STEP[kpi.cadence]
        self._start = month_number(kpi.start) if kpi.start else None
        self._target_on = month_number(kpi.target_on) if kpi.target_on else None
        self._missing = {month_number(month) for month in kpi.missing}

    def rows(self) -> Iterator[Row]:
        """period_end, planned, actual, reported_at"""
        kpi = self._kpi
        begin = kpi.first or kpi.start
        if begin is None:
            return
        last_report = month_number(kpi.last or LAST_ENDED[kpi.cadence])
        end = last_report
        if self._start is not None:
            end = max(month_number(LAST_ENDED[kpi.cadence]), self._target_on or 0)
        for month in range(month_number(begin), end + 1, self._step):
            planned = self._planned(month)
            actual, reported = "", ""
            if month <= last_report:
                # Drawn for a missing report too, so that filling one in changes no other figure.
                drawn = self._actual(month, planned), self._reported_on(month)
                if month not in self._missing:
                    actual, reported = drawn
            shown = "" if planned is None else rounded(planned, kpi.decimals + 1)
            if kpi.holds_a_level and planned is not None:
                shown = rounded(planned, kpi.decimals)
            yield month_end(month), shown, actual, reported

    def _planned(self, month: int) -> float | None:
        kpi, start = self._kpi, self._start
        if start is None or month < start or kpi.target is None:
            return None
        if kpi.holds_a_level or self._target_on is None:
            return kpi.target
        number, last = (month - start) // self._step, (self._target_on - start) // self._step
        if kpi.cumulative:
            flows = [min(1.0, (i + 1) / RAMP_UP) for i in range(last + 1)]
            return kpi.target * flows[number] / sum(flows) if number <= last else 0.0
        if kpi.baseline is None:
            raise ValueError(f"'{kpi.name}' has a trajectory and no baseline")
        share = min(1.0, 0.1 + 0.9 * (number + 1) / (last + 1))
        if kpi.curve == "s":
            share = share * share * (3 - 2 * share)
        return kpi.baseline + share * (kpi.target - kpi.baseline)

    def _actual(self, month: int, planned: float | None) -> str:
        kpi = self._kpi
        share = at(kpi.course, month - self._start) if self._start is not None else 1.0
        swing = kpi.wobble * noise(self._rng)
        if kpi.holds_a_level and kpi.target is not None:
            value = kpi.target * (share + swing)
            value = min(value, 100.0) if kpi.unit == "%" else value
        elif kpi.baseline is None:
            raise ValueError(f"'{kpi.name}' is reported and has no baseline")
        elif kpi.cumulative:
            value = (planned or 0.0) * share * (1 + swing)
        else:
            whole = (kpi.target or kpi.baseline * 1.2) - kpi.baseline
            change = 0.0 if planned is None else planned - kpi.baseline
            value = kpi.baseline + share * change + swing * (0.2 * whole + 0.8 * change)
        return rounded(max(value, 0.0) if kpi.unit != "points" else value, kpi.decimals)

    def _reported_on(self, month: int) -> str:
        lag = self._kpi.lag or 10
        day = month_end(month) + timedelta(days=max(1, lag - int(self._rng.random() * 6)))
        return min(day, TODAY).isoformat()


def kpi_id(project: Project, number: int) -> str:
    return f"{project.id}-K{number}"


def outcome_id(project: Project, number: int) -> str:
    return f"{project.id}-O{number}"


def shares(tied: dict[str, int | None]) -> str:
    """`LE-001-K1:45%; LE-001-K2`, as the importer reads it."""
    return "; ".join(key if share is None else f"{key}:{share}%" for key, share in tied.items())


def project_rows() -> Iterator[Row]:
    yield (
        *("project_id", "name", "owner", "department", "start", "end", "budget", "spent"),
        *("status", "objective", "tags", "stage", "stage_since"),
    )
    for p in PROJECTS:
        yield (
            *(p.id, p.name, p.owner, p.department, p.start, p.end, p.budget, p.spent),
            *(p.status, p.objective, p.tags, p.stage, p.since),
        )


def kpi_rows() -> Iterator[Row]:
    yield (
        *("kpi_id", "project_id", "name", "category", "unit", "direction", "baseline"),
        *("baseline_on", "target", "target_on", "tolerance", "weight", "cadence", "owner"),
        *("source", "aggregation", "cumulative", "disbenefit", "reporting_lag_days"),
        *("currency", "scale", "cashable", "supports"),
    )
    for project in PROJECTS:
        for number, k in enumerate(project.kpis, 1):
            aggregation = k.aggregation or ("sum" if k.cumulative else "last")
            yield (
                *(kpi_id(project, number), project.id, k.name, k.category, k.unit, k.direction),
                *(k.baseline, k.baseline_on, k.target, k.target_on, k.tolerance, k.weight),
                *(k.cadence, k.owner, k.source, aggregation, "yes" if k.cumulative else "no"),
                *("yes" if k.disbenefit else "no", k.lag),
                *(("EUR", 1000) if k.is_an_amount else ("", "")),
                "yes" if k.is_an_amount and k.category == "cost" else "",
                shares(supports(project, kpi_id(project, number), k)),
            )


def reading_rows() -> Iterator[Row]:
    yield "kpi_id", "period_end", "planned", "actual", "reported_at"
    for project in PROJECTS:
        for number, kpi in enumerate(project.kpis, 1):
            identifier = kpi_id(project, number)
            for row in Series(identifier, kpi).rows():
                yield identifier, *row


def deliverable_rows() -> Iterator[Row]:
    yield (
        *("deliverable_id", "project_id", "name", "owner", "state", "due", "done_on", "cost"),
        *("serves", "produces"),
    )
    for project in PROJECTS:
        for number, d in enumerate(project.deliverables, 1):
            identifier = f"{project.id}-D{number}"
            yield (
                *(identifier, project.id, d.name, d.owner, d.state, d.due, d.done_on, d.cost),
                shares({kpi_id(project, each): share for each, share in d.serves.items()}),
                shares({outcome_id(project, each): share for each, share in d.produces.items()}),
            )


def objective_rows() -> Iterator[Row]:
    yield "objective_id", "name", "description", "owner"
    yield from OBJECTIVES


def outcome_rows() -> Iterator[Row]:
    yield "outcome_id", "project_id", "name", "owner", "serves", "leads_to"
    for project in PROJECTS:
        for number, o in enumerate(project.outcomes, 1):
            yield (
                *(outcome_id(project, number), project.id, o.name, o.owner),
                shares({kpi_id(project, each): share for each, share in o.serves.items()}),
                shares({outcome_id(project, each): share for each, share in o.leads_to.items()}),
            )


def rate_rows() -> Iterator[Row]:
    """Month by month what a euro is worth: invented, as everything here is."""
    yield "currency", "to_currency", "rate_on", "rate", "origin"
    for currency, start in (("USD", 1.08), ("GBP", 0.85), ("SEK", 11.3)):
        rng = random.Random(currency)
        rate = start
        for month in range(month_number("2023-08"), month_number("2026-10") + 1):
            rate *= 1 + 0.012 * noise(rng)
            yield "EUR", currency, month_end(month), rounded(rate, 4), "Lindmark treasury"


def people_rows() -> Iterator[Row]:
    yield "name", "email", "role", "portfolio", "project"
    for p in PROJECTS:
        yield p.owner, email(p.owner), "project_manager", "", p.id
    for grant in GRANTS:
        portfolio = "" if grant.everywhere else "main"
        yield grant.name, email(grant.name), grant.role, portfolio, ""


def write(path: Path, rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main(folder: Path) -> None:
    write(folder / "portfolio" / "projects.csv", project_rows())
    write(folder / "portfolio" / "kpis.csv", kpi_rows())
    write(folder / "portfolio" / "readings.csv", reading_rows())
    write(folder / "portfolio" / "deliverables.csv", deliverable_rows())
    write(folder / "portfolio" / "objectives.csv", objective_rows())
    write(folder / "portfolio" / "outcomes.csv", outcome_rows())
    write(folder / "people.csv", people_rows())
    write(folder / "rates.csv", rate_rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
