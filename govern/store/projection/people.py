"""What events say of people: who there is, what they were granted, who stands in for whom."""

from govern.domain.personal import ERASED, erased_address
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import (
    delegation,
    person,
    portfolio,
    role_grant,
    separation_switch,
    token,
)


def portfolio_added(rows: Rows, fact: Fact) -> None:
    rows.add(portfolio, id=fact.data["portfolio"], name=fact.data["name"], recorded_at=fact.at)


def person_added(rows: Rows, fact: Fact) -> None:
    data = fact.data
    # Addresses are unlike each other, also those of people who are erased by now.
    gone = data["email"] == ERASED
    rows.add(
        person,
        id=data["person"],
        email=erased_address(data["person"]) if gone else data["email"],
        name=data["person_name"],
        recorded_at=fact.at,
    )


def person_erased(rows: Rows, fact: Fact) -> None:
    data = fact.data
    email = erased_address(data["person"])
    rows.change(person, data["person"], bump=False, email=email, name=ERASED)
    for table, ended in ((token, data["tokens"]), (role_grant, data["grants"])):
        for number in ended:
            rows.change(table, number, bump=False, revoked_at=fact.at)


def role_granted(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        role_grant,
        id=data["grant"],
        person_id=data["person"],
        role=data["role"],
        portfolio_id=data["portfolio"],
        project_id=data["project"],
        granted_by=fact.actor,
        recorded_at=fact.at,
        until=data["until"],
        # Roles were granted by people alone before groups could bring them.
        brought_by=data.get("brought_by"),
    )


def role_revoked(rows: Rows, fact: Fact) -> None:
    rows.change(role_grant, fact.data["grant"], bump=False, revoked_at=fact.at)


def token_revoked(rows: Rows, fact: Fact) -> None:
    rows.change(token, fact.data["token"], bump=False, revoked_at=fact.at)


def separation_switched(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        separation_switch,
        id=data["switch"],
        pair=data["pair"],
        separated=data["separated"],
        note=data["reason"],
        recorded_at=fact.at,
        recorded_by=fact.actor,
    )


def token_issued(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        token,
        id=data["token"],
        person_id=data["person"],
        recorded_at=fact.at,
        # A token of before scopes were named may do all that its person may.
        scopes=data.get("scopes"),
        issued_by=data.get("issued_by"),
        **{name: data[name] for name in ("sha256", "label", "expires_at")},
    )


def delegation_given(rows: Rows, fact: Fact) -> None:
    values = dict(fact.data)
    rows.add(
        delegation,
        id=values.pop("delegation"),
        recorded_by=fact.actor,
        recorded_at=fact.at,
        version=1,
        **values,
    )


def delegation_revoked(rows: Rows, fact: Fact) -> None:
    rows.change(delegation, fact.data["delegation"], revoked_by=fact.actor, revoked_at=fact.at)
