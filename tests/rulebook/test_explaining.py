"""Why a rule says what it says: the parts with their values, the periods, and one sentence."""

from datetime import date
from decimal import Decimal

from govern.domain.finding import FindingState
from govern.observation.frame import Observations
from govern.rulebook.explaining import Why, explain_rule
from govern.rulebook.rule import Rule
from tests.rulebook.observed import AS_OF, month, observed
from tests.rulebook.rule_files import file, rule, rulebook

HEAD = "schema: govern/rules/v1\narea: test\nparams: {act: 80%, watch: 90%}\n"
HYSTERESIS = 'applies_to: stage = "monitoring"\nfor: 2 periods\nclear_when: attainment >= watch'
MESSAGE = "{project}: {kpi} is at {attainment:percent} of plan, for {streak:periods}"


def the_rule(more: str = HYSTERESIS, when: str = "attainment < act", **others: str) -> Rule:
    return rulebook(file(rule(when=when, more=more, message=MESSAGE, tests="", **others),
                         head=HEAD)).rules[0]  # fmt: skip


def why(observations: Observations, on: date | None = None, of: Rule | None = None) -> Why:
    (found,) = explain_rule(of or the_rule(), observations, on=on)
    return found


def test_a_firing_rule_shows_its_condition_its_periods_and_since_when() -> None:
    told = why(observed({"a": [90, 75, 70, 85]}))
    assert (told.state, told.streak, told.period) == (FindingState.FIRES, 3, AS_OF)
    assert told.since == month(1)
    assert told.message == "Ports: KPI a is at 85% of plan, for 3 periods"
    assert told.sentence == (
        "Red since the period to 31 May 2026, not cleared yet: "
        "Ports: KPI a is at 85% of plan, for 3 periods"
    )
    assert [part.name for part in told.parts] == ["applies_to", "when", "clear_when"]
    when = told.parts[1].explanation
    assert (when.text, when.value) == ("attainment < act", False)
    assert [(each.text, each.value) for each in when.children] == [
        ("attainment", Decimal("0.85")),
        ("act", Decimal("0.8")),
    ]
    assert [(each.period, each.actual, each.when, each.state, each.streak) for each in told.periods] == [
        (month(3), Decimal("90.0"), False, "silent", 0),
        (month(2), Decimal("75.0"), True, "pending", 1),
        (month(1), Decimal("70.0"), True, "fires", 2),
        (AS_OF, Decimal("85.0"), False, "fires", 3),
    ]  # fmt: skip


def test_an_earlier_period_is_told_as_it_stood_then() -> None:
    told = why(observed({"a": [90, 75, 70, 85]}), on=month(1))
    assert (told.period, told.seen_on) == (month(1), month(1))
    assert told.sentence.startswith("Red since the period to 31 May 2026: ")
    assert [each.period for each in told.periods] == [month(3), month(2), month(1)]
    assert explain_rule(the_rule(), observed({"a": [90]}), on=date(2020, 1, 1)) == ()


def test_a_pending_rule_says_how_far_it_is() -> None:
    told = why(observed({"a": [90, 75]}))
    assert told.sentence == (
        'Ports: KPI a is not red yet: "Late" holds for 1 of the 2 periods it takes; '
        "attainment is 75%"
    )


def test_an_unknown_one_says_what_is_missing_and_what_goes_on_behind_it() -> None:
    told = why(observed({"a": [75, 75, None]}))
    assert told.sentence == (
        "Ports: KPI a cannot be judged, because there is no reading for the period to "
        "30 June 2026 (Late); it fires since the period to 31 May 2026 and nothing has cleared it"
    )
    assert why(observed({"a": [95, None]})).sentence.endswith("30 June 2026 (Late)")


def test_a_silent_one_says_why() -> None:
    assert why(observed({"a": [95]})).sentence == (
        'Nothing to report of Ports: KPI a under "Late": attainment is 95%'
    )
    draft = why(
        observed({"a": [75]}),
        of=the_rule('applies_to: category = "cost" and stage = "monitoring"'),
    )
    assert draft.message is None
    assert draft.sentence == ('"Late" does not look at Ports: KPI a, because category is unknown')
    held = why(observed({"a": [95, None]}), of=the_rule("if_unknown: hold"))
    assert held.sentence == (
        'Nobody can tell of Ports: KPI a whether "Late", because attainment is unknown; '
        "it stays as it was"
    )


def test_what_is_no_word_for_people_is_left_out() -> None:
    long = 'count(kpis[attainment < act and category != "something long"]) > 5'
    project = rulebook(
        file(rule(when=f"{long}", more="scope: project", message="{name}", tests=""), head=HEAD
             .replace(", watch: 90%", ""))
    ).rules[0]  # fmt: skip
    (told,) = explain_rule(project, observed({"a": [95], "b": [70]}))
    assert told.sentence == 'Nothing to report of Ports under "Late"'
    assert (told.kpi_id, told.kpi_name) == (None, None)
    assert told.periods[-1].actual is None
    assert len(told.parts[0].explanation.children[0].children) == 0


def test_every_kpi_or_the_one_that_is_asked_for() -> None:
    observations = observed({"a": [95], "b": [70]})
    assert [each.kpi_id for each in explain_rule(the_rule(), observations)] == ["a", "b"]
    assert [each.kpi_id for each in explain_rule(the_rule(), observations, kpi="b")] == ["b"]
    assert explain_rule(the_rule(), observations, kpi="x") == ()


def test_what_it_would_recommend() -> None:
    recommend = (
        "recommend:\n  action: descope\n  because: '{kpi} needs it'\n"
        "  propose: deliverables[contribution < 5%]\n"
        "  decide_by: 10 working days\n  decided_by: sponsor"
    )
    observations = observed(
        {"a": [70]},
        deliverables=[{"deliverable": "D1", "state": "planned"}, {"deliverable": "D2"}],
        serves=[
            {"deliverable": "D1", "kpi": "a", "contribution": 0.01},
            {"deliverable": "D2", "kpi": "a", "contribution": 0.5},
        ],
    )
    told = why(observations, of=the_rule(recommend))
    assert (told.because, told.proposed) == ("KPI a needs it", ("D1",))
    assert why(observed({"a": [95]}), of=the_rule(recommend)).because is None
