"""Alternatives side by side, of a recommendation or as they are asked for."""

from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services import alternatives as use
from govern.web.resource import Resource
from govern.web.schemas.alternatives import Alternatives, AlternativesQuery, AskedAlternatives
from govern.web.site import actor, now, runtime

alternatives = Resource(
    "alternatives",
    "What could be done, and what value that costs or brings.",
    writes=TokenScope.READ,
)


@alternatives.read(
    "/recommendations/<number:recommendation>/alternatives",
    Alternatives,
    query=AlternativesQuery,
    past=True,
)
def get_alternatives(recommendation: int, query: dict[str, Any]) -> Any:
    """Read what a recommendation would do to every KPI and to the budget, beside what else could be done."""
    return use.alternatives(runtime(), actor(), recommendation, **query, now=now())


@alternatives.write(
    "POST",
    "/projects/<id:project>/alternatives",
    Alternatives,
    body=AskedAlternatives,
)
def ask_for_alternatives(project: str, body: dict[str, Any]) -> Any:
    """Tell what alternatives would do to a project. Nothing is written."""
    asked, currency = body["alternatives"], body.get("currency")
    return use.what_if(runtime(), actor(), project, asked, currency=currency, now=now())
