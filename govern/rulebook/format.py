"""The format of rule files, `govern/rules/v1`, as data."""

from typing import Any, Final

from govern.documents.given import KPI_GIVEN, PROJECT_GIVEN
from govern.documents.node import Scalar
from govern.documents.shape import (
    Choice,
    Condition,
    Constant,
    Duration,
    Field,
    Fields,
    Identifier,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Template,
    Text,
    Value,
    Variants,
    Word,
)
from govern.domain.finding import FindingState, Severity
from govern.domain.recommendation import Action
from govern.domain.role import Role
from govern.rulebook.params import CALENDAR, PARAMS, PORTFOLIOS
from govern.rulebook.rule import IfUnknown, Status
from govern.rulebook.scope import Scope
from govern.rulebook.table import Hit

VERSION: Final = "govern/rules/v1"

AnyField = Field[Any]

# A rule's tests. What `given` may hold depends on the rule's scope.

TEST_NAME: Final[Field[str]] = Field("name", Text(), required=True, doc="what the test shows")
EXPECT: Final[Field[tuple[FindingState, ...] | FindingState]] = Field(
    "expect",
    OneOf((Choice(FindingState), ListOf(Choice(FindingState), least=1))),
    required=True,
    doc="the rule's state, or a list with one state a period",
)


def _test(given: Record) -> Record:
    return Record(
        "a test", (TEST_NAME, Field("given", given, required=True, doc="the data"), EXPECT)
    )


TESTS_OF: Final[dict[Scope, Field[tuple[Fields, ...]]]] = {
    Scope.KPI: Field("tests", ListOf(_test(KPI_GIVEN))),
    Scope.PROJECT: Field("tests", ListOf(_test(PROJECT_GIVEN))),
}
GIVEN: Final[Field[Fields]] = Field("given", KPI_GIVEN, required=True)

# Rules

ACTION: Final[Field[Action]] = Field("action", Choice(Action), True, "what should change")
BECAUSE: Final[Field[Scalar]] = Field("because", Template(), True, "why that would help")
PROPOSE: Final[Field[Scalar]] = Field("propose", Condition(), doc="which deliverables it is about")
DECIDE_BY: Final[Field[int]] = Field(
    "decide_by", Duration("working day"), True, "how soon, such as 10 working days"
)
DECIDED_BY: Final[Field[Role]] = Field("decided_by", Choice(Role), True, "the role that answers")
RECOMMEND_RECORD: Final = Record(
    "a recommendation", (ACTION, BECAUSE, PROPOSE, DECIDE_BY, DECIDED_BY)
)

ID: Final[Field[str]] = Field("id", Identifier(), True, "the rule's name in findings")
TITLE: Final[Field[str]] = Field("title", Text(), True, "what is wrong when it fires")
SCOPE: Final[Field[Scope]] = Field("scope", Choice(Scope), doc="kpi if not said")
OWNER: Final[Field[str]] = Field("owner", Text(), doc="who answers for the rule")
STATUS: Final[Field[Status]] = Field("status", Choice(Status), doc="active if not said")
REPLACED_BY: Final[Field[str]] = Field("replaced_by", Identifier(), doc="of a deprecated rule")
APPLIES_TO: Final[Field[Scalar]] = Field("applies_to", Condition(), doc="all if not said")
WHEN: Final[Field[Scalar]] = Field("when", Condition(), True, "true where something is wrong")
FOR: Final[Field[int]] = Field("for", Duration("period"), doc="1 period if not said")
CLEAR_WHEN: Final[Field[Scalar]] = Field("clear_when", Condition(), doc="when firing ends")
IF_UNKNOWN: Final[Field[IfUnknown]] = Field(
    "if_unknown", Choice(IfUnknown), doc="report if not said"
)
SEVERITY: Final[Field[Severity]] = Field("severity", Choice(Severity), True, "amber or red")
MESSAGE: Final[Field[Scalar]] = Field("message", Template(), True, "the finding in words")
RECOMMEND: Final[Field[Fields]] = Field("recommend", RECOMMEND_RECORD, doc="what to do then")


def _rule(scope: Scope) -> Record:
    return Record(
        "a rule",
        (
            ID,
            TITLE,
            SCOPE,
            OWNER,
            STATUS,
            REPLACED_BY,
            APPLIES_TO,
            WHEN,
            FOR,
            CLEAR_WHEN,
            IF_UNKNOWN,
            SEVERITY,
            MESSAGE,
            RECOMMEND,
            TESTS_OF[scope],
        ),
    )


RULE_OF: Final[dict[Scope, Record]] = {scope: _rule(scope) for scope in Scope}
"""Rules differ by scope in what their tests give."""

# Decision tables

_AT_ONCE: Final[OneOf[Any]] = OneOf((Constant(), ListOf(Constant())))
_LISTED: Final[ListOf[Any]] = ListOf(_AT_ONCE, least=1)
_IN_TIME: Final[OneOf[Any]] = OneOf((Constant(), _LISTED))
_BY_OUTPUT: Final[MapOf[Any]] = MapOf(_IN_TIME)
TABLE_EXPECT: Final[AnyField] = Field(
    "expect",
    OneOf((Constant(), _LISTED, _BY_OUTPUT)),
    required=True,
    doc="the output, or a list with one a period; output: value where there are several",
)


def _table_tests(given: Record) -> Field[tuple[Fields, ...]]:
    field = Field("given", given, required=True, doc="the data")
    return Field("tests", ListOf(Record("a table's test", (TEST_NAME, field, TABLE_EXPECT))))


TABLE_TESTS_OF: Final[dict[Scope, Field[tuple[Fields, ...]]]] = {
    Scope.KPI: _table_tests(KPI_GIVEN),
    Scope.PROJECT: _table_tests(PROJECT_GIVEN),
}
TABLE_ID: Final[Field[str]] = Field(
    "id", Identifier(), True, "its name, with _ for - in conditions"
)
TABLE_TITLE: Final[Field[str]] = Field("title", Text(), doc="what it tells")
HIT: Final[Field[Hit]] = Field("hit", Choice(Hit), True, "what counts where several rows match")
PRIORITY: Final[Field[tuple[Value, ...]]] = Field(
    "priority", ListOf(Constant(), least=1), doc="values of the first output, the strongest first"
)
ROWS: Final[Field[Scalar]] = Field("rows", Condition(), True, "| a line of cells")
TABLE_OF: Final[dict[Scope, Record]] = {
    scope: Record("a table", (TABLE_ID, TABLE_TITLE, SCOPE, HIT, PRIORITY, ROWS, tests))
    for scope, tests in TABLE_TESTS_OF.items()
}

SCHEMA: Final[Field[str]] = Field("schema", Word((VERSION,)), True, VERSION)
AREA: Final[Field[str]] = Field("area", Identifier(), True, "the part of the rulebook")
RULES: Final[Field[tuple[Fields, ...]]] = Field(
    "rules",
    ListOf(
        Variants(
            "scope", Scope.KPI, tuple((str(scope), record) for scope, record in RULE_OF.items())
        ),
        1,
    ),
    doc="a list of rules",
)
TABLES: Final[Field[tuple[Fields, ...]]] = Field(
    "tables",
    ListOf(
        Variants(
            "scope", Scope.KPI, tuple((str(scope), record) for scope, record in TABLE_OF.items())
        ),
        1,
    ),
    doc="a list of decision tables",
)
FILE_OWNER: Final[Field[str]] = Field("owner", Text(), doc="who answers for its rules")
FILE: Final = Record(
    "a rule file",
    (SCHEMA, AREA, FILE_OWNER, PARAMS, PORTFOLIOS, CALENDAR, RULES, TABLES),
)
