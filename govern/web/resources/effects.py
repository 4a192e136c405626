"""What changes are expected to bring, what came, and the record of each rule."""

from typing import Any

from govern.services import effects as use
from govern.services import rule_records
from govern.web.resource import Resource
from govern.web.schemas.effects import Effects, RuleRecordQuery, RuleRecords
from govern.web.site import actor, runtime

effects = Resource("effects", "What changes were to bring, what came, and how well rules advise.")


@effects.read("/projects/<id:project>/effects", Effects, past=True)
def list_effects(project: str) -> Any:
    """List what the changes of a project are expected to bring, and what came."""
    return {"items": use.list_effects(runtime(), actor(), project)}


@effects.read("/rules/records", RuleRecords, query=RuleRecordQuery, past=True)
def tell_rule_records(query: dict[str, Any]) -> Any:
    """Tell how well each rule and each action does: accepted, effective, false alarms, days.

    Of the projects that you may see.
    """
    return rule_records.records(
        runtime(),
        actor(),
        portfolio=query.get("portfolio"),
        rule=query.get("rule"),
        first=query.get("from"),
        last=query.get("to"),
    )
