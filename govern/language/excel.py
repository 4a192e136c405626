"""What people who write formulas in Excel reach for, and how a condition says it."""

from collections.abc import Mapping

CURES: Mapping[str, str] = {
    "and": "write `and` between the conditions: attainment < 80% and planned > 0",
    "or": "write `or` between the conditions: attainment < 80% or planned = 0",
    "if": "write if … then … else …",
    "ifs": "write if … then … else if … then … else …, or a decision table",
    "switch": "write if … then … else if … then … else …, or a decision table",
    "vlookup": "look it up in a decision table",
    "xlookup": "look it up in a decision table",
    "isblank": "write `= null` behind what may be missing: actual = null",
    "iferror": "what is missing or divided by 0 is unknown; `!= null` asks for it",
    "countif": "filter the list: count(kpis[attainment < 80%])",
    "countifs": "filter the list: count(kpis[attainment < 80% and weight > 1])",
    "sumif": "filter the list: sum(kpis[attainment < 80%].weight)",
    "sumifs": "filter the list: sum(kpis[attainment < 80% and planned > 0].weight)",
    "averageif": "filter the list: mean(kpis[weight > 1].attainment)",
    "counta": "leave out what is missing: count(history[actual != null])",
    "today": "the day of judgement is `as_of`",
    "now": "the day of judgement is `as_of`",
    "eomonth": "write end_of_month(date)",
    "edate": "write add_months(date, n)",
    "networkdays": "write working_days(from, to)",
    "workday": "write add_working_days(date, n)",
    "date": 'write @"2026-03-31"',
    "stdev": "write volatility(x, n)",
    "stdev.p": "write volatility(x, n)",
}
"""Function, in small letters, → help line."""
