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
    EXPIRED = "expired"


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

_UNANSWERED = frozenset({RecommendationStatus.CLEARED, RecommendationStatus.SUPERSEDED})

MOVES: dict[RecommendationStatus, frozenset[RecommendationStatus]] = {
    RecommendationStatus.PROPOSED: ANSWERS[RecommendationStatus.PROPOSED]
    | _UNANSWERED
    | {RecommendationStatus.EXPIRED},
    RecommendationStatus.DEFERRED: ANSWERS[RecommendationStatus.DEFERRED]
    | _UNANSWERED
    | {RecommendationStatus.PROPOSED},
    RecommendationStatus.ACCEPTED: frozenset({RecommendationStatus.IMPLEMENTED}),
    RecommendationStatus.IMPLEMENTED: frozenset(
        {RecommendationStatus.EFFECTIVE, RecommendationStatus.INEFFECTIVE}
    ),
    # A figure that is corrected later may turn what was verified by it.
    RecommendationStatus.EFFECTIVE: frozenset({RecommendationStatus.INEFFECTIVE}),
    RecommendationStatus.INEFFECTIVE: frozenset({RecommendationStatus.EFFECTIVE}),
    RecommendationStatus.REJECTED: frozenset(),
    RecommendationStatus.CLEARED: frozenset(),
    RecommendationStatus.SUPERSEDED: frozenset(),
    RecommendationStatus.EXPIRED: frozenset(),
}
"""Every way from one status to another: by people, by its rule, by time, by what was measured."""


class RejectedBecause(StrEnum):
    """Why a recommendation was rejected, in a word that can be counted; `reason` says it in full."""

    NOT_A_PROBLEM = "not_a_problem"
    ALREADY_ADDRESSED = "already_addressed"
    WRONG_ACTION = "wrong_action"
    VALUE_LOST_TOO_GREAT = "value_lost_too_great"
    TOO_COSTLY = "too_costly"
    DATA_WRONG = "data_wrong"
    OTHER = "other"


NOTHING = "nothing"
"""The alternative of leaving all as it is: it is shown beside the others, and nobody accepts it."""

ALTERNATIVES = tuple(action.value for action in Action)
"""The names of alternatives that can be accepted instead of what the rule recommends."""

CHANGES_THE_PLAN = frozenset(
    {
        Action.DESCOPE,
        Action.ACCELERATE,
        Action.EXPAND,
        Action.REPHASE,
        Action.REBASELINE,
        Action.HOLD_FUNDING,
        Action.TERMINATE,
    }
)
"""The actions that a scope change carries out; of the others somebody reports that they are done."""
