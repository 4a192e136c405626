"""The cookie of a session, and the token that a form of that session carries.

The name's prefix makes a browser refuse it from any other host, path or unencrypted connection; a
browser counts its own machine as encrypted.
"""

import hashlib
import hmac
from datetime import timedelta

from flask import Request, Response

from govern.services.sessions import LASTS

NAME = "__Host-govern"
ATTEMPT = "__Host-govern-oidc"
FIELD = "csrf"
"""The hidden field of every form."""


def secret_of(request: Request) -> str | None:
    return request.cookies.get(NAME) or None


def keep(response: Response, secret: str) -> None:
    response.set_cookie(
        NAME,
        secret,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    response.delete_cookie(NAME, path="/", secure=True, httponly=True, samesite="Lax")


def keep_attempt(response: Response, secret: str, lasts: timedelta) -> None:
    """Of a sign-in that was begun at an issuer: it binds what comes back to this browser."""
    response.set_cookie(
        ATTEMPT,
        secret,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def attempt_of(request: Request) -> str | None:
    return request.cookies.get(ATTEMPT) or None


def forget_attempt(response: Response) -> None:
    response.delete_cookie(ATTEMPT, path="/", secure=True, httponly=True, samesite="Lax")


def form_token(secret: str) -> str:
    """What only a page of this session can know; it does not tell the session's secret."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(secret: str, given: str) -> bool:
    return hmac.compare_digest(form_token(secret).encode(), given.encode("utf-8", "replace"))
