"""Workflow files → workflows, whole or not at all, with every problem in them."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from govern.documents.files import read_yaml_files
from govern.documents.problem import Level, Problem
from govern.documents.read import read
from govern.documents.shape import Fields
from govern.documents.source import Place, Source
from govern.documents.yaml import load as load_yaml
from govern.domain.criterion import CriterionKind
from govern.language.table import Table
from govern.process import gate_tests, review_check, shapes
from govern.process.check import check, same_workflow
from govern.process.conditions import NO_TABLES, Conditions, check_conditions
from govern.process.deadline_check import check_calendar
from govern.process.definition import (
    REQUIRED,
    SHOULD_MARK,
    SUBMITTER,
    ApproveSlot,
    Criterion,
    Escalation,
    Gate,
    Question,
    Reviews,
    Scorecard,
    Workflow,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """`workflows` by id; empty where any problem is an error. `sources` are for `render`."""

    workflows: Mapping[str, Workflow]
    problems: tuple[Problem, ...]
    sources: Mapping[str, Source]


def load(
    directory: Path,
    tables: Mapping[str, Table] | None = NO_TABLES,
    calendars: Collection[str] | None = None,
) -> Loaded:
    """Every workflow file below the directory; it is a problem if there is none.

    `tables` are the decision tables that criteria may read, by name. `None`: which ones there are
    is not known; a criterion that is not right without any stays unread. `calendars` are the ids of
    those that deadlines may be counted in; `None`: they are not known, and any may be named.
    """
    files = read_yaml_files(directory)
    problems = list(files.problems)
    if not files.texts and not problems:
        problems.append(
            Problem(
                "E415",
                "the directory holds no workflow",
                Place(directory.as_posix(), 1, 1),
                "put a workflow file there, ending in .yaml",
            )
        )
    texts = {(directory / path).as_posix(): text for path, text in files.texts.items()}
    return _load(texts, problems, tables, calendars)


def digest_of(text: str) -> str:
    """What a workflow is known by: `"sha256:" + hex` over the UTF-8 bytes of its file's text."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def load_sources(
    texts: Mapping[str, str],
    tables: Mapping[str, Table] | None = NO_TABLES,
    calendars: Collection[str] | None = None,
) -> Loaded:
    """Workflows from path → text. A text that loaded once gives the same workflow and digest.

    `tables` and `calendars` as for `load`.
    """
    return _load(texts, [], tables, calendars)


def _load(
    texts: Mapping[str, str],
    problems: list[Problem],
    tables: Mapping[str, Table] | None,
    calendars: Collection[str] | None = None,
) -> Loaded:
    sources = {path: Source(path, text) for path, text in texts.items()}
    read_files = [(source, _fields(source, problems)) for source in sources.values()]
    workflows = [(source, fields) for source, fields in read_files if fields is not None]
    problems += same_workflow([fields for _, fields in workflows])
    conditions: Conditions = {}
    for _, fields in workflows:
        problems += check(fields)
        problems += review_check.check(fields)
        problems += () if calendars is None else check_calendar(fields, calendars)
        conditions |= check_conditions(fields, problems, tables)
    problems.sort(key=lambda each: (each.place.path, each.place.line, each.place.column))
    if any(problem.level is Level.ERROR for problem in problems):
        return Loaded({}, tuple(problems), sources)
    built = [_workflow(source, fields, conditions) for source, fields in workflows]
    return Loaded({each.id: each for each in built}, tuple(problems), sources)


def _fields(source: Source, problems: list[Problem]) -> Fields | None:
    document = load_yaml(source)
    problems += document.problems
    return None if document.root is None else read(document.root, shapes.WORKFLOW, problems)


def _workflow(source: Source, fields: Fields, conditions: Conditions) -> Workflow:
    return Workflow(
        id=fields[shapes.ID],
        version=fields[shapes.VERSION],
        title=fields.get(shapes.TITLE) or _title(fields[shapes.ID]),
        stages=fields[shapes.STAGES],
        gates=tuple(_gate(gate, conditions) for gate in fields[shapes.GATES]),
        path=source.path,
        text=source.text,
        digest=digest_of(source.text),
        calendar=fields.get(shapes.CALENDAR),
        reopen=fields.get(shapes.REOPEN) or (),
        reviews=_reviews(fields.get(shapes.REVIEWS)),
    )


def _reviews(reviews: Fields | None) -> Reviews | None:
    if reviews is None:
        return None
    return Reviews(
        since=reviews[shapes.SINCE],
        after=reviews[shapes.REVIEW_AFTER],
        due=reviews[shapes.REVIEW_DUE],
        sign=reviews[shapes.SIGN],
        repeat=reviews.get(shapes.REPEAT),
        survey=tuple(
            Question(each[shapes.QUESTION_ID], each[shapes.ASK], each[shapes.ASKED])
            for each in reviews.get(shapes.SURVEY) or ()
        ),
    )


def _gate(gate: Fields, conditions: Conditions) -> Gate:
    both = gate.get(shapes.CRITERIA)
    must = (both.get(shapes.MUST) if both else None) or ()
    should = (both.get(shapes.SHOULD) if both else None) or ()
    mark = gate.get(shapes.SHOULD_MARK)
    return Gate(
        id=gate[shapes.GATE_ID],
        title=gate[shapes.GATE_TITLE],
        source=gate[shapes.FROM],
        target=gate[shapes.TO],
        submit=gate[shapes.SUBMIT],
        approve=tuple(
            ApproveSlot(
                slot[shapes.ROLE],
                slot.get(shapes.VOTES) or 1,
                slot.get(shapes.OF),
                slot.get(shapes.MEANING),
            )
            for slot in gate[shapes.APPROVE]
        ),
        criteria=(
            *(_criterion(each, CriterionKind.MUST, conditions) for each in must),
            *(_criterion(each, CriterionKind.SHOULD, conditions) for each in should),
        ),
        place=gate.node.place,
        separation=gate.get(shapes.SEPARATION) or (SUBMITTER,),
        decide_within=gate.get(shapes.DECIDE_WITHIN),
        escalate=tuple(
            Escalation(step[shapes.AFTER], step[shapes.ESCALATE_TO])
            for step in gate.get(shapes.ESCALATE) or ()
        ),
        freezes=gate.get(shapes.FREEZES),
        evidence=gate.get(shapes.EVIDENCE) or (),
        should_mark=SHOULD_MARK if mark is None else mark,
        veto=gate.get(shapes.VETO) or (),
        waive=gate.get(shapes.WAIVE) or (),
        remind=gate.get(shapes.REMIND),
        expires=gate.get(shapes.EXPIRES),
        repeats=gate.get(shapes.REPEATS),
        shows=gate.get(shapes.SHOWS) or (),
        signature=gate.get(shapes.SIGNATURE) == REQUIRED,
        tests=gate_tests.build(gate),
    )


def _criterion(fields: Fields, kind: CriterionKind, conditions: Conditions) -> Criterion:
    weight = fields.get(shapes.WEIGHT)
    should = kind is CriterionKind.SHOULD
    require = fields.get(shapes.REQUIRE)
    card = fields.get(shapes.SCORE)
    return Criterion(
        id=fields[shapes.CRITERION_ID],
        kind=kind,
        title=fields.get(shapes.CRITERION_TITLE) or _title(fields[shapes.CRITERION_ID]),
        require=None if require is None else require.text.strip(),
        condition=conditions.get(fields.node.place),
        otherwise=fields.get(shapes.OTHERWISE),
        weight=(Decimal(1) if weight is None else weight) if should else None,
        fatal=bool(fields.get(shapes.FATAL)),
        place=fields.node.place,
        score=None if card is None else _scorecard(card),
    )


def _scorecard(card: Fields) -> Scorecard:
    anchors = card.get(shapes.ANCHORS) or ()
    return Scorecard(
        least=card[shapes.LEAST],
        scorers=card.get(shapes.SCORERS) or 1,
        by=card.get(shapes.BY) or (),
        anchors=tuple(sorted((each[shapes.AT], each[shapes.MEANS]) for each in anchors)),
    )


def _title(identifier: str) -> str:
    return identifier.replace("-", " ").replace("_", " ").capitalize()
