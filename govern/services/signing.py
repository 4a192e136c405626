"""The secrets that webhooks are signed with, and the signatures (Standard Webhooks 1.0.0, `v1`).

No secret is stored. Each is derived from the one of the settings (HKDF with SHA-256, RFC 5869) with what
it is for, its number, when that was made, and how often the secret was made anew; so two databases with
one setting have no secret in common.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from standardwebhooks import Webhook

from govern.domain.instant import write_instant

PREFIX = "whsec_"
OLD_HOLDS_FOR = timedelta(days=1)
"""So long after a secret was made anew, the one before signs too."""

_SALT = b"govern webhooks v1"
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Signed:
    """What a secret belongs to: `what` it is, its number, when it was made, and how often its secret
    was made anew, the last time at `rotated_at`."""

    what: str
    number: int
    made_at: datetime
    rotation: int = 0
    rotated_at: datetime | None = None


def secret_of(master: bytes, whose: Signed, rotation: int | None = None) -> str:
    """As the receiver takes it: `whsec_` and 32 bytes in base64."""
    turn = whose.rotation if rotation is None else rotation
    info = f"{whose.what} {whose.number} {write_instant(whose.made_at)} {turn}"
    key = HKDF(SHA256(), _LENGTH, _SALT, info.encode()).derive(master)
    return PREFIX + b64encode(key).decode()


def headers(
    master: bytes, whose: Signed, number: str, body: bytes, at: datetime
) -> Mapping[str, str]:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature`, with two signatures for a day after
    the secret was made anew."""
    turns = [whose.rotation]
    if whose.rotated_at is not None and at < whose.rotated_at + OLD_HOLDS_FOR:
        turns.append(whose.rotation - 1)
    text = body.decode()
    signatures = [Webhook(secret_of(master, whose, turn)).sign(number, at, text) for turn in turns]
    return {
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
