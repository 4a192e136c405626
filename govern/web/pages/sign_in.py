"""Signing in by a one-time link, and out."""

from typing import Any

from flask import g, request

from govern.domain.refusal import IssuerUnreadable, NotSignedIn
from govern.services import oidc, sessions, sign_in_links
from govern.web.failed import LINK, log_failed, why_of
from govern.web.pages import cookie, origin
from govern.web.pages.menu import home_of
from govern.web.pages.page import Pages, go_on, session
from govern.web.pages.render import render
from govern.web.site import now, site

pages = Pages("sign_in", open_to_all=True)


@pages.page("/")
def home() -> Any:
    found = session()
    return go_on("/sign-in" if found is None else home_of(found.actor))


@pages.page("/sign-in")
def sign_in() -> Any:
    """How to sign in."""
    leads_to = origin.local_path(request.args.get("next"))
    if session() is not None and request.args.get("again") is None:
        return go_on(leads_to)
    again = session() is not None
    return render(
        "sign-in.html",
        title="Confirm that it is you" if again else "Sign in",
        leads_to=leads_to,
        again=again,
        oidc="/sign-in/oidc?" + origin.query(**({"again": "1"} if again else {}), next=leads_to)
        if oidc.is_set_up(site().runtime)
        else None,
    )


@pages.page("/sign-in/<secret>")
def look_at_link(secret: str) -> Any:
    """Asks before it uses the link: programs that look into mail open addresses, but send no forms."""
    try:
        found = sign_in_links.look(site().runtime, secret, now())
    except NotSignedIn as refusal:
        log_failed(LINK, why_of(refusal))
        raise
    here = session()
    return render(
        "sign-in-link.html",
        title="Sign in",
        person=found["name"],
        other=here is not None and here.actor.person_id != found["person"],
        again=here is not None,
    )


@pages.form_of_nobody("/sign-in/<secret>")
def use_link(secret: str) -> Any:
    wanted = request.args.get("next")
    try:
        begun = sessions.begin_by_link(site().runtime, secret, within=session(), now=now())
    except NotSignedIn as refusal:
        log_failed(LINK, why_of(refusal))
        raise
    leads_to = origin.local_path(wanted or begun.leads_to)
    answer = go_on("/signed-in?" + origin.query(next=leads_to))
    cookie.keep(answer, begun.secret)
    return answer


@pages.page("/signed-in")
def signed_in() -> Any:
    """A browser that was given the cookie must have brought it back."""
    if session() is None:
        raise NotSignedIn(
            "Your browser did not keep the session. It keeps one only over https, or where govern runs "
            "on your own machine (http://127.0.0.1 or http://localhost), and with cookies allowed."
        )
    return go_on(origin.local_path(request.args.get("next")))


@pages.form("/sign-out")
def sign_out() -> Any:
    found = session()
    if found is not None:
        sessions.end(site().runtime, found, now=now())
    g.session, g.actor = None, None
    answer = render("signed-out.html", title="Signed out", elsewhere=_elsewhere())
    cookie.forget(answer)
    return answer


def _elsewhere() -> str | None:
    """Where one signs out of the issuer too. Signing out here does not wait for it."""
    try:
        return oidc.sign_out_address(site().runtime, now())
    except IssuerUnreadable:
        return None
