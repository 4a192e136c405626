"""What the people of the example do with the web API: every operation, each once at least."""

from typing import Any

from govern.ledger.note import Algorithm, cosign, generate, split_note
from tests.services.house import NOW
from tests.web.teller import Teller

ANA = "ana.brandt"
MARGIT, HENRIK = "margit.solberg", "henrik.dahl"
YUSUF = "yusuf.demir"
RUTH, LARS = "ruth.adeyemi", "lars.brandt"
SOFIA = "sofia.marchetti"
HANNE = "hanne.lund"
FELIX, INGRID = "felix.baumann", "ingrid.aas"
WALTER = "walter.huang"
ADMIN = "sam.rivers"

NEW = "CRM-RELAUNCH"
KPI = "CRM-REVENUE"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"

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


def tell(teller: Teller) -> None:
    for chapter in (
        _signs_in,
        _defines,
        _plans,
        _reports,
        _passes_a_gate,
        _waives,
        _judges,
        _answers,
        _reviews,
        _learns,
        _keeps_rules,
        _changes_scope,
        _moves,
        _informs,
        _subscribes,
        _is_told,
        _manages_access,
        _oversees,
    ):
        chapter(teller)


def _signs_in(teller: Teller) -> None:
    teller.do("getHealth", ANA)
    teller.do("getMe", MARGIT)
    teller.do("listWaiting", MARGIT)


def _defines(teller: Teller) -> None:
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


def _plans(teller: Teller) -> None:
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


def _reports(teller: Teller) -> None:
    do = teller.do
    reading = {"period": "2026-10-31", "actual": "401250.75", "note": "Ledger 4711"}
    do("recordReading", ANA, reading, kpi=KPI)
    rows = [
        {"kpi": "CRM-COST", "period": "2026-10-31", "actual": "399800"},
        {"kpi": "CRM-VISITS", "period": "2026-10-31", "actual": "81200"},
        {"kpi": "CRM-VISITS", "period": "2026-09-30", "actual": None, "note": "Not closed yet"},
    ]
    do("recordReadings", ANA, {"readings": rows})
    found = do("listReadings", ANA, kpi=KPI, history="true")
    ids = [each["id"] for each in found["items"]]
    do("validateReadings", YUSUF, {"readings": ids})
    do("getComputed", ANA, kpi="CRM-UNIT-COST")
    figures = f"KPI,Period,Actual\n{KPI},2026-09-30,399900\n".encode()
    do("takeReadingFile", ANA, raw=figures, filename="sales.csv")
    do("listDue", ANA, limit=2, project="LE-006")
    do("tellDueNext", ANA)
    do("tellPunctuality", ANA, kpi="LE-006-K1")
    rates = [
        {
            "currency": "EUR",
            "to_currency": "USD",
            "rate_on": "2026-10-30",
            "rate": "1.0874",
            "origin": "ECB reference rates",
        }
    ]
    do("recordExchangeRates", ADMIN, {"rates": rates})
    do("listExchangeRates", ANA, limit=2, sort="-rate_on")
    do("quoteExchangeRate", ANA, currency="EUR", to_currency="USD", on="2026-10-31")


def _passes_a_gate(teller: Teller) -> None:
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


def _waives(teller: Teller) -> None:
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


def _judges(teller: Teller) -> None:
    do = teller.do
    do("runSweep", ADMIN, {"as_of": "2026-11-24"})
    do("getCurrentSweep", ANA)
    do("listFindings", MARGIT, limit=2, project="LE-002", state="fires")
    do("listRecommendations", MARGIT, limit=2, project="LE-002", open="true")
    do("listRecommendationsByProject", MARGIT, limit=2)
    do("getRollup", MARGIT, currency="EUR")
    do("getCurves", MARGIT, currency="EUR")
    do("getKpiForecast", MARGIT, kpi="LE-002-K1")
    do("getProjectForecast", MARGIT, project="LE-002", currency="EUR")
    do("getPortfolioForecast", MARGIT, currency="EUR")
    do("getPortfolioRag", MARGIT)
    do("getPipeline", MARGIT)


def _recommended(teller: Teller, project: str, action: str) -> list[int]:
    found = teller.do("listRecommendations", MARGIT, project=project, action=action, open="true")
    return [each["id"] for each in found["items"] if each["decided_by_role"] == "sponsor"]


def _answers(teller: Teller) -> None:
    do = teller.do
    [first, *_] = _recommended(teller, "LE-003", "deep_dive")
    do("getRecommendation", MARGIT, recommendation=first)
    do("getAlternatives", MARGIT, recommendation=first, currency="EUR")
    accepted = {"answer": "accept", "reason": "Agreed in the board of 24 November."}
    do("answerRecommendation", MARGIT, accepted, recommendation=first)
    done = {
        "note": "The branches offer the portal to every caller since Monday.",
        "link": "https://files.example.org/portal/branches.pdf",
        "effects": [{"kpi": "LE-003-K1", "size": "5", "by": "2027-06-30"}],
    }
    do("implementRecommendation", "daniel.okafor", done, recommendation=first)
    asked = {
        "alternatives": [
            {"action": "rephase", "kpi": "LE-002-K1", "periods": 3},
            {"action": "terminate"},
        ],
        "currency": "EUR",
    }
    do("askForAlternatives", MARGIT, asked, project="LE-002")
    do("listEffects", MARGIT, project="LE-003")
    do("tellRuleRecords", MARGIT)


def _changes_scope(teller: Teller) -> None:
    do = teller.do
    [waiting] = do("listSubmissions", HANNE, project="LE-020", state="open")["items"]
    agreed = {"decision": "go", "reason": "The plan is complete."}
    do("vote", MARGIT, agreed, submission=waiting["id"])
    do("vote", YUSUF, agreed, submission=waiting["id"])
    reading = {"period": "2026-10-31", "actual": "2148", "reason": "Two streets were left out."}
    do("recordReading", HANNE, reading, kpi="LE-020-K1")
    do("runSweep", ADMIN, {"as_of": "2026-11-24"})
    [first, *_] = _recommended(teller, "LE-020", "descope")
    accepted = {"answer": "accept", "reason": "Agreed in the board of 24 November."}
    do("answerRecommendation", MARGIT, accepted, recommendation=first)
    raised = {
        "alternative": "descope",
        "reason": "What adds little takes capacity from what adds much.",
        "effects": [{"kpi": "LE-020-K1", "size": "0.1", "by": "2028-06-30"}],
    }
    made = do("raiseFromRecommendation", HANNE, raised, recommendation=first)
    amended = {"reason": "The analysts stay until the model is there."}
    do("amendScopeChange", HANNE, amended, scope_change=made["id"])
    vote = {"decision": "go", "reason": "The value left is worth the cost."}
    do("voteOnScopeChange", MARGIT, vote, scope_change=made["id"])
    do("getScopeChange", HANNE, scope_change=made["id"])
    do("voteOnScopeChange", YUSUF, vote, scope_change=made["id"])
    changes = [{"kind": "project", "fields": {"budget": "900000"}}]
    previewed = {"changes": changes, "effective_on": "2027-07-01"}
    do("previewScopeChange", HANNE, previewed, project="LE-020")
    new = {"title": "A smaller budget", "reason": "The south is not entered.", **previewed}
    other = do("proposeScopeChange", HANNE, new, project="LE-020")
    withdrawn = {"reason": "The south is entered after all."}
    do("withdrawScopeChange", HANNE, withdrawn, scope_change=other["id"])
    do("listScopeChanges", HANNE, project="LE-020")
    do("listBaselines", HANNE, project="LE-020")
    do("getBaseline", HANNE, project="LE-020", number=1)
    do("compareBaselines", HANNE, project="LE-020", number=1, with_=2)


def _reviews(teller: Teller) -> None:
    do = teller.do
    made = do("openReview", "tomasz.wrona", {}, project="LE-013")
    changed = {
        "rating": "met",
        "summary": "Callers are called back within the hour; the queue is half as long.",
        "went_well": "The trial with one team.",
        "went_badly": "The first forecast of calls.",
    }
    do("changeReview", "tomasz.wrona", changed, review=made["id"])
    read = do("getReview", MARGIT, review=made["id"])
    question = read["survey"][0]["question"]
    answered = {"question": question, "score": 4, "said": "By all but one branch."}
    do("answerReview", SOFIA, answered, review=made["id"])
    follow_ups = [{"kpi": each["kpi"], "follow_up": "settled"} for each in read["kpis"]]
    do("changeReview", "tomasz.wrona", {"kpis": follow_ups}, review=made["id"])
    signature = {"reason": "The figures of October bear it out.", "currency": "EUR"}
    do("signReview", SOFIA, signature, review=made["id"])
    do("listReviews", MARGIT, limit=2)
    do("listProjectReviews", MARGIT, project="LE-013")
    do("getReviewDossier", MARGIT, review=made["id"])
    do("getProjectDossier", MARGIT, project="LE-015", currency="EUR")


def _learns(teller: Teller) -> None:
    do = teller.do
    lesson = {
        "title": "Training came too late",
        "happened": "Two branches worked without the new screens for a month.",
        "because": "Training was planned after the rollout.",
        "next_time": "Train every branch two weeks before its rollout.",
        "categories": ["revenue"],
        "tags": ["rollout", "training"],
        "evidence": [{"kind": "link", "ref": "https://docs.example.org/crm/review"}],
    }
    made = do("addLesson", ANA, lesson, project=NEW)
    do("changeLesson", ANA, {"tags": ["training"]}, lesson=made["id"])
    do("getLesson", ANA, lesson=made["id"])
    do("searchLessons", ANA, q="trial customers")
    do("alike", ANA, project="LE-025")
    withdrawn = {"reason": "It was the network, as the review found."}
    do("withdrawLesson", ANA, withdrawn, lesson=made["id"])
    do("forecastBias", MARGIT)


def _keeps_rules(teller: Teller) -> None:
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


def _moves(teller: Teller) -> None:
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


def _informs(teller: Teller) -> None:
    do = teller.do
    do("listReports", MARGIT)
    do("getReport", MARGIT, kind="portfolio-value", portfolio="main", currency="EUR")
    schedule = {
        "report": "portfolio-value",
        "portfolio": "main",
        "every": "monthly",
        "channel": "email",
        "address": "margit.solberg@lindmark.example, henrik.dahl@lindmark.example",
        "currency": "EUR",
        "first_on": "2026-11-24",
    }
    made = do("addReportSchedule", MARGIT, schedule)
    do("getReportSchedule", MARGIT, schedule=made["id"])
    do("listReportSchedules", MARGIT)
    teller.lindmark.tick()
    [delivery, *_] = do("listDeliveries", MARGIT, limit=2)["items"]
    do("getDelivery", MARGIT, delivery=delivery["id"])
    ended = {"reason": "The board reads the page itself now."}
    do("endReportSchedule", MARGIT, ended, schedule=made["id"])
    do("listNotices", MARGIT, limit=2)


def _subscribes(teller: Teller) -> None:
    do = teller.do
    new = {
        "url": teller.hook,
        "kinds": ["gate.decided", "recommendation.*"],
        "portfolio": "main",
        "label": "Chat of the project office",
    }
    made = do("addWebhook", MARGIT, new)
    number = made["id"]
    do("changeWebhook", MARGIT, {"kinds": ["gate.*"]}, webhook=number)
    do("pauseWebhook", MARGIT, {}, webhook=number)
    do("resumeWebhook", MARGIT, {}, webhook=number)
    do("rotateWebhookSecret", MARGIT, {}, webhook=number)
    do("getWebhook", MARGIT, webhook=number)
    do("listWebhooks", MARGIT)
    do("pingWebhook", MARGIT, {}, webhook=number)
    do("replayWebhook", MARGIT, {"since": "2026-11-23T00:00:00Z"}, webhook=number)
    teller.lindmark.pass_on()
    [sent, *_] = do("listWebhookDeliveries", MARGIT, webhook=number)["items"]
    do("getWebhookDelivery", MARGIT, delivery=sent["id"])
    do("replayWebhookDelivery", MARGIT, {}, delivery=sent["id"])
    do("endWebhook", MARGIT, {"reason": "The chat is gone."}, webhook=number)


def _is_told(teller: Teller) -> None:
    do = teller.do
    do("chooseMail", MARGIT, {"choice": "daily"})
    do("getMailChoice", MARGIT)
    do("makeCalendarAddress", MARGIT, {})
    do("getCalendarAddress", MARGIT)
    do("revokeCalendarAddress", MARGIT, {})
    do("listOwnTokens", MARGIT)


def _manages_access(teller: Teller) -> None:
    do = teller.do
    jon = {"email": "jon.weber@lindmark.example", "name": "Jon Weber"}
    person = do("addPerson", ADMIN, jon)["id"]
    do("getPerson", ADMIN, person=person)
    do("listPeople", ADMIN)
    role = {"person": jon["email"], "role": "benefit_owner", "portfolio": "main"}
    granted = do("grant", ADMIN, role)
    do("listGrants", ADMIN, person=jon["email"])
    reason = {"reason": "Jon Weber has moved to another company."}
    do("revokeGrant", ADMIN, reason, grant=granted["id"])
    assert teller.lindmark["nadia.petrova"].token
    held = do("listTokens", ADMIN, person="nadia.petrova@lindmark.example")["items"]
    do("revokeToken", ADMIN, {"reason": "The laptop was lost."}, token=held[0]["id"])
    do("listSessions", ADMIN)
    do("endSessions", ADMIN, {"person": jon["email"]})


def _oversees(teller: Teller) -> None:
    do = teller.do
    do("getSeparation", WALTER)
    do("listCorrections", WALTER, project="LE-002")
    do("listServiceEvents", WALTER, limit=2)
    do("getLogKey", WALTER)
    do("getCheckpoint", WALTER)
    size = teller.lindmark.sealed()
    do("getCheckpointOfSize", WALTER, size=size)
    do("getConsistency", WALTER, from_=1, to=size)
    do("getProof", WALTER, seq=1, project="LE-002")
    witness = generate("audit.example.org/w1", Algorithm.COSIGNATURE)
    checkpoint, _ = split_note(teller.lindmark[WALTER].get("/log/checkpoint").text)
    line = cosign(checkpoint, witness, NOW).encode()
    do("handInCosignature", WALTER, raw=line, size=size, witness=str(witness.verifier))
    do("exportForAudit", WALTER, project="LE-002")
    erasure = {
        "person": "grace.mbeki@lindmark.example",
        "reason": "Asked for it in writing on 20 November.",
    }
    do("erase", ADMIN, erasure)
