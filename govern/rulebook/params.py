"""Parameters: named constants of a file or of a folder, and what a portfolio has in their place.

A `params` file (`govern/params/v1`) holds for every rule file of its folder and of the folders below
it. What is nearer to a rule wins: its file before its folder, that before the folder above.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from govern.documents.node import Mapping as MappingNode
from govern.documents.problem import Level, Problem, did_you_mean
from govern.documents.shape import Constant as ConstantShape
from govern.documents.shape import Field, Fields, Identifier, MapOf, Record, Value, Word
from govern.documents.source import Place
from govern.language import scopes
from govern.language.functions import FUNCTIONS
from govern.language.tokens import KEYWORDS
from govern.language.types import Constant, type_of
from govern.rulebook.message import STREAK

VERSION: Final = "govern/params/v1"

SCHEMA: Final[Field[str]] = Field("schema", Word((VERSION,)), True, VERSION)
PARAMS: Final[Field[dict[str, Value]]] = Field(
    "params", MapOf(ConstantShape()), doc="named constants"
)
PORTFOLIOS: Final[Field[dict[str, dict[str, Value]]]] = Field(
    "portfolios", MapOf(MapOf(ConstantShape())), doc="portfolio: what it has in place of params"
)
CALENDAR: Final[Field[str]] = Field(
    "calendar", Identifier(), doc="whose working days `decide_by` counts; monday to friday"
)
FILE: Final = Record("a params file", (SCHEMA, PARAMS, PORTFOLIOS, CALENDAR))


@dataclass(frozen=True, slots=True)
class Layer:
    """What one file sets. `places` has the key of each parameter."""

    params: Mapping[str, Constant]
    portfolios: Mapping[str, Mapping[str, Constant]]
    places: Mapping[str, Place]
    calendar: str | None
    calendar_place: Place


def read_layer(
    file: Fields, above: Iterable[Layer], taken: Iterable[str], problems: list[Problem]
) -> Layer:
    """The parameters of a rule file or params file that have no problem; `above` are its folders'.

    A portfolio can replace what stands in this file or above it, by a value of the same type.
    """
    places = _key_places(file.node.get(PARAMS.key))
    params = _constants(file.get(PARAMS) or {}, places, set(taken), problems)
    known = {**resolve(above), **params}
    portfolios: dict[str, Mapping[str, Constant]] = {}
    nodes = file.node.get(PORTFOLIOS.key)
    for portfolio, given in (file.get(PORTFOLIOS) or {}).items():
        node = nodes.get(portfolio) if isinstance(nodes, MappingNode) else None
        at = _key_places(node)
        portfolios[portfolio] = _replacements(portfolio, given, at, known, problems)
    return Layer(params, portfolios, places, file.get(CALENDAR), file.place(CALENDAR))


def resolve(layers: Iterable[Layer], portfolio: str | None = None) -> dict[str, Constant]:
    """The parameters that hold for a file: its folders' layers, the outermost first, then its own."""
    found: dict[str, Constant] = {}
    for layer in layers:
        found |= layer.params
        if portfolio is not None:
            found |= layer.portfolios.get(portfolio, {})
    return found


def taken_names() -> set[str]:
    """The names that already mean something in a condition or message."""
    taken = {name for scope in scopes.SCOPES.values() for name in scope.names}
    return taken | {*FUNCTIONS, *KEYWORDS, STREAK, scopes.CONTRIBUTION.name}


def unused(layer: Layer, names: Iterable[str], where: str) -> list[Problem]:
    """A warning for each parameter of a layer that is not among the names that were read."""
    read = set(names)
    return [
        Problem(
            "E303",
            f"no rule or table of {where} uses the parameter '{name}'",
            layer.places[name],
            "use it or leave it out",
            Level.WARNING,
        )
        for name in layer.params
        if name not in read
    ]


def _constants(
    given: Mapping[str, Value],
    places: Mapping[str, Place],
    taken: set[str],
    problems: list[Problem],
) -> dict[str, Constant]:
    params: dict[str, Constant] = {}
    for name, each in given.items():
        if name in taken:
            what = f"'{name}' is already a name in conditions"
            problems.append(Problem("E302", what, places[name], "take another name"))
        elif not name.isidentifier():
            what = f"'{name}' cannot be written in a condition"
            helps = f"write {name.replace('-', '_')}"
            problems.append(Problem("E302", what, places[name], helps))
        elif each.value is None:
            what = f"the parameter '{name}' has no value"
            problems.append(Problem("E302", what, places[name], f"{name}: 80%"))
        else:
            params[name] = each.value
    return params


def _replacements(
    portfolio: str,
    given: Mapping[str, Value],
    places: Mapping[str, Place],
    known: Mapping[str, Constant],
    problems: list[Problem],
) -> dict[str, Constant]:
    params: dict[str, Constant] = {}
    for name, each in given.items():
        if name not in known:
            what = f"there is no parameter '{name}' for '{portfolio}' to replace"
            helps = did_you_mean(name, known) or f"add it to params: {name}: …"
            problems.append(Problem("E334", what, places[name], helps))
        elif each.value is None or type_of(each.value) != type_of(known[name]):
            found = "nothing" if each.value is None else type_of(each.value)
            what = f"'{name}' is {type_of(known[name])} in params and {found} for '{portfolio}'"
            problems.append(Problem("E335", what, places[name], "give both the same kind of value"))
        else:
            params[name] = each.value
    return params


def _key_places(node: object) -> dict[str, Place]:
    if not isinstance(node, MappingNode):
        return {}
    return {entry.key: entry.key_place for entry in node.entries}
