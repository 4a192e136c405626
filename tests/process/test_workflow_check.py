"""Every problem with a workflow file is told with its place and with what would be right."""

from pathlib import Path

import pytest

from govern.documents.problem import render
from govern.process.codes import CODES
from govern.process.load import load, load_sources

PATH = "workflows/small.yaml"

GOOD = """\
schema: govern/workflow/v1
id: small
version: 1
stages: [draft, running, closed]
gates:
  - id: start
    title: Start
    from: draft
    to: running
    submit: [project_manager]
    approve: [{role: sponsor, votes: 1}]
    criteria:
      must:
        - id: budget-set
          require: budget != null
      should:
        - id: owner-set
          require: owner != null
          weight: 2
  - id: close
    title: Close
    from: running
    to: closed
    submit: [project_manager]
    approve:
      - {role: sponsor, votes: 1}
      - {role: finance}
"""

STAGES = "stages: [draft, running, closed]\n"
REVIEWS = "reviews: {since: running, after: 6 months, due: 12 months, sign: [sponsor]}\n"


def problems(text: str) -> list[str]:
    """Each problem in one line: place, code, message, help."""
    loaded = load_sources({PATH: text})
    assert not loaded.workflows
    return [
        f"{each.place.line}:{each.place.column} {each.code} {each.message} | {each.help}"
        for each in loaded.problems
    ]


def changed(*changes: tuple[str, str]) -> str:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_good_file_is_good():
    loaded = load_sources({PATH: GOOD})
    assert loaded.problems == ()
    assert list(loaded.workflows) == ["small"]


def with_tests(tests: str) -> str:
    return changed(("          weight: 2\n", f"          weight: 2\n    tests: [{tests}]\n"))


BAD = [
    (
        "a stage twice",
        changed(("[draft, running, closed]", "[draft, running, running, closed]")),
        "4:26 E401 the stage 'running' is already on line 4 | keep one of the two",
    ),
    (
        "a stage that every workflow has",
        changed(("[draft, running, closed]", "[draft, running, on_hold, closed]")),
        "4:26 E402 every workflow has a stage 'on_hold' beside its own "
        "| leave it out: hold and kill lead there from every stage but the last",
    ),
    (
        "an unknown stage to start from",
        changed(("from: running", "from: runing")),
        "22:11 E403 the workflow has no stage 'runing' | did you mean 'running'?",
    ),
    (
        "an unknown stage to lead to",
        changed(("to: closed", "to: elsewhere")),
        "23:9 E403 the workflow has no stage 'elsewhere' | possible: draft, running, closed",
    ),
    (
        "a gate out of on_hold",
        changed(("from: running", "from: on_hold")),
        "22:11 E403 the workflow has no stage 'on_hold' "
        "| no gate is needed: hold and kill lead there, and resume leads back",
    ),
    (
        "a stage that nothing leads to",
        changed(("[draft, running, closed]", "[draft, piloted, running, closed]")),
        "4:17 E404 no project can reach the stage 'piloted' from 'draft' "
        "| add a gate with 'to: piloted', or take the stage out",
    ),
    (
        "a stage that nothing leads out of",
        changed(
            ("[draft, running, closed]", "[draft, running, stuck, closed]"),
            (
                "    title: Close\n    from: running\n    to: closed",
                "    title: Close\n    from: running\n    to: stuck",
            ),
        )
        + "  - {id: end, title: End, from: draft, to: closed, submit: [finance], "
        "approve: [{role: sponsor}]}\n",
        "4:26 E405 no gate leads out of the stage 'stuck' "
        "| add a gate with 'from: stuck', or take the stage out",
    ),
    (
        "a gate out of the last stage",
        GOOD + "  - {id: reopen, title: Reopen, from: closed, to: running, submit: [finance], "
        "approve: [{role: sponsor}]}\n",
        "28:39 E406 'closed' is the last stage, where a project's way ends "
        "| let the gate start from another stage, or add a stage behind it",
    ),
    (
        "two gates with one id",
        changed(("- id: close", "- id: start")),
        "20:9 E407 the gate 'start' is already on line 6 | give one of the two another id",
    ),
    (
        "nobody submits",
        changed(("submit: [project_manager]", "submit: []")),
        "10:13 E408 nobody can submit to the gate 'start' "
        "| name the roles that may, as in [project_manager]",
    ),
    (
        "nobody decides",
        changed(("approve: [{role: sponsor, votes: 1}]", "approve: []")),
        "11:14 E409 nobody decides at the gate 'start' "
        "| name a role, as in [{role: sponsor, votes: 1}]",
    ),
    (
        "approve is not there",
        changed(("    approve: [{role: sponsor, votes: 1}]\n", "")),
        "6:5 E111 a gate needs the key 'approve' | approve: Who decides, with how many votes.",
    ),
    (
        "only those who submit decide",
        changed(("submit: [project_manager]", "submit: [project_manager, sponsor]")),
        "11:14 E410 everybody who decides at the gate 'start' may also submit to it: sponsor "
        "| let another role decide, alone or as well",
    ),
    (
        "a role twice",
        changed(("- {role: finance}", "- {role: sponsor}")),
        "27:16 E411 'sponsor' stands twice among those who decide "
        "| write it once, as in {role: sponsor, votes: 2}",
    ),
    (
        "a submitter who may decide",
        changed(("    criteria:", "    separation: []\n    criteria:")),
        "12:17 E412 at the gate 'start' the submitter could decide "
        "| write [submitter], or leave the key out: that is what it means then",
    ),
    (
        "two criteria with one id",
        changed(("id: owner-set", "id: budget-set")),
        "17:15 E413 the criterion 'budget-set' is already on line 14 "
        "| give one of the two another id",
    ),
    (
        "a criterion that weighs nothing",
        changed(("weight: 2", "weight: 0")),
        "19:19 E414 a weight of 0 makes no difference "
        "| give it a weight above 0, or take the criterion out",
    ),
    (
        "a criterion that evidence makes",
        changed(
            ("id: budget-set", "id: evidence-plan"),
            ("    criteria:", "    evidence: [plan]\n    criteria:"),
        ),
        "15:15 E416 the gate's evidence makes a criterion 'evidence-plan' of its own "
        "| take this one out, or give it another id",
    ),
    (
        "no votes",
        changed(("votes: 1", "votes: 0")),
        "11:38 E115 0 is outside its limits | at least 1",
    ),
    (
        "an unknown role",
        changed(("role: sponsor", "role: sponser")),
        "11:22 E113 'sponser' is not possible here | did you mean 'sponsor'?",
    ),
    (
        "an unknown role to submit",
        changed(("submit: [project_manager]", "submit: [projekt_manager]")),
        "10:14 E113 'projekt_manager' is not possible here | did you mean 'project_manager'?",
    ),
    (
        "an unknown key",
        changed(("    submit:", "    submitt:")),
        "10:5 E110 unknown key 'submitt' in a gate | did you mean 'submit'?",
    ),
    (
        "an unknown role to escalate to",
        changed(
            ("    criteria:", "    escalate: [{after: 5 working days, to: board}]\n    criteria:")
        ),
        "12:44 E113 'board' is not possible here | possible: ",
    ),
    (
        "days that are not working days",
        changed(("    criteria:", "    decide_within: 10 days\n    criteria:")),
        "12:20 E114 '10 days' is not a number of working days | write '2 working days'",
    ),
    (
        "a must-meet criterion with a weight",
        changed(
            (
                "          require: budget != null\n",
                "          require: budget != null\n          weight: 2\n",
            )
        ),
        "16:11 E110 unknown key 'weight' in a must-meet criterion | possible: id, ",
    ),
    (
        "something else to freeze",
        changed(("    criteria:", "    freezes: everything\n    criteria:")),
        "12:14 E113 'everything' is not possible here | possible: baseline",
    ),
    (
        "a mark above the whole",
        changed(("    criteria:", "    should_mark: 170%\n    criteria:")),
        "12:18 E115 170% is outside its limits | at least 0 and at most 1",
    ),
    (
        "a condition that does not parse",
        changed(("require: budget != null", "require: budget >")),
        "15:28 E201 ",
    ),
    (
        "a condition with an unknown name",
        changed(("require: budget != null", "require: spent <= bugdet")),
        "15:29 E210 unknown name `bugdet` | did you mean 'budget'?",
    ),
    (
        "a condition that is no condition",
        changed(("require: budget != null", "require: budget * 2")),
        "15:20 E216 ",
    ),
    (
        "a condition over a KPI's names",
        changed(("require: budget != null", "require: attainment < 80%")),
        "15:20 E210 unknown name `attainment`",
    ),
    (
        "a criterion that does not say what it asks for",
        changed(
            (
                "        - id: budget-set\n          require: budget != null\n",
                "        - id: budget-set\n",
            )
        ),
        "14:11 E420 the criterion does not say what it asks for "
        "| add 'require' with a condition, or 'score' where people judge",
    ),
    (
        "a criterion that is required and scored",
        changed(
            ("require: budget != null\n", "require: budget != null\n          score: {least: 6}\n")
        ),
        "16:11 E420 a criterion is required by a condition or scored by people, not both "
        "| keep one of 'require' and 'score'",
    ),
    (
        "a quorum larger than its panel",
        changed(("{role: sponsor, votes: 1}]", "{role: sponsor, votes: 3, of: 2}]")),
        "11:38 E421 3 votes cannot come from a panel of 2 | ask for 2 or fewer, or make the panel larger",
    ),
    (
        "a score that is too high",
        changed(("require: budget != null", "score: {least: 6, anchors: [{at: 11, means: Best}]}")),
        "15:44 E422 11 is more than the highest score | scores go from 0 to 10",
    ),
    (
        "a score with two meanings",
        changed(
            (
                "require: budget != null",
                "score: {least: 6, anchors: [{at: 5, means: So}, {at: 5, means: Such}]}",
            )
        ),
        "15:64 E422 the score 5 has a meaning already | give each score one meaning",
    ),
    (
        "a check that leads on",
        changed(("    title: Start\n", "    title: Start\n    repeats: quarterly\n")),
        "8:14 E423 a gate that repeats has to lead back to 'draft', not on to 'running' "
        "| write 'to: draft', or take 'repeats' out",
    ),
    (
        "a reminder of nothing",
        changed(("    title: Start\n", "    title: Start\n    remind: 2 working days\n")),
        "8:13 E424 there is no 'decide_within' to remind of "
        "| remind fewer days before the end than there are to decide in",
    ),
    (
        "a reminder at once",
        changed(
            (
                "    title: Start\n",
                "    title: Start\n    decide_within: 5 working days\n    remind: 5 working days\n",
            )
        ),
        "9:13 E424 a reminder 5 working days before the end of 5 comes at once "
        "| remind fewer days before the end than there are to decide in",
    ),
    (
        "a submission that expires while it is decided",
        changed(
            (
                "    title: Start\n",
                "    title: Start\n    decide_within: 5 working days\n    expires: 4 working days\n",
            )
        ),
        "9:14 E424 the submission expires after 4 working days, before the 5 to decide in "
        "| let it expire after the time to decide, or leave 'expires' out",
    ),
    (
        "a test of a criterion that is not there",
        with_tests("{name: a, given: {}, expect: {budgetset: met}}"),
        "20:42 E430 the gate has no criterion 'budgetset' | did you mean 'budget-set'?",
    ),
    (
        "a test that brings what the gate does not ask for",
        with_tests("{name: a, given: {evidence: [plan]}, advice: go}"),
        "20:41 E430 the gate has no evidence 'plan' | the gate has none",
    ),
    (
        "a test whose deliverable serves nothing that is there",
        with_tests("{name: a, given: {deliverables: [{serves: [K]}]}, advice: go}"),
        "20:55 E431 the test has no KPI 'K' | give the test a KPI",
    ),
    (
        "two tests of one name",
        with_tests("{name: a, given: {}, advice: go}, {name: a, given: {}, advice: go}"),
        "20:54 E432 the gate already has a test with the name 'a' | say what differs",
    ),
    (
        "a test that expects nothing",
        with_tests("{name: a, given: {}}"),
        "20:20 E433 the test expects nothing",
    ),
    (
        "criteria that exclude each other",
        changed(
            (
                "          require: budget != null\n",
                "          require: budget > 100\n        - {id: cheap, require: budget < 50}\n",
            )
        ),
        "16:32 E434 nobody can pass the gate: 'cheap' is never met where 'budget-set' is "
        "| take one of the two out, or change its bounds",
    ),
    (
        "more scores than the panel has people",
        changed(
            ("[{role: sponsor, votes: 1}]", "[{role: sponsor, votes: 1, of: 2}]"),
            ("          require: budget != null\n", "          score: {least: 5, scorers: 3}\n"),
        ),
        "15:38 E435 3 people cannot score it: the panel has 2 "
        "| ask for 2 or fewer, or let another role score as well",
    ),
    (
        "reviews of a stage that is misspelt",
        changed((STAGES, REVIEWS.replace("running", "runing") + STAGES)),
        "4:18 E436 the workflow has no stage 'runing' | did you mean 'running'?",
    ),
    (
        "reviews from the first stage on",
        changed((STAGES, REVIEWS.replace("running", "draft") + STAGES)),
        "4:18 E436 'draft' is where every project begins: nothing is rolled out there "
        "| possible: running, closed",
    ),
    (
        "a review that is due on the day it opens",
        changed((STAGES, REVIEWS.replace("12", "6") + STAGES)),
        "4:49 E437 a review that opens after 6 months cannot be due after 6 "
        "| both are counted from the rollout: let it be due later than it opens",
    ),
    (
        "two questions of one id",
        changed(
            (
                STAGES,
                REVIEWS.replace(
                    "sign:",
                    "survey: [{id: q, ask: A?, of: [sponsor]}, {id: q, ask: B?, of: [sponsor]}], sign:",
                )
                + STAGES,
            )
        ),
        "4:107 E438 the question 'q' is already on line 4 | give one of the two another id",
    ),
    (
        "a review that nobody signs",
        changed((STAGES, REVIEWS.replace("[sponsor]", "[]") + STAGES)),
        "4:66 E115 at least 1 needed in this list | None",
    ),
    (
        "a gate that shows what there is not",
        changed(("    title: Start\n", "    title: Start\n    shows: [lesson]\n")),
        "8:13 E113 'lesson' is not possible here | did you mean 'lessons'?",
    ),
    (
        "an escalation of what has expired",
        changed(
            (
                "    title: Start\n",
                "    title: Start\n    expires: 9 working days\n"
                "    escalate: [{after: 9 working days, to: gatekeeper}]\n",
            )
        ),
        "9:24 E424 nothing is left to escalate after 9 working days: it expires after 9 "
        "| escalate earlier, or let it expire later",
    ),
]


@pytest.mark.parametrize(("text", "line"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
def test_what_is_wrong_is_told_with_its_place(text, line):
    assert any(each.startswith(line) for each in problems(text)), problems(text)


def test_a_ring_of_stages_without_a_way_to_the_last_one():
    text = changed(
        ("[draft, running, closed]", "[draft, running, redone, closed]"),
        ("    to: closed", "    to: redone"),
    ) + (
        "  - {id: redo, title: Redo, from: redone, to: running, submit: [finance], "
        "approve: [{role: sponsor}]}\n"
        "  - {id: end, title: End, from: draft, to: closed, submit: [finance], "
        "approve: [{role: sponsor}]}\n"
    )
    assert problems(text) == [
        "4:17 E405 from the stage 'running' no way leads to 'closed' "
        "| add a gate with 'from: running', or take the stage out",
        "4:26 E405 from the stage 'redone' no way leads to 'closed' "
        "| add a gate with 'from: redone', or take the stage out",
    ]


def test_every_problem_of_a_file_is_told_at_once():
    text = changed(
        ("role: sponsor", "role: sponser"),
        ("budget != null", "bugdet != null"),
        ("owner != null", "count(owners) >"),
        ("from: running", "from: runing"),
        ("{role: finance}", "{role: finance, votes: 0}"),
    )
    assert [line.split(" ")[1] for line in problems(text)] == [
        "E113",
        "E210",
        "E201",
        "E403",
        "E115",
    ]


def test_two_files_with_one_workflow():
    loaded = load_sources({"workflows/a.yaml": GOOD, "workflows/b.yaml": GOOD})
    assert not loaded.workflows
    (problem,) = loaded.problems
    assert render(problem, loaded.sources) == (
        "workflows/b.yaml:2:5: error[E400]: the workflow 'small' is already in workflows/a.yaml\n"
        "   2 | id: small\n"
        "     |     ^^^^^\n"
        "     = help: give it another id; a new version of a workflow replaces the text of the old"
    )


def test_one_bad_file_keeps_all_out():
    other = changed(("id: small", "id: other"), ("role: sponsor", "role: sponser"))
    loaded = load_sources({"workflows/a.yaml": GOOD, "workflows/b.yaml": other})
    assert not loaded.workflows
    assert [str(each.place) for each in loaded.problems] == ["workflows/b.yaml:11:22"]


def test_a_file_that_is_no_workflow_at_all():
    assert problems("just text\n") == [
        "1:1 E112 a workflow (keys with values) is expected here, not text | None"
    ]
    assert [line.split(" ")[1] for line in problems("")] == ["E108"]


def test_a_directory_without_a_workflow(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("nothing")
    (problem,) = load(tmp_path).problems
    assert (problem.code, problem.message) == ("E415", "the directory holds no workflow")


def test_a_directory_that_is_not_there(tmp_path: Path):
    (problem,) = load(tmp_path / "nowhere").problems
    assert (problem.code, problem.message) == ("E100", "there is no such directory")


def test_a_directory_names_its_files_in_problems(tmp_path: Path):
    (tmp_path / "small.yaml").write_text(changed(("version: 1", "version: 0")))
    loaded = load(tmp_path)
    assert str(loaded.problems[0].place) == f"{tmp_path.as_posix()}/small.yaml:3:10"


def test_every_code_has_a_test():
    shown = {line.split(" ")[1] for _, _, line in BAD} | {"E400", "E415", "E417", "E425"}
    assert set(CODES) <= shown


def test_a_calendar_has_to_be_one_of_the_rules():
    text = GOOD.replace("version: 1\n", "version: 1\ncalendar: hose\n")
    assert load_sources({PATH: text}).problems == ()
    (problem,) = load_sources({PATH: text}, calendars={"house"}).problems
    assert (problem.code, problem.place.line) == ("E425", 4)
    assert problem.message == "the rules have no calendar 'hose'"
    assert "house" in (problem.help or "")
    (problem,) = load_sources({PATH: text}, calendars=()).problems
    assert problem.help == "add a calendar file to the rules, or leave it out"
    assert load_sources({PATH: text}, calendars={"hose"}).problems == ()
