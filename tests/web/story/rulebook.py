"""Rules are explained, tried on the past, proposed and published."""

from tests.web.story.cast import ANA, FELIX, INGRID
from tests.web.teller import Teller

DRAFT = {
    "revenue/revenue.yaml": """\
schema: govern/rules/v1
area: revenue
owner: pmo@example.org
params: {act: 75%}
rules:
  - id: revenue-behind-plan
    title: Revenue benefit is behind its plan
    status: active
    when: attainment < act
    severity: red
    message: "{project}: {kpi} is at {attainment:percent} of its plan"
  - id: losses-still-high
    title: Losses are far from what was promised
    status: active
    applies_to: category = "cost" and stage = "planned"
    when: progress < 10%
    severity: amber
    message: "{project}: {kpi} has hardly moved"
    recommend:
      action: descope
      because: What adds little takes capacity from what adds much.
      propose: deliverables[contribution < 30%]
      decide_by: 10 working days
      decided_by: sponsor
"""
}


def keeps_rules(teller: Teller) -> None:
    do = teller.do
    do("getRulebook", ANA)
    why = {"project": "LE-002", "rule": "revenue-behind-plan", "period": "2026-09-30"}
    do("explainRules", ANA, why)
    tried = {
        "rules": ["revenue-behind-plan"],
        "from": "2024-01-01",
        "to": "2026-10-31",
        "against": "terminated",
        "draft": DRAFT,
    }
    do("backtestRules", FELIX, tried)
    proposed = {"sources": DRAFT, "note": "Board of 24 November: act below 75 %."}
    made = do("proposeRevision", FELIX, proposed)
    do("getRevision", ANA, digest=made["digest"])
    do("listRevisions", ANA, limit=2)
    published = {"note": "Tested on the last three years."}
    do("publishRevision", INGRID, published, digest=made["digest"])
