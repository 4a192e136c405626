"""An OpenID Connect issuer on the loopback interface, with keys of its own, that can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oidc.core.util import create_half_hash
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT = "govern"
SECRET = "a secret of the client, long enough"  # noqa: S105 - of this issuer and no other


@cache
def rsa(kid: str = "rsa-1", bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": kid}, private=True)


@cache
def ec(kid: str = "ec-1") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid}, private=True)


def public(key: Any, **more: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), "use": "sig", **more}


def unsigned(claims: dict[str, Any], head: dict[str, Any] | None = None) -> str:
    """A token with alg none."""
    parts = ({"alg": "none", **(head or {})}, claims)
    return ".".join(_b64(json.dumps(each).encode()) for each in parts) + "."


def with_public_key_as_secret(claims: dict[str, Any], key: RSAKey) -> str:
    """Signed HS256 with what everybody has (CVE-2015-9235): the issuer's public key as a PEM file."""
    signed = _body({"alg": "HS256", "kid": key.kid}, claims)
    made = hmac.new(key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_b64(made)}"


def by_hand(head: dict[str, Any], claims: dict[str, Any], key: RSAKey) -> str:
    """Signed RS256, whatever the head says."""
    signed = _body(head, claims)
    private: Any = key.private_key
    return f"{signed}.{_b64(private.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _body(head: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(_b64(json.dumps(each).encode()) for each in (head, claims))


@dataclass
class Person:
    sub: str = "u-1"
    name: str = "Ada Holm"
    email: str = "ada.holm@example.org"
    verified: bool | None = True
    groups: tuple[str, ...] = ("sponsors",)


@dataclass
class Issuer:
    """What it does is in its fields; a test sets them. `claims` are laid over those of a token, None
    takes one away; `forge` makes the ID token in its own way; `answers`: path → status and body."""

    clock: Callable[[], datetime]
    address: str = ""
    person: Person = field(default_factory=Person)
    alg: str = "RS256"
    keys: list[Any] = field(default_factory=lambda: [rsa(), ec()])
    claims: dict[str, Any] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)
    forge: Callable[[dict[str, Any]], str] | None = None
    about: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    in_userinfo: bool = False
    userinfo_sub: str | None = None
    asks: bool = False
    """Whether its page waits for somebody to press a button."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Every request: its path and what it said."""

    def times_asked(self, path: str) -> int:
        return sum(each == path for each, _ in self.asked)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "end_session_endpoint": f"{self.address}/end",
            **self.about,
        }

    def profile(self) -> dict[str, Any]:
        who = self.person
        told = {"name": who.name, "email": who.email, "groups": list(who.groups)}
        return told if who.verified is None else {**told, "email_verified": who.verified}

    def begin(self, asked: dict[str, str]) -> str:
        """Where somebody who signed in is sent back to."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        said = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(said)}"

    def answer(self, given: dict[str, str], auth: str) -> tuple[int, dict[str, Any]]:
        if auth != "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode():
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(given.get("code", ""), None)
        verifier = given.get("code_verifier", "").encode()
        if (
            asked is None
            or _b64(hashlib.sha256(verifier).digest()) != asked["code_challenge"]
            or given.get("redirect_uri") != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(12)
        token = self.id_token(asked, access)
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": token}

    def id_token(self, asked: dict[str, str], access: str) -> str:
        now = self.clock()
        claims = {
            "iss": self.address,
            "sub": self.person.sub,
            "aud": CLIENT,
            "exp": _seconds(now + timedelta(minutes=5)),
            "iat": _seconds(now),
            "nonce": asked["nonce"],
            "at_hash": create_half_hash(access, self.alg).decode(),
            **({} if self.in_userinfo else self.profile()),
        }
        if "max_age" in asked:
            claims["auth_time"] = _seconds(now)
        claims |= self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.forge is not None:
            return self.forge(claims)
        return self.signed(claims)

    def signed(self, claims: dict[str, Any]) -> str:
        kind = "EC" if self.alg.startswith("ES") else "RSA"
        key = next(each for each in self.keys if each.key_type == kind)
        head = {"alg": self.alg, "kid": key.kid, **self.head}
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(head, claims, key, algorithms=[self.alg])


@contextmanager
def running(clock: Callable[[], datetime]) -> Generator[Issuer]:
    issuer = Issuer(clock)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(issuer))
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    answering = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    answering.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        answering.join()
        server.server_close()


_PAGE = """<!doctype html><html lang="en"><head><title>Issuer</title></head><body><main>
<h1>The organisation</h1><p><a href="{back}">Sign in as {name}</a></p></main></body></html>"""


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: each[0] for name, each in parse_qs(parts.query).items()}
            issuer.asked.append((parts.path, asked))
            if parts.path in issuer.answers:
                self._raw(*issuer.answers[parts.path])
            elif parts.path == "/.well-known/openid-configuration":
                self._json(200, issuer.discovery())
            elif parts.path == "/favicon.ico":
                self.send_response(204)
                self.end_headers()
            elif parts.path == "/jwks":
                self._json(200, {"keys": [public(each) for each in issuer.keys]})
            elif parts.path == "/userinfo":
                sub = issuer.userinfo_sub or issuer.person.sub
                self._json(200, {"sub": sub, **issuer.profile()})
            elif parts.path == "/authorize" and issuer.asks:
                back = issuer.begin(asked).replace("&", "&amp;")
                page = _PAGE.format(back=back, name=issuer.person.name)
                self._raw(200, page.encode(), "text/html; charset=utf-8")
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", issuer.begin(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._json(404, {"error": "not_found"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            given = {name: each[0] for name, each in parse_qs(body).items()}
            issuer.asked.append((self.path, given))
            if self.path in issuer.answers:
                self._raw(*issuer.answers[self.path])
                return
            status, told = issuer.answer(given, self.headers.get("Authorization", ""))
            self._json(status, told)

        def _json(self, status: int, told: dict[str, Any]) -> None:
            self._raw(status, json.dumps(told).encode())

        def _raw(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            pass

    return Handler


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
