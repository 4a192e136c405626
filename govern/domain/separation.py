"""Which two things nobody does alone, and where an installation says so."""

from dataclasses import dataclass
from enum import StrEnum


class Pair(StrEnum):
    """Who did the one, and what they do not do as well."""

    SUBMITTER_DECIDER = "submitter/decider"
    PROPOSER_DECIDER = "proposer/decider"
    REVIEW_AUTHOR_SIGNER = "review_author/review_signer"
    READING_SUBMITTER_DECIDER = "reading_submitter/decider"
    EVIDENCE_PROVIDER_DECIDER = "evidence_provider/decider"
    RULE_AUTHOR_PUBLISHER = "rule_author/rule_publisher"
    READING_SUBMITTER_VALIDATOR = "reading_submitter/reading_validator"


class KeptIn(StrEnum):
    """Where a pair is switched: nowhere, in a gate of a workflow file, or for the installation."""

    ALWAYS = "always"
    WORKFLOW = "workflow"
    INSTALLATION = "installation"


@dataclass(frozen=True, slots=True)
class Duty:
    """`says` is what the pair asks for where it is separated."""

    pair: Pair
    kept_in: KeptIn
    says: str


DUTIES = (
    Duty(
        Pair.SUBMITTER_DECIDER,
        KeptIn.ALWAYS,
        "Whoever puts a project before a gate does not decide, score or waive there.",
    ),
    Duty(
        Pair.PROPOSER_DECIDER,
        KeptIn.ALWAYS,
        "Whoever proposes a scope change does not decide it.",
    ),
    Duty(
        Pair.REVIEW_AUTHOR_SIGNER,
        KeptIn.ALWAYS,
        "Whoever opened a review of a project, or wrote in it, does not sign it off.",
    ),
    Duty(
        Pair.READING_SUBMITTER_DECIDER,
        KeptIn.WORKFLOW,
        "Whoever reported a value of a project does not decide a gate that says so.",
    ),
    Duty(
        Pair.EVIDENCE_PROVIDER_DECIDER,
        KeptIn.WORKFLOW,
        "Whoever brought evidence to a submission does not decide a gate that says so.",
    ),
    Duty(
        Pair.RULE_AUTHOR_PUBLISHER,
        KeptIn.INSTALLATION,
        "Whoever proposed rules does not put them in force.",
    ),
    Duty(
        Pair.READING_SUBMITTER_VALIDATOR,
        KeptIn.INSTALLATION,
        "Whoever reported or corrected a reading does not validate it.",
    ),
)
"""Each is separated unless somebody has switched it off where it can be."""

SWITCHED = tuple(each.pair for each in DUTIES if each.kept_in is KeptIn.INSTALLATION)
