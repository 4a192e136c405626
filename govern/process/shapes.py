"""The format of a workflow file, as data. `docs/workflow-files.md` explains it."""

from decimal import Decimal
from typing import Final

from govern.documents.given import PROJECT_GIVEN
from govern.documents.shape import (
    Choice,
    Condition,
    Duration,
    Field,
    Flag,
    Identifier,
    ListOf,
    MapOf,
    Number,
    Record,
    Text,
    Whole,
    Word,
)
from govern.domain.criterion import Outcome
from govern.domain.decision import Decision
from govern.domain.period import Cadence
from govern.domain.role import Role
from govern.process.definition import BASELINE, SEPARATIONS, SHOWN, SIGNATURES

SCHEMA_NAME: Final = "govern/workflow/v1"

_ROLE = Choice(Role)
_DAYS = Duration("working day")
_MONTHS = Duration("month")

CRITERION_ID = Field("id", Identifier(), required=True, doc="Names the criterion in results.")
CRITERION_TITLE = Field("title", Text(), doc="A heading; made from the id where it is left out.")
REQUIRE = Field("require", Condition(), doc="A condition on the project; or `score`.")
OTHERWISE = Field("otherwise", Text(), doc="What to do where the criterion is not met.")
FATAL = Field("fatal", Flag(), doc="Whether the advice is kill, not recycle, where it is not met.")
WEIGHT = Field("weight", Number(least=Decimal(0)), doc="How much it counts; 1 if left out.")

AT = Field("at", Whole(), required=True, doc="A score, 0 to 10.")
MEANS = Field("means", Text(), required=True, doc="What a project is like that scores this.")
LEAST = Field(
    "least", Number(Decimal(0), Decimal(10)), required=True, doc="The mean score that is enough."
)
SCORERS = Field("scorers", Whole(least=1), doc="How many have to score; 1 if left out.")
BY = Field("by", ListOf(_ROLE, least=1), doc="The roles that score; those that decide if left out.")
ANCHORS = Field(
    "anchors",
    ListOf(Record("an anchor", (AT, MEANS))),
    doc="What scores mean, so that two people mean the same by them.",
)
SCORE = Field(
    "score",
    Record("a scorecard", (LEAST, SCORERS, BY, ANCHORS)),
    doc="People score it from 0 to 10, where no condition can tell.",
)

_COMMON = (CRITERION_ID, CRITERION_TITLE, REQUIRE, SCORE, OTHERWISE)
MUST = Field(
    "must",
    ListOf(Record("a must-meet criterion", (*_COMMON, FATAL))),
    doc="What has to be met.",
)
SHOULD = Field(
    "should",
    ListOf(Record("a should-meet criterion", (*_COMMON, WEIGHT))),
    doc="What is scored by weight.",
)

ROLE = Field("role", _ROLE, required=True, doc="The role that decides.")
VOTES = Field("votes", Whole(least=1), doc="How many passing votes of it; 1 if left out.")
OF = Field(
    "of", Whole(least=1), doc="Makes it a panel of so many, where one vote against does not decide."
)
MEANING = Field("meaning", Text(), doc="What a vote in this role says, kept with its signature.")
AFTER = Field("after", _DAYS, required=True, doc="Counted from the submission.")
ESCALATE_TO = Field("to", _ROLE, required=True, doc="The role that is told.")

GATE_ID = Field("id", Identifier(), required=True, doc="Names the gate everywhere.")
GATE_TITLE = Field("title", Text(), required=True, doc="What passing the gate says.")
FROM = Field("from", Identifier(), required=True, doc="The stage a project submits from.")
TO = Field("to", Identifier(), required=True, doc="The stage a project enters with a go.")
SUBMIT = Field("submit", ListOf(_ROLE), required=True, doc="The roles that may submit.")
APPROVE = Field(
    "approve",
    ListOf(Record("a slot of approve", (ROLE, VOTES, OF, MEANING))),
    required=True,
    doc="Who decides, with how many votes.",
)
SEPARATION = Field(
    "separation",
    ListOf(Word(SEPARATIONS)),
    doc="Who never decides, whatever their role; [submitter] if left out.",
)
VETO = Field("veto", ListOf(_ROLE), doc="Roles whose vote against decides at once.")
WAIVE = Field("waive", ListOf(_ROLE), doc="Roles that may waive a criterion.")
DECIDE_WITHIN = Field("decide_within", _DAYS, doc="The time to decide in.")
ESCALATE = Field(
    "escalate",
    ListOf(Record("a step of escalate", (AFTER, ESCALATE_TO))),
    doc="Who is told when nobody has decided.",
)
REMIND = Field("remind", _DAYS, doc="How long before the end of `decide_within` to remind.")
EXPIRES = Field("expires", _DAYS, doc="When an undecided submission is closed, from its start.")
REPEATS = Field(
    "repeats",
    Choice(Cadence),
    doc="Opens the gate again and again while a project is in its stage: a value check.",
)
FREEZES = Field("freezes", Word((BASELINE,)), doc="What a go makes binding.")
SHOWS = Field("shows", ListOf(Word(SHOWN)), doc="What a submission shows to those who decide.")
SIGNATURE = Field(
    "signature",
    Word(SIGNATURES),
    doc="Whoever votes here confirms just before who they are, in a browser; not asked if left out.",
)
SHOULD_MARK = Field(
    "should_mark",
    Number(Decimal(0), Decimal(1)),
    doc="The share of the should-meet weights that is enough; 70% if left out.",
)
CRITERIA = Field("criteria", Record("criteria", (MUST, SHOULD)), doc="What is judged.")
EVIDENCE = Field("evidence", ListOf(Identifier()), doc="The documents a submission names.")

TEST_NAME = Field("name", Text(), required=True, doc="What the test shows.")
GIVEN_EVIDENCE = Field(
    "evidence", ListOf(Identifier()), doc="What is brought; all the gate asks for if left out."
)
GIVEN_SCORES = Field(
    "scores",
    MapOf(ListOf(Number(Decimal(0), Decimal(10)), least=1)),
    doc="Criterion: the scores that people give it.",
)
GIVEN_WAIVED = Field("waived", ListOf(Identifier()), doc="The criteria that are waived.")
GIVEN = Field(
    "given",
    Record(
        "what a gate's test gives",
        (GIVEN_EVIDENCE, GIVEN_SCORES, GIVEN_WAIVED, *PROJECT_GIVEN.fields),
    ),
    required=True,
    doc="The project.",
)
EXPECT = Field("expect", MapOf(Choice(Outcome)), doc="Criterion: how it comes out.")
EXPECT_ADVICE = Field("advice", Choice(Decision), doc="What the machine advises.")
TESTS = Field(
    "tests",
    ListOf(Record("a gate's test", (TEST_NAME, GIVEN, EXPECT, EXPECT_ADVICE))),
    doc="Made-up projects, and how the gate judges them.",
)

GATE = Record(
    "a gate",
    (
        GATE_ID,
        GATE_TITLE,
        FROM,
        TO,
        SUBMIT,
        APPROVE,
        VETO,
        WAIVE,
        SEPARATION,
        DECIDE_WITHIN,
        REMIND,
        ESCALATE,
        EXPIRES,
        REPEATS,
        FREEZES,
        SHOWS,
        SIGNATURE,
        SHOULD_MARK,
        CRITERIA,
        EVIDENCE,
        TESTS,
    ),
)

SINCE = Field(
    "since", Identifier(), required=True, doc="The stage that a project enters with its rollout."
)
REVIEW_AFTER = Field(
    "after", _MONTHS, required=True, doc="When a review opens, counted from the rollout."
)
REVIEW_DUE = Field("due", _MONTHS, required=True, doc="When it is due, counted from the rollout.")
REPEAT = Field(
    "repeat",
    _MONTHS,
    doc="When the next one opens after a signature, while a KPI is owed; never if left out.",
)
SIGN = Field(
    "sign", ListOf(_ROLE, least=1), required=True, doc="The roles that may sign a review off."
)
QUESTION_ID = Field("id", Identifier(), required=True, doc="Names the question in answers.")
ASK = Field("ask", Text(), required=True, doc="What is asked; answered from 1 to 5, and in words.")
ASKED = Field("of", ListOf(_ROLE, least=1), required=True, doc="The roles that are asked.")
SURVEY = Field(
    "survey",
    ListOf(Record("a question of the survey", (QUESTION_ID, ASK, ASKED))),
    doc="What people are asked in a review.",
)
REVIEWS = Field(
    "reviews",
    Record("reviews", (SINCE, REVIEW_AFTER, REVIEW_DUE, REPEAT, SIGN, SURVEY)),
    doc="When what came of a project is reviewed, and who signs the review off.",
)

SCHEMA = Field("schema", Word((SCHEMA_NAME,)), required=True, doc=SCHEMA_NAME)
ID = Field("id", Identifier(), required=True, doc="Names the workflow everywhere.")
VERSION = Field("version", Whole(least=1), required=True, doc="Raised with every change.")
TITLE = Field("title", Text(), doc="A heading; made from the id where it is left out.")
STAGES = Field(
    "stages",
    ListOf(Identifier(), least=2),
    required=True,
    doc="Where a project can stand, from the first to the last.",
)
CALENDAR = Field("calendar", Identifier(), doc="The working days; Monday to Friday if left out.")
REOPEN = Field("reopen", ListOf(_ROLE), doc="Roles that may reopen a terminated project.")
GATES = Field("gates", ListOf(GATE, least=1), required=True, doc="What leads from stage to stage.")

WORKFLOW = Record(
    "a workflow", (SCHEMA, ID, VERSION, TITLE, CALENDAR, REOPEN, STAGES, REVIEWS, GATES)
)
