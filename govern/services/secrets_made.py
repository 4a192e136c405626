"""Secrets that govern makes: shown once, kept as SHA-256."""

import hashlib
import secrets

BITS = 256


def make(prefix: str = "") -> str:
    """A new secret of 256 random bits, in characters that an address can hold."""
    return prefix + secrets.token_urlsafe(BITS // 8)


def sha256_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
