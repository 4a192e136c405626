"""Who there is, and what day it is."""

from datetime import date

from pytest_bdd import given, parsers, when

from features.house import House, rows, word
from govern.domain.role import Role
from govern.services.importing import DEFAULT_PORTFOLIO, ensure_portfolio
from govern.services.people import OPERATOR


@given(parsers.parse("today is {text}"))
@given(parsers.parse("{text} has come"))
@when(parsers.parse("{text} has come"))
def _(house: House, text: str) -> None:
    house.turn_to(date.fromisoformat(text))


def _hire(house: House, portfolio: str, table: list[list[str]]) -> None:
    for row in rows(table):
        roles = [Role(word(role)) for role in row["roles"].split(",")]
        house.hire(row["name"], roles, portfolio)


@given("these people on the portfolio")
def _(house: House, datatable: list[list[str]]) -> None:
    _hire(house, DEFAULT_PORTFOLIO, datatable)


@given("these people on another portfolio")
def _(house: House, datatable: list[list[str]]) -> None:
    ensure_portfolio(house.runtime, OPERATOR, "other", "Another portfolio", now=house.now)
    _hire(house, "other", datatable)


@given(parsers.parse("{name} is {role} of the whole installation"))
def _(house: House, name: str, role: str) -> None:
    house.hire(name, [Role(word(role))], None)
