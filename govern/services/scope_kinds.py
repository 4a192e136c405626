"""The kinds of change that a scope change is made of: what each is asked by, and how it is applied.

A change is resolved once, when it is proposed: what it leaves open (a trajectory, a template) becomes the
values that it means, as plain data. What is applied is that and nothing else. A further kind is one entry
in `KINDS`.
"""

from collections.abc import Mapping

from govern.domain.refusal import InvalidInput
from govern.services import scope_deliverables as of_deliverables
from govern.services import scope_kpis as of_kpis
from govern.services import scope_projects as of_projects
from govern.services.scope_applying import Applying, Change, Kind, placed

__all__ = ["KINDS", "Applying", "Change", "Kind", "check", "placed"]


def check(change: Change) -> None:
    """Raises InvalidInput for fields that its kind lacks or has no use for."""
    kind = KINDS[change["kind"]]
    given = {name for name, value in change.items() if value is not None} - {"kind"}
    errors = {
        name: [f"is needed for a change of kind {change['kind']}"]
        for name in sorted(kind.needs - given)
    } | {
        name: [f"has no meaning for a change of kind {change['kind']}"]
        for name in sorted(given - kind.needs - kind.takes)
    }
    if errors:
        raise InvalidInput("The change cannot be so.", errors=errors)


_NONE: frozenset[str] = frozenset()

KINDS: Mapping[str, Kind] = {
    "kpi": Kind(frozenset({"kpi", "fields"}), _NONE, of_kpis.resolve_kpi, of_kpis.apply_kpi),
    "plan": Kind(
        frozenset({"kpi"}),
        frozenset({"planned", "trajectory"}),
        of_kpis.resolve_plan,
        of_kpis.apply_plan,
    ),
    "add_kpi": Kind(frozenset({"fields"}), _NONE, of_kpis.resolve_new_kpi, of_kpis.apply_new_kpi),
    "deliverable": Kind(
        frozenset({"deliverable", "fields"}),
        _NONE,
        of_deliverables.resolve_changed,
        of_deliverables.apply_changed,
    ),
    "drop_deliverable": Kind(
        frozenset({"deliverable"}),
        _NONE,
        of_deliverables.resolve_dropped,
        of_deliverables.apply_dropped,
    ),
    "add_deliverable": Kind(
        frozenset({"fields"}), _NONE, of_deliverables.resolve_new, of_deliverables.apply_new
    ),
    "project": Kind(
        frozenset({"fields"}), _NONE, of_projects.resolve_changed, of_projects.apply_changed
    ),
    "hold": Kind(_NONE, frozenset({"until"}), of_projects.resolve_hold, of_projects.apply_hold),
    "terminate": Kind(_NONE, _NONE, of_projects.resolve_terminated, of_projects.apply_terminated),
}
