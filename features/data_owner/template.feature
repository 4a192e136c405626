Feature: A workbook to fill in for what is due
  Whoever has the figures need not know the service: they get a workbook that asks for what is due, fill it in
  and send it back. What they leave empty stays due; zero is a figure.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Dario | data owner      |
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
          repeats: yearly
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
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-01-31 | 100    |
      | SHOP-SALES | 2025-02-28 | 200    |
      | SHOP-SALES | 2025-03-31 | 300    |
      | SHOP-SALES | 2025-04-30 | 400    |
      | SHOP-SALES | 2025-05-31 | 500    |
      | SHOP-SALES | 2025-06-30 | 600    |
      | SHOP-SALES | 2025-07-31 | 700    |
    And SHOP has passed the gate "running"

  Scenario: It asks for what is due, with what helps to answer
    When Dario gets the workbook for SHOP
    Then it asks for
      | KPI   | period     | planned | last figure |
      | Sales | 2025-08-31 | 800     | 700         |
      | Sales | 2025-09-30 | 900     | 700         |
      | Sales | 2025-10-31 | 1000    | 700         |

  Scenario: Filled in, it comes back; what was left empty stays due
    Given Dario gets the workbook for SHOP
    When Dario sends it back with
      | period     | figure | confidence | note      |
      | 2025-08-31 | 784.5  | low        | Estimated |
      | 2025-09-30 | 0      |            |           |
    Then it is taken
    And SHOP-SALES stands at
      | period     | actual |
      | 2025-01-31 | 100    |
      | 2025-02-28 | 200    |
      | 2025-03-31 | 300    |
      | 2025-04-30 | 400    |
      | 2025-05-31 | 500    |
      | 2025-06-30 | 600    |
      | 2025-07-31 | 700    |
      | 2025-08-31 | 784.5  |
      | 2025-09-30 | 0      |
    When Dario gets the workbook for SHOP
    Then it asks for
      | KPI   | period     | planned | last figure |
      | Sales | 2025-10-31 | 1000    | 0           |

  Scenario: What is no figure is named by its cell, and nothing goes in
    Given Dario gets the workbook for SHOP
    When Dario sends it back with
      | period     | figure | confidence | note |
      | 2025-08-31 | 784.5  |            |      |
      | 2025-09-30 | soon   |            |      |
    Then the cell Readings!J3 is refused, and nothing is taken
