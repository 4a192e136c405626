"""What stands over the columns of a drawn map."""

from govern.domain.benefits.map import Kind

TITLES = {
    Kind.DELIVERABLE: "Deliverables",
    Kind.OUTCOME: "Outcomes",
    Kind.KPI: "KPIs",
    Kind.OBJECTIVE: "Strategic objectives",
}
