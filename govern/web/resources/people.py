"""People: who there is, what they were granted, where they are signed in; erasing what is known of them."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import url_for

from govern.domain.role import Role
from govern.domain.token_scope import TokenScope
from govern.services import people as use
from govern.services import roles, sessions, tokens
from govern.services.erasing import erase_person
from govern.services.roles import grant_role
from govern.web.resource import Resource
from govern.web.schemas.access import (
    EndedToken,
    Ending,
    Grants,
    HeldGrant,
    NewGrant,
    NewPerson,
    People,
    Person,
    PersonQuery,
    Sessions,
    SignedOut,
    SignOut,
    Tokens,
)
from govern.web.schemas.people import Erasure, NewErasure
from govern.web.site import actor, now, runtime

people = Resource(
    "people",
    "Who there is, what they were granted, what they sign in with, and erasing what is known of them.",
    reads=TokenScope.MANAGE,
    writes=TokenScope.MANAGE,
)


@people.read("/people", People)
def list_people() -> Any:
    """List everybody with the roles in force. Takes the role admin or auditor."""
    return {"items": use.known_people(runtime(), actor(), now())}


@people.write(
    "POST",
    "/people",
    Person,
    body=NewPerson,
    status=201,
    headers=["Location"],
)
def add_person(body: dict[str, Any]) -> Any:
    """Add somebody, who has no role yet. Takes the role admin."""
    made = use.add_person(runtime(), actor(), email=body["email"], name=body["name"], now=now())
    found = use.known_person(runtime(), actor(), made, now())
    return found, {"Location": url_for("people.get_person", person=made)}


@people.read("/people/<id:person>", Person)
def get_person(person: str) -> Any:
    """Read who somebody is, with the roles in force. Takes the role admin or auditor."""
    return use.known_person(runtime(), actor(), person, now())


@people.read("/grants", Grants, query=PersonQuery)
def list_grants(query: dict[str, Any]) -> Any:
    """List the roles in force: who granted them, when, until when, brought by which group. Takes the
    role admin or auditor."""
    return {"items": roles.list_grants(runtime(), actor(), now(), person=query.get("person"))}


@people.write("POST", "/grants", HeldGrant, body=NewGrant, status=201)
def grant(body: dict[str, Any]) -> Any:
    """Grant a role on a project, a portfolio, or (neither named) the whole installation.

    With `until` it ends by itself after that day. Granting again what is held as long gives the grant
    that is there. Takes the role admin.
    """
    role = Role(body["role"])
    place = {"portfolio": body.get("portfolio"), "project": body.get("project")}
    made = grant_role(
        runtime(),
        actor(),
        email=body["person"],
        role=role,
        until=None if body.get("until") is None else end_of(body["until"]),
        now=now(),
        **place,
    )
    held = roles.list_grants(runtime(), actor(), now(), person=body["person"])
    same = [each for each in held if each["role"] == role.value and _place(each) == place]
    return next(each for each in same if made is None or each["id"] == made)


@people.write("POST", "/grants/<number:grant>/revoke", HeldGrant, body=Ending)
def revoke_grant(grant: int, body: dict[str, Any]) -> Any:
    """Take a role away at once. What has ended stays so.

    The last grant of the role admin on the whole installation cannot be taken away. Takes the role
    admin.
    """
    return roles.revoke_role(runtime(), actor(), grant, reason=body.get("reason"), now=now())


@people.read("/tokens", Tokens, query=PersonQuery)
def list_tokens(query: dict[str, Any]) -> Any:
    """List the tokens that can be used, everybody's or one person's. Takes the role admin or auditor."""
    return {"items": tokens.all_tokens(runtime(), actor(), now(), email=query.get("person"))}


@people.write("POST", "/tokens/<number:token>/revoke", EndedToken, body=Ending)
def revoke_token(token: int, body: dict[str, Any]) -> Any:
    """End a token at once: your own, or anybody's with the role admin. What has ended stays so."""
    return tokens.revoke_token(runtime(), actor(), token, reason=body.get("reason"), now=now())


@people.read("/sessions", Sessions, query=PersonQuery)
def list_sessions(query: dict[str, Any]) -> Any:
    """List who is signed in in a browser. Takes the role admin or auditor."""
    found = sessions.open_sessions(runtime(), actor(), now(), person=query.get("person"))
    return {"items": found}


@people.write("POST", "/sessions/end", SignedOut, body=SignOut)
def end_sessions(body: dict[str, Any]) -> Any:
    """Sign somebody out everywhere: yourself, or anybody with the role admin. Their tokens stay."""
    ended = sessions.end_everywhere(runtime(), actor(), body["person"], now=now())
    return {"ended": ended}


@people.write("POST", "/people/erasures", Erasure, body=NewErasure, status=201)
def erase(body: dict[str, Any]) -> Any:
    """Erase a person's name and address wherever they stand; ends their roles, tokens and sessions.

    The history keeps its proofs: an event holds no name, and what it refers to is removed.
    """
    done = erase_person(
        runtime(), actor(), body["person"], reason=body["reason"], also=body["also"], now=now()
    )
    return asdict(done)


def end_of(last: date) -> datetime:
    """The moment after a day (UTC)."""
    return datetime.combine(last + timedelta(days=1), time(), UTC)


def _place(found: dict[str, Any]) -> dict[str, Any]:
    return {"portfolio": found["portfolio"], "project": found["project"]}
