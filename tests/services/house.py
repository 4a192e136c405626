"""A small organisation to run use cases in: people in every role, one project, a fixed clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from govern.catalogue.load import load as load_catalogue
from govern.catalogue.template import Template
from govern.domain.actor import Actor
from govern.domain.period import Cadence, ends_between
from govern.domain.role import Role
from govern.process.definition import Workflow
from govern.process.load import load as load_workflows
from govern.rulebook.load import load_sources
from govern.services import deliverables, gates, kpis, people, projects, readings
from govern.services.catalog import Catalog
from govern.services.importing import ensure_portfolio
from govern.services.people import OPERATOR, ensure_operator
from govern.services.rulebooks import publish
from govern.services.runtime import Runtime
from govern.services.workflows import DEFAULT_WORKFLOW, take_workflows
from govern.store import people as stored_people
from govern.store.transaction import Store

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

RULES = """\
schema: govern/rules/v1
area: benefits
owner: pmo@example.org
params: {act: 80%, watch: 90%}
rules:
  - id: behind-plan
    title: Behind plan
    status: active
    applies_to: category = "revenue"
    when: attainment < act
    clear_when: attainment >= watch
    if_unknown: report
    severity: red
    message: "{kpi} at {attainment:percent} of plan"
    recommend:
      action: descope
      because: What adds little takes capacity from what adds much.
      propose: deliverables[contribution < 5%]
      decide_by: 10 working days
      decided_by: sponsor
"""

EVIDENCE = {
    "value_defined": ["business_case", "benefit_profiles"],
    "planned": ["benefits_realisation_plan"],
    "monitoring": ["data_source_agreements"],
    "post_review": ["handover", "kpi_reports", "updated_business_case"],
    "closed": [],
}

ROLES: Mapping[str, tuple[Role, ...]] = {
    "pia": (Role.PROJECT_MANAGER,),
    "sam": (Role.SPONSOR,),
    "fay": (Role.FINANCE,),
    "gus": (Role.GATEKEEPER,),
    "dan": (Role.DATA_OWNER,),
    "aud": (Role.AUDITOR,),
    "max": (Role.PROJECT_MANAGER, Role.SPONSOR, Role.GATEKEEPER),
}


@dataclass(frozen=True)
class House:
    runtime: Runtime
    actors: Mapping[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        return self.actors[name]


@cache
def shipped_templates() -> Mapping[str, Template]:
    """The catalogue that comes with govern."""
    return load_catalogue([ROOT / "catalogue"]).templates


@cache
def shipped_workflows() -> tuple[Workflow, ...]:
    return tuple(load_workflows(ROOT / "workflows").workflows.values())


def build(store: Store) -> House:
    """Everybody on portfolio `main`, the shipped workflow, and the rulebook above: those that stand in the
    database already, or new ones."""
    with store.reading() as connection:
        stands = stored_people.resolve(connection, _email(next(iter(ROLES)))) is not None
    if not stands:
        found(store)
    return House(_runtime(store), {name: _actor(store, name) for name in ROLES})


def found(store: Store) -> None:
    """What `build` gives, written into an empty database."""
    runtime = _runtime(store)
    ensure_operator(runtime, now=NOW)
    ensure_portfolio(runtime, OPERATOR, "main", "Main", now=NOW)
    take_workflows(runtime, OPERATOR, shipped_workflows(), now=NOW)
    publish_rules(runtime, RULES)
    for name, roles in ROLES.items():
        email = _email(name)
        people.add_person(runtime, OPERATOR, email=email, name=name.title(), now=NOW)
        for role in roles:
            people.grant_role(runtime, OPERATOR, email=email, role=role, portfolio="main", now=NOW)


def _runtime(store: Store) -> Runtime:
    return Runtime(store, Catalog(), templates=shipped_templates())


def _email(name: str) -> str:
    return f"{name}@example.org"


def _actor(store: Store, name: str) -> Actor:
    with store.reading() as connection:
        person_id = stored_people.resolve(connection, _email(name))
        assert person_id is not None
        actor = stored_people.actor_of_person(connection, person_id, NOW)
    assert actor is not None
    return actor


def publish_rules(runtime: Runtime, text: str) -> None:
    loaded = load_sources({"benefits.yaml": text})
    assert loaded.rulebook is not None, loaded.problems
    publish(runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)


def add_project(
    house: House, project_id: str = "P1", *, workflow: str = DEFAULT_WORKFLOW, **fields: Any
) -> str:
    """A project in draft that meets every criterion of its first two gates."""
    values = {
        "id": project_id,
        "portfolio": "main",
        "name": f"Project {project_id}",
        "objective": "Grow",
        "budget": Decimal(1000),
        "spent": Decimal(100),
        "start": date(2026, 1, 1),
        "end": date(2027, 12, 31),
        **fields,
    }
    projects.add_project(house.runtime, house.pia, values, workflow=workflow, now=NOW)
    kpi_id = f"{project_id}-K1"
    kpis.add_kpi(
        house.runtime,
        house.pia,
        {
            "id": kpi_id,
            "project": project_id,
            "name": "Revenue",
            "category": "revenue",
            "unit": "EUR",
            "direction": "increase",
            "baseline": Decimal(0),
            "baseline_on": date(2025, 12, 31),
            "target": Decimal(1200),
            "target_on": date(2026, 12, 31),
            "tolerance": Decimal("0.1"),
            "owner": "Olga",
            "description": "What the web shop sells.",
            "baseline_source": "Ledger of 2025",
            "department": "Sales",
            "source": "ERP",
            "calculation": "Invoices of the web shop.",
        },
        now=NOW,
    )
    readings.record_plan(
        house.runtime,
        house.pia,
        kpi_id,
        [
            {"period": end, "planned": Decimal(100 * month)}
            for month, end in enumerate(
                ends_between(Cadence.MONTHLY, date(2026, 1, 31), date(2026, 12, 31)), start=1
            )
        ],
        now=NOW,
    )
    deliverables.add_deliverable(
        house.runtime,
        house.pia,
        {
            "id": f"{project_id}-D1",
            "project": project_id,
            "name": "Web shop",
            "owner": "Olga",
            "state": "in_progress",
            "due": date(2026, 12, 31),
            "serves": {kpi_id: Decimal("0.6")},
        },
        now=NOW,
    )
    return project_id


def report(house: House, kpi_id: str, actuals: Mapping[str, int | None]) -> None:
    readings.record_readings(
        house.runtime,
        house.dan,
        [
            {
                "kpi": kpi_id,
                "period": date.fromisoformat(period),
                "actual": None if actual is None else Decimal(actual),
                "reason": "Counted again.",
            }
            for period, actual in actuals.items()
        ],
        now=NOW,
    )


def submit(house: House, project_id: str, gate: str, by: str = "pia") -> dict[str, Any]:
    return gates.submit(
        house.runtime,
        house.actors[by],
        project_id,
        gate,
        provided=[{"name": n, "link": f"https://example.org/{n}"} for n in EVIDENCE[gate]],
        now=NOW,
    )
