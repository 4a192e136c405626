"""What the pages of a project show, put together from what the use cases tell."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from govern.domain.record import Record
from govern.services import next_due
from govern.web.pages.looking_back import kept
from govern.web.pages.table import Column, Kind, Table

WORST_FIRST = ("red", "amber", "grey", None, "green")

_PLACES: Mapping[str, str] = {
    next_due.READING: "/projects/{project}/kpis/{id}",
    next_due.GATE: "/gates/{id}",
    next_due.RECOMMENDATION: "/recommendations/{id}",
    next_due.CONDITION: "/projects/{project}/gates",
    next_due.REVIEW: "/projects/{project}/gates",
    next_due.VALUE_CHECK: "/projects/{project}/gates",
}


def place_of(item: Record) -> str:
    """The page of what is due."""
    names = {"project": quote(str(item["project"]), ""), "id": quote(str(item["id"]), "")}
    place = _PLACES[item["what"]].format(**names)
    return place + kept() if place.startswith("/projects/") else place


def kpi_path(project: str, kpi: str) -> str:
    return f"/projects/{quote(project, '')}/kpis/{quote(kpi, '')}{kept()}"


def kpis_path(project: str, category: str | None) -> str:
    """The KPIs of a project that are of a category; those of none for None."""
    return f"/projects/{quote(project, '')}/kpis?" + urlencode({"category": category or ""})


def kpi_table(kpis: Sequence[Record], head: Record, *, short: bool = False) -> Table:
    """The KPIs in their own units, those that stand worst first. `short`: without what the page of all
    KPIs tells besides."""
    colours = head["colours"]
    rows: list[dict[str, Any]] = [
        {
            "id": each["id"],
            "name": each["name"],
            "to": kpi_path(each["project"], each["id"]),
            "rag": colours.get(each["id"]),
            "category": each["category"],
            "unit": each["unit"] or each["currency"],
            "period": each["period"],
            "planned": each["planned"],
            "actual": each["actual"],
            "attainment": each["attainment"],
            "target": each["target"],
            "forecast": each["expected"],
            "low": each["low"],
            "high": each["high"],
            "completes_on": each["completes_on"],
            "owner": each["owner"],
        }
        for each in kpis
    ]
    rows.sort(key=lambda row: (WORST_FIRST.index(row["rag"]), row["id"]))
    return Table(
        "kpis",
        "KPIs",
        tuple(each for each in _KPI_COLUMNS if not short or each.name not in _NOT_IN_SHORT),
        rows,
        none="It has no KPI.",
    )


_KPI_COLUMNS = (
    Column("name", "KPI", link="to"),
    Column("rag", "RAG", Kind.RAG, missing="not rated"),
    Column("category", "Category", Kind.WORDS, missing="none"),
    Column("unit", "Unit", missing="none"),
    Column("period", "Period to", Kind.DAY),
    Column("planned", "Planned", Kind.NUMBER),
    Column("actual", "Actual", Kind.NUMBER),
    Column("attainment", "Attained", Kind.SHARE),
    Column("target", "Promised", Kind.NUMBER),
    Column("forecast", "Forecast", Kind.NUMBER),
    Column("low", "80 % from", Kind.NUMBER),
    Column("high", "80 % to", Kind.NUMBER),
    Column("owner", "Owner", missing="nobody"),
)
_NOT_IN_SHORT = ("category", "period", "low", "high", "owner")
