"""Overrides: how often people decided against the machine's advice."""

from typing import Any

from govern.services.overrides import override_rates
from govern.web.resource import Resource
from govern.web.schemas.overrides import OverrideQuery, Overrides
from govern.web.site import actor, runtime

overrides = Resource("overrides", "How often gates were decided against the advice.")


@overrides.read("/overrides", Overrides, query=OverrideQuery, past=True)
def list_overrides(query: dict[str, Any]) -> Any:
    """Tell how often gates were decided against the advice, and which criteria were passed over.

    Of the projects that you may see. For each criterion: how often it came out not met, unknown or
    waived, and how often the gate was passed nevertheless.
    """
    return override_rates(
        runtime(),
        actor(),
        workflow=query.get("workflow"),
        gate=query.get("gate"),
        portfolio=query.get("portfolio"),
        first=query.get("from"),
        last=query.get("to"),
    )
