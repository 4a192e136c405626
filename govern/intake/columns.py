"""The files of a folder and their columns: the one list of what is read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`required`: the column must be there and no cell of it may be blank."""

    name: str
    means: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One file. Of the columns named in `one_of`, at least one must be there."""

    file: str
    rows: str
    columns: tuple[Column, ...]
    one_of: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


PROJECTS = Layout(
    "projects.csv",
    "projects",
    (
        Column("project_id", "the organisation's own id of the project", required=True),
        Column("name", "what people call it", required=True),
        Column("owner", "who answers for it"),
        Column("department", "where in the organisation it is run"),
        Column("start", "first day"),
        Column("end", "last day; not before `start`"),
        Column("budget", "money approved"),
        Column("spent", "money spent to date"),
        Column(
            "status", "what the organisation's own list says of it; kept as it is, never judged"
        ),
        Column("objective", "the strategic objective it serves"),
        Column("tags", "words to find it by, separated by `;`"),
        Column(
            "stage",
            "the stage it stands in; blank is monitoring where it reports actuals, else the first stage",
        ),
        Column("stage_since", "the day it entered that stage"),
        Column("workflow", "the id of the workflow it runs under; blank is the import's own"),
    ),
)

KPIS = Layout(
    "kpis.csv",
    "KPIs",
    (
        Column("kpi_id", "the organisation's own id of the KPI", required=True),
        Column("project_id", "the project that promises it", required=True),
        Column("name", "what is measured", required=True),
        Column("category", "revenue, cost, satisfaction, market_share, or one of your own"),
        Column("unit", "what the figures count: EUR, %, minutes"),
        Column("direction", "increase, decrease, at_least, at_most or milestone"),
        Column("baseline", "the value before the project"),
        Column("baseline_on", "the day the baseline was measured"),
        Column("target", "the value promised"),
        Column("target_on", "the day it is promised for"),
        Column("tolerance", "by how much the actual may miss the plan, a share of it: 0.1 or 10%"),
        Column("weight", "how much it counts in its project; blank is 1"),
        Column("cadence", "weekly, monthly, quarterly, half_yearly or yearly", required=True),
        Column("owner", "who answers for the benefit"),
        Column("source", "where the figures come from"),
        Column("aggregation", "how periods combine: sum, last or mean; blank is last"),
        Column("cumulative", "yes where sums to date are compared; blank is no"),
        Column("disbenefit", "yes for a known drawback to keep small; blank is no"),
        Column(
            "reporting_lag_days",
            "days after a period's end until its reading is due; blank is 0",
        ),
        Column("description", "what the benefit is, for whom"),
        Column("currency", "EUR, USD, … where the figures are money"),
        Column(
            "scale", "how many of the unit a figure stands for: 1000000 for millions; blank is 1"
        ),
        Column("baseline_source", "where the baseline was taken from"),
        Column("tolerance_red", "by how much the actual may miss the plan before it is red"),
        Column("tolerance_in", "share or unit: what the tolerances are numbers of; blank is share"),
        Column("department", "who is responsible for the figures"),
        Column("calculation", "how the figure is worked out, in words"),
        Column("cashable", "yes where the benefit can be taken out of a budget; blank is not said"),
        Column("attribution", "share of the change that the project may claim: 0.6 or 60%"),
        Column("template", "the catalogue's template that it is made from"),
        Column("formula", "a composite's formula of other KPIs, in the condition language"),
        Column("inputs", "the KPI behind each name of the formula: `benefit=KPI-1; cost=KPI-2`"),
        Column("part_of", "the KPI in whose figures these are counted already"),
        Column("calendar", "the working-day calendar by which readings are due"),
        Column(
            "supports",
            "strategic objectives that it counts towards, each with the share of the KPI that does:"
            " `GROWTH:60%; CLIMATE:40%`, at most 100 % in all",
        ),
    ),
)

READINGS = Layout(
    "readings.csv",
    "readings",
    (
        Column("kpi_id", "the KPI", required=True),
        Column(
            "period_end", "last day of the period; it must fit the KPI's cadence", required=True
        ),
        Column("planned", "the value planned for the period"),
        Column("actual", "the value reported for the period; `unknown` where there is no figure"),
        Column("reported_at", "the day, or day and time, on which it was reported"),
        Column("note", "what is to be said of the figure"),
        Column("confidence", "how sure it is: high, medium or low"),
        Column("link", "where it can be seen"),
        Column("reason", "why it corrects the figure before it"),
        Column("origin", "what it was taken from: a file and cell, or a source"),
        Column(
            "version",
            "1 for what was recorded first for the period, 2 for what corrected it, and so on;"
            " blank is the one in force",
        ),
    ),
    one_of=("planned", "actual"),
)

DELIVERABLES = Layout(
    "deliverables.csv",
    "deliverables",
    (
        Column("deliverable_id", "the organisation's own id of the deliverable", required=True),
        Column("project_id", "the project that makes it", required=True),
        Column("name", "what is delivered", required=True),
        Column("owner", "who answers for it"),
        Column("state", "planned, in_progress, done or dropped; blank is planned"),
        Column("due", "the day it is due"),
        Column("done_on", "the day it was delivered; only where it is done"),
        Column("cost", "money it costs"),
        Column(
            "serves",
            "KPIs of the same project that it helps to move, each with its share where that is"
            " agreed: `KPI-1:40%; KPI-2:25%`",
        ),
        Column(
            "produces",
            "outcomes of the same project that it brings about, each with its share where that is"
            " agreed: `OUT-1:60%; OUT-2`",
        ),
    ),
)

OBJECTIVES = Layout(
    "objectives.csv",
    "objectives",
    (
        Column("objective_id", "the organisation's own id of the objective", required=True),
        Column("name", "what the organisation strives for", required=True),
        Column("description", "what that means"),
        Column("owner", "who answers for it"),
    ),
)

OUTCOMES = Layout(
    "outcomes.csv",
    "outcomes",
    (
        Column("outcome_id", "the organisation's own id of the outcome", required=True),
        Column("project_id", "the project whose deliverables bring it about", required=True),
        Column("name", "what is different then", required=True),
        Column("description", "for whom, and how it shows"),
        Column("owner", "who answers for it"),
        Column(
            "serves",
            "KPIs of the same project that it moves, each with its share where that is agreed:"
            " `KPI-1:40%; KPI-2:25%`",
        ),
        Column(
            "leads_to",
            "other outcomes of the same project that it leads to, each with its share where that is"
            " agreed: `OUT-2:50%`",
        ),
    ),
)

RATES = Layout(
    "rates.csv",
    "exchange rates",
    (
        Column("currency", "the currency that one unit is of: EUR", required=True),
        Column("to_currency", "the currency that the rate is in: USD", required=True),
        Column("rate_on", "the day from which it holds", required=True),
        Column("rate", "what one unit of `currency` is worth in `to_currency`", required=True),
        Column("origin", "where it was taken from; blank is the file and line"),
    ),
)

LAYOUTS = (PROJECTS, KPIS, READINGS, DELIVERABLES, OBJECTIVES, OUTCOMES)
