"""The types of values in a condition."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Constant = Decimal | str | bool | date | tuple["Constant", ...]
"""What a parameter can be: a number, text, truth value, date, or a list of them."""

_ONE = {"number": "a number", "text": "text", "date": "a date", "truth": "true/false"}
_MANY = {"number": "numbers", "text": "texts", "date": "dates", "truth": "true/false values"}
_RECORDS = {
    "kpi": ("a KPI", "KPIs"),
    "project": ("a project", "projects"),
    "deliverable": ("a deliverable", "deliverables"),
    "condition": ("a condition", "conditions"),
    "recommendation": ("a recommendation", "recommendations"),
}


@dataclass(frozen=True, slots=True)
class Type:
    """`of` is a list's element type, `scope` a record's scope; `choices` are the texts that can be."""

    kind: Literal["number", "text", "date", "truth", "null", "list", "record", "table"]
    of: "Type | None" = None
    scope: str = ""
    choices: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_scalar(self) -> bool:
        return self.kind in _ONE

    def __str__(self) -> str:
        if self.kind == "list":
            of = self.of
            if of is None:
                return "an empty list"
            if of.kind == "record":
                return f"a list of {_RECORDS[of.scope][1]}"
            return f"a list of {_MANY.get(of.kind, 'lists')}"
        if self.kind == "record":
            return _RECORDS[self.scope][0]
        if self.kind == "table":
            return "a decision table"
        return _ONE.get(self.kind, "null")


NUMBER = Type("number")
TEXT = Type("text")
DATE = Type("date")
BOOLEAN = Type("truth")
NULL = Type("null")
TABLE = Type("table")


def choice(*texts: str) -> Type:
    """Text that is one of these."""
    return Type("text", choices=texts)


def listed(of: Type | None) -> Type:
    return Type("list", of=of)


def record(scope: str) -> Type:
    return Type("record", scope=scope)


def type_of(constant: Constant) -> Type:
    """The type of a parameter's value; a list's elements are of the type of its first one."""
    if isinstance(constant, bool):
        return BOOLEAN
    if isinstance(constant, Decimal):
        return NUMBER
    if isinstance(constant, str):
        return TEXT
    if isinstance(constant, date):
        return DATE
    return listed(type_of(constant[0]) if constant else None)
