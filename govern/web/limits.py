"""What one caller may ask for in a while: requests, work that is heavy, and failed attempts to sign in."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import Response, g, request

from govern.domain.refusal import TooManyRequests
from govern.services.rate_limits import Limit, RateLimits
from govern.web.problem import answer_refusal
from govern.web.site import now, site

_MINUTE = timedelta(minutes=1)

HEAVY = frozenset(
    {
        "rules.backtest_rules",
        "findings.run_sweep",
        "exports.export_for_audit",
        "pages_rule_try.look_back",
        "pages_rule_try.try_change",
        "pages_verifying.verify",
        "pages_verifying.replay_again",
        "pages_verifying.take_away",
    }
)
"""Endpoints that work over the whole portfolio, or over the whole ledger."""

FAILED = Limit("failed", 30, timedelta(minutes=10))
"""Failed attempts to sign in from one address: nobody guesses 256 bits, but the log stays readable and
the database has rest."""

EXTENSION = "govern.limits"


@dataclass(frozen=True, slots=True)
class Limits:
    """`requests` and `heavy` are for one person, or for one address where nobody signed in, in a minute."""

    requests: int = 6_000
    heavy: int = 30
    counts: RateLimits = field(default_factory=RateLimits)

    def count(self) -> None:
        """Before the request is answered. Raises TooManyRequests."""
        if request.endpoint in HEAVY:
            limit = Limit("heavy", self.heavy, _MINUTE)
            self.counts.use(site().runtime, limit, _caller(), now())
        at_once = max(1, self.requests // 100)
        limit = Limit("requests", self.requests, _MINUTE, at_once)
        self.counts.use(site().runtime, limit, _caller(), now())

    def count_failed(self, response: Response) -> Response:
        """After a request that was refused for who asks: too many of those are refused as that."""
        if response.status_code == 401 and "limited" not in g:
            try:
                self.counts.use(site().runtime, FAILED, request.remote_addr or "", now())
            except TooManyRequests as refused:
                g.limited = True
                return answer_refusal(refused)
        return response


def _caller() -> str:
    """Who asks, as far as the request says it without being looked at: the secret that it carries, or
    the address that it comes from."""
    header = request.headers.get("Authorization")
    cookie = request.cookies.get("__Host-govern")
    return header or cookie or request.remote_addr or ""
