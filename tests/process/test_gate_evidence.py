"""Each document that a gate asks for is one more must-meet criterion."""

from workflow_examples import gate

from govern.process.evidence import judge


def test_a_document_is_met_where_one_of_its_name_is_there():
    asked = gate("planned", "draft", "planned", evidence=("plan", "risk_log"))
    plan, risks = judge(asked, {"plan", "something_else"})
    assert (plan.id, plan.kind, plan.outcome) == ("evidence-plan", "must", "met")
    assert plan.values == {"plan": "provided"}
    assert (risks.id, risks.outcome) == ("evidence-risk_log", "not_met")
    assert risks.values == {"risk_log": "not provided"}
    assert risks.otherwise == "Bring the risk log, a file or a link, under the name 'risk_log'."


def test_a_gate_that_asks_for_none():
    assert judge(gate("planned", "draft", "planned"), {"plan"}) == ()
