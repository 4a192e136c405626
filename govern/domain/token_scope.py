"""What a program's token may be used for, in plain words. It narrows what its person may; it adds nothing."""

from enum import StrEnum


class TokenScope(StrEnum):
    READ = "read"
    READINGS = "readings"
    DECIDE = "decide"
    PLAN = "plan"
    RULES = "rules"
    AUDIT = "audit"
    CALENDAR = "calendar"
    MANAGE = "manage"


MEANINGS: dict[TokenScope, str] = {
    TokenScope.READ: "read projects, KPIs, gates, findings, reports and everything else but the history",
    TokenScope.READINGS: "report figures, upload files of figures, validate figures, record exchange rates",
    TokenScope.DECIDE: "vote, score, waive, answer recommendations, close conditions, sign reviews, delegate",
    TokenScope.PLAN: "change projects, KPIs, deliverables, outcomes and lessons; put projects before gates; "
    "propose scope changes",
    TokenScope.RULES: "try rules on the past, propose rulebooks and publish them, judge the portfolio",
    TokenScope.AUDIT: "read the history and the log, take exports of it",
    TokenScope.CALENDAR: "be the address of one's own calendar of what is due; nothing of the API",
    TokenScope.MANAGE: "add and erase people, grant and revoke roles, end sessions and tokens, arrange "
    "reports, mail and webhooks, change workflows",
}
"""What each lets a program do, as the end of "it may …"."""


def of_words(words: object) -> frozenset[TokenScope] | None:
    """As a token was stored with; None for one of before there were scopes: it may do all."""
    if words is None:
        return None
    known = set(TokenScope)
    # A scope that this version does not know lets nothing more be done.
    return frozenset(TokenScope(each) for each in list(words) if each in known)  # type: ignore[call-overload]
