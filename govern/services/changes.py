"""What a change changes: only that is written, and only that stands in the ledger."""

from collections.abc import Iterable
from typing import Any

from govern.domain.record import Record


def changed_fields(
    found: Record, wanted: dict[str, Any], editable: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Field → `{"from": …, "to": …}` for the editable fields whose value differs."""
    return {
        name: {"from": found[name], "to": wanted[name]}
        for name in editable
        if name in wanted and wanted[name] != found[name]
    }
