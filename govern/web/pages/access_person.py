"""Somebody's access: granting and taking away roles, links, tokens and sessions. An auditor sees it."""

from typing import Any

from flask import request

from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import Role
from govern.services import people, roles, sessions, sign_in_links, tokens
from govern.services.access import may_manage_access
from govern.services.oidc import is_set_up
from govern.web.pages import access_shown
from govern.web.pages.form import Form, read_form
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.resources.people import end_of
from govern.web.schemas.access import Ending, NewGrant
from govern.web.site import actor, now, runtime

pages = Pages("access_person")


@pages.page("/access/people/<id:person>")
def person(person: str) -> Any:
    return _show(person, Form())


@pages.form("/access/people/<id:person>/roles")
def grant(person: str) -> Any:
    form = read_form(NewGrant, person=person)
    if form.data is None or form.errors:
        return _show(person, form, status=422)
    given = form.data
    try:
        roles.grant_role(
            runtime(),
            actor(),
            email=person,
            role=Role(given["role"]),
            portfolio=given.get("portfolio"),
            project=given.get("project"),
            until=None if given.get("until") is None else end_of(given["until"]),
            now=now(),
        )
    except (InvalidInput, NotFound) as refusal:
        return _show(person, form.refused(refusal), status=refusal.status)
    return go_on(f"/access/people/{person}?done=granted")


@pages.form("/access/people/<id:person>/roles/<int:grant>/revoke")
def revoke_role(person: str, grant: int) -> Any:
    form = read_form(Ending)
    reason = (form.data or {}).get("reason")
    roles.revoke_role(runtime(), actor(), grant, reason=reason, now=now())
    return go_on(f"/access/people/{person}?done=revoked")


@pages.form("/access/people/<id:person>/tokens/<int:token>/revoke")
def revoke_token(person: str, token: int) -> Any:
    tokens.revoke_token(runtime(), actor(), token, now=now())
    return go_on(f"/access/people/{person}?done=token")


@pages.form("/access/people/<id:person>/sign-out")
def sign_out(person: str) -> Any:
    sessions.end_everywhere(runtime(), actor(), person, now=now())
    return go_on(f"/access/people/{person}?done=signed-out")


@pages.form("/access/people/<id:person>/link")
def link(person: str) -> Any:
    """The link stands on the answer, once: nothing keeps it."""
    found = people.known_person(runtime(), actor(), person, now())
    made = sign_in_links.issue(runtime(), actor(), email=found["email"], now=now())
    return render(
        "access-link.html",
        title=f"A link for {found['name']}",
        person=found,
        address=f"{runtime().public_url}/sign-in/{made.secret}",
        expires_at=made.expires_at,
    )


def _show(person: str, form: Form, *, status: int = 200) -> Any:
    at = now()
    found = people.known_person(runtime(), actor(), person, at)
    answer = render(
        "access-person.html",
        title=found["name"],
        person=found,
        manages=may_manage_access(actor()),
        itself=found["id"] == actor().person_id,
        oidc=is_set_up(runtime()),
        grants=access_shown.grants(roles.list_grants(runtime(), actor(), at, person=found["id"])),
        sessions=access_shown.sessions(
            sessions.open_sessions(runtime(), actor(), at, person=found["id"])
        ),
        tokens=access_shown.tokens(tokens.all_tokens(runtime(), actor(), at, email=found["id"])),
        roles=access_shown.ROLES,
        form=form,
        done=access_shown.DONE.get(request.args.get("done", "")),
    )
    answer.status_code = status
    return answer
