"""Every answer to a decision carries a receipt: which routes decide is listed here, all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govern.ledger.note import Verifier
from govern.ledger.receipt import open_receipt
from govern.services.ledger import SERVICE
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store import events
from tests.services.house import EVIDENCE, NOW, RULES, House, add_project, report
from tests.services.reviewed import rolled_out
from tests.services.sealed import with_key
from tests.services.test_gates import to_stage
from tests.web.caller import Caller, Callers, everybody, furnish, good

Body = Callable[[Callers], Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """Who decides, what they send, and the chain that it stands in; `of` is read for its version."""

    by: str
    path: str
    body: Body
    chain: str
    status: int = 200
    of: str | None = None
    method: str = "POST"


SAID = "As agreed by everybody in the board."
PROVIDED = [{"name": each, "link": "https://example.org/x"} for each in EVIDENCE["value_defined"]]
FILES = {"benefits.yaml": RULES.replace("act: 80%", "act: 70%")}
MIGRATION = {"projects": ["P5"], "reason": SAID}


def _readings(callers: Callers) -> Any:
    items = good(callers.fay.get("/kpis/P1-K1/readings"))["items"]
    return {"readings": [each["id"] for each in items]}


def _seen(callers: Callers) -> Any:
    asked = {"projects": MIGRATION["projects"]}
    told = good(callers.op.post("/workflows/small-project/migration-previews", asked))
    return {**MIGRATION, "preview": told["preview"]}


def _advised(callers: Callers) -> Any:
    return {"decision": good(callers.sam.get("/submissions/2"))["advice"], "reason": SAID}


REVIEWED = {
    "rating": "not_known",
    "summary": "Nothing has been measured yet.",
    "kpis": [{"kpi": "P7-K1", "follow_up": "written_off", "note": SAID}],
}
"""Of a project that was rolled out today, and of which there is no figure."""

DECISIONS = {
    "/projects/{project}/submissions": Decision(
        "pia",
        "/projects/P4/submissions",
        {"gate": "value_defined", "evidence": PROVIDED},
        "P4",
        201,
        "/projects/P4",
    ),
    "/submissions/{submission}/evidence": Decision(
        "pia",
        "/submissions/3/evidence",
        {"evidence": [{"name": "x", "link": "https://example.org/y"}]},
        "P3",
        201,
        "/submissions/3",
    ),
    "/submissions/{submission}/votes": Decision(
        "sam", "/submissions/2/votes", _advised, "P2", 201, "/submissions/2"
    ),
    "/submissions/{submission}/scores": Decision(
        "fay",
        "/submissions/3/scores",
        {"criterion": "strategic-fit", "score": 7},
        "P3",
        201,
        "/submissions/3",
    ),
    "/projects/{project}/scope-changes": Decision(
        "pia",
        "/projects/P6/scope-changes",
        {
            "title": "Less",
            "reason": SAID,
            "changes": [{"kind": "kpi", "kpi": "P6-K1", "fields": {"target": 900}}],
        },
        "P6",
        201,
    ),
    "/scope-changes/{scope_change}": Decision(
        "pia",
        "/scope-changes/1",
        {"title": "Less, and later"},
        "P6",
        of="/scope-changes/1",
        method="PATCH",
    ),
    "/scope-changes/{scope_change}/votes": Decision(
        "sam",
        "/scope-changes/1/votes",
        {"decision": "go", "reason": SAID},
        "P6",
        201,
        "/scope-changes/1",
    ),
    "/scope-changes/{scope_change}/withdrawal": Decision(
        "pia", "/scope-changes/1/withdrawal", {"reason": SAID}, "P6", of="/scope-changes/1"
    ),
    "/reviews/{review}/signature": Decision(
        "sam", "/reviews/1/signature", {}, "P7", 201, "/reviews/1"
    ),
    "/projects/{project}/waivers": Decision(
        "gus",
        "/projects/P3/waivers",
        {"gate": "start", "criterion": "spent-known", "reason": SAID, "expires_on": "2026-12-31"},
        "P3",
        201,
    ),
    "/waivers/{waiver}/revoke": Decision(
        "gus", "/waivers/1/revoke", {"reason": SAID}, "P3", of="/waivers/1"
    ),
    "/conditions/{condition}/close": Decision(
        "sam", "/conditions/1/close", {"evidence": "Named."}, "P1", of="/conditions/1"
    ),
    "/recommendations/{recommendation}/answers": Decision(
        "sam",
        "/recommendations/1/answers",
        {"answer": "accept", "reason": SAID},
        "P1",
        of="/recommendations/1",
    ),
    "/recommendations/{recommendation}/implementation": Decision(
        "pia",
        "/recommendations/1/implementation",
        {"note": SAID},
        "P1",
        of="/recommendations/1",
    ),
    "/recommendations/{recommendation}/answers of another": Decision(
        "sam",
        "/recommendations/2/answers",
        {"answer": "accept", "reason": SAID},
        "P8",
        of="/recommendations/2",
    ),
    "/recommendations/{recommendation}/scope-change": Decision(
        "pia",
        "/recommendations/2/scope-change",
        {"changes": [{"kind": "drop_deliverable", "deliverable": "P8-D1"}]},
        "P8",
        201,
        "/recommendations/2",
    ),
    "/projects/{project}/moves": Decision(
        "sam", "/projects/P5/moves", {"decision": "kill", "reason": SAID}, "P5", of="/projects/P5"
    ),
    "/projects/{project}/moves reopen": Decision(
        "gus", "/projects/P5/moves", {"decision": "reopen", "reason": SAID}, "P5", of="/projects/P5"
    ),
    "/workflows/{workflow}/migrations": Decision(
        "op", "/workflows/small-project/migrations", _seen, "P5", 201
    ),
    "/readings/validations": Decision("fay", "/readings/validations", _readings, "P1"),
    "/rulebook/revisions": Decision(
        "rae", "/rulebook/revisions", {"sources": FILES, "note": SAID}, SERVICE, 201
    ),
    "/rulebook/revisions/{digest}/publish": Decision("ron", "", {"note": SAID}, SERVICE),
}
"""Path of the API → a decision that is taken there; a second one of the same path has a further word.
They are taken in this order."""

OTHERS = {
    # What is planned, reported or arranged.
    "/projects",
    "/projects/{project}",
    "/projects/{project}/evidence-files",
    "/kpis",
    "/kpis/{kpi}",
    "/kpis/{kpi}/plan",
    "/kpis/{kpi}/trajectory",
    "/kpis/{kpi}/readings",
    "/readings",
    "/readings/files",
    "/exchange-rates",
    "/deliverables",
    "/deliverables/{deliverable}",
    "/outcomes",
    "/outcomes/{outcome}",
    "/objectives",
    "/objectives/{objective}",
    "/projects/{project}/reviews",
    "/reviews/{review}",
    "/reviews/{review}/answers",
    "/projects/{project}/lessons",
    "/lessons/{lesson}",
    "/lessons/{lesson}/withdrawal",
    "/delegations",
    "/delegations/{delegation}/revoke",
    "/report-schedules",
    "/report-schedules/{schedule}/end",
    "/webhooks",
    "/webhooks/{webhook}",
    "/webhooks/{webhook}/pause",
    "/webhooks/{webhook}/resume",
    "/webhooks/{webhook}/secret",
    "/webhooks/{webhook}/end",
    "/webhooks/{webhook}/ping",
    "/webhooks/{webhook}/replays",
    "/webhook-deliveries/{delivery}/replay",
    "/me/mail",
    "/me/calendar",
    "/me/calendar/revoke",
    "/people",
    "/grants",
    "/grants/{grant}/revoke",
    "/tokens/{token}/revoke",
    "/sessions/end",
    "/people/erasures",
    # What the rules say, by themselves.
    "/sweeps",
    # What changes nothing of govern's.
    "/projects/{project}/scope-change-previews",
    "/projects/{project}/alternatives",
    "/rules/explain",
    "/rules/backtest",
    "/workflows/{workflow}/migration-previews",
    "/log/cosignatures",
}
"""Writes that decide nothing."""


@pytest.fixture
def callers(house: House, tmp_path: Path) -> Callers:
    keyed = with_key(house, tmp_path / "keys")
    furnish(keyed)
    for project in ("P4", "P5", "P6"):
        add_project(keyed, project)
    to_stage(keyed, "P6", "planned")
    to_stage(keyed, add_project(keyed, "P8"), "planned")
    report(keyed, "P8-K1", {"2026-10-31": 100})
    sweep(keyed.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    people = everybody(keyed)
    rolled_out(keyed, "P7")
    good(people.pia.post("/projects/P7/reviews", {}), 201)
    good(people.pia.patch("/reviews/1", REVIEWED, version=1))
    return people


def test_every_decision_is_answered_with_a_receipt_over_its_event(callers: Callers) -> None:
    keys = [Verifier.read(good(callers.aud.get("/log/key"))["key"])]
    for name, asked in DECISIONS.items():
        path, version = _where(callers, asked)
        body = asked.body(callers) if callable(asked.body) else asked.body
        answer = good(
            callers[asked.by].call(asked.method, path, body, version=version), asked.status
        )
        (signed,) = answer["receipts"] if "receipts" in answer else [answer["receipt"]]
        assert signed is not None, name
        receipt = open_receipt(signed, keys)
        with callers.house.runtime.store.reading() as connection:
            head = events.head_of(connection, asked.chain)
        found = (receipt.project, receipt.seq, receipt.leaf.hex())
        assert found == (asked.chain, *head), name


def _where(callers: Callers, asked: Decision) -> tuple[str, str | None]:
    if asked.path:
        return asked.path, None if asked.of is None else _tag(callers[asked.by], asked.of)
    (newest, *_) = good(callers.ron.get("/rulebook/revisions"))["items"]
    address = f"/rulebook/revisions/{newest['digest']}"
    return f"{address}/publish", _tag(callers.ron, address)


def _tag(caller: Caller, path: str) -> str:
    return caller.get(path).headers["ETag"]


def test_every_route_that_writes_decides_or_does_not(callers: Callers) -> None:
    described = good(callers.nobody.get("/openapi.json"))
    deciding, others = set[str](), set[str]()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method in {"post", "put", "patch", "delete"}:
                # A preview is told as what it previews.
                tells = _fields(described, operation) & {"receipt", "receipts"}
                decides = bool(tells) and not path.endswith("-previews")
                (deciding if decides else others).add(path.removeprefix("/api/v1"))
    assert deciding == {each.split(" ")[0] for each in DECISIONS}
    assert others == OTHERS


def _fields(described: Any, operation: Any) -> set[str]:
    (told,) = [each for code, each in operation["responses"].items() if code in {"200", "201"}]
    schema = next(iter(told["content"].values()))["schema"]
    named = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return set(named["properties"])
