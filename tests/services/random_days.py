"""Days of a small portfolio, drawn by chance: figures, corrections, plans, answers, rules, time."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from govern.domain.actor import Actor
from govern.domain.recommendation import RecommendationStatus
from govern.domain.refusal import Refusal
from govern.rulebook.load import load_sources
from govern.services import (
    deliverables,
    erasing,
    exchange_rates,
    kpis,
    objectives,
    people,
    projects,
    readings,
    recommendations,
    rulebooks,
    ticking,
    validations,
)
from govern.services.people import OPERATOR
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report, submit
from tests.services.test_gates import to_stage

FIRST_DAY = date(2026, 4, 10)
MONTHS = [date(2026, month + 1, 1) - timedelta(days=1) for month in range(1, 12)]

RULES = """\
schema: govern/rules/v1
area: benefits
owner: pmo@example.org
params: {{act: {act}, watch: 90%}}
portfolios: {{main: {{act: {act_in_main}}}}}
rules:
  - id: behind-plan
    title: Behind plan
    status: active
    applies_to: category = "revenue"
    when: attainment < act
    for: {periods} periods
    clear_when: attainment >= watch
    if_unknown: report
    severity: red
    message: "{{kpi}} of {{owner}} at {{attainment:percent}} of plan"
    recommend:
      action: descope
      because: What adds little takes capacity from what adds much.
      propose: deliverables[contribution < 5%]
      decide_by: 10 working days
      decided_by: sponsor
  - id: falling
    title: Falling
    status: active
    when: trend(3) = "falling"
    severity: amber
    message: "{{kpi}} is falling"
    recommend: {{action: descope, because: It falls., decide_by: 5 working days, decided_by: sponsor}}
  - id: overspent
    title: Overspent
    scope: project
    status: active
    when: spent > budget and count(deliverables[state != "done"]) > 0
    severity: amber
    message: "{{name}} is overspent"
    recommend: {{action: mitigate, because: Money is gone., decide_by: 5 working days, decided_by: finance}}
  - id: several-asked
    title: Several recommendations wait
    scope: project
    status: shadow
    when: count(recommendations[status = "proposed"]) >= 2
    severity: amber
    message: "{{name}} has much to answer"
{more}
"""
DATED = """\
  - id: long-in-stage
    title: Long in its stage
    status: active
    when: days_in_stage > 30
    severity: amber
    message: "{{kpi}}: {{project}} is in {{stage}} for {{days_in_stage}} days"
"""
SNOOZES = """\
schema: govern/snoozes/v1
snoozes:
  - {{project: P1, rule: behind-plan, from: {first}, until: {until}, by: ana, because: Known.}}
  - {{project: P2, until: {until}, by: ana, because: Known.}}
"""


@dataclass(slots=True)
class Days:
    """`house` as it goes through the days; `as_of` is the day on which it would be swept."""

    house: House
    random: Random
    as_of: date = FIRST_DAY
    now: datetime = NOW
    _added: int = 0
    _rates: int = 0
    _people: list[Actor] = field(default_factory=list[Actor])

    def begin(self) -> None:
        """Two projects, of which the second reads a figure of the first, a third by itself."""
        house = self.house
        for name in ("P1", "P2", "P3"):
            add_project(house, name)
        self._kpi("P2", "P2-ratio", formula="base * 2", inputs={"base": "P1-K1"})
        self._kpi("P2", "P2-again", formula="ratio + 1", inputs={"ratio": "P2-ratio"})
        self._kpi("P3", "P3-weekly", cadence="weekly", reporting_lag_days=3)
        to_stage(house, "P3", "monitoring")
        # So far behind that whatever rules there are recommend something.
        report(house, "P3-K1", {"2026-02-28": 120, "2026-03-31": 180})
        self.publish()

    def publish(self) -> None:
        draw = self.random
        text = RULES.format(
            act=draw.choice(["70%", "80%"]),
            act_in_main=draw.choice(["75%", "80%", "85%"]),
            periods=draw.choice([1, 1, 2]),
            more=DATED.replace("{{", "{").replace("}}", "}") if draw.random() < 0.3 else "",
        )
        first = self.as_of + timedelta(days=draw.randrange(40))
        until = first + timedelta(days=draw.randrange(40))
        sources = {"benefits.yaml": text, "s.yaml": SNOOZES.format(first=first, until=until)}
        loaded = load_sources(sources)
        assert loaded.rulebook is not None, loaded.problems
        rulebooks.publish(self.house.runtime, OPERATOR, loaded.rulebook, note=None, now=self.now)

    def something(self) -> str:
        """Something happens, if it may; returns what was tried."""
        often: Mapping[Callable[[], object], int] = {
            self._report: 10,
            self._answer: 4,
            self._plan: 2,
            self._spend: 2,
            self._deliver: 2,
            self._change_kpi: 2,
            self._validate: 1,
            self._submit: 1,
            self._tick: 1,
            self._rate: 1,
            self._objective: 1,
            self._project: 1,
            self._erase: 1,
            self.publish: 1,
        }
        (what,) = self.random.choices(list(often), list(often.values()))
        with suppress(Refusal):
            what()
        return what.__name__

    def _project_id(self) -> str:
        return self.random.choice(["P1", "P2", "P3", *(f"N{n}" for n in range(self._added))])

    def _kpi(self, project: str, kpi_id: str, **fields: Any) -> None:
        values = {
            "id": kpi_id,
            "project": project,
            "name": kpi_id,
            "direction": "increase",
            **fields,
        }
        kpis.add_kpi(self.house.runtime, self.house.pia, values, now=self.now)

    def _report(self) -> None:
        # Mostly of what a sweep sees last.
        known = [each for each in MONTHS if each <= self.as_of][-2:]
        late = [each for each in MONTHS if each <= NOW.date()]
        month = self.random.choice(known if self.random.random() < 0.8 else late)
        kpi, planned = f"{self._project_id()}-K1", 100 * month.month
        actual: Decimal | None = Decimal(planned * self.random.choice([60, 75, 80, 95, 100])) / 100
        if self.random.random() < 0.1:
            actual = None
        if self.random.random() < 0.1:
            kpi, month = "P3-weekly", date(2026, 4, 12) + timedelta(weeks=self.random.randrange(20))
        told = {"kpi": kpi, "period": month, "actual": actual, "reason": "Counted again."}
        readings.record_readings(self.house.runtime, self.house.dan, [told], now=self.now)

    def _plan(self) -> None:
        month = self.random.choice(MONTHS)
        planned = Decimal(self.random.choice([90, 110, 130]) * month.month)
        kpi = f"{self._project_id()}-K1"
        told = [{"period": month, "planned": planned}]
        readings.record_plan(self.house.runtime, self.house.pia, kpi, told, now=self.now)

    def _spend(self) -> None:
        spent = Decimal(self.random.choice([100, 900, 1100]))
        project, fields = self._project_id(), {"spent": spent}
        projects.change_project(
            self.house.runtime, self.house.pia, project, fields, version=None, now=self.now
        )

    def _deliver(self) -> None:
        name, state = f"{self._project_id()}-D1", self.random.choice(["done", "in_progress"])
        deliverables.change_deliverable(
            self.house.runtime, self.house.pia, name, {"state": state}, version=None, now=self.now
        )

    def _change_kpi(self) -> None:
        fields: dict[str, Any] = self.random.choice(
            [{"baseline": Decimal(10)}, {"baseline": Decimal(0)}, {"owner": "Ole"}]
        )
        kpi = f"{self._project_id()}-K1"
        kpis.change_kpi(self.house.runtime, self.house.pia, kpi, fields, version=None, now=self.now)

    def _validate(self) -> None:
        number = self.random.randrange(1, 30)
        validations.validate_readings(self.house.runtime, self.house.fay, [number], now=self.now)

    def _answer(self) -> None:
        page = PageRequest(sort="id")
        open_ones = recommendations.list_recommendations(
            self.house.runtime, OPERATOR, page, status="proposed", now=self.now
        ).items
        if not open_ones:
            return
        chosen = self.random.choice(open_ones)
        status = self.random.choice(["accepted", "rejected", "deferred"])
        recommendations.answer(
            self.house.runtime,
            self.house.sam if chosen["decided_by_role"] == "sponsor" else self.house.fay,
            chosen["id"],
            status=RecommendationStatus(status),
            reason="Because.",
            deferred_until=self.now.date() + timedelta(days=9) if status == "deferred" else None,
            version=None,
            now=self.now,
        )

    def _submit(self) -> None:
        submit(self.house, self._project_id(), "value_defined")

    def _tick(self) -> None:
        self.now += timedelta(days=self.random.choice([1, 10, 30]))
        ticking.tick(self.house.runtime, OPERATOR, now=self.now)

    def _rate(self) -> None:
        self._rates += 1
        rate = {"currency": "USD", "to_currency": "EUR", "rate": Decimal("0.9")}
        told = [{**rate, "rate_on": date(2026, 1, 1) + timedelta(days=self._rates)}]
        exchange_rates.record_rates(self.house.runtime, OPERATOR, told, now=self.now)

    def _objective(self) -> None:
        self._rates += 1
        told = {"id": f"O{self._rates}", "name": "Grow"}
        objectives.add_objective(self.house.runtime, OPERATOR, told, now=self.now)

    def _project(self) -> None:
        if self._added < 2:
            self._added += 1
            add_project(self.house, f"N{self._added - 1}")

    def _erase(self) -> None:
        name = self.random.choice(["Olga", "Ole"])
        email = f"{name}{self._rates}@example.org"
        self._rates += 1
        people.add_person(self.house.runtime, OPERATOR, email=email, name=name, now=self.now)
        erasing.erase_person(
            self.house.runtime, OPERATOR, email, reason="Asked for it.", now=self.now
        )
