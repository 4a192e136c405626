"""What rules recommend, and what people answer."""

from pytest_bdd import given, parsers, then, when

from features.house import House, rows, word
from govern.domain.record import Record
from govern.services import recommendations
from govern.services.people import OPERATOR
from govern.store.paging import PageRequest

_ANSWERS = {"accepts": "accept", "rejects": "reject"}
_BECAUSE = r'because "(?P<reason>[^"]*)"'


def _all(house: House, rule: str) -> list[Record]:
    """Every recommendation of a rule, the first one first."""
    request = PageRequest(limit=500, sort="id")
    return recommendations.list_recommendations(
        house.runtime, OPERATOR, request, rule=rule, now=house.now
    ).items


def _newest(house: House, rule: str) -> Record:
    found = _all(house, rule)
    assert found, f"nothing is recommended by {rule}"
    return found[-1]


def _answer(
    house: House,
    name: str,
    answer: str,
    rule: str,
    reason: str,
    until: str | None = None,
    **more: str,
) -> None:
    found = _newest(house, rule)
    body = {"answer": answer, "reason": reason, **more}
    if until is not None:
        body["deferred_until"] = until
    path = f"/recommendations/{found['id']}/answers"
    house.ask(name, "POST", path, body, found["version"])


@given(
    parsers.re(
        rf"(?P<name>\w+) (?P<does>accepts|rejects) the recommendation of (?P<rule>\S+) {_BECAUSE}"
    )
)
@when(
    parsers.re(
        rf"(?P<name>\w+) (?P<does>accepts|rejects) the recommendation of (?P<rule>\S+) {_BECAUSE}"
    )
)
def _(house: House, name: str, does: str, rule: str, reason: str) -> None:
    _answer(house, name, _ANSWERS[does], rule, reason)


@when(
    parsers.re(
        rf"(?P<name>\w+) rejects the recommendation of (?P<rule>\S+) as (?P<why>[\w ]+?) {_BECAUSE}"
    )
)
def _(house: House, name: str, rule: str, why: str, reason: str) -> None:
    _answer(house, name, "reject", rule, reason, rejected_because=word(why))


@when(
    parsers.re(
        rf'(?P<name>\w+) accepts "(?P<other>\w+)" instead of what (?P<rule>\S+) recommends {_BECAUSE}'
    )
)
def _(house: House, name: str, other: str, rule: str, reason: str) -> None:
    _answer(house, name, "accept", rule, reason, alternative=other)


@when(
    parsers.re(
        r'(?P<name>\w+) tries to accept "(?P<other>\w+)" instead of what (?P<rule>\S+) recommends'
    )
)
def _(house: House, name: str, other: str, rule: str) -> None:
    house.refused(lambda: _answer(house, name, "accept", rule, "So be it.", alternative=other))


def _report_done(house: House, name: str, rule: str, note: str) -> None:
    found = _newest(house, rule)
    path = f"/recommendations/{found['id']}/implementation"
    house.ask(name, "POST", path, {"note": note}, found["version"])


@when(
    parsers.re(
        r"(?P<name>\w+) reports that what (?P<rule>\S+) recommended is done: "
        r'"(?P<note>[^"]*)"'
    )
)
def _(house: House, name: str, rule: str, note: str) -> None:
    _report_done(house, name, rule, note)


@when(parsers.re(r"(?P<name>\w+) tries to report that what (?P<rule>\S+) recommended is done"))
def _(house: House, name: str, rule: str) -> None:
    house.refused(lambda: _report_done(house, name, rule, "Done."))


def _to_do(house: House, name: str) -> list[tuple[str, str]]:
    found = house.ask(name, "GET", "/waiting")["to_do"]
    return [(each["rule"], each["what"]) for each in found]


@then(parsers.re(r"(?P<name>\w+) has to (?P<what>raise a scope change) for (?P<rule>\S+)"))
def _(house: House, name: str, what: str, rule: str) -> None:
    assert _to_do(house, name) == [(rule, word(what.replace(" a ", " ")))]


@then(parsers.re(r"(?P<name>\w+) has nothing to do"))
def _(house: House, name: str) -> None:
    assert _to_do(house, name) == []


@then(parsers.re(r"the recommendations of (?P<project>\S+) are, for (?P<name>\w+)"))
def _(house: House, project: str, name: str, datatable: list[list[str]]) -> None:
    [found] = house.ask(name, "GET", f"/recommendations/by-project?project={project}")["items"]
    told = {
        "open": str(found["open"]),
        "red": str(found["by_severity"]["red"]),
        "next decide by": found["next_decide_by"],
        "turn": ", ".join(each["role"] for each in found["turn"]),
    }
    assert rows(datatable) == [told], told


@given(
    parsers.re(
        rf"(?P<name>\w+) defers the recommendation of (?P<rule>\S+) to (?P<until>\S+) {_BECAUSE}"
    )
)
@when(
    parsers.re(
        rf"(?P<name>\w+) defers the recommendation of (?P<rule>\S+) to (?P<until>\S+) {_BECAUSE}"
    )
)
def _(house: House, name: str, rule: str, until: str, reason: str) -> None:
    _answer(house, name, "defer", rule, reason, until)


@when(parsers.re(r"(?P<name>\w+) tries to accept the recommendation of (?P<rule>\S+)"))
def _(house: House, name: str, rule: str) -> None:
    house.refused(lambda: _answer(house, name, "accept", rule, "After all."))


def _waiting(house: House, name: str) -> list[str]:
    return [each["rule"] for each in house.ask(name, "GET", "/waiting")["recommendations"]]


@then(parsers.re(r"the recommendation of (?P<rule>\S+) waits for (?P<name>\w+)"))
def _(house: House, rule: str, name: str) -> None:
    assert rule in _waiting(house, name)


@then(parsers.re(r"no recommendation of (?P<rule>\S+) waits for (?P<name>\w+)"))
def _(house: House, rule: str, name: str) -> None:
    assert rule not in _waiting(house, name)


@then(parsers.re(r"no recommendation waits for (?P<name>\w+)"))
def _(house: House, name: str) -> None:
    assert _waiting(house, name) == []


@then(parsers.re(r"the recommendation of (?P<rule>\S+) is (?P<status>\w+)"))
def _(house: House, rule: str, status: str) -> None:
    assert _newest(house, rule)["status"] == word(status)


@then(parsers.re(r"(?P<rule>\S+) recommends nothing"))
def _(house: House, rule: str) -> None:
    assert _all(house, rule) == []


@then(parsers.re(r"(?P<rule>\S+) has recommended (?P<times>once|twice)"))
def _(house: House, rule: str, times: str) -> None:
    assert len(_all(house, rule)) == {"once": 1, "twice": 2}[times]


@then(parsers.re(r"the recommendation of (?P<rule>\S+) says"))
def _(house: House, rule: str, datatable: list[list[str]]) -> None:
    found = _newest(house, rule)
    told = {
        "about": found["kpi"] or found["project"],
        "action": found["action"],
        "severity": found["severity"],
        "why": found["message"],
        "saw": "; ".join(f"{name} = {value}" for name, value in found["observed"].items()),
        "decided by": found["decided_by_role"],
        "decide by": found["decide_by"].isoformat(),
        "proposes": ", ".join(found["proposal"]["deliverables"]),
        "rejected as": found["rejected_because"],
        "accepted as": (found["alternative"] or {}).get("name"),
    }
    for name, text in datatable:
        assert told[name] == text or (name == "saw" and text in told[name]), told
