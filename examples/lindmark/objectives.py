"""The five strategic objectives, and what counts towards another than its project's own."""

from lindmark.model import CLIMATE, LEAN, NETWORK, SERVE, WIN, Kpi, Project
from lindmark.people import DEVRIES, KELLER, MARCHETTI, STRAND, WEISS

OBJECTIVES = (
    ("WIN", WIN, "More households and businesses choose us than leave us.", KELLER),
    ("SERVE", SERVE, "What a customer asks for is settled the first time.", MARCHETTI),
    ("NETWORK", NETWORK, "Nobody is hurt, the lights stay on, and bringing power costs less.", DEVRIES),
    ("CLIMATE", CLIMATE, "Half of what we emitted in 2019, customers' heating included.", STRAND),
    ("LEAN", LEAN, "What we spend on running ourselves falls every year.", WEISS),
)  # fmt: skip
"""Id, name, description, owner."""

_ID = {name: key for key, name, _, _ in OBJECTIVES}

SHARED = {
    "LE-001-K3": {"LEAN": 100},
    "LE-003-K3": {"SERVE": 40, "LEAN": 60},
    "LE-007-K1": {"WIN": 70, "CLIMATE": 30},
    "LE-014-K2": {"LEAN": 50, "NETWORK": 50},
    "LE-018-K2": {"WIN": 100},
    "LE-022-K2": {"LEAN": 100},
}
"""KPI → per cent towards each objective, where that is not all towards the project's own."""


def supports(project: Project, kpi_id: str, kpi: Kpi) -> dict[str, int | None]:
    """What a KPI counts towards. Harm counts towards nothing; a project without an objective has not
    said."""
    if kpi.disbenefit or project.objective is None:
        return {}
    return dict(SHARED.get(kpi_id, {_ID[project.objective]: 100}))
