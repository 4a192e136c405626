"""Whether the days of a gate fit each other, whether it can repeat, and whose days they are."""

from collections.abc import Collection, Iterator

from govern.documents.problem import Problem, did_you_mean
from govern.documents.shape import Fields
from govern.process import shapes


def check(gate: Fields) -> Iterator[Problem]:
    """Problems with `repeats`, `remind`, `escalate` and `expires`."""
    source, target = gate.get(shapes.FROM), gate.get(shapes.TO)
    if shapes.REPEATS in gate and source is not None and target is not None and source != target:
        yield Problem(
            "E423",
            f"a gate that repeats has to lead back to '{source}', not on to '{target}'",
            gate.place(shapes.REPEATS),
            f"write 'to: {source}', or take 'repeats' out",
        )
    within, remind = gate.get(shapes.DECIDE_WITHIN), gate.get(shapes.REMIND)
    if remind is not None and (within is None or remind >= within):
        yield Problem(
            "E424",
            "there is no 'decide_within' to remind of"
            if within is None
            else f"a reminder {remind} working days before the end of {within} comes at once",
            gate.place(shapes.REMIND),
            "remind fewer days before the end than there are to decide in",
        )
    expires = gate.get(shapes.EXPIRES)
    if expires is None:
        return
    if within is not None and expires < within:
        yield Problem(
            "E424",
            f"the submission expires after {expires} working days, before the {within} to decide in",
            gate.place(shapes.EXPIRES),
            "let it expire after the time to decide, or leave 'expires' out",
        )
    for step in gate.get(shapes.ESCALATE) or ():
        if (after := step.get(shapes.AFTER)) is not None and after >= expires:
            yield Problem(
                "E424",
                f"nothing is left to escalate after {after} working days: it expires after {expires}",
                step.place(shapes.AFTER),
                "escalate earlier, or let it expire later",
            )


def check_calendar(workflow: Fields, calendars: Collection[str]) -> Iterator[Problem]:
    """A problem with a `calendar` that is none of those that the rules directory has."""
    named = workflow.get(shapes.CALENDAR)
    if named is None or named in calendars:
        return
    known = ", ".join(sorted(calendars))
    yield Problem(
        "E425",
        f"the rules have no calendar '{named}'",
        workflow.place(shapes.CALENDAR),
        did_you_mean(named, calendars)
        or (f"possible: {known}" if known else "add a calendar file to the rules, or leave it out"),
    )
