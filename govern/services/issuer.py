"""The organisation's sign-in as it is set up here, and what it says of itself: where it is, which keys it
signs with. Both are fetched when they are first needed, within bounds, and kept for a while."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

import requests

from govern.domain.refusal import IssuerUnreadable
from govern.intake.group_roles import GroupRoles
from govern.services.bounded_http import Bounded, NotAnswered

KEPT = timedelta(hours=1)
"""How long what the issuer says of itself is believed without asking again."""

AT_MOST_EVERY = timedelta(minutes=1)
"""How often a key that is not known makes us ask again: whoever invents keys gains no more."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
WELL_KNOWN = "/.well-known/openid-configuration"
BACK = "/sign-in/oidc/back"
"""Where the issuer sends people back to."""

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Setup:
    """`url` is the issuer as its tokens name it. `match_email`: who is here already is known by a verified
    address when they come the first time. `back` is the whole address people come back to."""

    url: str
    client_id: str
    back: str
    client_secret: str | None = field(default=None, repr=False)
    scopes: str = "openid email profile"
    groups_claim: str = "groups"
    roles: GroupRoles = field(default_factory=lambda: GroupRoles({}))
    match_email: bool = True
    tls_roots: Path | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for an issuer that is not reached over TLS."""
        require_tls(self.url, self.url)


_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Kept:
    value: Any = None
    kept_at: datetime | None = None
    asked_at: datetime = _NEVER

    def is_old(self, now: datetime) -> bool:
        return self.kept_at is None or not timedelta(0) <= now - self.kept_at < KEPT

    def keep(self, value: Any, now: datetime) -> None:
        self.value, self.kept_at = value, now


@dataclass(slots=True)
class Issuer:
    """One for a whole process."""

    setup: Setup
    _about: _Kept = field(default_factory=_Kept)
    _keys: _Kept = field(default_factory=_Kept)
    _lock: Lock = field(default_factory=Lock)

    def about(self, now: datetime) -> Mapping[str, Any]:
        """The discovery document (OpenID Connect Discovery 1.0). Raises IssuerUnreadable."""
        with self._lock:
            return self._known(now)

    def keys(self, now: datetime, *, kid: str | None = None) -> Sequence[Mapping[str, Any]]:
        """The keys it signs with (RFC 7517). Where none is called `kid` it is asked again, at most once a
        minute. Raises IssuerUnreadable."""
        with self._lock:
            if self._keys.is_old(now) or (
                kid is not None
                and not any(each.get("kid") == kid for each in self._keys.value)
                and now - self._keys.asked_at >= AT_MOST_EVERY
            ):
                self._fetch_keys(now)
            return cast("Sequence[Mapping[str, Any]]", self._keys.value)

    def session(self) -> requests.Session:
        """For what is asked of it. Every answer is bounded."""
        return bound(requests.Session(), self.setup)

    def get(self, url: str, *, token: str | None = None) -> Mapping[str, Any]:
        """The JSON object at an address. Raises IssuerUnreadable."""
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            answer = self.session().get(url, headers=headers, allow_redirects=False)
        except (NotAnswered, requests.RequestException, ValueError) as error:
            raise unreadable(_why(error)) from error
        if answer.status_code != requests.codes.ok:
            raise unreadable(f"it answered {answer.status_code}")
        return json_object(answer.content)

    def _known(self, now: datetime) -> Mapping[str, Any]:
        if self._about.is_old(now):
            found = self.get(self.setup.url.rstrip("/") + WELL_KNOWN)
            self._about.keep(self._checked(found), now)
        return cast("Mapping[str, Any]", self._about.value)

    def _checked(self, found: Mapping[str, Any]) -> Mapping[str, Any]:
        if found.get("issuer") != self.setup.url:
            raise unreadable("it calls itself another name than GOVERN_OIDC_ISSUER")
        for name in (*ENDPOINTS, "userinfo_endpoint", "end_session_endpoint"):
            url = found.get(name)
            if url is None and name not in ENDPOINTS:
                continue
            try:
                require_tls(url, self.setup.url)
            except ValueError as error:
                raise unreadable(f"its {name} is {error}") from error
        return found

    def _fetch_keys(self, now: datetime) -> None:
        self._keys.asked_at = now
        found = self.get(self._known(now)["jwks_uri"]).get("keys")
        if not isinstance(found, list):
            raise unreadable("its keys are no list")
        listed = cast("list[Any]", found)
        self._keys.keep([each for each in listed if isinstance(each, dict)], now)


def bound(session: requests.Session, setup: Setup) -> Any:
    """The same session: it asks no proxy, follows no redirect of its own accord, and waits for no answer
    that is slow or large."""
    session.trust_env = False
    session.headers.update({"User-Agent": "govern", "Accept-Encoding": "identity"})
    adapter = Bounded(setup.tls_roots)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def require_tls(url: object, issuer: str) -> None:
    """Raises ValueError unless the address is reached over TLS, or is on this machine as its issuer is."""
    if not isinstance(url, str):
        raise ValueError("no address")
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    here = urlsplit(issuer)
    if (
        parts.scheme == "http"
        and parts.hostname in LOOPBACK
        and here.scheme == "http"
        and here.hostname in LOOPBACK
    ):
        return
    raise ValueError("no address that begins with https://")


def json_object(content: bytes) -> Mapping[str, Any]:
    """Raises IssuerUnreadable for anything else."""
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise unreadable("its answer is no JSON") from error
    if not isinstance(found, dict):
        raise unreadable("its answer is no JSON object")
    return cast("dict[str, Any]", found)


def unreadable(why: str) -> IssuerUnreadable:
    return IssuerUnreadable(
        f"Your organisation's sign-in cannot be used at the moment: {why}. Try again in a minute; if it "
        "stays so, tell whoever runs govern.",
        why="issuer",
    )


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, NotAnswered) else "its address cannot be read"
