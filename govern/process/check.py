"""What is wrong with a workflow whose keys and values are all of the right kind.

Works on a file that was read with problems, too: what is missing or wrong is skipped, so that one
reading reports everything.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from govern.documents.node import Node, Sequence
from govern.documents.problem import Problem, did_you_mean
from govern.documents.shape import Field, Fields
from govern.documents.source import Place
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process import deadline_check as deadlines
from govern.process import evidence, gate_tests, scorecard_check, shapes
from govern.process.definition import SUBMITTER


def check(workflow: Fields) -> list[Problem]:
    """Every problem with the stages, the gates and their criteria, but for the conditions."""
    gates = workflow.get(shapes.GATES) or ()
    problems = [*_stages(workflow), *_same_ids(gates, shapes.GATE_ID, "E407", "gate")]
    for gate in gates:
        problems += _people(gate)
        problems += deadlines.check(gate)
        problems += _same_ids(criteria(gate), shapes.CRITERION_ID, "E413", "criterion")
        problems += scorecard_check.check(criteria(gate))
        problems += scorecard_check.check_panels(gate, criteria(gate))
        problems += _evidence(gate)
        problems += _weights(gate)
        problems += gate_tests.check(gate, criteria(gate))
    if shapes.STAGES in workflow and shapes.GATES in workflow:
        problems += _ways(workflow, gates)
    return problems


def same_workflow(workflows: Iterable[Fields]) -> list[Problem]:
    """A problem for each workflow whose id another file has taken."""
    first: dict[str, Place] = {}
    problems: list[Problem] = []
    for workflow in workflows:
        if (name := workflow.get(shapes.ID)) is None:
            continue
        place = workflow.place(shapes.ID)
        if name in first:
            problems.append(
                Problem(
                    "E400",
                    f"the workflow '{name}' is already in {first[name].path}",
                    place,
                    "give it another id; a new version of a workflow replaces the text of the old",
                )
            )
        first.setdefault(name, place)
    return problems


def criteria(gate: Fields) -> tuple[Fields, ...]:
    """The gate's criteria as they were read: must-meet, then should-meet."""
    both = gate.get(shapes.CRITERIA)
    if both is None:
        return ()
    return (*(both.get(shapes.MUST) or ()), *(both.get(shapes.SHOULD) or ()))


def _stages(workflow: Fields) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for stage, place in _stage_places(workflow):
        if stage in first:
            yield Problem(
                "E401",
                f"the stage '{stage}' is already on line {first[stage].line}",
                place,
                "keep one of the two",
            )
        elif stage in (ON_HOLD, TERMINATED):
            yield Problem(
                "E402",
                f"every workflow has a stage '{stage}' beside its own",
                place,
                "leave it out: hold and kill lead there from every stage but the last",
            )
        first.setdefault(stage, place)


def _ways(workflow: Fields, gates: tuple[Fields, ...]) -> Iterator[Problem]:
    places = dict(_stage_places(workflow))
    stages = workflow[shapes.STAGES]
    forward: dict[str, set[str]] = {stage: set() for stage in stages}
    backward: dict[str, set[str]] = {stage: set() for stage in stages}
    whole = True
    for gate in gates:
        for field in (shapes.FROM, shapes.TO):
            if (stage := gate.get(field)) is None:
                whole = False
            elif stage not in forward:
                whole = False
                yield _unknown_stage(gate, field, stage, stages)
        source, target = gate.get(shapes.FROM), gate.get(shapes.TO)
        if source == stages[-1]:
            yield Problem(
                "E406",
                f"'{source}' is the last stage, where a project's way ends",
                gate.place(shapes.FROM),
                "let the gate start from another stage, or add a stage behind it",
            )
        if source in forward and target in forward:
            forward[source].add(target)
            backward[target].add(source)
    if not whole:
        # A misspelt stage would make others look cut off that are not.
        return
    reached = _closure(stages[0], forward)
    ending = _closure(stages[-1], backward)
    for stage, place in places.items():
        if stage not in reached and stage not in (ON_HOLD, TERMINATED):
            yield Problem(
                "E404",
                f"no project can reach the stage '{stage}' from '{stages[0]}'",
                place,
                f"add a gate with 'to: {stage}', or take the stage out",
            )
        elif stage not in ending and stage not in (ON_HOLD, TERMINATED):
            left = forward[stage] - {stage}
            what = (
                f"from the stage '{stage}' no way leads to '{stages[-1]}'"
                if left
                else f"no gate leads out of the stage '{stage}'"
            )
            yield Problem(
                "E405", what, place, f"add a gate with 'from: {stage}', or take the stage out"
            )


def _unknown_stage(gate: Fields, field: Field[str], stage: str, stages: tuple[str, ...]) -> Problem:
    if stage in (ON_HOLD, TERMINATED):
        helps = "no gate is needed: hold and kill lead there, and resume leads back"
    else:
        helps = did_you_mean(stage, stages) or f"possible: {', '.join(stages)}"
    return Problem("E403", f"the workflow has no stage '{stage}'", gate.place(field), helps)


def _people(gate: Fields) -> Iterator[Problem]:
    name = f"'{gate.get(shapes.GATE_ID) or 'this gate'}'"
    submit, approve = gate.get(shapes.SUBMIT), gate.get(shapes.APPROVE)
    if submit == ():
        yield Problem(
            "E408",
            f"nobody can submit to the gate {name}",
            gate.place(shapes.SUBMIT),
            "name the roles that may, as in [project_manager]",
        )
    if approve == () and not _items(gate, shapes.APPROVE):
        yield Problem(
            "E409",
            f"nobody decides at the gate {name}",
            gate.place(shapes.APPROVE),
            "name a role, as in [{role: sponsor, votes: 1}]",
        )
    roles = [slot[shapes.ROLE] for slot in approve or () if shapes.ROLE in slot]
    whole = len(roles) == len(_items(gate, shapes.APPROVE))
    if roles and whole and submit and set(roles) <= set(submit):
        yield Problem(
            "E410",
            f"everybody who decides at the gate {name} may also submit to it: {', '.join(roles)}",
            gate.place(shapes.APPROVE),
            "let another role decide, alone or as well",
        )
    seen: Counter[str] = Counter()
    for slot in approve or ():
        if (role := slot.get(shapes.ROLE)) is not None:
            seen[role] += 1
            if seen[role] == 2:
                yield Problem(
                    "E411",
                    f"'{role}' stands twice among those who decide",
                    slot.place(shapes.ROLE),
                    f"write it once, as in {{role: {role}, votes: 2}}",
                )
    for slot in approve or ():
        of, votes = slot.get(shapes.OF), slot.get(shapes.VOTES) or 1
        if of is not None and votes > of:
            yield Problem(
                "E421",
                f"{votes} votes cannot come from a panel of {of}",
                slot.place(shapes.VOTES),
                f"ask for {of} or fewer, or make the panel larger",
            )
    separation = gate.get(shapes.SEPARATION)
    if separation is not None and SUBMITTER not in separation:
        yield Problem(
            "E412",
            f"at the gate {name} the submitter could decide",
            gate.place(shapes.SEPARATION),
            f"write [{SUBMITTER}], or leave the key out: that is what it means then",
        )


def _evidence(gate: Fields) -> Iterator[Problem]:
    taken = {evidence.criterion_id(name) for name in gate.get(shapes.EVIDENCE) or ()}
    for criterion in criteria(gate):
        if (name := criterion.get(shapes.CRITERION_ID)) in taken:
            yield Problem(
                "E416",
                f"the gate's evidence makes a criterion '{name}' of its own",
                criterion.place(shapes.CRITERION_ID),
                "take this one out, or give it another id",
            )


def _weights(gate: Fields) -> Iterator[Problem]:
    for criterion in criteria(gate):
        if criterion.get(shapes.WEIGHT) == 0:
            yield Problem(
                "E414",
                "a weight of 0 makes no difference",
                criterion.place(shapes.WEIGHT),
                "give it a weight above 0, or take the criterion out",
            )


def _same_ids(
    records: Iterable[Fields], field: Field[str], code: str, what: str
) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for record in records:
        if (name := record.get(field)) is None:
            continue
        place = record.place(field)
        if name in first:
            yield Problem(
                code,
                f"the {what} '{name}' is already on line {first[name].line}",
                place,
                "give one of the two another id",
            )
        first.setdefault(name, place)


def _stage_places(workflow: Fields) -> Iterator[tuple[str, Place]]:
    for stage, node in zip(
        workflow.get(shapes.STAGES) or (), _items(workflow, shapes.STAGES), strict=False
    ):
        yield stage, node.place


def _items(record: Fields, field: Field[Any]) -> tuple[Node, ...]:
    node = record.node.get(field.key)
    return node.items if isinstance(node, Sequence) else ()


def _closure(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        fresh = edges[todo.pop()] - found
        found |= fresh
        todo += fresh
    return found
