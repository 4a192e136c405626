"""A sign-in that failed, in the log: how it was tried, why it failed, from where; never the secret."""

import structlog
from flask import request

from govern.domain.refusal import Refusal

LINK = "link"
TOKEN = "token"  # noqa: S105 - a way to sign in, and no secret
OIDC = "oidc"

_log = structlog.get_logger("govern.access")


def log_failed(how: str, why: str, **more: object) -> None:
    """`why` is a word; `more` holds numbers and names of ours, and nothing that was sent."""
    _log.warning("sign_in_failed", how=how, why=why, address=request.remote_addr, **more)


def why_of(refusal: Refusal) -> str:
    return str(refusal.facts.get("why") or refusal.code)
