"""Refusals: what govern will not do, with a stable code and the facts that explain it.

Every refusal a user can meet is a subclass here, so that `docs/errors.md` can be held against the list.
"""

from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the program
    """`code` never changes once released; `status` is the HTTP status the web API answers with."""

    code: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int] = 409

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class NotFound(Refusal):
    code, title, status = "not-found", "There is no such thing, or you may not see it", 404


class NotAllowed(Refusal):
    code, title, status = "not-allowed", "Your roles do not allow this", 403


class SeparationOfDuties(Refusal):
    code, title, status = "separation-of-duties", "The submitter never decides", 403


class NotSignedIn(Refusal):
    code, title, status = "not-signed-in", "A valid token is needed", 401


class ScopeNeeded(Refusal):
    """`facts` name the scope that is `needed` and those that are `held`."""

    code, title, status = "scope-needed", "The token was not made for this", 403


class SignatureNeeded(Refusal):
    """`facts["confirm"]` is the path of the page on which one confirms who one is."""

    code, title, status = "signature-needed", "This decision is signed by a person", 403


class SignInRefused(Refusal):
    """What the organisation's sign-in said cannot be believed, or is none. `facts["why"]` is a word."""

    code, title, status = "sign-in-refused", "You are not signed in", 401


class NoAccess(Refusal):
    code, title, status = "no-access", "You have no access here", 403


class IssuerUnreadable(Refusal):
    code, title, status = "issuer-unreadable", "The organisation's sign-in does not answer", 502


class LastAdmin(Refusal):
    code, title, status = "last-admin", "Somebody has to manage access", 409


class TooManyRequests(Refusal):
    code, title, status = "too-many-requests", "More was asked for than is answered in a while", 429


class ForeignForm(Refusal):
    code, title, status = "foreign-form", "The form did not come from a page of yours", 403


class IllegalMove(Refusal):
    code, title, status = "illegal-move", "The project cannot make this move from its stage", 409


class SubmissionClosed(Refusal):
    code, title, status = "submission-closed", "The submission has been decided", 409


class ConditionClosed(Refusal):
    code, title, status = "condition-closed", "The condition has been closed", 409


class WaiverEnded(Refusal):
    code, title, status = "waiver-ended", "The waiver is no longer in force", 409


class AlreadyVoted(Refusal):
    code, title, status = "already-voted", "One person, one vote", 409


class AlreadySubmitted(Refusal):
    code, title, status = "already-submitted", "The gate already has an open submission", 409


class DelegationCircle(Refusal):
    code, title, status = "delegation-circle", "Two people cannot stand in for each other", 409


class OverrideNeedsReason(Refusal):
    code, title, status = "override-needs-reason", "A decision against the advice says why", 422


class ConditionsNeeded(Refusal):
    code, title, status = "conditions-needed", "A conditional go names what is owed", 422


class EvidenceEmpty(Refusal):
    code, title, status = "evidence-empty", "An empty file shows nothing", 422


class EvidenceTypeRefused(Refusal):
    code, title, status = "evidence-type", "Files of this type are not taken as evidence", 415


class EvidenceMismatch(Refusal):
    code, title, status = "evidence-mismatch", "The file is not what its type says", 422


class EvidenceDamaged(Refusal):
    code, title, status = "evidence-damaged", "The file is no longer what was handed in", 500


class FileNotTaken(Refusal):
    """`facts` tell what becomes of each cell: `cells`, `problems`, `questions`, `counts`."""

    code, title, status = "file-not-taken", "Cells of the file are refused or asked about", 422


class RecommendationClosed(Refusal):
    code, title, status = "recommendation-closed", "The recommendation has been answered", 409


class RecommendationNotReady(Refusal):
    code, title, status = "recommendation-not-ready", "The recommendation is not that far", 409


class ScopeChangeClosed(Refusal):
    code, title, status = "scope-change-closed", "The scope change has been decided", 409


class ReviewSigned(Refusal):
    code, title, status = "review-signed", "The review has been signed off", 409


class LessonWithdrawn(Refusal):
    code, title, status = "lesson-withdrawn", "The lesson has been withdrawn", 409


class BaselineFrozen(Refusal):
    code, title, status = "baseline-frozen", "The baseline was agreed at a gate", 409


class StaleVersion(Refusal):
    code, title, status = "stale-version", "It has changed since you read it", 412


class VersionNeeded(Refusal):
    code, title, status = "version-needed", "Say which version you change", 428


class InvalidInput(Refusal):
    """`facts["errors"]` maps a field's path to what is wrong with it."""

    code, title, status = "invalid-input", "Some fields cannot be taken as they are", 422


class Duplicate(Refusal):
    code, title, status = "duplicate", "It is there already", 409


class NoRulebook(Refusal):
    code, title, status = "no-rulebook", "No rulebook has been published", 409


class FaultyRules(Refusal):
    """`facts["problems"]` lists each problem: code, level, path, line, column, message, help."""

    code, title, status = "faulty-rules", "The rule files have errors", 422


class CannotMigrate(Refusal):
    """`facts["refused"]` lists each project that stands in the way: project, stage, why."""

    code, title, status = "cannot-migrate", "Not every project can change its workflow so", 409


class PreviewChanged(Refusal):
    code, title, status = "preview-changed", "It would do something else than its preview said", 409


class NoKey(Refusal):
    code, title, status = "no-key", "There is no key to sign the log with", 409


class LogBehind(Refusal):
    code, title, status = "log-behind", "The log is shorter than what was signed of it", 409


class LogContradicted(Refusal):
    code, title, status = "log-contradicted", "The log is not what was signed of it", 409


class NotSealed(Refusal):
    code, title, status = "not-sealed", "It is not in the log yet", 409


class PastIncomplete(Refusal):
    """`facts` name the first event that does not tell all: `project`, `seq`, `kind`."""

    code, title, status = "past-incomplete", "The events of then do not tell all", 409


class BadConfiguration(Refusal):
    code, title, status = "bad-configuration", "govern cannot run with these settings", 500


class NotTimestamped(Refusal):
    code, title, status = "not-timestamped", "No timestamp that holds was given", 502


class LogUnreadable(Refusal):
    code, title, status = "log-unreadable", "The log cannot be read there", 502


class LogNotWitnessed(Refusal):
    """`facts["seen"]` is the number of entries that the witness had seen before."""

    code, title, status = "log-not-witnessed", "The log does not continue what was seen", 409


class KeyReused(Refusal):
    code, title, status = "key-reused", "The key was sent with another request", 422


class StillAnswering(Refusal):
    code, title, status = "still-answering", "The same request is being answered", 409


class AnswerNotKept(Refusal):
    code, title, status = "answer-not-kept", "It was done, and its answer is not kept", 409


class SourceUnreadable(Refusal):
    code, title, status = "source-unreadable", "The source cannot be read", 502


class PulledMeanwhile(Refusal):
    code, title, status = "pulled-meanwhile", "The source was read by somebody else meanwhile", 409


class Busy(Refusal):
    code, title, status = "busy", "The database could not do it now; nothing was written", 503


class StorageFault(Busy):
    """Whoever runs the service has to do something about it."""

    code, title, status = (
        "storage-fault",
        "The database's disk does not take it; nothing was written",
        503,
    )


class OutcomeUnknown(Refusal):
    code, title, status = "outcome-unknown", "It is not known whether it was done", 503


class NotReady(Refusal):
    code, title, status = "not-ready", "The service cannot answer requests yet", 503


# --- what the web API refuses before any use case is reached -----------------------------------


class MalformedJson(Refusal):
    code, title, status = "malformed-json", "The body is not the JSON it should be", 400


class BadRequest(Refusal):
    code, title, status = "bad-request", "The request cannot be read", 400


class UnknownRoute(Refusal):
    code, title, status = "unknown-route", "There is nothing at this address", 404


class MethodNotAllowed(Refusal):
    code, title, status = "method-not-allowed", "This address does not do that", 405


class LengthRequired(Refusal):
    code, title, status = "length-required", "The body must say how long it is", 411


class TooLarge(Refusal):
    code, title, status = "too-large", "The body is larger than is taken here", 413


class UnsupportedMediaType(Refusal):
    code, title, status = "unsupported-media-type", "The body must be JSON", 415


class InternalError(Refusal):
    code, title, status = "internal-error", "govern failed, and it is not your fault", 500
