"""Who is asking."""

from typing import Any

from govern.services import tokens
from govern.web.resource import Resource
from govern.web.schemas.access import Tokens
from govern.web.schemas.service import Me
from govern.web.site import actor, now, runtime

me = Resource("me", "Who you are, and in which roles.")


@me.read("/me", Me)
def get_me() -> Any:
    """Read who your token stands for, and the roles that are in force."""
    who = actor()
    return {
        "id": who.person_id,
        "name": who.name,
        "roles": [
            {"role": each.role, "portfolio": each.portfolio_id, "project": each.project_id}
            for each in who.grants
        ],
    }


@me.read("/me/tokens", Tokens)
def list_own_tokens() -> Any:
    """List the tokens that stand for you. New ones are made on the page `/me`, or by an admin."""
    return {"items": tokens.own_tokens(runtime(), actor(), now())}
