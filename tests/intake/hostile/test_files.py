"""Files as they are really sent, each with one kind of mess: what goes in, what is refused or asked, at
which cell, in which words. `expected.yaml` says it for every file; workbooks are made by `workbooks.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from govern.documents.problem import Problem
from govern.documents.source import Source
from govern.domain.plain import plain_decimal
from govern.intake.foreign.draft import draft
from govern.intake.foreign.file import FileReading, read_file
from govern.intake.foreign.outcome import Became, CellOutcome, Choice, Question
from govern.intake.source import FileSource
from govern.intake.source_load import file_source, read_source
from tests.intake.hostile.known import KPIS, TODAY
from tests.intake.hostile.workbooks import WORKBOOKS

HERE = Path(__file__).parent
FILES = HERE / "files"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text())
HEAD = "schema: govern/source/v1\nid: sent\n"


def content_of(name: str) -> bytes:
    return WORKBOOKS[name]() if name in WORKBOOKS else (FILES / name).read_bytes()


def mapping_of(text: str) -> FileSource:
    problems: list[Problem] = []
    fields = read_source(Source("sent.yaml", text), problems)
    assert fields is not None, problems
    return file_source(fields)


def read(name: str, mapping: FileSource | None = None) -> FileReading:
    said = EXPECTED[name].get("mapping")
    source = mapping or (mapping_of(HEAD + said) if said else FileSource())
    return read_file(name, content_of(name), source, KPIS, today=TODAY)


def told(cell: CellOutcome) -> str:
    assert cell.value is not None
    status = "" if cell.status == "new" else f" {cell.status}"
    said = ", ".join(f"{k} {v}" for k, v in sorted(cell.said.items()) if v is not None)
    beside = f" ({said})" if said else ""
    return f"{cell.kpi} {cell.period} {cell.figure} {plain_decimal(cell.value)}{status}{beside}"


def by_cell(reading: FileReading, became: Became) -> Iterable[tuple[str, CellOutcome]]:
    for each in reading.cells:
        if each.became is became:
            yield each.place.removeprefix(f"{reading.file}:"), each


def test_every_file_has_its_mess_and_its_outcome() -> None:
    assert set(EXPECTED) == {path.name for path in FILES.iterdir()} | set(WORKBOOKS)
    assert len({each["mess"] for each in EXPECTED.values()}) == len(EXPECTED) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_what_becomes_of_each_cell(name: str) -> None:
    expected, reading = EXPECTED[name], read(name)
    taken = {cell: told(each) for cell, each in by_cell(reading, Became.TAKEN)}
    assert taken == expected.get("taken", {})
    refused = {cell: f"{each.how}; {each.right}" for cell, each in by_cell(reading, Became.REFUSED)}
    assert refused == expected.get("refused", {})
    asked = [cell for cell, _ in by_cell(reading, Became.ASKED)]
    assert sorted(asked) == sorted(expected.get("asked", []))
    for became in (Became.MISSING, Became.SKIPPED, Became.REPEATED):
        found = {cell: each.how for cell, each in by_cell(reading, became)}
        assert found == expected.get(became.value, {})


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_asked_and_what_is_wrong_with_the_file(name: str) -> None:
    expected, reading = EXPECTED[name], read(name)
    questions = [
        {"text": each.text, "below": each.section, "lines": [c.line for c in each.choices]}
        for each in reading.questions
    ]
    assert questions == [{"below": "", **each} for each in expected.get("questions", [])]
    assert [str(each) for each in reading.problems] == expected.get("problems", [])
    assert [each for each in expected.get("stated", []) if each not in reading.stated] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_disappears(name: str) -> None:
    """Every cell is named once, and a file in which nothing is wrong or asked has figures."""
    reading = read(name)
    places = [each.place for each in reading.cells]
    assert len(places) == len(set(places))
    assert reading.cells or reading.problems or reading.questions


ASKING = [name for name in EXPECTED if "questions" in EXPECTED[name]]


def answered(mapping: str, question: Question, choice: Choice) -> str:
    """The drafted mapping with one of its comments made a line."""
    lines = mapping.splitlines()
    start = next(
        number for number, line in enumerate(lines) if f"# ask: {question.text}" in line.strip()
    )
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.strip().startswith(f"# {choice.line} #"):
            lines[number] = line.replace("# ", "", 1)
            return "\n".join(lines) + "\n"
    raise AssertionError(f"{choice.line} is not in the mapping:\n{mapping}")


@pytest.mark.parametrize("name", ASKING)
def test_each_line_that_is_offered_answers_its_question(name: str) -> None:
    reading = read(name)
    mapping = draft(reading.proven, reading.questions, "sent")
    assert mapping_of(mapping) is not None
    for question in reading.questions:
        for choice in question.choices:
            again = read(name, mapping_of(answered(mapping, question, choice)))
            assert question.text not in {each.text for each in again.questions}, choice


@pytest.mark.parametrize("name", ASKING)
def test_answering_comes_to_an_end(name: str) -> None:
    reading = read(name)
    for _ in range(8):
        if not reading.questions:
            break
        question = reading.questions[0]
        mapping = draft(reading.proven, reading.questions, "sent")
        reading = read(name, mapping_of(answered(mapping, question, question.choices[0])))
    assert reading.questions == ()


@pytest.mark.parametrize("name", [name for name in EXPECTED if "taken" in EXPECTED[name]])
def test_the_drafted_mapping_reads_the_file_as_it_was_read(name: str) -> None:
    reading = read(name)
    again = read(name, mapping_of(draft(reading.proven, reading.questions, "sent")))
    as_read = [(each.place, each.became, each.value) for each in reading.cells]
    assert [(each.place, each.became, each.value) for each in again.cells] == as_read


def test_a_figure_is_accepted_by_the_cell_alone() -> None:
    accepted = replace(FileSource(), accept=("c2",))
    [cell] = read("factor_thousand.csv", accepted).cells
    assert cell.became is Became.TAKEN
    assert "accepted, though off by 1,000" in cell.how
