"""Who there is, and what day it is."""

from datetime import date

from pytest_bdd import given, parsers, then, when

from features.house import House, email, rows, word
from govern.domain.role import Role
from govern.services.importing import DEFAULT_PORTFOLIO, ensure_portfolio
from govern.services.people import OPERATOR, grant_role, sign_in
from govern.store.tables import metadata


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


@given(parsers.re(r"(?P<name>\w+) joins as (?P<roles>.+)"))
def _(house: House, name: str, roles: str) -> None:
    house.hire(name, [Role(word(role)) for role in roles.split(" and ")], DEFAULT_PORTFOLIO)


@when(parsers.re(r"(?P<name>\w+) tries to make (himself|herself) a (?P<role>[\w ]+)"))
def _(house: House, name: str, role: str) -> None:
    house.refused(
        lambda: grant_role(
            house.runtime,
            house.actor(name),
            email=email(name),
            role=Role(word(role)),
            now=house.now,
        )
    )


@then(parsers.re(r"the token signs (?P<name>\w+) in as (?P<role>[\w ]+)"))
def _(house: House, name: str, role: str) -> None:
    assert house.ran is not None
    actor = sign_in(house.runtime, house.ran.told.strip(), house.now)
    assert actor.name == name
    assert actor.roles_on(DEFAULT_PORTFOLIO, None) == {Role(word(role))}


@then("the token is kept nowhere")
def _(house: House) -> None:
    assert house.ran is not None
    token = house.ran.told.strip()
    with house.runtime.store.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()):
                assert token not in str(row)
