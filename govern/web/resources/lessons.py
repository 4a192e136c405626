"""Lessons: what projects have learned, for those that come after."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import lessons as use
from govern.services.forecast_bias import forecast_bias as bias_of
from govern.services.likeness import alike_lessons
from govern.web.resource import Resource
from govern.web.schemas.forecast_bias import ForecastBiases, ForecastBiasQuery
from govern.web.schemas.lessons import (
    AlikeLessons,
    FoundLessons,
    Lesson,
    LessonChange,
    LessonQuery,
    LessonWithdrawal,
    NewLesson,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

lessons = Resource(
    "lessons", "What projects have learned, for those that come after.", writes=TokenScope.PLAN
)


@lessons.write(
    "POST",
    "/projects/<id:project>/lessons",
    Lesson,
    body=NewLesson,
    status=201,
    headers=["ETag", "Location"],
)
def add_lesson(project: str, body: dict[str, Any]) -> Any:
    """Record a lesson of a project: what happened, why, and what to do next time.

    Takes the role project_manager, sponsor, benefit_owner or gatekeeper on the project. Its evidence is
    the project's own.
    """
    added = use.add_lesson(runtime(), actor(), project, body, now=now())
    return tagged(added, Location=url_for("lessons.get_lesson", lesson=added["id"]))


@lessons.read("/lessons", FoundLessons, query=LessonQuery, past=True)
def search_lessons(query: dict[str, Any]) -> Any:
    """Search the lessons of all projects, the best first.

    Every word must begin a word of the lesson, whatever its case and accents; nothing in `q` is an
    operator. Without `q`, the newest first.
    """
    return use.search(runtime(), actor(), **query)


@lessons.read("/projects/<id:project>/lessons/alike", AlikeLessons, past_of_all=True)
def alike(project: str) -> Any:
    """Read the lessons of projects that measure what this one does, as its gates show them."""
    return alike_lessons(runtime(), actor(), project)


@lessons.read("/lessons/<number:lesson>", Lesson, past=True)
def get_lesson(lesson: int) -> Any:
    """Read a lesson, whichever project it is of."""
    return unless_known(use.get_lesson(runtime(), actor(), lesson))


@lessons.write(
    "PATCH",
    "/lessons/<number:lesson>",
    Lesson,
    body=LessonChange,
    versioned=True,
    headers=["ETag"],
)
def change_lesson(lesson: int, body: dict[str, Any], version: int) -> Any:
    """Change the fields that are named; each list is replaced as a whole.

    For whoever wrote it, and the sponsor of its project. `If-Match` names its version.
    """
    return tagged(use.change_lesson(runtime(), actor(), lesson, body, version=version, now=now()))


@lessons.write(
    "POST",
    "/lessons/<number:lesson>/withdrawal",
    Lesson,
    body=LessonWithdrawal,
    versioned=True,
    headers=["ETag"],
)
def withdraw_lesson(lesson: int, body: dict[str, Any], version: int) -> Any:
    """Take a lesson back: it stays readable, and is neither searched nor shown any more.

    For whoever wrote it, and the sponsor of its project. `If-Match` names its version.
    """
    gone = use.withdraw_lesson(
        runtime(), actor(), lesson, reason=body["reason"], version=version, now=now()
    )
    return tagged(gone)


@lessons.read("/forecast-bias", ForecastBiases, query=ForecastBiasQuery, past=True)
def forecast_bias(query: dict[str, Any]) -> Any:
    """Read how much of what was promised came, per category of value and per owner, as reviews say.

    Of the projects that you may see. A trajectory can be adjusted by it.
    """
    return bias_of(runtime(), actor(), **query)
