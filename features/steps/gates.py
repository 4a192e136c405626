"""Gates: submitted, judged, decided, refused, waiting."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows, word
from govern.domain.record import Record
from govern.process.load import load_sources
from govern.services import history, projects
from govern.services.gate_tables import tables_in_force
from govern.services.people import OPERATOR
from govern.services.workflows import take_workflows

_DECISION = r"(?P<decision>go|conditional go|recycle|hold|kill)"
_BECAUSE = r'because "(?P<reason>[^"]*)"'


@given("this workflow")
def _(house: House, docstring: str) -> None:
    loaded = load_sources({"workflow.yaml": docstring + "\n"}, tables_in_force(house.runtime))
    assert not loaded.problems, loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=house.now)
    house.noted["workflow"] = next(iter(loaded.workflows))


# --- submitting -----------------------------------------------------------------------------------


def _submit(house: House, name: str, project: str, gate: str, lacking: str = "") -> None:
    asked = {
        each["id"]: each["evidence"]
        for each in house.ask(name, "GET", f"/projects/{project}/workflow")["gates"]
    }
    evidence = [
        {"name": each, "link": f"https://example.org/{project}/{each}"}
        for each in asked[word(gate)]
        if each != word(lacking)
    ]
    version = house.ask(name, "GET", f"/projects/{project}")["version"]
    body = {"gate": word(gate), "evidence": evidence}
    submitted = house.ask(name, "POST", f"/projects/{project}/submissions", body, version)
    house.submission = submitted["id"]


@given(parsers.re(r'(?P<name>\w+) submits (?P<project>\S+) to the gate "(?P<gate>[^"]*)"'))
@when(parsers.re(r'(?P<name>\w+) submits (?P<project>\S+) to the gate "(?P<gate>[^"]*)"'))
def _(house: House, name: str, project: str, gate: str) -> None:
    _submit(house, name, project, gate)


@when(
    parsers.re(
        r'(?P<name>\w+) submits (?P<project>\S+) to the gate "(?P<gate>[^"]*)" '
        r"without the (?P<lacking>.+)"
    )
)
def _(house: House, name: str, project: str, gate: str, lacking: str) -> None:
    _submit(house, name, project, gate, lacking)


@when(parsers.re(r'(?P<name>\w+) tries to submit (?P<project>\S+) to the gate "(?P<gate>[^"]*)"'))
def _(house: House, name: str, project: str, gate: str) -> None:
    house.refused(lambda: _submit(house, name, project, gate))


@given(parsers.re(r'(?P<project>\S+) has passed the gates? "(?P<passed>.+)"'))
def _(house: House, project: str, passed: str) -> None:
    """Submitted by whoever started the project, decided go by whoever is asked."""
    for gate in passed.replace('"', "").replace(" and ", ", ").split(", "):
        _submit(house, house.noted[project], project, gate)
        assert house.current()["advice"] in ("go", "conditional_go"), house.current()
        while missing := house.current()["missing"]:
            _decide(house, missing[0]["who"][0], "go", "It is ready.", override="It is ready.")
        found = projects.get_project(house.runtime, OPERATOR, project)
        assert found["stage"] == word(gate)


# --- deciding -------------------------------------------------------------------------------------


def _decide(
    house: House,
    name: str,
    decision: str,
    reason: str,
    override: str | None = None,
    table: list[list[str]] | None = None,
    version: int | None = None,
) -> None:
    path = f"/submissions/{house.submission}"
    body: dict[str, Any] = {"decision": word(decision), "reason": reason}
    if override is not None:
        body["override_reason"] = override
    if owed := rows(table or [[]]):
        body["conditions"] = [
            {"text": row["what"], "owner": row["owner"], "due": row["due"]} for row in owed
        ]
    seen = version or house.ask(name, "GET", path)["version"]
    house.ask(name, "POST", f"{path}/votes", body, seen)


@given(parsers.re(rf"(?P<name>\w+) decides {_DECISION} {_BECAUSE}"))
@when(parsers.re(rf"(?P<name>\w+) decides {_DECISION} {_BECAUSE}"))
def _(house: House, name: str, decision: str, reason: str) -> None:
    _decide(house, name, decision, reason)


@given(parsers.re(rf"(?P<name>\w+) decides {_DECISION} {_BECAUSE} (?:and )?on these conditions"))
@when(parsers.re(rf"(?P<name>\w+) decides {_DECISION} {_BECAUSE} (?:and )?on these conditions"))
def _(house: House, name: str, decision: str, reason: str, datatable: list[list[str]]) -> None:
    advice = house.current()["advice"]
    override = None if advice == word(decision) else reason
    _decide(house, name, decision, reason, override, datatable)


@given(
    parsers.re(
        rf"(?P<name>\w+) decides {_DECISION} {_BECAUSE} "
        r'and against the advice because "(?P<override>[^"]*)"'
    )
)
@when(
    parsers.re(
        rf"(?P<name>\w+) decides {_DECISION} {_BECAUSE} "
        r'and against the advice because "(?P<override>[^"]*)"'
    )
)
def _(house: House, name: str, decision: str, reason: str, override: str) -> None:
    _decide(house, name, decision, reason, override)


@when(parsers.re(rf"(?P<name>\w+) tries to decide {_DECISION} {_BECAUSE}"))
def _(house: House, name: str, decision: str, reason: str) -> None:
    house.refused(lambda: _decide(house, name, decision, reason))


@when(parsers.re(rf"(?P<name>\w+) tries to decide {_DECISION} on these conditions"))
def _(house: House, name: str, decision: str, datatable: list[list[str]]) -> None:
    house.refused(
        lambda: _decide(house, name, decision, "Almost there.", "Almost there.", datatable)
    )


@given(parsers.parse("{name} has read the submission"))
def _(house: House, name: str) -> None:
    house.noted["read by", name] = house.current()["version"]


@when(parsers.re(rf"(?P<name>\w+) tries to decide {_DECISION} on what (he|she) has read"))
def _(house: House, name: str, decision: str) -> None:
    version = house.noted["read by", name]
    house.refused(lambda: _decide(house, name, decision, "As I read it.", version=version))


# --- beside the gates -----------------------------------------------------------------------------


def _move(house: House, name: str, to_do: str, project: str, reason: str) -> None:
    path = f"/projects/{project}"
    decision = {"holds": "hold", "resumes": "resume", "ends": "kill"}[to_do]
    version = house.ask(name, "GET", path)["version"]
    house.ask(name, "POST", f"{path}/moves", {"decision": decision, "reason": reason}, version)


@when(parsers.re(rf"(?P<name>\w+) (?P<to_do>holds|resumes|ends) (?P<project>\S+) {_BECAUSE}"))
def _(house: House, name: str, to_do: str, project: str, reason: str) -> None:
    _move(house, name, to_do, project, reason)


@when(
    parsers.re(r"(?P<name>\w+) tries to (?P<to_do>hold|resume|end) (?P<project>\S+) outside a gate")
)
def _(house: House, name: str, to_do: str, project: str) -> None:
    house.refused(lambda: _move(house, name, f"{to_do}s", project, "For once."))


@when(parsers.re(r'(?P<name>\w+) closes the condition "(?P<text>[^"]*)" on "(?P<evidence>[^"]*)"'))
def _(house: House, name: str, text: str, evidence: str) -> None:
    listed = house.ask(name, "GET", "/conditions")["items"]
    (found,) = (each for each in listed if each["text"] == text)
    path = f"/conditions/{found['id']}/close"
    house.ask(name, "POST", path, {"evidence": evidence}, found["version"])


# --- what is to be seen ---------------------------------------------------------------------------


@then(parsers.re(r"the advice is (?P<advice>[\w ]+)"))
def _(house: House, advice: str) -> None:
    found = house.current()
    assert found["advice"] == word(advice), found["advice_because"]


@then(parsers.re(r'the advice says "(?P<text>.+)"'))
def _(house: House, text: str) -> None:
    because = house.current()["advice_because"]
    assert any(text in sentence for sentence in because), because


@then("the evidence shows")
def _(house: House, datatable: list[list[str]]) -> None:
    results = {each["id"]: each for each in house.current()["results"]}
    for row in rows(datatable):
        result = results[row["criterion"]]
        assert result["outcome"] == word(row["outcome"]), result
        saw = [f"{name} = {value}" for name, value in result["values"].items()]
        for each in filter(None, row.get("saw", "").split("; ")):
            assert each in saw, (row["criterion"], saw)
        assert row.get("to do", "") in (result["otherwise"] or ""), result


@then(parsers.re(r"go leads to (?P<stage>[\w ]+), recycle leaves it in (?P<stays>[\w ]+)"))
def _(house: House, stage: str, stays: str) -> None:
    leads = {each["decision"]: each["to"] for each in house.current()["leads_to"]}
    assert (leads["go"], leads["recycle"]) == (word(stage), word(stays))


@then(parsers.parse("the submission is decided {decision}"))
def _(house: House, decision: str) -> None:
    found = house.current()
    assert (found["state"], found["decision"]) == ("decided", word(decision))


@then(parsers.parse("the facts of the submission still say a budget of {budget}"))
def _(house: House, budget: str) -> None:
    found = house.current()
    known = history.facts(house.runtime, OPERATOR, found["project"], found["facts_digest"])
    assert known["project"]["budget"] == budget


@then("the submission is still open")
def _(house: House) -> None:
    found = house.current()
    assert (found["state"], found["decision"]) == ("open", None)


@then(parsers.parse("it is the {ordinal} time that the gate was asked"))
def _(house: House, ordinal: str) -> None:
    assert house.current()["iteration"] == {"first": 1, "second": 2, "third": 3}[ordinal]


@then("these votes are missing")
def _(house: House, datatable: list[list[str]]) -> None:
    missing = [
        {"role": each["role"], "who": ", ".join(each["who"])} for each in house.current()["missing"]
    ]
    assert missing == [{**row, "role": word(row["role"])} for row in rows(datatable)]


@then(parsers.re(r'it is refused: "(?P<title>[^"]*)"'))
def _(house: House, title: str) -> None:
    assert house.refusal is not None
    assert house.refusal.title == title, house.refusal.detail


@then(parsers.re(r'the refusal says "(?P<text>.+)"'))
def _(house: House, text: str) -> None:
    assert house.refusal is not None
    assert text in house.refusal.detail


@then("the refusal tells what would be possible")
def _(house: House, datatable: list[list[str]]) -> None:
    assert house.refusal is not None
    possible = [
        (each["gate"] or "", each["decision"], each["to"]) for each in house.refusal.facts["legal"]
    ]
    for row in rows(datatable):
        wanted = (word(row["gate"]), word(row["decision"]), word(row["leads to"]))
        assert wanted in possible, possible


def _waiting(house: House, name: str) -> Record:
    return house.ask(name, "GET", "/waiting")


@then(parsers.parse("these gates wait for {name}"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    found = _waiting(house, name)["gates"]
    wanted = rows(datatable)
    assert len(found) == len(wanted), found
    for each, row in zip(found, wanted, strict=True):
        told = {
            "project": each["project"],
            "gate": each["gate"].replace("_", " "),
            "advice": each["advice"].replace("_", " "),
            "decide by": str(each["decide_by"]),
            "overdue": "yes" if each["overdue"] else "no",
            "as": ", ".join(each["as"]),
        }
        assert {name: told[name] for name in row} == row


@then(parsers.parse("no gate waits for {name}"))
def _(house: House, name: str) -> None:
    assert _waiting(house, name)["gates"] == []


@then(parsers.re(r'the condition "(?P<text>[^"]*)" waits for (?P<name>\w+)'))
def _(house: House, text: str, name: str) -> None:
    assert text in [each["text"] for each in _waiting(house, name)["conditions"]]


@then(parsers.parse("no condition waits for {name}"))
def _(house: House, name: str) -> None:
    assert _waiting(house, name)["conditions"] == []
