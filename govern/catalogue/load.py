"""Catalogue files → templates, whole or not at all, with every problem in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from govern.catalogue import shapes
from govern.catalogue.template import Template
from govern.composites.formula import check_formula
from govern.documents.files import Files, read_yaml_files
from govern.documents.problem import Level, Problem
from govern.documents.read import read
from govern.documents.shape import Fields
from govern.documents.source import Place, Source
from govern.documents.yaml import load as load_yaml
from govern.domain.kpi import Aggregation, ToleranceIn
from govern.language.errors import LanguageError


@dataclass(frozen=True, slots=True)
class Loaded:
    """`templates` by id, in order of their ids; empty where any problem is an error. `sources` are
    for `render`."""

    templates: Mapping[str, Template]
    problems: tuple[Problem, ...]
    sources: Mapping[str, Source]


def load(places: Sequence[Path]) -> Loaded:
    """The catalogues at these places, each a directory or a file.

    They are laid over each other: a template of a later one takes the place of an earlier one that has
    its id, which is a warning. Within one, no id may stand twice.
    """
    problems: list[Problem] = []
    layers = [_texts(place, problems) for place in places]
    return _load(layers, problems)


def load_sources(*layers: Mapping[str, str]) -> Loaded:
    """The same from texts: path → text, one mapping for each place."""
    return _load(layers, [])


def _texts(place: Path, problems: list[Problem]) -> dict[str, str]:
    """Path → text of the files at a place."""
    if place.is_file():
        files = read_yaml_files(place.parent)
        own = place.name
        files = Files(
            {path: text for path, text in files.texts.items() if path == own},
            tuple(each for each in files.problems if each.place.path == place.as_posix()),
        )
        place = place.parent
    else:
        files = read_yaml_files(place)
    problems += files.problems
    if not files.texts and not files.problems:
        problems.append(
            Problem(
                "E505",
                "there is no catalogue file",
                Place(place.as_posix(), 1, 1),
                "put one there, ending in .yaml",
            )
        )
    return {(place / path).as_posix(): text for path, text in files.texts.items()}


def _load(layers: Iterable[Mapping[str, str]], problems: list[Problem]) -> Loaded:
    sources: dict[str, Source] = {}
    templates: dict[str, Template] = {}
    for layer in layers:
        own: dict[str, Template] = {}
        for path, text in layer.items():
            sources[path] = Source(path, text)
            for template in _read(sources[path], problems):
                _take(template, own, problems)
        for template in own.values():
            templates[template.id] = _over(template, templates.get(template.id), problems)
    problems.sort(key=lambda each: (each.place.path, each.place.line, each.place.column))
    if any(problem.level is Level.ERROR for problem in problems):
        templates = {}
    return Loaded(dict(sorted(templates.items())), tuple(problems), sources)


def _take(template: Template, own: dict[str, Template], problems: list[Problem]) -> None:
    before = own.get(template.id)
    if before is None:
        own[template.id] = template
        return
    problems.append(
        Problem(
            "E500",
            f"the template '{template.id}' is already at {before.place}",
            template.place,
            "keep one of the two, or give it another id",
        )
    )


def _over(template: Template, before: Template | None, problems: list[Problem]) -> Template:
    if before is None:
        return template
    problems.append(
        Problem(
            "E550",
            f"the template '{template.id}' takes the place of the one at {before.place}",
            template.place,
            "give it another id to keep both",
            Level.WARNING,
        )
    )
    return replace(template, replaces=before.place)


def _read(source: Source, problems: list[Problem]) -> list[Template]:
    document = load_yaml(source)
    problems += document.problems
    fields = None if document.root is None else read(document.root, shapes.CATALOGUE, problems)
    if fields is None:
        return []
    of_file = fields.get(shapes.OF_FILE)
    found: list[Template] = []
    for each in fields.get(shapes.TEMPLATES) or ():
        count = len(problems)
        _check(each, of_file, problems)
        sound = not any(problem.level is Level.ERROR for problem in problems[count:])
        if each.complete and sound:
            found.append(_template(each, of_file))
    return found


def _check(template: Fields, of_file: str | None, problems: list[Problem]) -> None:
    """What is wrong with a template whose keys and values are of the right kind."""

    def wrong(code: str, message: str, place: Place, right: str) -> None:
        problems.append(Problem(code, message, place, right))

    if template.get(shapes.CATEGORY) is None and of_file is None:
        right = "say it here, or for the whole file"
        wrong("E501", "the template has no category", template.node.place, right)
    amber, red = template.get(shapes.TOLERANCE), template.get(shapes.TOLERANCE_RED)
    if red is not None and (amber is None or red < amber):
        message = f"red begins at {red} and amber " + (
            "nowhere" if amber is None else f"at {amber}"
        )
        place = template.place(shapes.TOLERANCE_RED)
        wrong("E502", message, place, "say a larger miss for red than for amber")
    if bool(template.get(shapes.MONEY)) == (shapes.UNIT in template):
        both = shapes.UNIT in template
        message = "a template in money has no unit of its own" if both else "it has no unit"
        right = "leave the unit out" if both else "say its unit, or `money: true`"
        wrong("E504", message, template.place(shapes.UNIT), right)
    if template.get(shapes.SCALE) == 0:
        right = "1000000 where figures are in millions"
        wrong("E506", "the scale is zero", template.place(shapes.SCALE), right)
    _check_formula(template, problems)


def _check_formula(template: Fields, problems: list[Problem]) -> None:
    formula, inputs = template.get(shapes.FORMULA), template.get(shapes.INPUTS)
    if formula is None and inputs is None:
        return
    if formula is None or inputs is None:
        has, lacks = ("inputs", "formula") if formula is None else ("a formula", "inputs")
        place = template.place(shapes.INPUTS if formula is None else shapes.FORMULA)
        problems.append(
            Problem("E503", f"the template has {has} and no {lacks}", place, "say both, or neither")
        )
        return
    try:
        problems += check_formula(formula.text, tuple(inputs), formula).problems
    except LanguageError as error:
        problems += error.problems


def _template(fields: Fields, of_file: str | None) -> Template:
    formula = fields.get(shapes.FORMULA)
    return Template(
        id=fields[shapes.ID],
        title=fields[shapes.TITLE],
        category=fields.get(shapes.CATEGORY) or of_file or "",
        direction=fields[shapes.DIRECTION],
        cadence=fields[shapes.CADENCE],
        aggregation=fields.get(shapes.AGGREGATION) or Aggregation.LAST,
        cumulative=bool(fields.get(shapes.CUMULATIVE)),
        calculation=fields[shapes.CALCULATION],
        description=fields.get(shapes.DESCRIPTION),
        unit=fields.get(shapes.UNIT),
        money=bool(fields.get(shapes.MONEY)),
        scale=fields.get(shapes.SCALE) or Decimal(1),
        tolerance=fields.get(shapes.TOLERANCE),
        tolerance_red=fields.get(shapes.TOLERANCE_RED),
        tolerance_in=fields.get(shapes.TOLERANCE_IN) or ToleranceIn.SHARE,
        reporting_lag_days=fields.get(shapes.LAG) or 0,
        disbenefit=bool(fields.get(shapes.DISBENEFIT)),
        cashable=fields.get(shapes.CASHABLE),
        formula=None if formula is None else " ".join(formula.text.split()),
        inputs=fields.get(shapes.INPUTS) or {},
        place=fields.place(shapes.ID),
    )
