"""Project × period: the rows that project rules and gate criteria are judged on."""

import polars as pl

from govern.observation.portfolio import Portfolio

OWN = (
    *("project", "name", "owner", "department", "budget", "spent", "start", "end", "tags"),
    *("objective", "status_text", "portfolio", "reviews_signed", "lessons"),
)
COLUMNS = (
    *("project", "period", "seen_on", "is_first", "is_last", "row", "name", "owner", "department"),
    *("stage", "days_in_stage", "budget", "spent", "start", "end", "tags", "objective"),
    *("status_text", "portfolio", "reviews_signed", "lessons", "as_of"),
)


def project_rows(portfolio: Portfolio, spans: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """All columns of the project frame, from the projects' spans and the rows they spread to."""
    own = spans.select(*OWN, "project_number").select(pl.all().gather(rows["at"]))
    return portfolio.with_stage(rows.with_columns(own)).select(COLUMNS)
