"""The record of a project at its gates, as text to read or to file."""

from collections.abc import Iterator
from typing import Any

from govern.domain.count import counted

Told = dict[str, Any]


def lines(record: Told) -> Iterator[str]:
    """The record as `services.gate_record` gives it; one gate after another, indented by depth."""
    yield (
        f"{record['project']}, workflow {record['workflow']} version "
        f"{record['workflow_version']}, now in {record['stage']}"
    )
    yield ""
    yield "Time in each stage"
    for each in record["stages"]:
        until = "today" if each["now"] else each["until"] or "unknown"
        yield f"  {each['stage']}: {_days(each['days'])}, {each['since'] or 'unknown'} to {until}"
    again = [each for each in record["days_in_stage"] if each["visits"] > 1]
    for each in again:
        yield f"  {each['stage']} in all: {_days(each['days'])} in {each['visits']} visits"
    if record["waivers"]:
        yield ""
        yield "Criteria that were waived"
        for each in record["waivers"]:
            yield from _waiver(each)
    for gate in record["gates"]:
        if gate["iterations"]:
            yield ""
            yield from _gate(gate)


def _waiver(each: Told) -> Iterator[str]:
    yield (
        f"  {each['criterion']} at gate {each['gate']}: by {each['by']} as {_words(each['role'])} "
        f"until {each['expires_on']}, {_words(each['state'])}"
    )
    yield f"    Reason: {each['reason']}"
    for passed in each["passed"]:
        yield (
            f"    Passed with it: {_words(passed['decision'])} on submission "
            f"{passed['submission']}, {_moment(passed['decided_at'])}"
        )


def _gate(gate: Told) -> Iterator[str]:
    recycles = counted(gate["recycles"], "recycle")
    yield f"Gate {gate['gate']}: {gate['title'] or 'no longer in the workflow'} ({recycles})"
    for each in gate["iterations"]:
        yield from _iteration(each)


def _iteration(each: Told) -> Iterator[str]:
    yield (
        f"  Iteration {each['iteration']}, submission {each['submission']}: submitted "
        f"{_moment(each['submitted_at'])} by {each['submitted_by']}, {_open(each)}"
    )
    for lesson in each["lessons"]:
        yield f"    Lesson {lesson['id']} of {lesson['project']} shown: {lesson['title']}"
        yield f"      {lesson['alike']}"
    for judged in each["rounds"][1:]:
        yield f"    {_moment(judged['judged_at'])} judged again, round {judged['round']}"
        yield from (f"      {sentence}" for sentence in judged["changed"])
    for vote in each["votes"]:
        yield from _vote(vote)
    yield f"    Advice: {_words(each['advice'])}. {' '.join(each['advice_because'])}"
    if each["decision"]:
        against = " against the advice" if each["override"] else ""
        yield f"    Decision: {_words(each['decision'])}{against}, {_moment(each['decided_at'])}"
    if each["became"]:
        yield f"    Became {_words(each['became'])}, {_moment(each['became_at'])}"


def _open(each: Told) -> str:
    if each["state"] == "open":
        return f"open for {_days(each['days_open'])}"
    return f"{each['state']} after {_days(each['days_open'])}"


def _vote(vote: Told) -> Iterator[str]:
    behalf = f" for {vote['for_person']}" if vote["for_person"] else ""
    role = _words(vote["seat"] or " or ".join(vote["roles"]))
    stale = "" if vote["counts"] else " (counts no more: what was seen has changed)"
    yield (
        f"    {_moment(vote['recorded_at'])} {vote['person']}{behalf} as {role}: "
        f"{_words(vote['decision'])}{stale}"
    )
    yield f"      Reason: {vote['reason']}"
    if vote["override_reason"]:
        yield f"      Against the advice: {vote['override_reason']}"
    if vote["meaning"]:
        yield f"      The vote says: {vote['meaning']}"
    if vote["signed_at"]:
        yield f"      Signed: {_moment(vote['signed_at'])}, {SIGNED_HOW[vote['signed_how']]}"
    yield f"      Saw: {vote['seen_digest'] or 'unknown'}"


SIGNED_HOW = {
    "link": "by a link that works once",
    "oidc": "by the organisation's own sign-in",
}
"""How somebody showed who they are."""


def _days(days: int | None) -> str:
    return "unknown" if days is None else counted(days, "day")


def _moment(moment: Any) -> str:
    return "unknown" if moment is None else moment.strftime("%Y-%m-%d %H:%M")


def _words(word: str) -> str:
    return word.replace("_", " ")
