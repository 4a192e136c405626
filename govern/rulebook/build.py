"""From the keys of a rule file to rules: conditions checked, messages read, parameters bound."""

from typing import Final

from govern.documents.problem import Level
from govern.documents.shape import Fields
from govern.documents.source import Place
from govern.language import scopes
from govern.language.types import BOOLEAN, listed, record
from govern.rulebook import format as keys
from govern.rulebook.conditions import Reader
from govern.rulebook.contradictions import report_contradictions
from govern.rulebook.message import read_template
from govern.rulebook.rule import IfUnknown, Recommend, Rule, Scope, Status
from govern.rulebook.tests import build_tests

SCOPES: Final = {Scope.KPI: scopes.KPI, Scope.PROJECT: scopes.PROJECT}
_DELIVERABLES: Final = listed(record("deliverable"))


def build_rules(file: Fields, reader: Reader) -> list[tuple[str, Place, Rule | None]]:
    """Each rule's id, its place, and the rule, or `None` where something is wrong with it."""
    rules = [_rule(fields, file, reader) for fields in file.get(keys.RULES) or ()]
    return [
        (fields[keys.ID], fields.place(keys.ID), rule)
        for fields, rule in zip(file.get(keys.RULES) or (), rules, strict=True)
        if keys.ID in fields
    ]


def _rule(fields: Fields, file: Fields, reader: Reader) -> Rule | None:
    """All parts are read whatever is wrong with one of them, so that all problems are found."""
    before = len(reader.problems)
    scope = fields.get(keys.SCOPE) or Scope.KPI
    names = SCOPES[scope]
    applies_to = reader.condition(fields.get(keys.APPLIES_TO), names, BOOLEAN)
    when = reader.condition(fields.get(keys.WHEN), names, BOOLEAN)
    clear_when = reader.condition(fields.get(keys.CLEAR_WHEN), names, BOOLEAN)
    report_contradictions(reader, applies_to, when, clear_when)
    scalar = fields.get(keys.MESSAGE)
    message = read_template(scalar, names, reader) if scalar else None
    given = fields.get(keys.RECOMMEND)
    recommend = _recommend(given, names, reader) if given else None
    tests = build_tests(fields, scope, reader)
    errors = [each for each in reader.problems[before:] if each.level is Level.ERROR]
    if errors or not fields.complete or when is None or message is None:
        return None
    return Rule(
        id=fields[keys.ID],
        title=fields[keys.TITLE],
        scope=scope,
        area=file.get(keys.AREA) or "",
        owner=fields.get(keys.OWNER) or file.get(keys.FILE_OWNER),
        status=fields.get(keys.STATUS) or Status.ACTIVE,
        severity=fields[keys.SEVERITY],
        applies_to=applies_to,
        when=when,
        for_periods=fields.get(keys.FOR) or 1,
        clear_when=clear_when,
        if_unknown=fields.get(keys.IF_UNKNOWN) or IfUnknown.REPORT,
        message=message,
        recommend=recommend,
        replaced_by=fields.get(keys.REPLACED_BY),
        tests=tests,
        place=fields.place(keys.ID),
    )


def _recommend(fields: Fields, names: scopes.Scope, reader: Reader) -> Recommend | None:
    propose = reader.condition(fields.get(keys.PROPOSE), names, _DELIVERABLES)
    scalar = fields.get(keys.BECAUSE)
    because = read_template(scalar, names, reader) if scalar else None
    if not fields.complete or because is None:
        return None
    return Recommend(
        action=fields[keys.ACTION],
        because=because,
        propose=propose,
        decide_by_working_days=fields[keys.DECIDE_BY],
        decided_by=fields[keys.DECIDED_BY],
        calendar=reader.calendar,
    )
