"""ZEN with rows that it is given by `sqlite3`: `zen_from_database.py FOLDER`, with the database and the
rules in it. Tells the same as the runners of ready facts."""

import json
import sqlite3
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from passes import Rows, Truths, found, tell, timed

PERIOD = "2026-10-31"
REPEATS = 3
NAMES = (
    *("project", "stage", "budget", "spent", "category", "direction", "weight", "disbenefit"),
    *(
        "baseline",
        "target",
        "planned",
        "actual",
        "confidence",
        "variance",
        "attainment",
        "progress",
    ),
)
QUERY = """
WITH stored AS (
  SELECT k.project_id, k.id, p.stage, CAST(p.budget AS REAL) AS budget, CAST(p.spent AS REAL) AS spent,
    k.category, k.direction, CAST(k.weight AS REAL) AS weight, k.disbenefit,
    CAST(k.baseline AS REAL) AS baseline, CAST(k.target AS REAL) AS target,
    CAST(v.planned AS REAL) AS planned, CAST(r.actual AS REAL) AS actual, r.confidence,
    k.direction IN ('decrease', 'at_most') AS lower, k.direction IN ('at_least', 'at_most') AS level
  FROM kpi k JOIN project p ON p.id = k.project_id
  LEFT JOIN planned_value v ON v.kpi_id = k.id AND v.period = :period
  LEFT JOIN reading r ON r.kpi_id = k.id AND r.period = :period
), told AS (
  SELECT *, baseline IS NULL OR level AS of_level FROM stored
)
SELECT project_id, stage, budget, spent, category, direction, weight, disbenefit, baseline, target,
  planned, actual, confidence,
  CASE WHEN direction IS NOT NULL THEN
    ROUND(CASE WHEN lower THEN planned - actual ELSE actual - planned END, 9) END,
  CASE
    WHEN direction IS NULL THEN NULL
    WHEN of_level AND lower AND planned >= 0 AND actual >= 0 THEN ROUND(planned / actual, 9)
    WHEN of_level AND NOT lower AND planned >= 0 THEN ROUND(actual / planned, 9)
    WHEN of_level THEN NULL
    WHEN lower AND planned > baseline OR NOT lower AND planned < baseline THEN NULL
    ELSE ROUND((actual - baseline) / (planned - baseline), 9)
  END,
  CASE WHEN direction IS NOT NULL AND NOT level THEN
    ROUND((actual - baseline) / (target - baseline), 9) END
FROM told ORDER BY project_id, id
"""


def facts(connection: sqlite3.Connection) -> Rows:
    rows = [
        dict(zip(NAMES, row, strict=True)) for row in connection.execute(QUERY, {"period": PERIOD})
    ]
    for row in rows:
        row["disbenefit"] = row["disbenefit"] == 1
    return rows


def of_project(kpis: Rows) -> dict[str, Any]:
    """What the rules on projects read, as the names say."""
    attained = [kpi["attainment"] for kpi in kpis if kpi["attainment"] is not None]
    harms = [kpi["attainment"] for kpi in kpis if kpi["disbenefit"]]
    return {name: kpis[0][name] for name in ("stage", "budget", "spent")} | {
        "count_kpis": len(kpis),
        "count_kpis_actual_null": sum(kpi["actual"] is None for kpi in kpis),
        "count_kpis_attainment_watch": sum(each < 0.9 for each in attained),
        "count_kpis_attainment_act": sum(each < 0.8 for each in attained),
        "count_kpis_attainment_1": sum(each >= 1 for each in attained),
        "count_kpis_disbenefit_and_attainment_1": sum(e is not None and e < 1 for e in harms),
        "min_kpis_attainment_null_attainment": min(attained, default=None),
    }


def judging(path: Path, rules: dict[str, dict[str, str]]) -> Callable[[], dict[str, Truths]]:
    compiled = import_module("zen").compile_expression
    evaluate = {
        scope: compiled(f"[{', '.join(r.values())}]").evaluate for scope, r in rules.items()
    }

    def judge() -> dict[str, Truths]:
        connection = sqlite3.connect(path)
        kpis = facts(connection)
        connection.close()
        grouped = groupby(kpis, lambda kpi: kpi["project"])
        projects = [of_project(list(own)) for _, own in grouped]
        return {
            "kpi": [evaluate["kpi"](row) for row in kpis],
            "project": [evaluate["project"](row) for row in projects],
        }

    return judge


def main(folder: Path) -> None:
    rules = json.loads((folder / "job.json").read_text())["rules"]["zen"]
    judge = judging(folder / "govern.db", rules)
    truths = judge()
    fired = {k: v for scope, own in rules.items() for k, v in found(own, truths[scope]).items()}
    del truths
    tell(timed(judge, REPEATS), fired)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
