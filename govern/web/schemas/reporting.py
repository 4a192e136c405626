"""What is due: readings to come, and how earlier ones came."""

from marshmallow import fields

from govern.domain.period import Cadence
from govern.domain.reporting import DueState, Punctuality
from govern.services.reporting import MOST_PERIODS
from govern.web.fields import Day, Flag, GivenDay, Identifier, Text, Whole, Word
from govern.web.patterns import NAME_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by


class DuePeriod(Told):
    period = GivenDay("The day the period ends.")
    due = GivenDay("The day by which its reading is due: a working day.")
    state = Word(DueState, "Not yet: the period still runs.")
    days_over = fields.Integer(metadata={"description": "Days since then; 0 until it is overdue."})


class DueKpi(Told):
    """A KPI with readings to come: from whom, and by when."""

    kpi = fields.String()
    name = fields.String()
    unit = fields.String(allow_none=True)
    project = fields.String()
    project_name = fields.String()
    owner = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    cadence = Word(Cadence)
    reporting_lag_days = fields.Integer()
    calendar = fields.String(
        metadata={"description": "The calendar that its due days are counted in."}
    )
    calendar_missing = fields.String(
        allow_none=True,
        metadata={
            "description": "The calendar that is named where the rulebook has none of that name: its "
            "days are counted Monday to Friday then."
        },
    )
    overdue_days = fields.Integer(
        metadata={"description": "Days since the oldest of them was due; 0 where none is overdue."}
    )
    periods = listed(DuePeriod, "Those without a figure, the oldest first.")


class DuePage(Told):
    items = listed(DueKpi)
    next = next_page()


class DueQuery(PageQuery):
    project = Identifier("Only KPIs of this project.")
    owner = Text(NAME_LENGTH, "Only KPIs of this owner.")
    overdue = Flag("Only KPIs with an overdue reading; false: only those without.", in_query=True)
    by = Day("Also what will be due by this day, and nothing that is due later.")
    sort = sort_by("kpi", "project", "owner", default="kpi")


class Report(Told):
    period = GivenDay("The day the period ends.")
    due = GivenDay()
    reported = GivenDay("The day its first figure came; null where it has none.", allow_none=True)
    state = Word(Punctuality)
    days_late = fields.Integer(
        allow_none=True,
        metadata={"description": "0 where it came in time, null where it has not come."},
    )


class ReportsOfKpi(Told):
    """How the last reports of a KPI came."""

    kpi = fields.String()
    on_time = fields.Integer()
    late = fields.Integer()
    missing = fields.Integer(metadata={"description": "Overdue, and without a figure."})
    due = fields.Integer(metadata={"description": "Without a figure, and not overdue yet."})
    reports = listed(Report, "The oldest first; none for a composite KPI, which nobody reports.")


class PunctualityQuery(Given):
    periods = Whole(
        "How many periods to tell of; 12 unless said.", least=1, most=MOST_PERIODS, in_query=True
    )
