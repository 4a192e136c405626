"""Bringing in a file of exchange rates: all of it or nothing, and a report by line."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.intake.rates import read_rates
from govern.services.access import require_everywhere
from govern.services.exchange_rates import record_rates
from govern.services.runtime import Runtime

_FIELDS = ("currency", "to_currency", "rate_on", "rate", "origin")


def import_rates(
    runtime: Runtime,
    actor: Actor,
    path: Path,
    *,
    confirm: bool = False,
    dry_run: bool = False,
    now: datetime,
) -> Record:
    """`rates` of the file, how many are `recorded`, `corrected` and `unchanged`, `notes`, and every one
    of the `refusals` with its `place` and `problem`; where there is one, nothing was written.

    Raises NotAllowed.
    """
    require_everywhere(actor, Permission.RECORD_RATE)
    read = read_rates(path)
    report: Record = {
        "file": path.name,
        "rates": len(read.rows),
        "recorded": 0,
        "corrected": 0,
        "unchanged": 0,
        "notes": [f"{each.file}:{each.line} {each.column}: {each.text}" for each in read.notes],
        "refusals": [
            {
                "place": f"{each.file}:{each.line}" + (f" {each.column}" if each.column else ""),
                "problem": f"'{each.value}' {each.problem}; {each.right}",
            }
            for each in read.refusals
        ],
    }
    if report["refusals"]:
        return report
    given = [{name: getattr(row, name) for name in _FIELDS} for row in read.rows]
    try:
        results = record_rates(
            runtime,
            actor,
            given,
            confirm=confirm,
            dry_run=dry_run,
            name="{index} {field}",
            now=now,
        )
    except InvalidInput as refused:
        for place, problems in refused.facts["errors"].items():
            index, field = place.split(" ")
            where = f"{path.name}:{read.rows[int(index)].line} {field}"
            report["refusals"] += [{"place": where, "problem": each} for each in problems]
        return report
    return report | Counter(each["status"] for each in results)
