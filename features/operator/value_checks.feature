Feature: Periodic value checks
  While value is monitored, somebody answers for it at every period's end. The check opens by itself,
  with the deciders, criteria and evidence of a gate; nobody has to remember it.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
    And this workflow
      """
      schema: govern/workflow/v1
      id: watched
      version: 1
      stages: [idea, running, done]
      gates:
        - id: running
          title: The work begins
          from: idea
          to: running
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria: {must: [{id: budget-set, require: budget != null}]}
        - id: value_check
          title: Where the value stands
          from: running
          to: running
          repeats: monthly
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria: {must: [{id: spent-known, require: spent != null}]}
        - id: finish
          title: Finish
          from: running
          to: done
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria: {must: [{id: spent-known, require: spent != null}]}
      """
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "running"

  Scenario: It opens at the end of each month and waits for who decides it
    When 2025-11-30 has come
    And the clock ticks
    Then the value check "value check" of SHOP is open
    And these gates wait for Sven
      | project | gate        | advice |
      | SHOP    | value check | go     |
    And Sven is told "for the period that ended on 2025-11-30 is open; the advice is go"
    And Petra is told "for the period that ended on 2025-11-30 is open"
    When Sven decides go because "On its way."
    Then SHOP stands in running
    When the clock ticks again
    Then nothing was due
    When 2025-12-31 has come
    And the clock ticks
    Then the value check "value check" of SHOP is open
    And it is the second time that the gate was asked

  Scenario: One that is still open stays, and that is told
    Given 2025-11-30 has come
    And the clock ticks
    When 2025-12-31 has come
    And the clock ticks
    Then Sven is told "is still open since 2025-11-30: it answers for the period that ended on 2025-12-31"
    And the value check "value check" of SHOP is open
    And it is the first time that the gate was asked

  Scenario: After half a year without a clock there is one check, not six
    When 2026-06-10 has come
    And the clock ticks
    Then the value check "value check" of SHOP is open
    And it is the first time that the gate was asked
    And Sven is told "for the period that ended on 2026-05-31"

  Scenario: The operator's command does the same, and says so
    When the operator runs "tick --at 2025-12-01T08:00Z"
    Then it is done
    And it tells "value_check.opened"
    When the operator runs "tick --at 2025-12-01T08:00Z"
    Then it tells "Nothing was due at 2025-12-01T08:00Z."
    When the operator runs "tick --at yesterday"
    Then it is called wrongly
