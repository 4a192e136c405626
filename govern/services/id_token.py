"""Whether an ID token says what it must (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725): a pure check.

The algorithm comes from a list of ours and not from the token, and the key has to be of the kind that the
algorithm takes: a token that is not signed, or is signed with the public key as a secret, is none.
"""

import hmac
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from authlib.oidc.core.util import create_half_hash
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from govern.domain.refusal import SignInRefused

ALGORITHMS: Mapping[str, tuple[str, str | None]] = {
    **{f"{kind}{bits}": ("RSA", None) for kind in ("RS", "PS") for bits in (256, 384, 512)},
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}
"""Algorithm → the kind of key and curve it takes (RFC 7518). None of them takes a secret."""

LEEWAY = timedelta(seconds=60)
"""By so much clocks may differ."""

OLDEST = timedelta(hours=1)
"""A token that was made longer ago was not made for this sign-in."""

SHORTEST_RSA = 2048
"""Bits of a modulus (NIST SP 800-131A)."""

LONGEST = 64 * 1024
_SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the token has to be for: the issuer, us, and this one sign-in."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    alg: str
    kid: str | None


def head_of(token: object) -> Head:
    """Which key a token says it is signed with. Raises SignInRefused for what can be no ID token."""
    if not isinstance(token, str) or len(token) > LONGEST or token.count(".") != 2:
        raise _refused("form", "it is no signed token")
    head = _part(token.split(".", 1)[0])
    alg, kid, typ = head.get("alg"), head.get("kid"), head.get("typ")
    if alg not in ALGORITHMS:
        raise _refused("alg", "it is not signed, or not in a way that is believed here")
    if typ is not None and (not isinstance(typ, str) or typ.upper() != "JWT"):
        raise _refused("typ", "it is a token for something else")
    if "crit" in head:
        raise _refused("crit", "it asks for something that is not known here")
    if kid is not None and not isinstance(kid, str):
        raise _refused("kid", "it names no key")
    return Head(cast("str", alg), kid)


def claims_of(
    token: str, keys: Sequence[Mapping[str, Any]], wanted: Wanted, now: datetime
) -> dict[str, Any]:
    """What the token says, once everything about it holds. Raises SignInRefused."""
    head = head_of(token)
    key = _key(head, keys)
    try:
        signed = jws.deserialize_compact(token, key, algorithms=[head.alg])
        said: Any = json.loads(signed.payload or b"")
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise _refused("signature", "its signature does not hold") from error
    if not isinstance(said, dict):
        raise _refused("form", "it says nothing")
    claims = cast("dict[str, Any]", said)
    _check(claims, head, wanted, now)
    return claims


def moment_of(claims: Mapping[str, Any], name: str) -> datetime | None:
    """A NumericDate (RFC 7519, 2), aware; None where it is not said. Raises SignInRefused for another
    kind of value."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(name, f"its {name} is no time")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _refused(name, f"its {name} is no time") from error


def _check(claims: Mapping[str, Any], head: Head, wanted: Wanted, now: datetime) -> None:
    if claims.get("iss") != wanted.issuer:
        raise _refused("iss", "it was made by somebody else")
    _check_audience(claims, wanted)
    expires, made = moment_of(claims, "exp"), moment_of(claims, "iat")
    if expires is None:
        raise _refused("exp", "it does not say how long it is good")
    if expires <= now - LEEWAY:
        raise _refused("exp", "it is out of date")
    if made is None:
        raise _refused("iat", "it does not say when it was made")
    if made > now + LEEWAY:
        raise _refused("iat", "it was made in the future")
    if made < now - OLDEST:
        raise _refused("iat", "it was made too long ago")
    begins = moment_of(claims, "nbf")
    if begins is not None and begins > now + LEEWAY:
        raise _refused("nbf", "it is not good yet")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not _same(nonce, wanted.nonce):
        raise _refused("nonce", "it was made for another sign-in")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise _refused("sub", "it does not say whom it is about")
    said = claims.get("at_hash")
    if said is not None and wanted.access_token is not None:
        right = cast("bytes", create_half_hash(wanted.access_token, head.alg))
        if not isinstance(said, str) or not _same(said, right.decode()):
            raise _refused("at_hash", "it came with another access token")


def _check_audience(claims: Mapping[str, Any], wanted: Wanted) -> None:
    told = claims.get("aud")
    audience = cast("list[Any]", told) if isinstance(told, list) else [told]
    if wanted.client_id not in audience:
        raise _refused("aud", "it was made for somebody else")
    party = claims.get("azp")
    if party is None and len(audience) > 1:
        raise _refused("azp", "it does not say for which of several it was made")
    if party is not None and party != wanted.client_id:
        raise _refused("azp", "it was made for somebody else")


def _key(head: Head, keys: Sequence[Mapping[str, Any]]) -> Any:
    kind, curve = ALGORITHMS[head.alg]
    fitting = [
        each
        for each in keys
        if each.get("kty") == kind
        and (head.kid is None or each.get("kid") == head.kid)
        and (curve is None or each.get("crv") == curve)
        and each.get("use") in (None, "sig")
        and each.get("alg") in (None, head.alg)
    ]
    if len(fitting) != 1:
        raise _refused("key", "it names no key of the issuer that fits")
    public = {
        name: fitting[0][name] for name in ("kty", "n", "e", "crv", "x", "y") if name in fitting[0]
    }
    try:
        if kind == "EC":
            return ECKey.import_key(public)
        if int.from_bytes(_bytes(public["n"]), "big").bit_length() < SHORTEST_RSA:
            raise _refused("key", "the issuer's key is too short")
        return RSAKey.import_key(public)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _refused("key", "the issuer's key cannot be read") from error


def _part(text: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(_bytes(text))
    except (ValueError, RecursionError) as error:
        raise _refused("form", "it cannot be read") from error
    if not isinstance(found, dict):
        raise _refused("form", "it cannot be read")
    return cast("dict[str, Any]", found)


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())


def _refused(why: str, says: str) -> SignInRefused:
    return SignInRefused(
        f"What your organisation's sign-in answered cannot be believed: {says}. Nobody was signed in; try "
        "again, and tell whoever runs govern if it stays so.",
        why=why,
    )
