"""A workflow with scorecards and waivers, for the house: two gates, the second after the first."""

from typing import Any

from govern.process.load import load_sources
from govern.services import decisions, gates
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.workflows import take_workflows
from tests.services.house import NOW, House, add_project

WORKFLOW = """\
schema: govern/workflow/v1
id: scored
version: 1
stages: [draft, running, closed]
gates:
  - id: start
    title: Start
    from: draft
    to: running
    submit: [project_manager]
    approve: [{role: sponsor}, {role: finance}]
    waive: [gatekeeper]
    criteria:
      must:
        - id: strategic-fit
          title: It fits the strategy
          score:
            least: 6
            scorers: 2
            by: [sponsor, finance]
            anchors:
              - {at: 0, means: Against the strategy}
              - {at: 10, means: The strategy asks for it}
        - id: budget-set
          title: The budget is set
          require: budget != null
        - id: spent-known
          title: What was spent is known
          require: spent != null
      should:
        - id: appeal
          title: The market wants it
          score: {least: 5}
    evidence: [business_case]
  - id: close
    title: Close
    from: running
    to: closed
    submit: [project_manager]
    approve: [{role: gatekeeper}]
    criteria:
      must:
        - id: budget-set
          title: The budget is set
          require: budget != null
"""


def take(house: House, text: str = WORKFLOW) -> None:
    loaded = load_sources({"scored.yaml": text}, tables=None)
    assert not loaded.problems, loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)


def submitted(house: House, project: str = "P1", by: str = "pia", **fields: Any) -> dict[str, Any]:
    """A project before the gate `start`, with its evidence."""
    take(house)
    add_project(house, project, workflow="scored", **fields)
    return gates.submit(
        house.runtime,
        house.actors[by],
        project,
        "start",
        provided=[{"name": "business_case", "link": "https://example.org/case"}],
        now=NOW,
    )


def vote(house: House, by: str, submission: int, ballot: Ballot) -> dict[str, Any]:
    return decisions.vote(
        house.runtime, house.actors[by], submission, ballot, version=None, now=NOW
    )


def results(submission: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in submission["results"]}
