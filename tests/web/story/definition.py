"""Projects, objectives, KPIs, deliverables and outcomes are defined, and planned."""

from typing import Any

from tests.web.story.cast import ADMIN, ANA, KPI, NEW
from tests.web.teller import Teller


def defines(teller: Teller) -> None:
    do = teller.do
    new: dict[str, Any] = {
        "id": NEW,
        "portfolio": "main",
        "name": "Relaunch of the customer portal",
        "owner": "Ana Brandt",
        "department": "Sales",
        "start": "2026-12-01",
        "end": "2028-06-30",
        "budget": "1200000",
        "objective": "Grow recurring revenue",
        "tags": ["digital"],
    }
    do("addProject", ANA, new)
    do("changeProject", ANA, {"spent": "184500.50", "department": None}, project=NEW)
    do("getProject", ANA, project=NEW)
    do("listProjects", ANA, limit=2, sort="-budget")
    do("getWorkflowOfProject", ANA, project=NEW)
    do("listTemplates", ANA)
    do("getTemplate", ANA, template="unit-cost")
    grow = {
        "id": "GROWTH",
        "name": "Grow recurring revenue",
        "description": "Half of all revenue recurs by 2030.",
    }
    do("addObjective", ADMIN, grow)
    do("changeObjective", ADMIN, {"owner": "Ana Brandt"}, objective="GROWTH")
    do("getObjective", ANA, objective="GROWTH")
    do("listObjectives", ANA, limit=2)
    revenue = {
        "id": KPI,
        "project": NEW,
        "name": "Recurring revenue of portal customers",
        "category": "revenue",
        "unit": "EUR",
        "direction": "increase",
        "baseline": "400000",
        "baseline_on": "2026-10-31",
        "target": "520000",
        "target_on": "2028-06-30",
        "tolerance": "0.05",
        "cadence": "monthly",
        "owner": "Jon Weber",
    }
    do("addKpi", ANA, revenue)
    do("changeKpi", ANA, {"reporting_lag_days": 10, "supports": {"GROWTH": "1"}}, kpi=KPI)
    do("getKpi", ANA, kpi="LE-002-K1")
    do("listKpis", ANA, project=NEW)
    for name, formula in (("COST", None), ("VISITS", None), ("UNIT-COST", "cost / volume")):
        computed: dict[str, Any] = {
            **revenue,
            "id": f"CRM-{name}",
            "name": f"Portal, {name.lower()}",
            "category": "cost",
            "direction": "decrease",
            "target": "300000",
        }
        if formula:
            inputs = {"cost": "CRM-COST", "volume": "CRM-VISITS"}
            computed |= {"formula": formula, "inputs": inputs}
        do("addKpi", ANA, computed)
    deliverable = {
        "id": "CRM-D1",
        "project": NEW,
        "name": "Self-service renewal",
        "owner": "Sam Otieno",
        "due": "2027-05-31",
        "cost": "240000",
        "serves": {KPI: "0.4"},
    }
    do("addDeliverable", ANA, deliverable)
    do("changeDeliverable", ANA, {"state": "in_progress"}, deliverable="CRM-D1")
    do("getDeliverable", ANA, deliverable="CRM-D1")
    do("listDeliverables", ANA, project="LE-002", limit=2, sort="-due")
    outcome = {
        "id": "CRM-O1",
        "project": NEW,
        "name": "Customers renew without calling",
        "owner": "Ana Brandt",
        "serves": {KPI: "0.5"},
    }
    do("addOutcome", ANA, outcome)
    do("changeOutcome", ANA, {"serves": {KPI: "0.4"}}, outcome="CRM-O1")
    do("getOutcome", ANA, outcome="CRM-O1")
    do("listOutcomes", ANA, limit=2)
    do("getBenefitsMap", ANA, project=NEW)
    do("drawBenefitsMap", ANA, project=NEW)
    do("writeBenefitsMap", ANA, project=NEW)


def plans(teller: Teller) -> None:
    do = teller.do
    planned = [
        {"period": "2026-11-30", "planned": "400500"},
        {"period": "2027-01-31", "planned": "402000"},
    ]
    do("recordPlan", ANA, {"planned": planned}, kpi=KPI)
    points = [{"day": "2027-01-31", "value": "402000"}, {"day": "2028-06-30", "value": "520000"}]
    drawn = {"shape": "s_curve", "points": points, "preview": True}
    do("drawTrajectory", ANA, drawn, kpi=KPI)
    do("getPlan", ANA, kpi=KPI)
