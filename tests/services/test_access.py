"""Tokens, roles, links and sessions: given, seen, ended by time, and taken away; all of it from events."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from govern.domain.actor import Actor
from govern.domain.refusal import InvalidInput, LastAdmin, NotAllowed, NotFound, NotSignedIn
from govern.domain.role import Role
from govern.domain.token_scope import TokenScope
from govern.services import people, roles, sessions, sign_in_links, tokens
from govern.services.catalog import Catalog
from govern.services.erasing import erase_person
from govern.services.importing import ensure_portfolio
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.state_audit import audit_state
from govern.store import events
from govern.store.transaction import Store
from tests.services.house import NOW

ANA, BEN = "ana@example.org", "ben@example.org"


@pytest.fixture
def runtime(store: Store) -> Runtime:
    """Ana and Ben, who have no role yet."""
    made = Runtime(store, Catalog())
    people.ensure_operator(made, now=NOW)
    ensure_portfolio(made, OPERATOR, "main", "Main portfolio", now=NOW)
    for email, name in ((ANA, "Ana"), (BEN, "Ben")):
        people.add_person(made, OPERATOR, email=email, name=name, now=NOW)
    return made


@pytest.fixture
def grant(runtime: Runtime) -> Callable[..., int]:
    def give(email: str, role: Role = Role.ADMIN, **more: object) -> int:
        made = roles.grant_role(runtime, OPERATOR, email=email, role=role, now=NOW, **more)  # pyright: ignore[reportArgumentType]
        assert made is not None
        return made

    return give


def _actor(runtime: Runtime, email: str) -> Actor:
    return people.person(runtime, email, NOW)


def _in_browser(runtime: Runtime, email: str) -> tuple[Actor, str]:
    link = sign_in_links.issue(runtime, OPERATOR, email=email, now=NOW)
    begun = sessions.begin_by_link(runtime, link.secret, now=NOW)
    return begun.actor, begun.secret


# --- roles ----------------------------------------------------------------------------------------


def test_a_grant_says_who_gave_it_when_and_until_when(
    runtime: Runtime, grant: Callable[..., int]
) -> None:
    until = NOW + timedelta(days=7)
    number = grant(ANA, Role.SPONSOR, portfolio="main", until=until)
    [told] = roles.list_grants(runtime, OPERATOR, NOW, person=ANA)
    assert told["id"] == number
    assert (told["role"], told["portfolio"], told["project"]) == ("sponsor", "main", None)
    assert (told["granted_by_name"], told["granted_at"]) == ("Operator (command line)", NOW)
    assert (told["until"], told["brought_by"]) == (until, None)
    # It ends by itself.
    assert roles.list_grants(runtime, OPERATOR, until, person=ANA) == []
    assert people.person(runtime, ANA, until).grants == ()


def test_what_is_held_as_long_is_not_granted_again(
    runtime: Runtime, grant: Callable[..., int]
) -> None:
    day = timedelta(days=1)
    grant(ANA, Role.SPONSOR, until=NOW + day)
    asked = {"email": ANA, "role": Role.SPONSOR, "now": NOW}
    assert roles.grant_role(runtime, OPERATOR, until=NOW + day, **asked) is None  # pyright: ignore[reportArgumentType]
    assert roles.grant_role(runtime, OPERATOR, until=NOW + 2 * day, **asked) is not None  # pyright: ignore[reportArgumentType]
    assert roles.grant_role(runtime, OPERATOR, **asked) is not None  # pyright: ignore[reportArgumentType]
    assert roles.grant_role(runtime, OPERATOR, until=NOW + day, **asked) is None  # pyright: ignore[reportArgumentType]


def test_what_makes_no_sense_is_not_granted(runtime: Runtime, grant: Callable[..., int]) -> None:
    with pytest.raises(InvalidInput):
        grant(ANA, until=NOW)
    with pytest.raises(InvalidInput):
        grant(ANA, portfolio="main", project="P1")
    with pytest.raises(NotFound):
        grant(ANA, portfolio="nowhere")


def test_a_role_is_taken_away_at_once(runtime: Runtime, grant: Callable[..., int]) -> None:
    number = grant(ANA, Role.SPONSOR)
    told = roles.revoke_role(runtime, OPERATOR, number, reason="Has left.", now=NOW)
    assert told["revoked_at"] == NOW
    assert _actor(runtime, ANA).grants == ()
    roles.revoke_role(runtime, OPERATOR, number, now=NOW)
    assert _kinds(runtime).count("role.revoked") == 1


def test_the_last_who_manages_access_stays(runtime: Runtime, grant: Callable[..., int]) -> None:
    number = grant(ANA)
    ana = _actor(runtime, ANA)
    with pytest.raises(LastAdmin):
        roles.revoke_role(runtime, ana, number, now=NOW)
    # Nor does one count that has ended, or that is on a portfolio alone.
    grant(BEN, portfolio="main")
    grant(BEN, until=NOW + timedelta(days=1))
    with pytest.raises(LastAdmin):
        roles.revoke_role(runtime, ana, number, now=NOW + timedelta(days=1))
    other = grant(BEN)
    roles.revoke_role(runtime, ana, number, now=NOW)
    with pytest.raises(NotAllowed):
        roles.revoke_role(runtime, _actor(runtime, ANA), other, now=NOW)
    # Whoever has the machine can always grant it again.
    for each in roles.list_grants(runtime, OPERATOR, NOW, person=BEN):
        roles.revoke_role(runtime, OPERATOR, each["id"], now=NOW)


# --- tokens ---------------------------------------------------------------------------------------


def test_a_token_says_what_for_by_whom_until_when_and_when_it_was_used(runtime: Runtime) -> None:
    secret = tokens.issue_token(
        runtime,
        OPERATOR,
        email=ANA,
        label="import job",
        lifetime=timedelta(days=30),
        scopes=[TokenScope.READ, TokenScope.PLAN],
        now=NOW,
    )
    [told] = tokens.all_tokens(runtime, OPERATOR, NOW, email=ANA)
    assert (told["label"], told["scopes"]) == ("import job", ["plan", "read"])
    assert (told["issued_by_name"], told["issued_at"]) == ("Operator (command line)", NOW)
    assert told["last_used_on"] is None
    for hours in (1, 2, 26, 25):
        tokens.sign_in(runtime, secret, NOW + timedelta(hours=hours))
    [told] = tokens.own_tokens(runtime, _actor(runtime, ANA), NOW)
    assert told["last_used_on"] == (NOW + timedelta(hours=26)).date()
    assert tokens.sign_in(runtime, secret, NOW).scopes == {TokenScope.READ, TokenScope.PLAN}
    assert secret not in repr(told)


def test_why_a_token_is_refused_is_known_to_the_log_and_to_nobody_else(runtime: Runtime) -> None:
    secret = tokens.issue_token(
        runtime, OPERATOR, email=ANA, label="x", lifetime=timedelta(days=1), now=NOW
    )
    [token] = tokens.all_tokens(runtime, OPERATOR, NOW)
    later = NOW + timedelta(days=1)
    assert tokens.present(runtime, secret, later).why == "expired"
    assert tokens.present(runtime, secret + "x", NOW).why == "unknown"
    tokens.revoke_token(runtime, OPERATOR, token["id"], now=NOW)
    assert tokens.present(runtime, secret, NOW).why == "revoked"
    for given, at in ((secret, NOW), (secret, later), ("gov_none", NOW)):
        with pytest.raises(NotSignedIn, match="unknown, expired or revoked"):
            tokens.sign_in(runtime, given, at)
    assert tokens.all_tokens(runtime, OPERATOR, NOW) == []


def test_people_make_tokens_for_themselves_in_a_browser(runtime: Runtime) -> None:
    ana, _ = _in_browser(runtime, ANA)
    asked = {"label": "x", "scopes": [TokenScope.READ], "now": NOW}
    secret = tokens.make_own(runtime, ana, lifetime=tokens.LONGEST, **asked)  # pyright: ignore[reportArgumentType]
    program = tokens.sign_in(runtime, secret, NOW)
    assert program.person_id == ana.person_id
    with pytest.raises(NotAllowed, match="makes no other token"):
        tokens.make_own(runtime, program, lifetime=timedelta(days=1), **asked)  # pyright: ignore[reportArgumentType]
    longer = tokens.LONGEST + timedelta(days=1)
    with pytest.raises(InvalidInput):
        tokens.make_own(runtime, ana, lifetime=longer, **asked)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidInput):
        tokens.make_own(runtime, ana, label="x", scopes=[], lifetime=timedelta(1), now=NOW)


# --- links and sessions ---------------------------------------------------------------------------


def test_nobody_makes_a_link_for_themselves(runtime: Runtime, grant: Callable[..., int]) -> None:
    grant(ANA)
    with pytest.raises(InvalidInput):
        sign_in_links.issue(runtime, _actor(runtime, ANA), email=ANA, now=NOW)
    assert sign_in_links.issue(runtime, _actor(runtime, ANA), email=BEN, now=NOW).name == "Ben"


def test_a_link_of_ones_own_confirms_and_one_of_somebody_else_stays_unused(
    runtime: Runtime,
) -> None:
    _, secret = _in_browser(runtime, ANA)
    within = sessions.of_secret(runtime, secret, NOW)
    theirs = sign_in_links.issue(runtime, OPERATOR, email=BEN, now=NOW)
    with pytest.raises(NotSignedIn, match="another person's"):
        sessions.begin_by_link(runtime, theirs.secret, within=within, now=NOW)
    assert sign_in_links.look(runtime, theirs.secret, NOW)["name"] == "Ben"
    later = NOW + timedelta(minutes=10)
    mine = sign_in_links.issue(runtime, OPERATOR, email=ANA, now=later)
    begun = sessions.begin_by_link(runtime, mine.secret, within=within, now=later)
    assert (begun.actor.confirmed_at, begun.actor.came_by) == (later, "link")
    assert sessions.of_secret(runtime, secret, later) is None


def test_signing_out_everywhere_ends_sessions_and_takes_links(
    runtime: Runtime, grant: Callable[..., int]
) -> None:
    ana, first = _in_browser(runtime, ANA)
    _, second = _in_browser(runtime, ANA)
    _, bens = _in_browser(runtime, BEN)
    link = sign_in_links.issue(runtime, OPERATOR, email=ANA, now=NOW)
    assert len(sessions.own_sessions(runtime, ana, NOW)) == 2
    with pytest.raises(NotAllowed):
        sessions.end_everywhere(runtime, ana, BEN, now=NOW)
    assert sessions.end_everywhere(runtime, ana, ANA, now=NOW) == 2
    assert not any(sessions.of_secret(runtime, each, NOW) for each in (first, second))
    with pytest.raises(NotSignedIn):
        sign_in_links.look(runtime, link.secret, NOW)
    assert [each["person_name"] for each in sessions.open_sessions(runtime, OPERATOR, NOW)] == [
        "Ben"
    ]
    grant(ANA)
    assert sessions.end_everywhere(runtime, _actor(runtime, ANA), BEN, now=NOW) == 1
    assert sessions.of_secret(runtime, bens, NOW) is None


def test_who_is_erased_is_signed_out_and_their_tokens_end(
    runtime: Runtime, grant: Callable[..., int]
) -> None:
    grant(ANA)
    _, secret = _in_browser(runtime, ANA)
    token = tokens.issue_token(
        runtime, OPERATOR, email=ANA, label="x", lifetime=timedelta(days=1), now=NOW
    )
    erase_person(runtime, OPERATOR, ANA, reason="Asked for it.", now=NOW)
    assert sessions.of_secret(runtime, secret, NOW) is None
    assert tokens.present(runtime, token, NOW).why == "revoked"
    assert audit_state(runtime, OPERATOR).differences == ()


def test_everything_that_stands_follows_from_the_events(
    runtime: Runtime, grant: Callable[..., int]
) -> None:
    number = grant(ANA, Role.SPONSOR, until=NOW + timedelta(days=1))
    grant(BEN)
    roles.revoke_role(runtime, OPERATOR, number, reason="By mistake.", now=NOW)
    ana, _ = _in_browser(runtime, ANA)
    tokens.make_own(
        runtime, ana, label="x", scopes=list(TokenScope), lifetime=timedelta(days=1), now=NOW
    )
    [token] = tokens.own_tokens(runtime, ana, NOW)
    tokens.revoke_token(runtime, ana, token["id"], reason="Lost.", now=NOW)
    sessions.end_everywhere(runtime, ana, ANA, now=NOW)
    assert audit_state(runtime, OPERATOR).differences == ()
    told = _kinds(runtime)
    for kind in ("role.granted", "role.revoked", "token.issued", "token.revoked"):
        assert kind in told
    assert (
        told[-3:] == ["session.started", "token.issued", "token.revoked"] or "session.ended" in told
    )


def _kinds(runtime: Runtime) -> list[str]:
    with runtime.store.reading() as connection:
        return [json.loads(each.body)["kind"] for each in events.stored_events(connection)]
