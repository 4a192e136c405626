"""Waivers, and how often people decide against the advice."""

from pytest_bdd import given, parsers, then, when

from features.house import House, rows, word
from govern.domain.record import Record

_WHAT = r'(?P<criterion>\S+) at the gate "(?P<gate>[^"]*)" for (?P<project>\S+)'


def _waive(
    house: House, name: str, criterion: str, gate: str, project: str, until: str, reason: str
) -> None:
    body = {"gate": word(gate), "criterion": criterion, "reason": reason, "expires_on": until}
    house.ask(name, "POST", f"/projects/{project}/waivers", body)


@given(
    parsers.re(
        rf"(?P<name>\w+) waives {_WHAT} until (?P<until>[\d-]+) " r'because "(?P<reason>[^"]*)"'
    )
)
@when(
    parsers.re(
        rf"(?P<name>\w+) waives {_WHAT} until (?P<until>[\d-]+) " r'because "(?P<reason>[^"]*)"'
    )
)
def _(
    house: House, name: str, criterion: str, gate: str, project: str, until: str, reason: str
) -> None:
    _waive(house, name, criterion, gate, project, until, reason)


@when(parsers.re(rf"(?P<name>\w+) tries to waive {_WHAT}( until (?P<until>[\d-]+))?"))
def _(house: House, name: str, criterion: str, gate: str, project: str, until: str | None) -> None:
    day = until or house.today.isoformat()
    house.refused(lambda: _waive(house, name, criterion, gate, project, day, "For once."))


@when(
    parsers.re(
        r"(?P<name>\w+) revokes the waiver of (?P<criterion>\S+) for (?P<project>\S+) "
        r'because "(?P<reason>[^"]*)"'
    )
)
def _(house: House, name: str, criterion: str, project: str, reason: str) -> None:
    listed = house.ask(name, "GET", f"/waivers?project={project}")["items"]
    (found,) = (each for each in listed if each["criterion"] == criterion)
    path = f"/waivers/{found['id']}/revoke"
    house.ask(name, "POST", path, {"reason": reason}, found["version"])


def _listed(found: list[Record], datatable: list[list[str]]) -> None:
    wanted = rows(datatable)
    told = [
        {
            "criterion": each["criterion"],
            "by": each["by"],
            "why": each["reason"],
            "until": each["expires_on"],
            "state": each["state"].replace("_", " "),
            "passed with it": ", ".join(passed["decision"] for passed in each["passed"]),
        }
        for each in found
    ]
    assert [{name: each[name] for name in wanted[0]} for each in told] == wanted


@then(parsers.re(r"the project (?P<project>\S+) lists these waivers"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    _listed(house.ask("Petra", "GET", f"/projects/{project}")["waivers"], datatable)


@then("the submission lists these waivers")
def _(house: House, datatable: list[list[str]]) -> None:
    _listed(house.ask("Petra", "GET", f"/submissions/{house.submission}")["waivers"], datatable)


@then(
    parsers.re(r"(?P<name>\w+) reads these overrides( from (?P<first>[\d-]+) to (?P<last>[\d-]+))?")
)
def _(
    house: House, name: str, first: str | None, last: str | None, datatable: list[list[str]]
) -> None:
    span = f"?from={first}&to={last}" if first else ""
    found = house.ask(name, "GET", f"/overrides{span}")["gates"]
    _rows(found, datatable)


@then(parsers.re(r"(?P<name>\w+) reads of these criteria"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    _rows(house.ask(name, "GET", "/overrides")["criteria"], datatable)


@then(parsers.re(r"(?P<name>\w+) reads no overrides"))
def _(house: House, name: str) -> None:
    assert house.ask(name, "GET", "/overrides") == {"gates": [], "criteria": []}


def _rows(found: list[Record], datatable: list[list[str]]) -> None:
    wanted = rows(datatable)
    assert [{name: str(each[word(name)]) for name in wanted[0]} for each in found] == wanted
