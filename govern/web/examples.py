"""Examples of the main operations, as the API description shows them."""

from typing import Any

NEW_PROJECT: dict[str, Any] = {
    "id": "CRM-RELAUNCH",
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

PROJECT: dict[str, Any] = {
    "id": "CRM-RELAUNCH",
    "portfolio": "main",
    "name": "Relaunch of the customer portal",
    "owner": "Ana Brandt",
    "department": "Sales",
    "start": "2026-12-01",
    "end": "2028-06-30",
    "budget": "1200000",
    "spent": None,
    "status_text": None,
    "objective": "Grow recurring revenue",
    "tags": ["digital"],
    "workflow": "value-realization",
    "workflow_version": 1,
    "workflow_digest": "sha256:" + "4f" * 32,
    "stage": "draft",
    "held_from": None,
    "resume_on": None,
    "resume_when": None,
    "baseline_frozen_at": None,
    "version": 1,
    "recorded_at": "2026-11-24T10:00:00.000000Z",
    "legal": [
        {"gate": "value_defined", "decision": "go", "to": "value_defined"},
        {"gate": "value_defined", "decision": "recycle", "to": "draft"},
        {"gate": None, "decision": "hold", "to": "on_hold"},
    ],
    "rag": [],
    "waivers": [],
}

PROJECT_CHANGE: dict[str, Any] = {"spent": "184500.50", "owner": None}

NEW_KPI: dict[str, Any] = {
    "id": "CRM-REVENUE",
    "project": "CRM-RELAUNCH",
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

KPI: dict[str, Any] = {
    "id": "CRM-REVENUE",
    "project": "CRM-RELAUNCH",
    "name": "Recurring revenue of portal customers",
    "category": "revenue",
    "unit": "EUR",
    "direction": "increase",
    "baseline": "400000",
    "baseline_on": "2026-10-31",
    "target": "520000",
    "target_on": "2028-06-30",
    "tolerance": "0.05",
    "weight": "1",
    "cadence": "monthly",
    "owner": "Jon Weber",
    "source": None,
    "aggregation": "last",
    "cumulative": False,
    "disbenefit": False,
    "reporting_lag_days": 0,
    "description": None,
    "currency": None,
    "scale": "1",
    "baseline_source": None,
    "tolerance_red": None,
    "tolerance_in": "share",
    "department": None,
    "calculation": None,
    "cashable": None,
    "attribution": None,
    "template": None,
    "formula": None,
    "inputs": {},
    "part_of": None,
    "calendar": None,
    "supports": {"GROWTH": "1"},
    "profile": {
        "complete": False,
        "missing": ["description", "baseline_source", "department", "source", "calculation"],
    },
    "rag": {
        "value": "amber",
        "period": "2027-01-31",
        "table": "kpi-rag",
        "row": {
            "number": 4,
            "text": '| [act..watch) | -         || "amber" |',
            "place": "rating/kpi-rag.yaml:21:7",
        },
        "rulebook_digest": "sha256:" + "7d" * 32,
    },
    "version": 1,
    "recorded_at": "2026-11-24T10:00:00.000000Z",
}

TEMPLATE: dict[str, Any] = {
    "id": "unit-cost",
    "title": "Unit cost",
    "description": "What one unit costs.",
    "category": "cost",
    "unit": None,
    "money": True,
    "scale": "1",
    "direction": "decrease",
    "aggregation": "mean",
    "cumulative": False,
    "cadence": "monthly",
    "reporting_lag_days": 10,
    "tolerance": "0.05",
    "tolerance_red": "0.1",
    "tolerance_in": "share",
    "formula": "cost / volume",
    "inputs": [
        {"name": "cost", "doc": "Cost of the period."},
        {"name": "volume", "doc": "Units of the period."},
    ],
    "calculation": "Cost divided by volume.",
    "disbenefit": False,
    "cashable": None,
    "place": "catalogue/cost.yaml:26:9",
    "replaces": None,
}

KPI_CHANGE: dict[str, Any] = {"owner": "Mira Holt", "reporting_lag_days": 10}

PLAN: dict[str, Any] = {
    "planned": [
        {"period": "2027-01-31", "planned": "402000"},
        {"period": "2027-02-28", "planned": "405000"},
    ]
}

TRAJECTORY: dict[str, Any] = {
    "shape": "s_curve",
    "points": [
        {"day": "2027-01-31", "value": "402000"},
        {"day": "2028-06-30", "value": "520000"},
    ],
    "preview": True,
}

SCOPE_PREVIEWED: dict[str, Any] = {
    "changes": [
        {"kind": "kpi", "kpi": "CRM-REVENUE", "fields": {"target": "480000"}},
        {
            "kind": "plan",
            "kpi": "CRM-REVENUE",
            "trajectory": {
                "shape": "linear",
                "points": [
                    {"day": "2027-06-30", "value": "430000"},
                    {"day": "2028-06-30", "value": "480000"},
                ],
            },
        },
    ],
    "effective_on": "2027-07-01",
}

ALTERNATIVES: dict[str, Any] = {
    "alternatives": [
        {"action": "descope", "deliverables": ["CRM-D1"]},
        {"action": "rephase", "kpi": "CRM-REVENUE", "periods": 3},
        {"action": "terminate"},
    ],
    "currency": "EUR",
}

NEW_SCOPE_CHANGE: dict[str, Any] = {
    "title": "Renewals only",
    "reason": "The second market is not entered.",
    **SCOPE_PREVIEWED,
}

READING_FILE: dict[str, Any] = {
    "file": "sales.xlsx",
    "sheet": "Figures",
    "source": "sales-workbook",
    "written": True,
    "counts": {
        "new": 1,
        "corrected": 0,
        "unchanged": 0,
        "missing": 0,
        "skipped": 0,
        "repeated": 0,
        "refused": 0,
        "asked": 0,
    },
    "stated": ["the figures are in the sheet 'Figures'"],
    "problems": [],
    "questions": [],
    "cells": [
        {
            "place": "sales.xlsx:Figures!C2",
            "raw": "82%",
            "became": "taken",
            "status": "new",
            "kpi": "CRM-CSAT",
            "period": "2026-10-31",
            "figure": "actual",
            "value": "82",
            "how": "the unit is %; 'Satisfaction' is its name; 'Oct 2026' is a month that ends on"
            " 2026-10-31",
            "right": None,
        }
    ],
    "mapping": "schema: govern/source/v1\nid: sales-workbook\nkind: file\n",
}

SCOPE_AMENDMENT: dict[str, Any] = {
    "reason": "Renewals, and without the report that serves nothing else.",
    "changes": [
        {"kind": "kpi", "kpi": "CRM-REVENUE", "fields": {"target": "490000"}},
        {"kind": "drop_deliverable", "deliverable": "CRM-D4"},
        {"kind": "project", "fields": {"budget": "350000"}},
    ],
    "effects": [{"kpi": "CRM-REVENUE", "size": "20000", "by": "2027-12-31"}],
}

RAISED_SCOPE_CHANGE: dict[str, Any] = {
    "alternative": "descope",
    "reason": "What adds little takes capacity from what adds much.",
    "effects": [{"kpi": "CRM-REVENUE", "size": "20000", "by": "2027-12-31"}],
}

SCOPE_VOTE: dict[str, Any] = {"decision": "go", "reason": "The value left is worth the cost."}

NEW_LESSON: dict[str, Any] = {
    "title": "Training came too late",
    "happened": "Two branches worked without the new screens for a month.",
    "because": "Training was planned after the rollout.",
    "next_time": "Train every branch two weeks before its rollout.",
    "categories": ["revenue"],
    "tags": ["rollout", "training"],
    "evidence": [{"kind": "link", "ref": "https://docs.example.org/crm/review"}],
}

LESSON_CHANGE: dict[str, Any] = {"tags": ["training"]}

LESSON_WITHDRAWAL: dict[str, Any] = {"reason": "It was the network, as the review found."}

SCOPE_WITHDRAWAL: dict[str, Any] = {"reason": "The market is entered after all."}

READING: dict[str, Any] = {"period": "2026-10-31", "actual": "401250.75", "note": "Ledger 4711"}

READINGS: dict[str, Any] = {
    "readings": [
        {"kpi": "CRM-REVENUE", "period": "2026-09-30", "actual": "399800"},
        {"kpi": "CRM-REVENUE", "period": "2026-10-31", "actual": None, "note": "Not closed yet"},
    ]
}

VALIDATIONS: dict[str, Any] = {"readings": [4711, 4712]}

NEW_DELIVERABLE: dict[str, Any] = {
    "id": "CRM-D1",
    "project": "CRM-RELAUNCH",
    "name": "Self-service renewal",
    "owner": "Sam Otieno",
    "due": "2027-05-31",
    "cost": "240000",
    "serves": {"CRM-REVENUE": "0.4"},
}

NEW_OUTCOME: dict[str, Any] = {
    "id": "CRM-O1",
    "project": "CRM-RELAUNCH",
    "name": "Customers renew without calling",
    "owner": "Ana Brandt",
    "serves": {"CRM-REVENUE": "0.5"},
}

OUTCOME_CHANGE: dict[str, Any] = {"serves": {"CRM-REVENUE": "0.4"}, "leads_to": {}}

NEW_OBJECTIVE: dict[str, Any] = {
    "id": "GROWTH",
    "name": "Grow recurring revenue",
    "description": "Half of all revenue recurs by 2030.",
}

OBJECTIVE_CHANGE: dict[str, Any] = {"owner": "Ana Brandt"}

DELIVERABLE_CHANGE: dict[str, Any] = {"state": "done", "done_on": "2027-05-20"}

NEW_SUBMISSION: dict[str, Any] = {
    "gate": "value_defined",
    "note": "Business case agreed with Sales.",
    "evidence": [{"name": "business_case", "link": "https://files.example.org/crm/case.pdf"}],
}

BROUGHT: dict[str, Any] = {"evidence": [{"name": "business_case", "file": 12}]}

EVIDENCE_FILE: dict[str, Any] = {
    "id": 12,
    "project": "CRM-RELAUNCH",
    "digest": "sha256:" + "b5" * 32,
    "filename": "business case.pdf",
    "media_type": "application/pdf",
    "size": 184201,
    "kept_in": "database",
    "recorded_by": "p-1f0c",
    "recorded_at": "2026-11-24T10:00:00.000000Z",
}

VOTE: dict[str, Any] = {
    "decision": "conditional_go",
    "reason": "The value is clear; one owner is still missing.",
    "override_reason": "The advice is to recycle for a formality.",
    "conditions": [{"text": "Name the owner.", "owner": "Ana Brandt", "due": "2027-01-15"}],
}

CLOSING: dict[str, Any] = {"evidence": "Owner named in the minutes of 2027-01-12."}

SCORE: dict[str, Any] = {
    "criterion": "strategic-fit",
    "score": "7.5",
    "note": "Serves two of the three goals.",
}

NEW_WAIVER: dict[str, Any] = {
    "gate": "planned",
    "criterion": "evidence-benefits_realisation_plan",
    "reason": "The plan is being reissued; the old one is known to the board.",
    "expires_on": "2027-01-31",
}

WAIVER_REVOCATION: dict[str, Any] = {"reason": "The plan has been issued."}

MOVE: dict[str, Any] = {"decision": "hold", "reason": "The supplier is being replaced."}

NEW_DELEGATION: dict[str, Any] = {
    "to": "deputy@example.org",
    "starts_on": "2026-12-21",
    "ends_on": "2027-01-08",
    "reason": "On leave over the turn of the year.",
    "portfolio": "main",
}

REVOCATION: dict[str, Any] = {"reason": "Back from leave."}

NEW_REPORT_SCHEDULE: dict[str, Any] = {
    "report": "portfolio-value",
    "portfolio": "main",
    "every": "monthly",
    "channel": "email",
    "address": "board@example.org, finance@example.org",
    "currency": "EUR",
    "first_on": "2026-12-01",
}

SCHEDULE_END: dict[str, Any] = {"reason": "The board reads the page itself now."}

NEW_WEBHOOK: dict[str, Any] = {
    "url": "https://hooks.example.org/govern",
    "kinds": ["gate.decided", "recommendation.*"],
    "portfolio": "main",
    "label": "Chat of the project office",
}

WEBHOOK_CHANGE: dict[str, Any] = {"kinds": ["gate.*"]}

WEBHOOK_END: dict[str, Any] = {"reason": "The chat is gone."}

WEBHOOK_REPLAY: dict[str, Any] = {"since": "2026-11-23T00:00:00Z"}

MAIL_CHOICE: dict[str, Any] = {"choice": "daily"}

NEW_PERSON: dict[str, Any] = {"email": "ana.brandt@example.org", "name": "Ana Brandt"}

NEW_GRANT: dict[str, Any] = {
    "person": "ana.brandt@example.org",
    "role": "sponsor",
    "portfolio": "main",
    "until": "2027-06-30",
}

ENDING: dict[str, Any] = {"reason": "The laptop it was on is lost."}

SIGN_OUT: dict[str, Any] = {"person": "ana.brandt@example.org"}

NEW_ERASURE: dict[str, Any] = {
    "person": "former@example.org",
    "reason": "Asked for it in writing on 20 November.",
}

SWEEP: dict[str, Any] = {"as_of": "2026-10-31"}

ANSWER: dict[str, Any] = {"answer": "accept", "reason": "Agreed in the board of 24 November."}

IMPLEMENTATION: dict[str, Any] = {
    "note": "The branches offer the portal to every caller since Monday.",
    "link": "https://files.example.org/crm/branches.pdf",
    "effects": [{"kpi": "CRM-REVENUE", "size": "12000", "by": "2027-06-30"}],
}

NEW_REVISION: dict[str, Any] = {
    "sources": {
        "revenue/revenue.yaml": """\
schema: govern/rules/v1
area: revenue
owner: pmo@example.org
params: {act: 75%}
rules:
  - id: revenue-behind-plan
    title: Revenue benefit is behind its plan
    when: attainment < act
    severity: red
    message: "{project}: {kpi} is at {attainment:percent} of its plan"
"""
    },
    "note": "Board of 24 November: act below 75 %.",
}

PUBLICATION: dict[str, Any] = {"note": "Tested on the last three years."}

EXPLANATION: dict[str, Any] = {
    "project": "CRM-RELAUNCH",
    "rule": "revenue-behind-plan",
    "kpi": "CRM-REVENUE",
    "period": "2027-01-31",
    "draft": NEW_REVISION["sources"],
}

BACKTEST: dict[str, Any] = {
    "rules": ["revenue-behind-plan"],
    "from": "2024-01-01",
    "to": "2026-10-31",
    "against": "terminated",
    "draft": NEW_REVISION["sources"],
}

MIGRATION_PREVIEW: dict[str, Any] = {
    "projects": ["CRM-RELAUNCH"],
    "map": [{"stage": "value_defined", "to": "draft"}],
}

NEW_MIGRATION: dict[str, Any] = {
    **MIGRATION_PREVIEW,
    "preview": "sha256:" + "4f" * 32,
    "reason": "It has become a project that one person can oversee.",
}

EXCHANGE_RATES: dict[str, Any] = {
    "rates": [
        {
            "currency": "EUR",
            "to_currency": "USD",
            "rate_on": "2026-10-30",
            "rate": "1.0874",
            "origin": "ECB reference rates",
        }
    ]
}

NEW_REVIEW: dict[str, Any] = {}

REVIEW_CHANGE: dict[str, Any] = {
    "rating": "met",
    "summary": "The portal sells what was promised; the call centre has kept its people.",
    "kpis": [
        {
            "kpi": "CRM-REVENUE",
            "follow_up": "keep_measuring",
            "owner": "Ana Brandt",
            "until": "2029-06-30",
        }
    ],
}

REVIEW_ANSWER: dict[str, Any] = {"question": "in-use", "score": 4, "said": "By all but one branch."}

REVIEW_SIGNATURE: dict[str, Any] = {"reason": "The market fell by a third.", "currency": "EUR"}
