"""One project from draft to closed over HTTP, against a real server, by the people who may."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from govern.cli.main import govern
from govern.domain.period import Cadence, last_completed, numbered_end, period_number
from tests.walk.caller import Answer, Caller
from tests.walk.served import command, plain_environment, served

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "Petra": ("project_manager",),
    "Max": ("project_manager", "sponsor"),
    "Sven": ("sponsor",),
    "Fiona": ("finance",),
    "Greta": ("gatekeeper",),
    "Dario": ("data_owner",),
    "Bea": ("benefit_owner",),
}
EVERYWHERE: Mapping[str, str] = {"Ada": "auditor", "Ulla": "rule_publisher"}

EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "value_defined": ("business_case", "benefit_profiles"),
    "planned": ("benefits_realisation_plan",),
    "monitoring": ("data_source_agreements",),
    "post_review": ("handover", "kpi_reports", "updated_business_case"),
    "closed": (),
}
SHOP = "/projects/SHOP"


def test_a_project_goes_from_draft_to_closed_and_its_history_answers_for_it(
    database_url: str, tmp_path: Path
) -> None:
    tokens = _set_up(database_url)
    with served(database_url, tmp_path) as address:
        people = {name: Caller(name, address, token) for name, token in tokens.items()}
        walk = _Walk(people, datetime.now(UTC))
        walk.define()
        walk.value_is_defined()
        walk.value_is_planned()
        walk.value_is_monitored()
        walk.value_is_reviewed()
        walk.review()
        walk.close()
        walk.read_the_history()
    _verify(database_url, tmp_path)
    told = _govern(database_url, "audit", "state")
    assert "Every row follows from the events." in told


def _set_up(database_url: str) -> dict[str, str]:
    """Everybody's token, made by the command line."""
    tokens: dict[str, str] = {}
    for name in (*PEOPLE, *EVERYWHERE):
        email = f"{name.lower()}@example.org"
        _govern(database_url, "people", "add", email, name)
        for role in PEOPLE.get(name, ()):
            _govern(database_url, "people", "grant", email, role, "--portfolio", "main")
        if name in EVERYWHERE:
            _govern(database_url, "people", "grant", email, EVERYWHERE[name])
        tokens[name] = _govern(database_url, "people", "token", email).strip()
    return tokens


def _govern(database_url: str, *words: str) -> str:
    done = CliRunner().invoke(govern, ["--database", database_url, *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def _verify(database_url: str, folder: Path) -> None:
    done = subprocess.run(
        command(database_url, "audit", "verify"),
        check=False,
        capture_output=True,
        text=True,
        env=plain_environment(),
        cwd=folder,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Every chain holds." in done.stdout


class _Walk:
    """What happens, in order. `began` is when; the server has its own clock, which is the real one."""

    def __init__(self, people: Mapping[str, Caller], began: datetime) -> None:
        self.people = people
        self.began = began
        self.today = began.date()
        self.last_month = last_completed(Cadence.MONTHLY, self.today)

    def __getitem__(self, name: str) -> Caller:
        return self.people[name]

    def month(self, back: int) -> date:
        """The end of the month that many months before the last one that is over."""
        return numbered_end(Cadence.MONTHLY, period_number(Cadence.MONTHLY, self.last_month) - back)

    def days(self, ahead: int) -> str:
        return (self.today + timedelta(ahead)).isoformat()

    # --- what people do -----------------------------------------------------------------------

    def define(self) -> None:
        """Petra enters the project, what it promises and what it delivers."""
        petra = self["Petra"]
        project = {
            "id": "SHOP",
            "portfolio": "main",
            "name": "Web shop",
            "objective": "Grow online",
            "start": self.days(-400),
            "end": self.days(200),
            "budget": "1000000",
            "spent": "400000",
        }
        assert petra.write("POST", "/projects", project).body["stage"] == "draft"
        sales = {
            "id": "SALES",
            "project": "SHOP",
            "name": "Online sales",
            "category": "revenue",
            "unit": "EUR",
            "direction": "increase",
            "baseline": "0",
            "baseline_on": self.days(-400),
            "target": "1200",
            "target_on": self.days(200),
            "owner": "Olga",
        }
        uptime = {
            "id": "UPTIME",
            "project": "SHOP",
            "name": "Availability",
            "category": "quality",
            "unit": "%",
            "direction": "at_least",
            "target": "99",
            "target_on": self.days(200),
            "owner": "Omar",
        }
        for kpi in (sales, uptime):
            petra.write("POST", "/kpis", kpi)
        months = [self.month(back) for back in (5, 4, 3, 2, 1, 0)]
        for kpi, planned in (("SALES", range(100, 700, 100)), ("UPTIME", [99] * 6)):
            plan = [
                {"period": month.isoformat(), "planned": value}
                for month, value in zip(months, planned, strict=True)
            ]
            petra.write("POST", f"/kpis/{kpi}/plan", {"planned": plan})
        for number, kpi in enumerate(("SALES", "UPTIME"), start=1):
            output = {
                "id": f"D{number}",
                "project": "SHOP",
                "name": f"Release {number}",
                "owner": "Olga",
                "state": "in_progress",
                "due": self.days(30),
                # The share that it brings is not agreed yet.
                "serves": {kpi: None},
            }
            petra.write("POST", "/deliverables", output)

    def value_is_defined(self) -> None:
        """Max submits and may not decide; Sven does."""
        submitted = self._submit("Max", "value_defined")
        assert submitted.body["advice"] == "go"
        vote = {"decision": "go", "reason": "I know that it is good."}
        where = f"/submissions/{submitted.body['id']}/votes"
        refused = self["Max"].refused("POST", where, vote, submitted.version)
        assert (refused.status, refused.body["code"]) == (403, "separation-of-duties")
        assert self._stage() == "draft"
        self._decide("Sven", submitted, "go", "The case is sound.")
        assert self._stage() == "value_defined"

    def value_is_planned(self) -> None:
        """The plan lacks tolerances and shares: a conditional go, of sponsor and finance."""
        submitted = self._submit("Petra", "planned")
        assert submitted.body["advice"] == "conditional_go"
        waiting = self["Sven"].read("/waiting").body["gates"]
        assert [(each["project"], each["gate"]) for each in waiting] == [("SHOP", "planned")]
        owed = [{"text": "Set tolerances", "owner": "Petra", "due": self.days(14)}]
        half = self._decide(
            "Sven", submitted, "conditional_go", "Good but for tolerances.", conditions=owed
        )
        assert half.body["state"] == "open"
        assert [each["role"] for each in half.body["missing"]] == ["finance"]
        assert self._stage() == "value_defined"
        owed = [{"text": "Agree who brings what", "owner": "Petra", "due": self.days(30)}]
        self._decide("Fiona", half, "conditional_go", "Good but for the shares.", conditions=owed)
        assert self._stage() == "planned"
        frozen = self["Petra"].read("/kpis/SALES")
        lower = self["Petra"].refused("PATCH", "/kpis/SALES", {"target": "900"}, frozen.version)
        assert (lower.status, lower.body["code"]) == (409, "baseline-frozen")

    def value_is_monitored(self) -> None:
        """The conditions are met and closed, figures come in, the project is watched."""
        petra = self["Petra"]
        for kpi in ("SALES", "UPTIME"):
            petra.change(f"/kpis/{kpi}", {"tolerance": "0.05"})
        petra.change("/deliverables/D1", {"serves": {"SALES": "0.6"}})
        petra.change("/deliverables/D2", {"serves": {"UPTIME": "0.8"}})
        owed = petra.read("/waiting").body["conditions"]
        assert [each["text"] for each in owed] == ["Set tolerances", "Agree who brings what"]
        for condition in owed:
            path = f"/conditions/{condition['id']}"
            closing = {"evidence": f"{condition['text']}: done in the plan."}
            version = self["Fiona"].read(path).version
            self["Fiona"].write("POST", f"{path}/close", closing, version)
        assert petra.read("/waiting").body["conditions"] == []
        readings = [
            {"kpi": kpi, "period": self.month(back).isoformat(), "actual": actual}
            for kpi, actuals in (("SALES", [390, 510, 600]), ("UPTIME", [99.2, 99.4, 99.1]))
            for back, actual in zip((2, 1, 0), actuals, strict=True)
        ]
        recorded = self["Dario"].write("POST", "/readings", {"readings": readings}).body
        assert [each["status"] for each in recorded["results"]] == ["recorded"] * 6
        submitted = self._submit("Petra", "monitoring")
        assert submitted.body["advice"] == "go", submitted.body["advice_because"]
        self._decide("Greta", submitted, "go", "The figures come in.")
        assert self._stage() == "monitoring"

    def value_is_reviewed(self) -> None:
        """A correction shows trouble: recycle, answer what is recommended, then go on regardless."""
        trouble = {
            "period": self.last_month.isoformat(),
            "actual": "93.5",
            "note": "With the outage.",
            "reason": "The outage was left out.",
        }
        corrected = self["Dario"].write("POST", "/kpis/UPTIME/readings", trouble).body
        assert corrected["status"] == "corrected"
        swept = self["Ulla"].write("POST", "/sweeps", {}).body
        assert swept["proposed"] >= 1
        for deliverable in ("D1", "D2"):
            done = {"state": "done", "done_on": self.today.isoformat()}
            self["Petra"].change(f"/deliverables/{deliverable}", done)
        submitted = self._submit("Petra", "post_review")
        assert submitted.body["advice"] == "recycle"
        red = next(each for each in submitted.body["results"] if each["id"] == "red-answered")
        assert red["outcome"] == "not_met"
        self._decide("Sven", submitted, "recycle", "Answer for the outage first.")
        assert self._stage() == "monitoring"

        recommended = self["Bea"].read("/waiting").body["recommendations"]
        assert {each["kpi"] for each in recommended} == {"UPTIME"}
        for each in recommended:
            path = f"/recommendations/{each['id']}"
            answer = {"answer": "accept", "reason": "A second line is ordered."}
            self["Bea"].write("POST", f"{path}/answers", answer, self["Bea"].read(path).version)
        submitted = self._submit("Petra", "post_review")
        assert submitted.body["iteration"] == 2
        assert submitted.body["advice"] == "conditional_go"
        unexplained = {"decision": "go", "reason": "Review it now."}
        where = f"/submissions/{submitted.body['id']}/votes"
        refused = self["Sven"].refused("POST", where, unexplained, submitted.version)
        assert (refused.status, refused.body["code"]) == (422, "override-needs-reason")
        self._decide(
            "Sven",
            submitted,
            "go",
            "Review it now.",
            override_reason="A second review is planned in half a year.",
        )
        assert self._stage() == "post_review"

    def review(self) -> None:
        """Petra opens and writes the review, and Bea, who owns the benefit, signs it."""
        petra, bea = self["Petra"], self["Bea"]
        opened = petra.write("POST", f"{SHOP}/reviews", {})
        path = f"/reviews/{opened.body['id']}"
        kept = {"follow_up": "keep_measuring", "owner": "Olga", "until": self.days(400)}
        rating = opened.body["suggested"]["rating"]
        written = {
            "rating": rating,
            "summary": "It sells, and it falls out too often.",
            "kpis": [
                {"kpi": each["kpi"], **kept}
                for each in opened.body["kpis"]
                if each["follow_up"] is None
            ],
        }
        changed = petra.write("PATCH", path, written, opened.version)
        assert changed.body["missing"] == []
        refused = petra.refused("POST", f"{path}/signature", {}, changed.version)
        assert refused.body["code"] == "not-allowed"
        assert bea.write("POST", f"{path}/signature", {}, changed.version).body["rating"] == rating
        lesson = {
            "title": "A second line comes first",
            "happened": "The shop was down for a week.",
            "because": "It had one line to the network.",
            "next_time": "Order the second line before the rollout.",
            "review": opened.body["id"],
        }
        petra.write("POST", f"{SHOP}/lessons", lesson)

    def close(self) -> None:
        submitted = self._submit("Petra", "closed")
        assert submitted.body["advice"] == "go", submitted.body["advice_because"]
        self._decide("Greta", submitted, "go", "Reviewed, and what is owed has an owner.")
        assert self._stage() == "closed"

    def _submit(self, name: str, gate: str) -> Answer:
        evidence = [
            {"name": each, "link": f"https://example.org/shop/{each}"} for each in EVIDENCE[gate]
        ]
        body = {"gate": gate, "evidence": evidence}
        version = self[name].read(SHOP).version
        return self[name].write("POST", f"{SHOP}/submissions", body, version)

    def _decide(
        self, name: str, submitted: Answer, decision: str, reason: str, **more: Any
    ) -> Answer:
        body = {"decision": decision, "reason": reason, **more}
        path = f"/submissions/{submitted.body['id']}/votes"
        return self[name].write("POST", path, body, submitted.version)

    def _stage(self) -> str:
        return self["Ada"].read(SHOP).body["stage"]

    # --- what the auditor reads ---------------------------------------------------------------

    def read_the_history(self) -> None:
        """Who, what, when, why, on which facts, by which rules: for every decision."""
        ada = self["Ada"]
        events = ada.every(f"{SHOP}/history")
        assert [each["seq"] for each in events] == list(range(1, len(events) + 1))
        decided = [each for each in events if each["kind"] == "gate.decided"]
        assert [self._decision(each) for each in decided] == [
            ("value_defined", 1, "Sven", "go", "go"),
            ("planned", 1, "Fiona", "conditional_go", "conditional_go"),
            ("monitoring", 1, "Greta", "go", "go"),
            ("post_review", 1, "Sven", "recycle", "recycle"),
            ("post_review", 2, "Sven", "go", "conditional_go"),
            ("closed", 1, "Greta", "go", "go"),
        ]
        ids = {name: caller.read("/me").body["id"] for name, caller in self.people.items()}
        rulebook = ada.read("/rulebook").body["digest"]
        workflow = ada.read(f"{SHOP}/workflow").body["digest"]
        submissions = {each["id"]: each for each in ada.every("/submissions", project="SHOP")}
        for event in decided:
            data = event["data"]
            assert self.began <= datetime.fromisoformat(event["at"]) <= datetime.now(UTC)
            for vote in data["votes"]:
                assert vote["person"] in ids.values()
                assert vote["person"] != submissions[data["submission"]]["submitted_by"]
                assert vote["reason"]
            assert data["rulebook_digest"] == rulebook
            assert data["workflow_digest"] == workflow
            assert data["engine"]
            cited = ada.read(f"{SHOP}/facts/{data['facts_digest']}").body
            assert cited["digest"] == data["facts_digest"]
            assert cited["facts"]["as_of"] == submissions[data["submission"]]["as_of"]
            assert cited["facts"]["project"]["project"] == "SHOP"
            assert cited["facts"]["project"]["name"] == "Web shop"
        self._plan_was_decided_by_two(decided[1], ids)
        assert decided[4]["data"]["override"] is True
        (overriding,) = decided[4]["data"]["votes"]
        assert overriding["override_reason"] == "A second review is planned in half a year."
        self._facts_are_those_of_their_time(decided)
        self._the_rest_is_told(events)

    def _decision(self, event: dict[str, Any]) -> tuple[str, int, str, str, str]:
        data = event["data"]
        return (
            data["gate"],
            data["iteration"],
            event["actor_name"],
            data["decision"],
            data["advice"],
        )

    def _plan_was_decided_by_two(self, event: dict[str, Any], ids: dict[str, str]) -> None:
        votes = event["data"]["votes"]
        assert [(each["person"], each["seat"], each["reason"]) for each in votes] == [
            (ids["Sven"], "sponsor", "Good but for tolerances."),
            (ids["Fiona"], "finance", "Good but for the shares."),
        ]

    def _facts_are_those_of_their_time(self, decided: list[dict[str, Any]]) -> None:
        """Availability was 99.1 when monitoring began, and 93.5 when the review was asked for."""
        ada = self["Ada"]
        seen: list[str] = []
        for event in (decided[2], decided[3]):
            cited = ada.read(f"{SHOP}/facts/{event['data']['facts_digest']}").body["facts"]
            (uptime,) = (each for each in cited["kpis"] if each["kpi"] == "UPTIME")
            assert uptime["values"][-1]["period"] == self.last_month.isoformat()
            seen.append(uptime["values"][-1]["actual"])
        assert seen == ["99.1", "93.5"]

    def _the_rest_is_told(self, events: list[dict[str, Any]]) -> None:
        told = [(each["kind"], each["actor_name"]) for each in events]
        assert ("vote.refused", "Max") in told
        assert told.count(("condition.closed", "Fiona")) == 2
        assert ("recommendation.accepted", "Bea") in told
        assert ("baseline.frozen", "Fiona") in told
        moves = [
            (each["data"]["from"], each["data"]["to"])
            for each in events
            if each["kind"] == "stage.moved"
        ]
        assert moves == [
            ("draft", "value_defined"),
            ("value_defined", "planned"),
            ("planned", "monitoring"),
            ("monitoring", "post_review"),
            ("post_review", "closed"),
        ]
