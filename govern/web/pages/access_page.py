"""Who has access: everybody with their roles, who is signed in, and every token; to be seen by auditors, too,
and changed by who manages access."""

from typing import Any

from govern.domain.refusal import Duplicate, InvalidInput
from govern.services import people, sessions, tokens
from govern.services.access import may_manage_access
from govern.web.pages import access_shown
from govern.web.pages.form import Form, read_form
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.schemas.access import NewPerson
from govern.web.site import actor, now, runtime

pages = Pages("access")

_PEOPLE = (
    Column("name", "Name", link="path"),
    Column("email", "E-mail"),
    Column("roles_said", "Roles"),
)
_SESSIONS = (
    Column("person_name", "Who", link="path"),
    Column("how_said", "Signed in by"),
    Column("started_at", "Since", Kind.MOMENT),
    Column("seen_at", "Last seen", Kind.MOMENT),
)
_TOKENS = (
    Column("person_name", "Whose", link="path"),
    Column("label", "What for"),
    Column("scopes_said", "Scopes"),
    Column("issued_by_name", "Made by"),
    Column("issued_at", "Made", Kind.MOMENT),
    Column("expires_at", "Good until", Kind.MOMENT),
    Column("last_used_on", "Last used", Kind.DAY, missing="never"),
)


@pages.page("/access")
def access() -> Any:
    return _show(Form())


@pages.form("/access/people")
def add_person() -> Any:
    form = read_form(NewPerson)
    if form.data is None or form.errors:
        return _show(form, status=422)
    try:
        made = people.add_person(
            runtime(), actor(), email=form.data["email"], name=form.data["name"], now=now()
        )
    except (InvalidInput, Duplicate) as refusal:
        return _show(form.refused(refusal), status=refusal.status)
    return go_on(f"/access/people/{made}?done=added")


def _show(form: Form, *, status: int = 200) -> Any:
    at = now()
    known = people.known_people(runtime(), actor(), at)
    signed_in = access_shown.sessions(sessions.open_sessions(runtime(), actor(), at))
    live = access_shown.tokens(tokens.all_tokens(runtime(), actor(), at))
    answer = render(
        "access.html",
        title="Access",
        people=Table(
            "people",
            "People",
            _PEOPLE,
            [
                {**each, "roles_said": access_shown.roles_of(each), "path": _path(each["id"])}
                for each in known
            ],
            cards=True,
        ),
        signed_in=Table(
            "sessions",
            "Signed in now",
            _SESSIONS,
            _with_paths(signed_in),
            none="Nobody.",
            cards=True,
        ),
        live=Table(
            "tokens", "Tokens of programs", _TOKENS, _with_paths(live), none="None.", cards=True
        ),
        manages=may_manage_access(actor()),
        form=form,
    )
    answer.status_code = status
    return answer


def _with_paths(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "path": _path(each["person"])} for each in found]


def _path(person_id: str) -> str:
    return f"/access/people/{person_id}"
