"""The benefits map, as the operator sees it."""

from pytest_bdd import parsers, then

from features.house import House, rows
from govern.domain.benefits.map import percent
from govern.services.benefits_map import benefits_map, check_maps
from govern.services.people import OPERATOR


@then(parsers.parse("the map of {project} says"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    told = [
        {
            "deliverable": way["deliverable"],
            "through": ", ".join(way["outcomes"]),
            "KPI": way["kpi"],
            "brings": percent(way["contribution"]),
            "objective": way["objective"],
            "of it": percent(way["supports"]),
        }
        for way in benefits_map(house.runtime, OPERATOR, project)["ways"]
    ]
    assert told == rows(datatable)


@then(parsers.parse("nothing is wrong with the map of {project}"))
def _(house: House, project: str) -> None:
    assert check_maps(house.runtime, OPERATOR, project) == []


@then(parsers.parse("these are wrong with the map of {project}"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    found = check_maps(house.runtime, OPERATOR, project)
    told = [{"what": each["id"], "check": each["code"]} for each in found]
    assert told == rows(datatable)
