"""What events say of expected effects."""

from govern.domain.effect import EffectState
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import expected_effect


def named(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        expected_effect,
        id=data["effect"],
        project_id=fact.project,
        scope_change_id=data["scope_change"],
        recommendation_id=data["recommendation"],
        kpi_id=data["kpi"],
        size=data["size"],
        by_period=data["by"],
        state=EffectState.NAMED.value,
        version=1,
        recorded_at=fact.at,
    )


def replaced(rows: Rows, fact: Fact) -> None:
    rows.change(expected_effect, fact.data["effect"], state=EffectState.REPLACED.value)


def dropped(rows: Rows, fact: Fact) -> None:
    rows.change(expected_effect, fact.data["effect"], state=EffectState.DROPPED.value)


def begun(rows: Rows, fact: Fact) -> None:
    names = ("counterfactual", "low", "high", "model", "why", "forecast_at")
    rows.change(
        expected_effect,
        fact.data["effect"],
        state=EffectState.RUNNING.value,
        **{name: fact.data[name] for name in names},
    )


def measured(rows: Rows, fact: Fact) -> None:
    names = ("state", "actual", "came", "why", "measured_at")
    values = {name: fact.data[name] for name in names}
    rows.change(expected_effect, fact.data["effect"], effect=values.pop("came"), **values)
