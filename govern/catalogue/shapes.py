"""The format of a catalogue file, as data. `docs/kpis.md` explains it."""

from decimal import Decimal
from typing import Final

from govern.documents.shape import (
    Choice,
    Condition,
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
from govern.domain.kpi import Aggregation, Direction, ToleranceIn
from govern.domain.period import Cadence

SCHEMA_NAME: Final = "govern/catalogue/v1"

_ZERO = Decimal(0)

ID = Field("id", Identifier(), required=True, doc="Names the template where a KPI is made from it.")
TITLE = Field("title", Text(), required=True, doc="What a KPI of this kind is called.")
DESCRIPTION = Field("description", Text(), doc="What the benefit is, for whom.")
CATEGORY = Field("category", Text(), doc="The value category; the file's where it is left out.")
UNIT = Field("unit", Text(), doc="The unit of its figures; left out for money.")
MONEY = Field("money", Flag(), doc="Figures are amounts: the KPI says in which currency.")
SCALE = Field(
    "scale", Number(_ZERO), doc="How many of the unit a figure stands for; 1 if left out."
)
DIRECTION = Field("direction", Choice(Direction), required=True, doc="Which way is good.")
AGGREGATION = Field(
    "aggregation", Choice(Aggregation), doc="How several periods make one; last if left out."
)
CUMULATIVE = Field("cumulative", Flag(), doc="Whether sums to date are compared.")
CADENCE = Field("cadence", Choice(Cadence), required=True, doc="How often it is reported.")
LAG = Field("reporting_lag_days", Whole(), doc="Days from a period's end until a reading is due.")
TOLERANCE = Field("tolerance", Number(_ZERO), doc="By how much it may miss its plan and be green.")
TOLERANCE_RED = Field("tolerance_red", Number(_ZERO), doc="By how much before it is red.")
TOLERANCE_IN = Field(
    "tolerance_in",
    Choice(ToleranceIn),
    doc="Whether tolerances are shares of the plan or in the unit; share if left out.",
)
FORMULA = Field(
    "formula", Condition(), doc="How it follows from other KPIs, by the names in `inputs`."
)
INPUTS = Field("inputs", MapOf(Text()), doc="Name in the formula: what it stands for.")
CALCULATION = Field("calculation", Text(), required=True, doc="How it is worked out, in words.")
DISBENEFIT = Field("disbenefit", Flag(), doc="Whether it measures a harm.")
CASHABLE = Field("cashable", Flag(), doc="Whether it can be taken out of a budget.")

TEMPLATES = Field(
    "templates",
    ListOf(
        Record(
            "a template",
            (
                ID,
                TITLE,
                DESCRIPTION,
                CATEGORY,
                UNIT,
                MONEY,
                SCALE,
                DIRECTION,
                AGGREGATION,
                CUMULATIVE,
                CADENCE,
                LAG,
                TOLERANCE,
                TOLERANCE_RED,
                TOLERANCE_IN,
                FORMULA,
                INPUTS,
                CALCULATION,
                DISBENEFIT,
                CASHABLE,
            ),
        ),
        least=1,
    ),
    required=True,
    doc="The templates of this file.",
)
SCHEMA = Field("schema", Word((SCHEMA_NAME,)), required=True, doc="The format of this file.")
OF_FILE = Field("category", Text(), doc="The category of the templates that do not say theirs.")
CATALOGUE = Record("a catalogue file", (SCHEMA, OF_FILE, TEMPLATES))
