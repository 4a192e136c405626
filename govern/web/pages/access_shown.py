"""Roles, tokens and sessions as pages tell them."""

from typing import Any

from govern.domain.record import Record
from govern.domain.role import Role
from govern.domain.token_scope import MEANINGS, TokenScope
from govern.services.tokens import meaning_of

HOW = {"link": "a link", "oidc": "the organisation's sign-in"}

DONE = {
    "added": "Added. Without a role nobody sees anything: grant one below.",
    "granted": "The role is granted, from now on.",
    "revoked": "The role is taken away, from now on.",
    "token": "The token is revoked: it signs nobody in any more.",
    "signed-out": "Signed out everywhere.",
    "mail": "Chosen: from now on you get these notices by mail.",
    "calendar": "The address is revoked: a calendar program gets nothing there any more.",
}
"""What a form did, said on the page that it leads to."""

ROLES = [(each.value, each.value.replace("_", " ")) for each in Role]
SCOPES = [(each.value, each.value, f"It may {MEANINGS[each]}.") for each in TokenScope]


def place_of(found: Record) -> str:
    if found["project"] is not None:
        return f"project {found['project']}"
    return f"portfolio {found['portfolio']}" if found["portfolio"] is not None else "everything"


def roles_of(found: Record) -> str:
    """Somebody's roles in one line, each role once with all that it is held on."""
    held: dict[str, list[str]] = {}
    for each in found["roles"]:
        held.setdefault(each["role"].replace("_", " "), []).append(place_of(each))
    return "; ".join(f"{role} on {_together(places)}" for role, places in held.items()) or "none"


def _together(places: list[str]) -> str:
    """`projects LE-003, LE-009` and not the word before each."""
    of_kind: dict[str, list[str]] = {}
    for place in places:
        kind, _, name = place.partition(" ")
        of_kind.setdefault(kind, []).append(name)
    return ", ".join(
        f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names)}".strip()
        for kind, names in of_kind.items()
    )


def grants(found: list[Record]) -> list[dict[str, Any]]:
    return [
        {
            **each,
            "place": place_of(each),
            "by": f"group {each['brought_by']}"
            if each["brought_by"]
            else each["granted_by_name"] or each["granted_by"],
        }
        for each in found
    ]


def tokens(found: list[Record]) -> list[dict[str, Any]]:
    return [
        {
            **each,
            "may": meaning_of(each["scopes"]),
            "scopes_said": "all" if each["scopes"] is None else ", ".join(each["scopes"]),
        }
        for each in found
    ]


def sessions(found: list[Record]) -> list[dict[str, Any]]:
    return [{**each, "how_said": HOW[each["how"]]} for each in found]
