"""Whether a workflow's reviews fit its stages, and their days and questions each other."""

from collections.abc import Iterator

from govern.documents.problem import Problem, did_you_mean
from govern.documents.shape import Fields
from govern.documents.source import Place
from govern.process import shapes


def check(workflow: Fields) -> Iterator[Problem]:
    """Problems with `reviews`; none where the workflow asks for none."""
    reviews = workflow.get(shapes.REVIEWS)
    if reviews is None:
        return
    yield from _stage(workflow, reviews)
    after, due = reviews.get(shapes.REVIEW_AFTER), reviews.get(shapes.REVIEW_DUE)
    if after is not None and due is not None and due <= after:
        yield Problem(
            "E437",
            f"a review that opens after {after} months cannot be due after {due}",
            reviews.place(shapes.REVIEW_DUE),
            "both are counted from the rollout: let it be due later than it opens",
        )
    yield from _questions(reviews)


def _stage(workflow: Fields, reviews: Fields) -> Iterator[Problem]:
    stages, since = workflow.get(shapes.STAGES), reviews.get(shapes.SINCE)
    if not stages or since is None or since in stages[1:]:
        return
    place = reviews.place(shapes.SINCE)
    possible = f"possible: {', '.join(stages[1:])}"
    if since == stages[0]:
        what = f"'{since}' is where every project begins: nothing is rolled out there"
        yield Problem("E436", what, place, possible)
    else:
        what = f"the workflow has no stage '{since}'"
        yield Problem("E436", what, place, did_you_mean(since, stages[1:]) or possible)


def _questions(reviews: Fields) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for question in reviews.get(shapes.SURVEY) or ():
        if (name := question.get(shapes.QUESTION_ID)) is None:
            continue
        place = question.place(shapes.QUESTION_ID)
        if name in first:
            yield Problem(
                "E438",
                f"the question '{name}' is already on line {first[name].line}",
                place,
                "give one of the two another id",
            )
        first.setdefault(name, place)
