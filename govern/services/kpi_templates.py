"""KPIs made from templates of the catalogue: what is said wins, the template says the rest."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from govern.catalogue.template import Template
from govern.documents.problem import did_you_mean
from govern.documents.source import Place
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.services.runtime import Runtime


def list_templates(runtime: Runtime, *, category: str | None = None) -> list[Record]:
    """The templates of the catalogue in order of their ids; of one category where that is named."""
    found = runtime.templates.values()
    return [told(each) for each in found if category in (None, each.category)]


def get_template(runtime: Runtime, template_id: str) -> Record:
    """Raises NotFound with the template that may have been meant."""
    found = runtime.templates.get(template_id)
    if found is None:
        raise NotFound(_no_such(runtime, template_id), template=template_id)
    return told(found)


def template_of(runtime: Runtime, template_id: str | None) -> Template | None:
    """The template that a KPI names. Raises InvalidInput."""
    if template_id is None:
        return None
    found = runtime.templates.get(template_id)
    if found is None:
        raise InvalidInput(
            "A KPI is made from a template of the catalogue.",
            errors={"template": [_no_such(runtime, template_id)]},
        )
    return found


def filled(template: Template | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a KPI, and what its template says of the rest.

    An amount is in the unit that its currency names. The template's formula is taken where all its
    inputs are said; otherwise the KPI is reported, and the calculation says how it is worked out.
    """
    if template is None:
        return dict(said)
    values = {**template.fields(), **said}
    if values["tolerance_in"] != template.tolerance_in:
        # Five per cent are not five points.
        values |= {name: said.get(name) for name in ("tolerance", "tolerance_red")}
    if template.money and "unit" not in said and said.get("currency") is not None:
        values["unit"] = said["currency"]
    inputs: Mapping[str, str] = said.get("inputs") or {}
    if template.formula is not None and "formula" not in said and inputs:
        values["formula"] = template.formula
    return values


def _no_such(runtime: Runtime, template_id: str) -> str:
    near = did_you_mean(template_id, runtime.templates)
    return f"There is no template '{template_id}'." + (f" {near.capitalize()}" if near else "")


def told(template: Template) -> Record:
    """A template as a record, `place` and `replaces` as text."""
    return {
        "id": template.id,
        "title": template.title,
        **template.fields(),
        "money": template.money,
        "formula": template.formula,
        "inputs": [{"name": name, "doc": doc} for name, doc in template.inputs.items()],
        "place": _shown(template.place),
        "replaces": None if template.replaces is None else _shown(template.replaces),
    }


def _shown(place: Place) -> str:
    """A place by its file and folder: where that stands on the server is nobody's concern."""
    return str(replace(place, path=PurePath(*PurePath(place.path).parts[-2:]).as_posix()))
