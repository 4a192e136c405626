Feature: What a change was to bring, and whether it came
  A change says which KPI it makes better, by how much and by when. When it is done, what would come without it is
  forecast and kept. Once the figure is there the two are held against each other.

  Background:
    Given today is 2025-08-01
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Greta | gatekeeper      |
      | Dario | data owner      |
    And Petra has a complete case and plan for the project SHOP
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-07-31 | 490    |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"
    And 2025-11-24 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-08-31 | 560    |
      | SHOP-SALES | 2025-09-30 | 630    |
      | SHOP-SALES | 2025-10-31 | 700    |
    And the portfolio is swept
    And Sven accepts the recommendation of revenue-behind-plan because "The catalogue can wait."
    And Petra reports the recommendation of revenue-behind-plan done, to bring
      | KPI        | size | by         |
      | SHOP-SALES | 200  | 2025-12-31 |

  Scenario: What would come without the change is kept when it is done
    Then Petra sees the effect on SHOP-SALES
      | state      | running |
      | without it | 840     |

  Scenario: Half of what was expected is enough
    Given 2026-01-20 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-11-30 | 770    |
      | SHOP-SALES | 2025-12-31 | 960    |
    When the clock ticks
    Then Petra sees the effect on SHOP-SALES
      | state        | effective |
      | without it   | 840       |
      | came to      | 960       |
      | effect       | 120       |
      | beyond noise | yes       |
    And the recommendation of revenue-behind-plan is effective
    And Petra is told "The effect expected of Sales by 2025-12-31 is effective: 120 of 200 EUR."
    And Sven is told "The effect expected of Sales by 2025-12-31 is effective"

  Scenario: A figure that is corrected turns the result
    Given 2026-01-20 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-12-31 | 960    |
    And the clock ticks
    And 2026-01-25 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-12-31 | 900    |
    When the clock ticks
    Then Petra sees the effect on SHOP-SALES
      | state  | ineffective |
      | effect | 60          |
    And the recommendation of revenue-behind-plan is ineffective

  Scenario: A figure that never comes is not taken for a success or a failure
    Given 2026-03-01 has come
    When the clock ticks
    Then Petra sees the effect on SHOP-SALES
      | state  | unmeasurable                          |
      | effect | unknown                               |
      | why    | no figure was reported for 2025-12-31 |
    And the recommendation of revenue-behind-plan is implemented

  Scenario: The record of the rule shows what its advice was worth
    Given 2026-01-20 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-12-31 | 960    |
    When the clock ticks
    Then Sven reads the record of revenue-behind-plan
      | proposed        | 1 |
      | accepted        | 1 |
      | effective       | 1 |
      | false alarms    | 0 |
      | accepted share  | 1 |
      | effective share | 1 |
