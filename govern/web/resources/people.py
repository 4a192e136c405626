"""People: erasing what is known of them."""

from dataclasses import asdict
from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services.erasing import erase_person
from govern.web.examples import NEW_ERASURE
from govern.web.resource import Resource
from govern.web.schemas.people import Erasure, NewErasure
from govern.web.site import actor, now, runtime

people = Resource(
    "people",
    "What is known of people, and erasing it.",
    reads=TokenScope.MANAGE,
    writes=TokenScope.MANAGE,
)


@people.write(
    "POST", "/people/erasures", Erasure, body=NewErasure, status=201, body_example=NEW_ERASURE
)
def erase(body: dict[str, Any]) -> Any:
    """Erase a person's name and address wherever they stand; ends their roles and tokens.

    The history keeps its proofs: an event holds no name, and what it refers to is removed.
    """
    done = erase_person(
        runtime(), actor(), body["person"], reason=body["reason"], also=body["also"], now=now()
    )
    return asdict(done)
