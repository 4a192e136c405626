Feature: Figures that are due
  Whoever answers for a figure is told when its period is over and by which day it is due, and told again
  when that day has passed. What nobody has reported stays on the list until it is.

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
    And the figures of SHOP-SALES are due 7 days after their period
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-01-31 | 100    |
      | SHOP-SALES | 2025-02-28 | 200    |
      | SHOP-SALES | 2025-03-31 | 300    |
      | SHOP-SALES | 2025-04-30 | 400    |
      | SHOP-SALES | 2025-05-31 | 500    |
      | SHOP-SALES | 2025-06-30 | 600    |
      | SHOP-SALES | 2025-07-31 | 700    |
      | SHOP-SALES | 2025-08-31 | 800    |
      | SHOP-SALES | 2025-09-30 | 900    |
      | SHOP-SALES | 2025-10-31 | 1000   |
    And SHOP has passed the gate "running"

  Scenario: It is asked for when its period is over, when it is due, and when it is late
    When the clock ticks every day until 2025-12-20
    Then this was done
      | on         | what              |
      | 2025-11-30 | reading.due       |
      | 2025-12-08 | reading.due       |
      | 2025-12-09 | reading.overdue   |
      | 2025-12-16 | reading.escalated |
    And Dario is told "1 reading of SHOP is to come, due by 2025-12-08: SHOP-SALES 'Sales' for 2025-11-30."
    And Dario is told "1 reading of SHOP is overdue, the oldest since 2025-12-08"
    And Petra is told "overdue by more than 5 working days"

  Scenario: Who has reported is left in peace
    Given 2025-12-01 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-11-30 | 1100   |
    When the clock ticks every day until 2025-12-20
    Then Dario is told nothing
    And Dario sees that nothing is due

  Scenario: The list says from whom, by when, and how late it is
    When 2025-12-01 has come
    Then Dario sees that this is due
      | KPI        | from | period     | due        | state | days over |
      | SHOP-SALES | Olga | 2025-11-30 | 2025-12-08 | due   | 0         |
    And Dario sees that this will be due by 2026-01-07
      | KPI        | from | period     | due        | state   | days over |
      | SHOP-SALES | Olga | 2025-11-30 | 2025-12-08 | due     | 0         |
      | SHOP-SALES | Olga | 2025-12-31 | 2026-01-07 | not yet | 0         |
    When 2025-12-11 has come
    Then Dario sees that this is due
      | KPI        | from | period     | due        | state   | days over |
      | SHOP-SALES | Olga | 2025-11-30 | 2025-12-08 | overdue | 3         |

  Scenario: A report that came late is told as such
    Given 2025-12-11 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-11-30 | 1100   |
    When 2026-01-20 has come
    Then the last 2 reports of SHOP-SALES came so
      | period     | due        | came       | state   |
      | 2025-11-30 | 2025-12-08 | 2025-12-11 | late    |
      | 2025-12-31 | 2026-01-07 |            | missing |

  Scenario: A report without a figure is not one
    Given 2025-12-01 has come
    And Dario has reported
      | KPI        | period     | actual | note                |
      | SHOP-SALES | 2025-11-30 |        | The ledger is shut. |
    Then Dario sees that this is due
      | KPI        | from | period     | due        | state | days over |
      | SHOP-SALES | Olga | 2025-11-30 | 2025-12-08 | due   | 0         |
