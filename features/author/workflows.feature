Feature: Workflows that are tested before projects run under them, and changed under way without surprise
  A workflow file says how an organisation decides. Whoever changes it is told what is wrong, what the
  change means, and which projects it would move where. Projects under way stay on their version until
  they are migrated.

  Background:
    Given the workflow file "workflows/small.yaml"
      """
      schema: govern/workflow/v1
      id: small
      version: 1
      stages: [draft, running, closed]
      gates:
        - id: start
          title: The change is worth doing
          from: draft
          to: running
          submit: [project_manager]
          approve: [{role: sponsor}]
          decide_within: 10 working days
          criteria:
            must:
              - id: budget-set
                require: budget > 0
                otherwise: Enter what it may cost.
          tests:
            - name: with a budget it goes
              given: {budget: 100}
              expect: {budget-set: met}
              advice: go
            - name: with nothing to spend it comes back
              given: {budget: 0}
              expect: {budget-set: not_met}
              advice: recycle
            - name: nobody knows the budget
              given: {}
              expect: {budget-set: unknown}
              advice: hold
        - id: close
          title: The change is done
          from: running
          to: closed
          submit: [project_manager]
          approve: [{role: sponsor}]
      """

  Scenario: The tests in the file are run
    When the operator runs "--workflows workflows workflow test --strict"
    Then it is done
    And it tells "3 passed, 0 failed."

  Scenario: A changed condition fails the test that stands beside it
    Given the author changes the workflow small from "budget > 0" to "budget >= 0"
    When the operator runs "--workflows workflows workflow test"
    Then it is refused or found wanting
    And it complains "with nothing to spend it comes back"
    And it complains "expected not_met"
    And it complains "budget = 0"

  Scenario: A gate that nobody can pass is told
    Given the author changes the workflow small from "require: budget > 0" to "require: budget > 0 and budget < 0"
    When the operator runs "--workflows workflows workflow check"
    Then it is refused or found wanting
    And it complains "the criterion can never be met"

  Scenario: What a new version changes is said in sentences
    When the operator runs "--workflows workflows workflow list"
    And the author changes the workflow small from "version: 1" to "version: 2"
    And the author changes the workflow small from "decide_within: 10" to "decide_within: 5"
    And the operator runs "--workflows workflows workflow diff small@1 small"
    Then it is done
    And it tells "The gate 'start', time to decide: 5 working days; before: 10 working days."
    And it tells "No project is under way in A."

  Scenario: A project changes to a lighter workflow, after a preview that changes nothing
    Given these people on the portfolio
      | name | roles           |
      | Max  | project manager |
    And Max starts the project SHOP
      | name | Web shop |
    When the operator runs "--workflows workflows workflow migrate small --project SHOP --dry-run"
    Then it is done
    And it tells "value-realization@3"
    When the operator runs "--workflows workflows workflow migrate small --project SHOP --yes --reason Lighter"
    Then it is done
    And it tells "1 project migrated."
    When the operator runs "history SHOP"
    Then it tells "project.migrated"

  Scenario: A stage that the new workflow does not have is named, and nothing changes
    Given these people on the portfolio
      | name | roles           |
      | Max  | project manager |
    And Max starts the project SHOP
      | name | Web shop |
    And the author changes the workflow small from "stages: [draft," to "stages: [idea,"
    And the author changes the workflow small from "from: draft" to "from: idea"
    When the operator runs "--workflows workflows workflow migrate small --project SHOP --yes --reason Lighter"
    Then it is refused or found wanting
    And it complains "--map draft=STAGE"
    And it complains "Nothing is changed."
    When the operator runs "--workflows workflows workflow migrate small --project SHOP --map draft=idea --yes --reason Lighter"
    Then it is done
