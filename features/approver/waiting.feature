Feature: What waits for me
  An approver asks one question first: on what am I expected to act now?

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                    |
      | Petra | project manager          |
      | Max   | project manager, sponsor |
      | Sven  | sponsor                  |
      | Fiona | finance                  |
      | Greta | gatekeeper               |
      | Dario | data owner               |
    And these people on another portfolio
      | name | roles   |
      | Otto | sponsor |
    And Petra has a complete case and plan for the project SHOP

  Scenario: A gate waits for those who can decide it, with the advice and the deadline
    Given Petra submits SHOP to the gate "value defined"
    Then these gates wait for Sven
      | project | gate          | advice | decide by  | overdue | as      |
      | SHOP    | value defined | go     | 2025-12-08 | no      | sponsor |
    And no gate waits for Petra
    And no gate waits for Fiona
    And no gate waits for Otto

  Scenario: It does not wait for whoever has submitted it
    Given Max submits SHOP to the gate "value defined"
    Then no gate waits for Max

  Scenario: It stops waiting for whoever has voted and goes on waiting for the others
    Given SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"
    When Sven decides go because "The value is worth it."
    Then no gate waits for Sven
    And these gates wait for Fiona
      | project | gate    | as      |
      | SHOP    | planned | finance |

  Scenario: What has waited too long says so
    Given Petra submits SHOP to the gate "value defined"
    When 2025-12-09 has come
    Then these gates wait for Sven
      | project | gate          | decide by  | overdue |
      | SHOP    | value defined | 2025-12-08 | yes     |

  Scenario: Nothing waits once it is decided
    Given Petra submits SHOP to the gate "value defined"
    When Sven decides go because "The case is sound."
    Then no gate waits for Sven

  Scenario: A recommendation waits for the role that its rule names
    Given Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-10-31 | 1000   |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"
    And 2026-01-20 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-11-30 | 600    |
      | SHOP-SALES | 2025-12-31 | 600    |
    When the portfolio is swept
    Then the recommendation of revenue-behind-plan waits for Sven
    And no recommendation waits for Dario
