"""The portfolio is judged; recommendations are answered, and one changes the scope."""

from tests.web.story.cast import ADMIN, ANA, HANNE, MARGIT, YUSUF
from tests.web.teller import Teller


def judges(teller: Teller) -> None:
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


def answers(teller: Teller) -> None:
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


def changes_scope(teller: Teller) -> None:
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
