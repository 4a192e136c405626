"""Forms that do something once, however often they are sent: each carries a key that is good for one
answer. What was refused did nothing, and may be sent again."""

import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from time import sleep
from typing import Any, TypeVar

from flask import g, request

from govern.domain.refusal import AnswerNotKept, StillAnswering
from govern.services import idempotency
from govern.web.pages import origin
from govern.web.pages.page import go_on
from govern.web.site import actor, now, site

View = TypeVar("View", bound=Callable[..., Any])

FIELD = "once"
"""The hidden field of the form."""

_LONGEST_KEY = 64
_TRIES, _PAUSE = 40, 0.1
"""A second click comes while the first is answered: it waits up to so many seconds for that answer."""


def new_key() -> str:
    return secrets.token_urlsafe(18)


def once(view: View) -> View:
    """For the view of a form: the second time it leads to where the first led, and does nothing.

    The key counts, not what else the form holds: who goes back after a decision and sends another one
    is shown what was recorded.
    """

    @wraps(view)
    def only(*args: Any, **kwargs: Any) -> Any:
        key = request.form.get(FIELD, "")
        if not 0 < len(key) <= _LONGEST_KEY:
            raise origin.foreign()
        found = _begun(key)
        if found is None:
            return go_on(request.path.rpartition("/")[0])
        if isinstance(found, idempotency.Answer):
            return go_on(dict(found.headers)["Location"])
        g.keyed = found
        answer: Any = None
        try:
            answer = view(*args, **kwargs)
        finally:
            if answer is None or answer.status_code != HTTPStatus.SEE_OTHER:
                g.pop("keyed", None)
                idempotency.give_up(found)
        return answer

    return only  # pyright: ignore[reportReturnType]


def _begun(key: str) -> idempotency.Keyed | idempotency.Answer | None:
    """None where it was done, and where it led to is not known any more."""
    parts = (b"form", request.path.encode())
    for _ in range(_TRIES):
        try:
            return idempotency.begin(site().runtime, actor(), f"form {key}", parts, now=now())
        except StillAnswering:
            sleep(_PAUSE)
        except AnswerNotKept:
            return None
    raise StillAnswering(
        "What you sent a moment ago is still being written down. Open the page again before you send "
        "anything."
    )
