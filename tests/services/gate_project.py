"""The project that is run twice, its workflow and its people, in a database made ready once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govern.domain.actor import Actor
from govern.domain.role import Role
from govern.process.load import load_sources
from govern.services import people
from govern.services.catalog import Catalog
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.workflows import take_workflows
from govern.store import people as stored_people
from govern.store.transaction import Store
from tests.services.house import NOW, ROLES, House, add_project, build

PROJECT = "P1"
WORKFLOW = """\
schema: govern/workflow/v1
id: modelled
version: 1
reopen: [gatekeeper]
stages: [draft, running, review, done]
gates:
  - id: start
    title: Two roles, a veto, and all that time does
    from: draft
    to: running
    submit: [project_manager]
    approve: [{role: sponsor}, {role: finance}]
    veto: [data_owner]
    waive: [gatekeeper]
    decide_within: 10 working days
    remind: 2 working days
    escalate: [{after: 5 working days, to: benefit_owner}]
    expires: 20 working days
    criteria:
      must:
        - {id: target-set, require: count(kpis) > 0 and every k in kpis satisfies k.target >= 100}
        - {id: affordable, require: budget <= 5000, fatal: true}
  - id: check
    title: A value check that repeats
    from: running
    to: running
    submit: [project_manager]
    approve: [{role: sponsor}]
    repeats: monthly
    criteria: {must: [{id: affordable, require: budget <= 5000}]}
  - id: panel
    title: Two of three, and finance
    from: running
    to: review
    submit: [project_manager]
    approve: [{role: gatekeeper, votes: 2, of: 3}, {role: finance}]
    expires: 8 working days
    criteria:
      must: [{id: target-set, require: count(kpis) > 0 and every k in kpis satisfies k.target >= 100}]
      should: [{id: nothing-owed, require: 'count(conditions[state = "open"]) = 0'}]
  - id: finish
    title: Nobody who reported values
    from: review
    to: done
    submit: [project_manager]
    approve: [{role: sponsor}, {role: gatekeeper}]
    separation: [submitter, reading_submitter]
    criteria: {must: [{id: affordable, require: budget <= 5000}]}
"""

MORE: Mapping[str, tuple[Role, ...]] = {
    "bo": (Role.SPONSOR, Role.FINANCE),
    "gil": (Role.GATEKEEPER,),
    "eve": (Role.BENEFIT_OWNER,),
    "ann": (Role.RULE_AUTHOR,),
}
PEOPLE = {name: frozenset(map(str, roles)) for name, roles in {**ROLES, **MORE}.items()}


@dataclass(frozen=True)
class Furnished:
    """Who is in a database that was made ready, and in every copy of it."""

    actors: Mapping[str, Actor]
    catalog: Catalog


def furnish(store: Store) -> Furnished:
    """The people, the workflow and one project in draft."""
    house = build(store)
    actors = dict(house.actors)
    for name, roles in MORE.items():
        actors[name] = hire(house.runtime, name, roles)
    loaded = load_sources({"modelled.yaml": WORKFLOW})
    assert loaded.workflows, loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)
    add_project(House(house.runtime, actors), PROJECT, workflow="modelled")
    return Furnished(actors, house.runtime.catalog)


def hire(runtime: Runtime, name: str, roles: Sequence[Role]) -> Actor:
    email = f"{name}@example.org"
    person_id = people.add_person(runtime, OPERATOR, email=email, name=name.title(), now=NOW)
    for role in roles:
        people.grant_role(runtime, OPERATOR, email=email, role=role, portfolio="main", now=NOW)
    with runtime.store.reading() as connection:
        actor = stored_people.actor_of_person(connection, person_id, NOW)
    assert actor is not None
    return actor
