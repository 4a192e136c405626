"""A page as it was on a day: the same view, over what was known then (`?as_of=2026-03-31`)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import g, request

from govern.domain.refusal import InvalidInput
from govern.services.as_of import SETTLED, When, look_back
from govern.web.site import now, site

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


def _look_back(moment: datetime) -> None:
    about = dict(request.view_args or {})
    if "project" not in about and "id" in about:
        about["project"] = about["id"]
    past = look_back(site().runtime, When(moment=moment), about, now=now())
    g.past, g.now = past, past.moment


def _moment(text: str) -> datetime:
    """The end of a day (UTC), or the moment itself; of today, what is settled."""
    try:
        if len(text) == len("2026-03-31"):
            day = date.fromisoformat(text)
            end = datetime.combine(day, time(), UTC) + timedelta(days=1)
            return min(end, now() - SETTLED) if day == now().date() else end
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise InvalidInput("No such day.", errors={ASKED: ["a day such as 2026-03-31"]}) from wrong
