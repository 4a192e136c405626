"""The benefits map of a project, read, checked and drawn; and what is wrong with the maps of all."""

from itertools import islice

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.benefits.checks import MapProblem, problems_of
from govern.domain.benefits.map import BenefitsMap, Key, Kind
from govern.domain.benefits.mermaid import mermaid
from govern.domain.benefits.paths import Way, contributions, objective_shares, ways
from govern.domain.benefits.svg import svg
from govern.domain.record import Record
from govern.services.access import project_for
from govern.services.runtime import Runtime
from govern.store import kpis, projects
from govern.store.benefits import load_map

MOST_WAYS = 1000
"""Ways that are told one by one; their number can grow with the power of the outcomes in a row."""


def benefits_map(runtime: Runtime, actor: Actor, project_id: str) -> Record:
    """Nodes, links, ways, what each deliverable brings to each KPI, what of the project counts towards
    each objective, and the problems. Raises NotFound."""
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        drawn = load_map(connection, [project_id])
        problems = _problems(connection, actor, drawn, project_id)
    found = list(islice(ways(drawn), MOST_WAYS + 1))
    brought = contributions(drawn)
    return {
        "project": project_id,
        "name": project["name"],
        "nodes": [
            {
                "kind": node.key.kind.value,
                "id": node.key.id,
                "name": node.name,
                "owner": node.owner,
                "dropped": node.dropped,
            }
            for node in drawn.nodes
        ],
        "links": [
            {"source": _end(link.source), "target": _end(link.target), "share": link.share}
            for link in drawn.links
        ],
        "ways": [_way(each) for each in found[:MOST_WAYS]],
        "all_ways": len(found) <= MOST_WAYS,
        "contributions": [
            {"deliverable": deliverable, "kpi": kpi, "share": share}
            for deliverable, kpis in brought.items()
            for kpi, share in kpis.items()
        ],
        "objectives": [
            {"objective": objective, "share": share}
            for objective, share in objective_shares(drawn).get(project_id, {}).items()
        ],
        "problems": [_told(each) for each in problems],
    }


def draw_svg(runtime: Runtime, actor: Actor, project_id: str) -> str:
    """The map as an SVG document. Raises NotFound."""
    title, drawn, problems = _to_draw(runtime, actor, project_id)
    return svg(drawn, problems, title)


def draw_mermaid(runtime: Runtime, actor: Actor, project_id: str) -> str:
    """The map as a Mermaid flowchart. Raises NotFound."""
    title, drawn, problems = _to_draw(runtime, actor, project_id)
    return mermaid(drawn, problems, title)


def check_maps(runtime: Runtime, actor: Actor, project_id: str | None = None) -> list[Record]:
    """What is wrong with the map of a project, or of all that the actor may see. Raises NotFound."""
    with runtime.store.reading() as connection:
        if project_id is not None:
            project_for(connection, actor, project_id)
            drawn = load_map(connection, [project_id])
            return [_told(each) for each in _problems(connection, actor, drawn, project_id)]
        seen = set(projects.visible_ids(connection, actor))
        found = problems_of(load_map(connection))
    return [_told(each) for each in found if each.project in seen]


def _to_draw(
    runtime: Runtime, actor: Actor, project_id: str
) -> tuple[str, BenefitsMap, list[MapProblem]]:
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        drawn = load_map(connection, [project_id])
        problems = _problems(connection, actor, drawn, project_id)
    return f"Benefits map of {project_id}: {project['name']}", drawn, problems


def _problems(
    connection: Connection, actor: Actor, drawn: BenefitsMap, project_id: str
) -> list[MapProblem]:
    """The problems of a project's map. What its KPIs are counted in may be another project's: then
    that project's map is looked at, too, where the actor may see it."""
    named = {
        other
        for node in drawn.of(Kind.KPI)
        for other in (node.part_of, *node.inputs)
        if other is not None and Key(Kind.KPI, other) not in drawn.by_key
    }
    owners = {each["project"] for each in kpis.some(connection, named).values()}
    owners &= set(projects.visible_ids(connection, actor)) if owners else set()
    if not owners:
        return problems_of(drawn)
    wider = load_map(connection, {project_id, *owners})
    return [each for each in problems_of(wider) if each.project == project_id]


def _end(key: Key) -> Record:
    return {"kind": key.kind.value, "id": key.id}


def _way(way: Way) -> Record:
    return {
        "deliverable": way.start.id if way.start.kind is Kind.DELIVERABLE else None,
        "outcomes": [
            *([way.start.id] if way.start.kind is Kind.OUTCOME else []),
            *way.outcomes,
        ],
        "kpi": way.end.id if way.end.kind is Kind.KPI else None,
        "contribution": way.contribution,
        "objective": way.supports.target.id if way.supports else None,
        "supports": way.supports.share if way.supports else None,
    }


def _told(problem: MapProblem) -> Record:
    return {
        "project": problem.project,
        "code": problem.check.value,
        "kind": problem.place.kind.value,
        "id": problem.place.id,
        "problem": problem.problem,
        "right": problem.right,
        "others": [_end(each) for each in problem.others],
    }
