"""What signed reviews know of KPIs: how much of what was promised was realised."""

from sqlalchemy import Connection, select

from govern.domain.actor import Actor
from govern.domain.kpi import Direction
from govern.domain.personal import ERASED
from govern.domain.record import Record
from govern.domain.review import ReviewState
from govern.store.tables import kpi, project, review, review_kpi
from govern.store.visibility import visible_to


def rates(connection: Connection, actor: Actor, portfolio_id: str | None = None) -> list[Record]:
    """The KPIs of visible projects whose rate a signed review knows, in order of id: `kpi`, `category`,
    `owner`, `rate`. Of several reviews the newest counts that knows it. A level that is to be held says
    nothing of how far forecasts reach, and an owner who was erased is nobody."""
    query = (
        select(review_kpi.c.kpi_id.label("kpi"), kpi.c.category, kpi.c.owner, review_kpi.c.rate)
        .join(review, review.c.id == review_kpi.c.review_id)
        .join(kpi, kpi.c.id == review_kpi.c.kpi_id)
        .join(project, project.c.id == review.c.project_id)
        .where(
            review.c.state == ReviewState.SIGNED.value,
            review_kpi.c.rate.is_not(None),
            kpi.c.direction.in_([Direction.INCREASE.value, Direction.DECREASE.value]),
            visible_to(actor),
        )
        .order_by(review_kpi.c.kpi_id, review.c.number)
    )
    if portfolio_id is not None:
        query = query.where(project.c.portfolio_id == portfolio_id)
    rows = connection.execute(query).mappings()
    # The last one of a KPI is that of its newest review.
    newest = {row["kpi"]: dict(row) for row in rows}
    return [
        {**each, "owner": None if each["owner"] == ERASED else each["owner"]}
        for each in newest.values()
    ]
