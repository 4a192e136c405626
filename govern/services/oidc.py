"""Signing in at the organisation's own issuer: OpenID Connect, code flow with PKCE (RFC 7636, RFC 9700).

Everything that belongs to one attempt follows from one secret that the browser keeps in a cookie: state,
nonce and code verifier are made from it. Whoever has the database alone, or the address that the issuer sends
people back to, can do nothing with it.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from govern.domain.record import Record
from govern.domain.refusal import BadConfiguration, SignInRefused
from govern.services import id_token, oidc_people, secrets_made, sessions
from govern.services.bounded_http import NotAnswered
from govern.services.issuer import Issuer, bound, unreadable
from govern.services.runtime import Runtime
from govern.services.sessions import Begun, Session
from govern.store import identities

HOW = "oidc"
LASTS = timedelta(minutes=10)
"""How long somebody may take at the issuer."""

_WORD = re.compile(r"[a-z_]{1,40}")
_PROFILE = ("email", "name")


@dataclass(frozen=True, slots=True)
class Sent:
    """`address` is the issuer's page; `secret` is what the browser keeps meanwhile."""

    address: str
    secret: str


def is_set_up(runtime: Runtime) -> bool:
    return runtime.issuer is not None


def begin(
    runtime: Runtime, *, leads_to: str, confirming: Session | None = None, now: datetime
) -> Sent:
    """Where to send somebody who wants to sign in; `confirming`: who shows within this session who they
    are, for which the issuer asks them again. Raises BadConfiguration, IssuerUnreadable."""
    issuer = _issuer(runtime)
    about = issuer.about(now)
    secret = secrets_made.make()
    with runtime.store.writing() as connection:
        identities.add_attempt(
            connection,
            {
                "sha256": secrets_made.sha256_of(secret),
                "session_id": None if confirming is None else confirming.id,
                "leads_to": leads_to,
                "expires_at": now + LASTS,
            },
            now,
        )
    more: dict[str, str] = {"nonce": _derived(secret, "nonce")}
    if confirming is not None:
        more |= {"prompt": "login", "max_age": "0"}
    address, _ = _client(issuer, about).create_authorization_url(
        about["authorization_endpoint"],
        state=_derived(secret, "state"),
        code_verifier=_derived(secret, "verifier"),
        **more,
    )
    return Sent(address, secret)


def finish(
    runtime: Runtime,
    secret: str | None,
    said: Mapping[str, str],
    *,
    within: Session | None,
    now: datetime,
) -> Begun:
    """Signs in whoever the issuer sent back, with what stands in the address (`said`).

    Raises SignInRefused for what cannot be believed, NoAccess for somebody who has no role here,
    IssuerUnreadable where the issuer cannot be asked; no session has begun then.
    """
    issuer = _issuer(runtime)
    attempt = _attempt(runtime, secret, said, now)
    confirming = attempt["session_id"] is not None
    if confirming and (within is None or within.id != attempt["session_id"]):
        raise _refused("other_session", "it was begun in another session")
    about = issuer.about(now)
    _check_sender(issuer, about, said)
    answer = _answer(issuer, about, said, _derived(secret or "", "verifier"))
    claims = _claims(issuer, answer, _derived(secret or "", "nonce"), now)
    shown = id_token.moment_of(claims, "auth_time")
    if confirming and (shown is None or shown < attempt["recorded_at"] - id_token.LEEWAY):
        raise _refused("auth_time", "it does not say that you were asked again who you are")
    told = _profile(issuer, about, claims, answer.get("access_token"))
    with runtime.store.writing() as connection:
        person_id = oidc_people.person_of(connection, issuer.setup, claims["sub"], told, now)
        if within is not None and within.actor.person_id != person_id:
            raise _refused(
                "another_person", f"you are signed in as {within.actor.name}, and it is not"
            )
        begun = sessions.begin(
            connection,
            person_id,
            HOW,
            leads_to=attempt["leads_to"],
            confirmed_at=None if shown is None else min(shown, now),
            now=now,
        )
        if within is not None:
            sessions.end_within(connection, within, now)
    return begun


def sign_out_address(runtime: Runtime, now: datetime) -> str | None:
    """Where one signs out of the issuer too (OpenID Connect RP-Initiated Logout 1.0); None where it has
    no such page. Raises IssuerUnreadable."""
    if runtime.issuer is None:
        return None
    page = runtime.issuer.about(now).get("end_session_endpoint")
    if not isinstance(page, str):
        return None
    mark = "&" if "?" in page else "?"
    return page + mark + urlencode({"client_id": runtime.issuer.setup.client_id})


def _attempt(
    runtime: Runtime, secret: str | None, said: Mapping[str, str], now: datetime
) -> Record:
    found = None
    if secret:
        with runtime.store.writing() as connection:
            found = identities.take_attempt(connection, secrets_made.sha256_of(secret), now)
    if found is None:
        raise _refused("not_begun", "it was not begun in this browser, or too long ago")
    if not hmac.compare_digest(
        said.get("state", "").encode(), _derived(secret or "", "state").encode()
    ):
        raise _refused("state", "it belongs to another sign-in")
    return found


def _check_sender(issuer: Issuer, about: Mapping[str, Any], said: Mapping[str, str]) -> None:
    """Who sent them back (RFC 9207), and whether with a code."""
    named = said.get("iss")
    needed = about.get("authorization_response_iss_parameter_supported") is True
    if (named is not None and named != issuer.setup.url) or (named is None and needed):
        raise _refused("sender", "it comes from another issuer")
    error = said.get("error")
    if error == "access_denied":
        raise _refused("denied", "you were not let in there")
    if error is not None:
        word = error if _WORD.fullmatch(error) else "error"
        raise SignInRefused(
            f"Your organisation's sign-in answered {word}. Nobody was signed in; try again.",
            why=f"issuer_{word}",
        )
    if not said.get("code"):
        raise _refused("no_code", "it brings no code")


def _answer(
    issuer: Issuer, about: Mapping[str, Any], said: Mapping[str, str], verifier: str
) -> Mapping[str, Any]:
    """What the issuer gives for the code. A code that was used before is refused by it."""
    try:
        found: Any = _client(issuer, about).fetch_token(
            about["token_endpoint"],
            code=said["code"],
            code_verifier=verifier,
            grant_type="authorization_code",
            redirect_uri=issuer.setup.back,
            allow_redirects=False,
        )
    except OAuthError as error:
        if error.error == "invalid_grant":
            raise _refused("code", "its code was used before, or is out of date") from error
        raise unreadable("it does not take our request for a token") from error
    except NotAnswered as error:
        raise unreadable(str(error)) from error
    except (requests.RequestException, ValueError, TypeError, AttributeError) as error:
        raise unreadable("its answer for a token cannot be read") from error
    if not isinstance(found, Mapping):
        raise unreadable("its answer for a token cannot be read")
    return cast("Mapping[str, Any]", found)


def _claims(issuer: Issuer, answer: Mapping[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
    token = answer.get("id_token")
    head = id_token.head_of(token)
    access = answer.get("access_token")
    wanted = id_token.Wanted(
        issuer.setup.url,
        issuer.setup.client_id,
        nonce,
        access if isinstance(access, str) else None,
    )
    return id_token.claims_of(str(token), issuer.keys(now, kid=head.kid), wanted, now)


def _profile(
    issuer: Issuer, about: Mapping[str, Any], claims: dict[str, Any], access: object
) -> Mapping[str, Any]:
    """What is told of the person; what the ID token leaves out is asked for (OpenID Connect Core, 5.3)."""
    groups = issuer.setup.groups_claim
    url = about.get("userinfo_endpoint")
    missing = any(each not in claims for each in _PROFILE) or (
        oidc_people.groups_of(claims, groups) is None
    )
    if not missing or not isinstance(url, str) or not isinstance(access, str):
        return claims
    more = issuer.get(url, token=access)
    if more.get("sub") != claims["sub"]:
        raise _refused("userinfo", "it tells of another person")
    return {**more, **claims}


def _client(issuer: Issuer, about: Mapping[str, Any]) -> Any:
    setup = issuer.setup
    takes = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "none"
    if setup.client_secret is not None:
        method = "client_secret_basic" if "client_secret_basic" in takes else "client_secret_post"
    made: Any = OAuth2Session(
        setup.client_id,
        setup.client_secret,
        token_endpoint_auth_method=method,
        scope=setup.scopes,
        redirect_uri=setup.back,
        code_challenge_method="S256",
    )
    return bound(made, setup)


def _derived(secret: str, what: str) -> str:
    made = hmac.new(secret.encode(), what.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _issuer(runtime: Runtime) -> Issuer:
    if runtime.issuer is None:
        raise BadConfiguration(
            "No sign-in of an organisation is set up here: set GOVERN_OIDC_ISSUER and "
            "GOVERN_OIDC_CLIENT_ID, or sign in with a link.",
            setting="GOVERN_OIDC_ISSUER",
        )
    return runtime.issuer


def _refused(why: str, says: str) -> SignInRefused:
    return SignInRefused(
        f"You could not be signed in: {says}. Begin again from the page where people sign in.",
        why=why,
    )
