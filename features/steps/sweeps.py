"""The portfolio judged by the rulebook, and what was found."""

from pytest_bdd import given, parsers, then, when

from features.house import House, rows, word
from govern.domain.record import Record
from govern.services import findings
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store.paging import PageRequest


@given("the portfolio is swept")
@when("the portfolio is swept")
def _(house: House) -> None:
    sweep(house.runtime, OPERATOR, as_of=house.today, now=house.now)


@when(parsers.re(r"(?P<name>\w+) tries to sweep the portfolio"))
def _(house: House, name: str) -> None:
    house.refused(lambda: sweep(house.runtime, house.actor(name), as_of=house.today, now=house.now))


def _findings(house: House) -> list[Record]:
    return findings.list_findings(house.runtime, OPERATOR, PageRequest(limit=500)).items


@then("these findings stand")
def _(house: House, datatable: list[list[str]]) -> None:
    """Among others; a rule that is silent has no finding, and `silent` says so."""
    found = {(each["rule"], each["kpi"] or each["project"]): each for each in _findings(house)}
    for row in rows(datatable):
        each = found.get((row["rule"], row["about"]))
        assert (each["state"] if each else "silent") == word(row["finding"]), row
        if each and row.get("message"):
            assert each["message"] == row["message"]


@then(
    parsers.re(r"(?P<rule>\S+) is snoozed for (?P<about>\S+) until (?P<until>\S+) by (?P<by>\S+)")
)
def _(house: House, rule: str, about: str, until: str, by: str) -> None:
    found = {(each["rule"], each["kpi"] or each["project"]): each for each in _findings(house)}
    snoozed = found[rule, about]["snoozed"]
    assert snoozed is not None
    assert (snoozed["until"], snoozed["by"]) == (until, by)


@then(parsers.re(r"(?P<rule>\S+) is not snoozed for (?P<about>\S+)"))
def _(house: House, rule: str, about: str) -> None:
    found = {(each["rule"], each["kpi"] or each["project"]): each for each in _findings(house)}
    assert found[rule, about]["snoozed"] is None
