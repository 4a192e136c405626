"""What a firing rule proposes to change in a project's scope, and what became of the proposal."""

from enum import StrEnum


class Action(StrEnum):
    DESCOPE = "descope"
    ACCELERATE = "accelerate"
    EXPAND = "expand"
    DRIVE_ADOPTION = "drive_adoption"
    REPHASE = "rephase"
    REMEASURE = "remeasure"
    MITIGATE = "mitigate"
    REBASELINE = "rebaseline"
    HOLD_FUNDING = "hold_funding"
    TERMINATE = "terminate"
    DEEP_DIVE = "deep_dive"


class RecommendationStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    IMPLEMENTED = "implemented"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    CLEARED = "cleared"
    SUPERSEDED = "superseded"


OPEN = frozenset({RecommendationStatus.PROPOSED, RecommendationStatus.DEFERRED})
"""Waiting for an answer. One rule has at most one open recommendation per subject."""

ANSWERS: dict[RecommendationStatus, frozenset[RecommendationStatus]] = {
    RecommendationStatus.PROPOSED: frozenset(
        {
            RecommendationStatus.ACCEPTED,
            RecommendationStatus.REJECTED,
            RecommendationStatus.DEFERRED,
        }
    ),
    RecommendationStatus.DEFERRED: frozenset(
        {RecommendationStatus.ACCEPTED, RecommendationStatus.REJECTED}
    ),
}
"""Which answers a person may give, by the status the recommendation is in."""
