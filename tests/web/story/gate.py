"""A project passes a gate; another is scored; a criterion is waived."""

from tests.web.story.cast import ANA, MARGIT, NEW, RUTH, WALTER
from tests.web.teller import Teller

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def passes_a_gate(teller: Teller) -> None:
    do = teller.do
    case = [{"name": "business_case", "link": "https://files.example.org/crm/case.pdf"}]
    submission = {
        "gate": "value_defined",
        "note": "Business case agreed with Sales.",
        "evidence": case,
    }
    made = do("submit", ANA, submission, project=NEW)
    file = do("handInEvidence", ANA, raw=PDF, project=NEW, filename="business case.pdf")
    brought = {"evidence": [{"name": "business_case", "file": file["id"]}]}
    do("bringEvidence", ANA, brought, submission=made["id"])
    do("listEvidenceFiles", ANA, project=NEW)
    do("getEvidenceFile", ANA, file=file["id"])
    do("downloadEvidenceFile", ANA, file=file["id"])
    vote = {
        "decision": "conditional_go",
        "reason": "The value is clear; one owner is still missing.",
        "override_reason": "The advice is to recycle for a formality.",
        "conditions": [{"text": "Name the owner.", "owner": "Ana Brandt", "due": "2027-01-15"}],
    }
    voted = do("vote", MARGIT, vote, submission=made["id"])
    do("getSubmission", ANA, submission=made["id"])
    do("listSubmissions", ANA, limit=2, state="open")
    do("getSeen", ANA, submission=made["id"], vote=voted["votes"][0]["id"])
    facts = do("getSubmission", ANA, submission=made["id"])["facts_digest"]
    do("getFacts", WALTER, project=NEW, digest=facts)
    [condition] = do("listConditions", ANA, project=NEW)["items"]
    do("getCondition", ANA, condition=condition["id"])
    closing = {"evidence": "Owner named in the minutes of 2026-11-24."}
    do("closeCondition", RUTH, closing, condition=condition["id"])
    do("getGateRecord", ANA, project=NEW)
    do("listGateEvents", ANA, project=NEW, gate="value_defined", limit=2)
    do("listProjectEvents", ANA, project=NEW, limit=2)
    do("listOverrides", MARGIT)
    scored = {
        "id": "GRID-APP",
        "portfolio": "main",
        "name": "An app for grid connections",
        "workflow": "gateway-reviews",
    }
    do("addProject", ANA, scored)
    gate = do("getWorkflowOfProject", ANA, project="GRID-APP")["gates"][0]
    opened = do("submit", ANA, {"gate": gate["id"], "evidence": []}, project="GRID-APP")
    [card] = do("getSubmission", ANA, submission=opened["id"])["scorecards"][:1]
    score = {
        "criterion": card["criterion"],
        "score": "7.5",
        "note": "Serves two of the three goals.",
    }
    do("scoreCriterion", RUTH, score, submission=opened["id"])


def waives(teller: Teller) -> None:
    do = teller.do
    waiver = {
        "gate": "planned",
        "criterion": "evidence-benefits_realisation_plan",
        "reason": "The plan is being reissued; the old one is known to the board.",
        "expires_on": "2027-01-31",
    }
    made = do("grantWaiver", RUTH, waiver, project=NEW)
    do("listWaivers", ANA, limit=2)
    do("getWaiver", ANA, waiver=made["id"])
    do("revokeWaiver", RUTH, {"reason": "The plan has been issued."}, waiver=made["id"])
