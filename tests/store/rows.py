"""The least rows a test needs under what it is about."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from govern.store import tables

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def add_kpi(connection: Connection, kpi: str = "K") -> None:
    """A KPI with a project, a workflow and a portfolio to stand on."""
    at = {"recorded_at": AT}
    connection.execute(tables.portfolio.insert().values(id="F", name="F", **at))
    connection.execute(
        tables.workflow_revision.insert().values(
            digest="sha256:0", workflow_id="w", workflow_version=1, path="w.yaml", **at
        )
    )
    connection.execute(
        tables.project.insert().values(
            id="P",
            portfolio_id="F",
            name="P",
            tags=[],
            workflow_digest="sha256:0",
            stage="draft",
            version=1,
            **at,
        )
    )
    connection.execute(
        tables.kpi.insert().values(
            id=kpi,
            project_id="P",
            name=kpi,
            weight=1,
            cadence="monthly",
            aggregation="last",
            cumulative=False,
            disbenefit=False,
            reporting_lag_days=0,
            version=1,
            **at,
        )
    )
