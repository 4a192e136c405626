"""What a test in a rule file or a workflow file gives, as data; and its reading."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from govern.documents.problem import did_you_mean
from govern.documents.shape import (
    Choice,
    Day,
    Field,
    Fields,
    Flag,
    ListOf,
    Maybe,
    Number,
    OneOf,
    Record,
    Text,
    Whole,
    Word,
)
from govern.documents.source import Place
from govern.domain.finding import Severity
from govern.domain.given import AS_OF as DEFAULT_AS_OF
from govern.domain.given import GivenKpi, GivenValue, kpi_names
from govern.domain.kpi import Aggregation, Direction, ToleranceIn
from govern.domain.period import Cadence
from govern.domain.project import DeliverableState
from govern.domain.reading import Confidence
from govern.domain.recommendation import Action, RecommendationStatus
from govern.domain.review import FollowUp

Series = tuple[Decimal | None, ...] | Decimal | None
AnyField = Field[Any]


def _series(key: str, doc: str) -> Field[Series]:
    return Field(key, OneOf((Maybe(Number()), ListOf(Maybe(Number()), least=1))), doc=doc)


# What a test gives

PLANNED = _series("planned", "the planned value: one for all periods, or a list")
ACTUAL = _series("actual", "the reported value: one for all periods, or a list; ~ is missing")
VALIDATED: Final[Field[Any]] = Field(
    "validated",
    OneOf((Maybe(Flag()), ListOf(Maybe(Flag()), least=1))),
    doc="of every period with a value, or a list with one for each period",
)
CONFIDENCE: Final[Field[Any]] = Field(
    "confidence",
    OneOf((Maybe(Choice(Confidence)), ListOf(Maybe(Choice(Confidence)), least=1))),
    doc="of every period with a value, or a list with one for each period",
)
CADENCE: Final[Field[Cadence]] = Field("cadence", Choice(Cadence), doc="monthly if not said")

KPI_FACTS: Final[tuple[AnyField, ...]] = (
    Field("kpi", Text(), doc="the KPI's name"),
    Field("category", Maybe(Text())),
    Field("unit", Maybe(Text())),
    Field("direction", Maybe(Choice(Direction)), doc="increase if not said"),
    Field("baseline", Maybe(Number())),
    Field("baseline_on", Maybe(Day())),
    Field("target", Maybe(Number())),
    Field("target_on", Maybe(Day())),
    Field("tolerance", Maybe(Number())),
    Field("weight", Maybe(Number()), doc="1 if not said"),
    CADENCE,
    Field("owner", Maybe(Text())),
    Field("source", Maybe(Text())),
    Field("aggregation", Choice(Aggregation), doc="last if not said"),
    Field("cumulative", Flag(), doc="false if not said"),
    Field("disbenefit", Flag(), doc="false if not said"),
    Field("reporting_lag_days", Whole(), doc="0 if not said"),
    Field("description", Maybe(Text())),
    Field("currency", Maybe(Text())),
    Field("scale", Number(), doc="1 if not said"),
    Field("baseline_source", Maybe(Text())),
    Field("tolerance_red", Maybe(Number())),
    Field("tolerance_in", Choice(ToleranceIn), doc="share if not said"),
    Field("responsible", Maybe(Text())),
    Field("calculation", Maybe(Text())),
    Field("cashable", Maybe(Flag())),
    Field("attribution", Maybe(Number())),
    Field("formula", Maybe(Text())),
    Field("objectives", ListOf(Text())),
    Field("original_baseline", Maybe(Number())),
    Field("original_target", Maybe(Number())),
    Field("follow_up", Maybe(Choice(FollowUp))),
    VALIDATED,
    CONFIDENCE,
    Field("original_planned", Maybe(Number()), doc="of every period with a value"),
)

STAGE: Final[Field[str]] = Field("stage", Text(), doc="monitoring if not said")
DAYS_IN_STAGE: Final[Field[int | None]] = Field("days_in_stage", Maybe(Whole()))
PROJECT_FACTS: Final[tuple[AnyField, ...]] = (
    STAGE,
    DAYS_IN_STAGE,
    Field("budget", Maybe(Number())),
    Field("spent", Maybe(Number())),
    Field("start", Maybe(Day())),
    Field("end", Maybe(Day())),
    Field("tags", ListOf(Text())),
    Field("department", Maybe(Text())),
    Field("objective", Maybe(Text())),
    Field("status_text", Maybe(Text())),
    Field("reviews_signed", Maybe(Whole())),
    Field("lessons", Maybe(Whole())),
    Field("portfolio", Text(), doc="decides which parameters hold"),
)
PROJECT_NAME: Final[AnyField] = Field("project", Text(), doc="the project's name")
OWN_NAME: Final[AnyField] = Field("name", Text(), doc="the project's name")
OWN_OWNER: Final[AnyField] = Field("owner", Maybe(Text()), doc="the project's owner")

CONTRIBUTION: Final[Field[Decimal | None]] = Field("contribution", Maybe(Number()))
SERVES: Final[Field[tuple[str, ...]]] = Field(
    "serves", ListOf(Text()), doc="names of the KPIs it serves; the KPI itself in a rule on KPIs"
)
DELIVERABLE: Final = Record(
    "a deliverable",
    (
        Field("name", Text()),
        Field("owner", Maybe(Text())),
        Field("state", Choice(DeliverableState), doc="planned if not said"),
        Field("due", Maybe(Day())),
        Field("done_on", Maybe(Day())),
        Field("cost", Maybe(Number())),
        CONTRIBUTION,
        SERVES,
    ),
)
CONDITION: Final = Record(
    "a condition",
    (
        Field("text", Text()),
        Field("owner", Maybe(Text())),
        Field("due", Maybe(Day())),
        Field("state", Word(("open", "closed")), doc="open if not said"),
    ),
)
RECOMMENDATION: Final = Record(
    "a recommendation",
    (
        Field("rule", Text()),
        Field("action", Choice(Action)),
        Field("severity", Choice(Severity)),
        Field("status", Choice(RecommendationStatus), doc="proposed if not said"),
    ),
)

AS_OF: Final[Field[Any]] = Field("as_of", Day(), doc="the day it is judged, 2026-06-30 if not said")
DELIVERABLES: Final[Field[tuple[Fields, ...]]] = Field("deliverables", ListOf(DELIVERABLE))
CONDITIONS: Final[Field[tuple[Fields, ...]]] = Field("conditions", ListOf(CONDITION))
RECOMMENDATIONS: Final[Field[tuple[Fields, ...]]] = Field("recommendations", ListOf(RECOMMENDATION))
_AROUND: Final[tuple[AnyField, ...]] = (AS_OF, DELIVERABLES, CONDITIONS, RECOMMENDATIONS)

KPI: Final = Record("a test's KPI", (*KPI_FACTS, PLANNED, ACTUAL))
KPIS: Final[Field[tuple[Fields, ...]]] = Field("kpis", ListOf(KPI))

KPI_GIVEN: Final = Record(
    "what a test on a KPI gives",
    (PLANNED, ACTUAL, *KPI_FACTS, PROJECT_NAME, *PROJECT_FACTS, *_AROUND),
)
PROJECT_GIVEN: Final = Record(
    "what a test on a project gives",
    (KPIS, OWN_NAME, OWN_OWNER, *PROJECT_FACTS, *_AROUND),
)


def fields_of(given: Fields, on_kpi: bool, name: str, periods: int) -> dict[str, Any]:
    """The fields of a `Given`, from what was read by `KPI_GIVEN` (`on_kpi`) or `PROJECT_GIVEN`."""
    project = _picked(given, PROJECT_FACTS)
    named = PROJECT_NAME if on_kpi else OWN_NAME
    if named in given:
        project["name"] = given[named]
    if not on_kpi and OWN_OWNER in given:
        project["owner"] = given[OWN_OWNER]
    return {
        "name": name,
        "as_of": given.get(AS_OF) or DEFAULT_AS_OF,
        "periods": periods,
        "project": project,
        "kpis": tuple(map(_kpi, kpis_of(given, on_kpi))),
        "deliverables": tuple(dict(each.values) for each in given.get(DELIVERABLES) or ()),
        "conditions": tuple(dict(each.values) for each in given.get(CONDITIONS) or ()),
        "recommendations": tuple(dict(each.values) for each in given.get(RECOMMENDATIONS) or ()),
    }


def kpis_of(given: Fields, on_kpi: bool) -> tuple[Fields, ...]:
    return (given,) if on_kpi else given.get(KPIS) or ()


def lengths(given: Fields, on_kpi: bool) -> Iterator[tuple[Field[Series], int, Place]]:
    """How many periods each list is about that has one value a period of the finest cadence; KPIs
    with a longer cadence may have fewer."""
    kpis = kpis_of(given, on_kpi)
    cadences = {each.get(CADENCE) or Cadence.MONTHLY for each in kpis}
    finest = min(cadences, key=list(Cadence).index, default=Cadence.MONTHLY)
    for each in kpis:
        if (each.get(CADENCE) or Cadence.MONTHLY) is not finest:
            continue
        for field in (PLANNED, ACTUAL, VALIDATED, CONFIDENCE):
            series = each.get(field)
            if isinstance(series, tuple):
                yield field, len(series), each.place(field)


def misserved(given: Fields, on_kpi: bool) -> Iterator[tuple[str, Place, str]]:
    """Each KPI that a deliverable serves and that is not there, where it is said, and what helps."""
    names = kpi_names(tuple(map(_kpi, kpis_of(given, on_kpi))))
    for deliverable in given.get(DELIVERABLES) or ():
        for name in deliverable.get(SERVES) or ():
            if name not in names:
                helps = did_you_mean(name, names) or (
                    f"possible: {', '.join(names)}" if names else "give the test a KPI"
                )
                yield name, deliverable.place(SERVES), helps


def _kpi(given: Fields) -> GivenKpi:
    return GivenKpi(_picked(given, KPI_FACTS), given.get(PLANNED), given.get(ACTUAL))


def _picked(given: Fields, fields: tuple[AnyField, ...]) -> dict[str, GivenValue]:
    return {field.key: given[field] for field in fields if field in given}
