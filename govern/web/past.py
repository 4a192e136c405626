"""Looking back in a request: the same views, over what was known then."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Response, after_this_request, g, request

from govern.services.as_of import When, look_back
from govern.web.site import now, runtime

LOG_SIZE = "As-Of-Log-Size"


def in_the_past(
    view: Callable[..., Any], *, filtered: bool, of_all: bool = False
) -> Callable[..., Any]:
    """A view that answers as of `as_of` or `as_of_size` where the query names one. `filtered`: the
    view takes the rest of the query. `of_all`: it reads of every project, whichever one is named."""

    @wraps(view)
    def seen(*args: Any, **kwargs: Any) -> Any:
        query: dict[str, Any] = kwargs["query"] if filtered else kwargs.pop("query")
        when = When(query.pop("as_of_size", None), query.pop("as_of", None))
        if when != When():
            _look_back(when, {} if of_all else {**query, **(request.view_args or {})})
        return view(*args, **kwargs)

    return seen


def _look_back(when: When, about: Mapping[str, Any]) -> None:
    past = look_back(runtime(), when, about, now=now())
    g.past, g.when = past, when

    @after_this_request
    def tell(response: Response) -> Response:  # pyright: ignore[reportUnusedFunction] - Flask keeps it
        response.headers[LOG_SIZE] = str(past.size)
        # A version of the past is none that a write could be made for.
        response.headers.pop("ETag", None)
        return response
