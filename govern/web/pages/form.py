"""What a form sent, read by the same schema as a body of the API; wrong values come back to be mended."""

from dataclasses import dataclass, field
from typing import Any, cast

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from govern.domain.refusal import InvalidInput, Refusal
from govern.web.pages import cookie


@dataclass(frozen=True, slots=True)
class Form:
    """`given`: what the person wrote, by field, to show it again. `errors`: sentences by field; of
    what concerns no single field under `""`."""

    given: dict[str, Any] = field(default_factory=dict[str, Any])
    errors: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    data: dict[str, Any] | None = None
    labels: dict[str, str] = field(default_factory=dict[str, str])
    """What fields are called where their names do not say it."""

    @property
    def is_good(self) -> bool:
        return self.data is not None and not self.errors

    def refused(self, refusal: Refusal) -> "Form":
        """The same form with what a use case found wrong with it."""
        errors = {"": [refusal.detail]}
        if isinstance(refusal, InvalidInput):
            for name, found in dict(refusal.facts.get("errors", {})).items():
                errors.setdefault(name, []).extend(_sentences(found))
        return Form(self.given, errors, self.data, self.labels)


def read_form(schema: type[Schema], **more: Any) -> Form:
    """Reads the form of this request. A field that was left empty is not there; `more` are values that
    the page adds, such as lists put together from several fields."""
    return _read(schema, request.form, more)


def read_query(schema: type[Schema]) -> Form:
    """Reads what a form put into the address: filters, which are kept by whoever keeps the address."""
    return _read(schema, request.args, {})


def read_row(schema: type[Schema], row: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """One row of many: what it holds, and the sentences on what is wrong with it."""
    reader: Any = schema()
    try:
        loaded: Any = reader.load(row)
    except ValidationError as wrong:
        told = cast("Any", wrong).normalized_messages()
        return {}, _sentences(list(told.values()))
    return loaded, []


def _read(schema: type[Schema], sent: MultiDict[str, str], more: dict[str, Any]) -> Form:
    given: dict[str, Any] = {
        name: values if len(values) > 1 else values[0]
        for name, values in sent.lists()
        if name != cookie.FIELD
    }
    body = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in given.items()
        if value not in ("", [])
    }
    body = {name: value for name, value in body.items() if value != ""} | more
    reader: Any = schema()
    known = {each.data_key or name for name, each in reader.fields.items()}
    try:
        loaded: Any = reader.load({name: body[name] for name in body if name in known})
    except ValidationError as wrong:
        told = cast("Any", wrong).normalized_messages()
        messages: dict[str, Any] = dict(told)
        return Form(given, {name: _sentences(found) for name, found in messages.items()})
    return Form(given, {}, loaded)


def _sentences(found: Any) -> list[str]:
    """Messages of any depth, each a sentence."""
    if isinstance(found, dict):
        return [
            f"{name}: {text}" if not isinstance(name, int) else text
            for name, inner in cast("dict[Any, Any]", found).items()
            for text in _sentences(inner)
        ]
    if isinstance(found, list | tuple):
        return [text for each in cast("list[Any]", found) for text in _sentences(each)]
    return [str(found)]
