"""The tests that stand with a gate, read and checked; `govern.process.trials` runs them."""

from collections.abc import Iterator, Sequence
from typing import Any

from govern.documents import given as shapes_of_given
from govern.documents.problem import Problem, did_you_mean
from govern.documents.shape import Field, Fields
from govern.process import evidence, shapes
from govern.process.definition import GateTest


def check(gate: Fields, criteria: Sequence[Fields]) -> Iterator[Problem]:
    """Problems with the gate's tests: what they expect, score and waive has to be there."""
    known = [each[shapes.CRITERION_ID] for each in criteria if shapes.CRITERION_ID in each]
    scored = [
        each[shapes.CRITERION_ID]
        for each in criteria
        if shapes.CRITERION_ID in each and shapes.SCORE in each
    ]
    documents = gate.get(shapes.EVIDENCE) or ()
    judged = [*known, *map(evidence.criterion_id, documents)]
    names: set[str] = set()
    for test in gate.get(shapes.TESTS) or ():
        name = test.get(shapes.TEST_NAME)
        if name is not None and name in names:
            yield Problem(
                "E432",
                f"the gate already has a test with the name '{name}'",
                test.place(shapes.TEST_NAME),
                "say what differs",
            )
        names.add(name or "")
        if shapes.GIVEN in test:
            given = test[shapes.GIVEN]
            yield from _unknown(given, shapes.GIVEN_SCORES, scored, "no scored criterion")
            yield from _unknown(given, shapes.GIVEN_WAIVED, judged, "no criterion")
            yield from _unknown(given, shapes.GIVEN_EVIDENCE, documents, "no evidence")
            for kpi, place, helps in shapes_of_given.misserved(given, on_kpi=False):
                yield Problem("E431", f"the test has no KPI '{kpi}'", place, helps)
        yield from _unknown(test, shapes.EXPECT, judged, "no criterion")
        if not test.get(shapes.EXPECT) and shapes.EXPECT_ADVICE not in test and test.complete:
            yield Problem(
                "E433",
                "the test expects nothing",
                test.place(shapes.TEST_NAME),
                "say how a criterion comes out, as in 'expect: {budget-set: met}', or the 'advice'",
            )


def build(gate: Fields) -> tuple[GateTest, ...]:
    """The tests of a gate that has no problem."""
    return tuple(_test(each, gate) for each in gate.get(shapes.TESTS) or ())


def _test(fields: Fields, gate: Fields) -> GateTest:
    given = fields[shapes.GIVEN]
    periods = max(
        (length for _, length, _ in shapes_of_given.lengths(given, on_kpi=False)), default=1
    )
    read = shapes_of_given.fields_of(given, False, fields[shapes.TEST_NAME], periods)
    read["project"].setdefault("stage", gate[shapes.FROM])
    return GateTest(
        **read,
        evidence=given.get(shapes.GIVEN_EVIDENCE),
        scores=given.get(shapes.GIVEN_SCORES) or {},
        waived=given.get(shapes.GIVEN_WAIVED) or (),
        expect=fields.get(shapes.EXPECT) or {},
        advice=fields.get(shapes.EXPECT_ADVICE),
        place=fields.place(shapes.TEST_NAME),
    )


def _unknown(
    record: Fields,
    field: Field[Any],
    known: Sequence[str],
    what: str,
) -> Iterator[Problem]:
    for name in record.get(field) or ():
        if name not in known:
            helps = did_you_mean(name, known) or (
                f"possible: {', '.join(known)}" if known else "the gate has none"
            )
            yield Problem("E430", f"the gate has {what} '{name}'", record.place(field), helps)
