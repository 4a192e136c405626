"""A project is held; votes are lent; a project changes its workflow."""

from tests.web.story.cast import ADMIN, ANA, MARGIT, RUTH
from tests.web.teller import Teller


def moves(teller: Teller) -> None:
    do = teller.do
    hold = {"decision": "hold", "reason": "The supplier is being replaced."}
    do("moveProject", RUTH, hold, project="LE-019")
    delegation = {
        "to": "henrik.dahl@lindmark.example",
        "starts_on": "2026-12-21",
        "ends_on": "2027-01-08",
        "reason": "On leave over the turn of the year.",
        "portfolio": "main",
    }
    made = do("delegate", MARGIT, delegation)
    do("listDelegations", MARGIT)
    do("getDelegation", MARGIT, delegation=made["id"])
    do("revokeDelegation", MARGIT, {"reason": "Back from leave."}, delegation=made["id"])
    do("listWorkflows", ANA)
    do("getWorkflow", ANA, workflow="small-project")
    small = {"id": "FAQ", "portfolio": "main", "name": "Better answers to questions"}
    do("addProject", ANA, small)
    preview = {"projects": ["FAQ"], "map": []}
    shown = do("previewMigration", ADMIN, preview, workflow="small-project")
    reason = "It has become a project that one person can oversee."
    migrated = {**preview, "preview": shown["preview"], "reason": reason}
    do("migrateProjects", ADMIN, migrated, workflow="small-project")
