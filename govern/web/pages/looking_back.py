"""A page as it was on a day: the same view, over what was known then (`?as_of=2026-03-31`)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import g, request

from govern.domain.refusal import InvalidInput
from govern.services.as_of import SETTLED, When, look_back
from govern.web.site import asked_at, site

View = TypeVar("View", bound=Callable[..., Any])

ASKED = "as_of"


def can_look_back(view: View) -> View:
    """A page whose address may name a day, or a moment: all that it shows is as known at its end."""

    @wraps(view)
    def seen(*args: Any, **kwargs: Any) -> Any:
        asked = request.args.get(ASKED)
        if asked:
            _look_back(_moment(asked))
        return view(*args, **kwargs)

    return seen  # pyright: ignore[reportReturnType] - wraps gives it the view's own type


def kept() -> str:
    """What keeps a link in the time that the page looks back to; nothing on a page of today."""
    return "?" + urlencode({ASKED: request.args[ASKED]}) if "past" in g else ""


def _look_back(moment: datetime) -> None:
    about = dict(request.view_args or {})
    if "project" not in about and "id" in about:
        about["project"] = about["id"]
    g.when = When(moment=moment)
    g.past = look_back(site().runtime, g.when, about, now=asked_at())


def _moment(text: str) -> datetime:
    """The last moment of a day (UTC), or the moment itself; of today, what is settled."""
    try:
        if len(text) == len("2026-03-31"):
            day = date.fromisoformat(text)
            if day == asked_at().date():
                return asked_at() - SETTLED
            return datetime.combine(day, time.max, UTC)
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise InvalidInput("No such day.", errors={ASKED: ["a day such as 2026-03-31"]}) from wrong
