"""What one running web application stands on, and who is asking in this request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app, g, request

from govern.domain.actor import Actor
from govern.domain.refusal import NotSignedIn
from govern.services import tokens
from govern.services.runtime import Runtime
from govern.web.failed import TOKEN, log_failed

EXTENSION = "govern"


@dataclass(frozen=True, slots=True)
class Site:
    """`clock` is asked once per request, so that one request has one time."""

    runtime: Runtime
    clock: Callable[[], datetime]
    largest_body: int

    @property
    def is_https(self) -> bool:
        """Whether people reach it over https; the description alone is made without a runtime."""
        return getattr(self.runtime, "public_url", "").startswith("https://")


def site() -> Site:
    return cast(Site, current_app.extensions[EXTENSION])


def runtime() -> Runtime:
    """The state as it is, or as it was where this request looks back.

    Of a request that has a key, what it writes says that it has written (`web.idempotency`).
    """
    if "past" in g:
        return g.past.runtime
    return g.keyed.runtime if "keyed" in g else site().runtime


def now() -> datetime:
    """The time that this request is answered for (aware, UTC): that of then, where it looks back."""
    return g.past.moment if "past" in g else asked_at()


def asked_at() -> datetime:
    """The time at which this request is made (aware, UTC)."""
    if "asked_at" not in g:
        g.asked_at = site().clock()
    return cast(datetime, g.asked_at)


def actor() -> Actor:
    """Who signed in with this request's bearer token. Raises NotSignedIn."""
    if "actor" not in g:
        found = tokens.present(site().runtime, _bearer(), now())
        if found.actor is None:
            log_failed(TOKEN, found.why or "unknown", token=found.token)
            raise tokens.refused()
        g.actor = found.actor
    return cast(Actor, g.actor)


def sign_in() -> None:
    """Refuses the request unless it carries a valid token, before anything else of it is read."""
    actor()


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Send the header Authorization: Bearer and your token.")
    return token.strip()
