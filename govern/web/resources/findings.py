"""Findings, and the sweeps that make them."""

from dataclasses import asdict
from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services import findings as use
from govern.services.sweeps import sweep
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.rules import FindingPage, FindingQuery, NewSweep, Sweep, SweepResult
from govern.web.site import actor, now, runtime

findings = Resource(
    "findings", "What the rules say of each project and KPI.", writes=TokenScope.RULES
)


@findings.read("/findings", FindingPage, query=FindingQuery, headers=["Link"], past=True)
def list_findings(query: dict[str, Any]) -> Any:
    """List the findings of the current sweep, or of another one."""
    page = page_request(query)
    return page_answer(use.list_findings(runtime(), actor(), page, **query))


@findings.read("/sweeps/current", Sweep, refuses=(404,), past=True)
def get_current_sweep() -> Any:
    """Read the sweep that stands for today: the last one of the latest date."""
    return use.current_sweep(runtime())


@findings.write("POST", "/sweeps", SweepResult, body=NewSweep)
def run_sweep(body: dict[str, Any]) -> Any:
    """Judge the projects by the published rulebook; write findings and recommendations.

    Takes the role admin or rule_publisher on the whole installation. Looks at the projects that may
    have changed since the last sweep. Run again on the same facts it changes nothing.
    """
    as_of, everything = body.get("as_of", now().date()), body.get("all", False)
    return asdict(sweep(runtime(), actor(), as_of=as_of, everything=everything, now=now()))
