"""One group of pages: routes for those who signed in, with a form's checks, and refusals as pages.

A view gives `render(...)`, or a redirect after what it did: so that a page can be loaded again.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, Response, g, redirect, request
from werkzeug.exceptions import HTTPException

from govern.domain.refusal import Refusal
from govern.services import sessions
from govern.services.sessions import Session
from govern.web.pages import cookie, origin
from govern.web.pages.render import render
from govern.web.problem import log_unexpected, refusal_of
from govern.web.site import now, site

View = TypeVar("View", bound=Callable[..., Any])


class Pages(Blueprint):
    """A blueprint whose every page needs a session, unless `open_to_all`."""

    def __init__(self, name: str, *, open_to_all: bool = False) -> None:
        super().__init__(f"pages_{name}", __name__)
        self.before_request(find_session)
        if not open_to_all:
            self.before_request(sign_in)
        self.register_error_handler(Refusal, refused)
        self.register_error_handler(HTTPException, wrong_address)
        self.register_error_handler(Exception, unexpected)

    def page(self, path: str) -> Callable[[View], View]:
        """A page to read."""

        def decorate(view: View) -> View:
            self.add_url_rule(path, view.__name__, view, methods=["GET"])
            return view

        return decorate

    def form(self, path: str) -> Callable[[View], View]:
        """Where a form is sent: refused unless it carries the token of the session."""

        def decorate(view: View) -> View:
            @wraps(view)
            def checked(*args: Any, **kwargs: Any) -> Any:
                refuse_forged()
                return view(*args, **kwargs)

            self.add_url_rule(path, view.__name__, checked, methods=["POST"])
            return view

        return decorate

    def form_of_nobody(self, path: str) -> Callable[[View], View]:
        """Where a form is sent before anybody signed in: refused where another site sent it."""

        def decorate(view: View) -> View:
            @wraps(view)
            def checked(*args: Any, **kwargs: Any) -> Any:
                origin.refuse_foreign(request)
                return view(*args, **kwargs)

            self.add_url_rule(path, view.__name__, checked, methods=["POST"])
            return view

        return decorate


def find_session() -> None:
    """Whose session this request belongs to, if any: `site.actor()` is that person then."""
    secret = cookie.secret_of(request)
    found = sessions.of_secret(site().runtime, secret, now()) if secret else None
    g.session = found
    if found is not None:
        g.actor = found.actor


def session() -> Session | None:
    return g.get("session")


def sign_in() -> Any:
    if session() is None:
        asked = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect("/sign-in?" + origin.query(next=asked), HTTPStatus.SEE_OTHER)
    return None


def refuse_forged() -> None:
    """Raises ForeignForm unless the form came from a page of this session."""
    origin.refuse_foreign(request)
    secret = cookie.secret_of(request) or ""
    if not cookie.is_form_token(secret, request.form.get(cookie.FIELD, "")):
        raise origin.foreign()


def go_on(path: str) -> Response:
    """The answer to a form that did something: the page to see it on."""
    answer: Any = redirect(path, HTTPStatus.SEE_OTHER)
    return answer


def refused(refusal: Refusal) -> Any:
    """The same sentence that the API gives, on a page, with a way on."""
    answer = render("problem.html", refusal=refusal, title=refusal.title)
    answer.status_code = refusal.status
    return answer


def wrong_address(error: HTTPException) -> Any:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    return refused(refusal_of(error))


def unexpected(error: Exception) -> Any:
    return refused(log_unexpected(error))
