"""What a KPI says of others: which it is part of, and which its formula reads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from govern.composites.formula import check_formula, names_in, told
from govern.documents.problem import did_you_mean
from govern.domain.actor import Actor
from govern.domain.period import Cadence
from govern.domain.profile import Wrong
from govern.domain.record import Record
from govern.domain.role import Permission
from govern.language.errors import LanguageError
from govern.store import kpis, projects

NAMED = frozenset({"formula", "inputs", "part_of", "cadence"})
"""The fields that speak of other KPIs, or decide what their figures can be read for."""

Find = Callable[[str], Mapping[str, Any] | None]
"""KPI id → the KPI, or `None` where there is none that may be named."""


@dataclass(frozen=True, slots=True)
class Others:
    """The KPIs that one may name. `find` gives those that its author may see, `walk` any; `near` are
    ids that may have been meant."""

    find: Find
    walk: Find
    near: tuple[str, ...] = ()


def stored(connection: Connection, actor: Actor, project_id: str) -> Others:
    """The KPIs of the store that the actor may see."""
    known: dict[str, Record | None] = {}

    def walk(kpi_id: str) -> Record | None:
        if kpi_id not in known:
            known[kpi_id] = kpis.find(connection, kpi_id)
        return known[kpi_id]

    def find(kpi_id: str) -> Record | None:
        found = walk(kpi_id)
        if found is None or found["project"] == project_id:
            return found
        project = projects.find(connection, found["project"])
        seen = project is not None and actor.may(
            Permission.READ, project["portfolio"], project["id"]
        )
        return found if seen else None

    near = tuple(each["id"] for each in kpis.of_project(connection, project_id))
    return Others(find, walk, near)


def completed(kpi: Mapping[str, Any], find: Find) -> dict[str, str]:
    """The inputs of a KPI, with each name of its formula that is itself the id of a KPI."""
    inputs: dict[str, str] = dict(kpi["inputs"] or {})
    if kpi["formula"] is None:
        return inputs
    try:
        names = names_in(kpi["formula"])
    except LanguageError:
        return inputs
    return inputs | {name: name for name in names if name not in inputs and find(name) is not None}


def read_by(formula: str | None, inputs: Mapping[str, str]) -> dict[str, str]:
    """The inputs whose names a formula reads; all of them where it cannot be read."""
    if formula is None:
        return {}
    try:
        names = names_in(formula)
    except LanguageError:
        return dict(inputs)
    return {name: kpi_id for name, kpi_id in inputs.items() if name in names}


def wrong(kpi: Mapping[str, Any], others: Others) -> dict[str, Wrong]:
    """What is wrong with the KPIs that a KPI (its fields by name, inputs completed) names, by field."""
    found: dict[str, Wrong] = {}
    if kpi["part_of"] is not None and kpi["part_of"] != kpi["id"]:
        problem = _wrong_part(kpi, others)
        found |= {} if problem is None else {"part_of": problem}
    if kpi["formula"] is not None:
        formula = _wrong_formula(kpi, others)
        found |= {} if formula is None else {"formula": formula}
        inputs = _wrong_inputs(kpi, others)
        found |= {} if inputs is None else {"inputs": inputs}
    return found


def projects_named(kpi: Mapping[str, Any], walk: Find) -> set[str]:
    """The projects of all KPIs that a KPI speaks of, directly or through others: whoever changes what
    it says locks them, so that no circle is closed from two sides at once."""
    named: set[str] = set()
    seen = {kpi["id"]}
    waiting = list(_named(kpi))
    while waiting:
        kpi_id = waiting.pop()
        found = None if kpi_id in seen else walk(kpi_id)
        seen.add(kpi_id)
        if found is not None:
            named.add(found["project"])
            waiting += _named(found)
    return named


def _named(kpi: Mapping[str, Any]) -> Iterator[str]:
    if kpi["part_of"] is not None:
        yield kpi["part_of"]
    if kpi["formula"] is not None:
        yield from kpi["inputs"].values()


def _no_such(kpi_id: str, others: Others) -> Wrong:
    near = did_you_mean(kpi_id, others.near)
    return Wrong(
        f"names {kpi_id}, and there is no such KPI that you may see", near or "add it first"
    )


def _wrong_part(kpi: Mapping[str, Any], others: Others) -> Wrong | None:
    if others.find(kpi["part_of"]) is None:
        return _no_such(kpi["part_of"], others)
    way = [kpi["id"]]
    at = kpi["part_of"]
    while at is not None and at not in way:
        way.append(at)
        following = others.walk(at)
        at = None if following is None else following["part_of"]
    if at != kpi["id"]:
        return None
    return Wrong(
        f"closes a circle: {' is part of '.join([*way, kpi['id']])}",
        "name a KPI that is no part of this one",
    )


def _wrong_formula(kpi: Mapping[str, Any], others: Others) -> Wrong | None:
    inputs: dict[str, str] = kpi["inputs"]
    try:
        names = names_in(kpi["formula"])
        unknown = [name for name in names if name not in inputs]
        # What names nothing is told with what may have been meant; all else by the language.
        if unknown:
            near = did_you_mean(unknown[0], [*inputs, *others.near])
            return Wrong(
                f"has the name {unknown[0]}, which is neither an input nor the id of a KPI",
                near or "say in the inputs which KPI it stands for",
            )
        check_formula(kpi["formula"], inputs)
    except LanguageError as error:
        problem = error.problems[0]
        return Wrong(told(problem), problem.help or "correct the formula")
    return None


def _wrong_inputs(kpi: Mapping[str, Any], others: Others) -> Wrong | None:
    for name, kpi_id in sorted(kpi["inputs"].items()):
        if kpi_id == kpi["id"]:
            return Wrong(f"has the KPI itself as {name}", "a KPI is not computed from itself")
        found = others.find(kpi_id)
        if found is None:
            return _no_such(kpi_id, others)
        if coarser(found["cadence"], kpi["cadence"]):
            return Wrong(
                f"has {kpi_id} as {name}, which is reported {_word(found['cadence'])} only",
                f"give the composite that cadence; it has {_word(kpi['cadence'])}",
            )
    circle = _circle(kpi, others.walk)
    if circle is None:
        return None
    return Wrong(
        f"closes a circle: {' reads '.join(circle)}", "read KPIs that do not read this one"
    )


def coarser(one: str, other: str) -> bool:
    """Whether the first cadence has the longer periods."""
    order = list(Cadence)
    return order.index(Cadence(one)) > order.index(Cadence(other))


def _word(cadence: str) -> str:
    return str(cadence).replace("_", "-")


def _circle(kpi: Mapping[str, Any], walk: Find) -> list[str] | None:
    """A way from the KPI over what formulas read back to itself."""
    ways = [[kpi["id"], kpi_id] for kpi_id in sorted(set(kpi["inputs"].values()))]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == kpi["id"]:
            return way
        if way[-1] in seen:
            continue
        seen.add(way[-1])
        found = walk(way[-1])
        if found is not None and found["formula"] is not None:
            ways += [[*way, each] for each in sorted(set(found["inputs"].values()))]
    return None
