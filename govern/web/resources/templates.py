"""The catalogue of KPI templates."""

from typing import Any

from govern.services import kpi_templates as use
from govern.web.resource import Resource
from govern.web.schemas.templates import Template, TemplateQuery, Templates
from govern.web.site import runtime

templates = Resource("templates", "What KPIs of a kind are like: the catalogue to make them from.")


@templates.read("/kpi-templates", Templates, query=TemplateQuery)
def list_templates(query: dict[str, Any]) -> Any:
    """List the templates that a KPI can be made from, those of the organisation among them."""
    return {"items": use.list_templates(runtime(), category=query.get("category"))}


@templates.read("/kpi-templates/<id:template>", Template)
def get_template(template: str) -> Any:
    """Read a template: what a KPI takes from it, and what its formula reads."""
    return use.get_template(runtime(), template)
