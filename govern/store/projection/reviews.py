"""What events say of reviews."""

from typing import Any

from govern.domain.review import ReviewState
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.reviews import OF_A_KPI
from govern.store.tables import review, review_answer, review_kpi


def opened(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        review,
        id=data["review"],
        project_id=fact.project,
        number=data["number"],
        state=ReviewState.OPEN.value,
        rolled_out_on=data["rolled_out_on"],
        due_on=data["due_on"],
        recorded_by=fact.actor,
        version=1,
        recorded_at=fact.at,
    )
    _kpis(rows, data)


def changed(rows: Rows, fact: Fact) -> None:
    data = fact.data
    named = ("rating", "summary", "went_well", "went_badly")
    rows.change(review, data["review"], **{name: data[name] for name in named if name in data})
    _kpis(rows, data)


def answered(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        review_answer,
        id=data["answer"],
        review_id=data["review"],
        question=data["question"],
        score=data["score"],
        said=data["said"],
        recorded_by=fact.actor,
        recorded_at=fact.at,
    )


def signed(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.change(
        review,
        data["review"],
        state=ReviewState.SIGNED.value,
        rating=data["rating"],
        dossier_digest=data["digest"],
        signed_by=fact.actor,
        signed_at=fact.at,
    )
    _kpis(rows, data)


def _kpis(rows: Rows, data: dict[str, Any]) -> None:
    """What became of each KPI that the event names: all of its row."""
    for each in data.get("kpis", ()):
        rows.put(
            review_kpi,
            review_id=data["review"],
            kpi_id=each["kpi"],
            **{name: each[name] for name in OF_A_KPI},
        )
