"""Signing in at the organisation's own issuer: by a link that leads there, and back again."""

from typing import Any

from flask import request

from govern.domain.refusal import (
    BadConfiguration,
    Busy,
    IssuerUnreadable,
    NoAccess,
    NotSignedIn,
    Refusal,
    SignInRefused,
)
from govern.services import oidc
from govern.services.issuer import BACK
from govern.web.failed import OIDC, log_failed, why_of
from govern.web.pages import cookie, origin
from govern.web.pages.page import Pages, go_on, refused, session
from govern.web.site import now, site

pages = Pages("oidc_sign_in", open_to_all=True)

_FAILURES = (SignInRefused, NoAccess, IssuerUnreadable, NotSignedIn, Busy, BadConfiguration)


@pages.page("/sign-in/oidc")
def leave() -> Any:
    """To the issuer. A link leads here and no form: a form of ours leads to no other site."""
    leads_to = origin.local_path(request.args.get("next"))
    found = session()
    again = request.args.get("again") is not None
    if found is not None and not again:
        return go_on(leads_to)
    try:
        sent = oidc.begin(site().runtime, leads_to=leads_to, confirming=found, now=now())
    except _FAILURES as refusal:
        return _failed(refusal)
    answer = go_on(sent.address)
    cookie.keep_attempt(answer, sent.secret, oidc.LASTS)
    return answer


@pages.page(BACK)
def come_back() -> Any:
    """From the issuer, with what it says in the address."""
    said = {name: value for name, value in request.args.items() if len(value) < _LONGEST}
    secret = cookie.attempt_of(request)
    try:
        begun = oidc.finish(site().runtime, secret, said, within=session(), now=now())
    except _FAILURES as refusal:
        return _failed(refusal)
    answer = go_on("/signed-in?" + origin.query(next=origin.local_path(begun.leads_to)))
    cookie.keep(answer, begun.secret)
    cookie.forget_attempt(answer)
    return answer


_LONGEST = 4096
"""Characters of a value that the issuer sends back."""


def _failed(refusal: Refusal) -> Any:
    log_failed(OIDC, why_of(refusal))
    answer = refused(refusal)
    cookie.forget_attempt(answer)
    return answer
