Feature: Answering a recommendation
  A rule that fires recommends what to change in a project's scope. Somebody answers it: accepted,
  rejected or put off, and why.

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
      | SHOP-SALES | 2025-07-31 | 700    |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"
    And 2025-11-24 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-08-31 | 800    |
      | SHOP-SALES | 2025-09-30 | 630    |
      | SHOP-SALES | 2025-10-31 | 700    |
    And the portfolio is swept

  Scenario: It says what fired it, what it proposes and who answers by when
    Then the recommendation of revenue-behind-plan says
      | about      | SHOP-SALES                                                 |
      | action     | descope                                                    |
      | severity   | red                                                        |
      | why        | SHOP: Sales is at 70% of its planned value, for 2 periods |
      | saw        | attainment = 0.7                                           |
      | decided by | sponsor                                                    |
      | decide by  | 2025-12-08                                                 |

  Scenario: Accepted, with a reason
    When Sven accepts the recommendation of revenue-behind-plan because "The catalogue can wait."
    Then the recommendation of revenue-behind-plan is accepted
    And no recommendation of revenue-behind-plan waits for Sven
    And the history of SHOP tells
      | who  | what                    | why                     |
      |      | recommendation.proposed |                         |
      | Sven | recommendation.accepted | The catalogue can wait. |

  Scenario: Put off until a day, and back on that day
    When Sven defers the recommendation of revenue-behind-plan to 2025-12-31 because "After the season."
    Then no recommendation of revenue-behind-plan waits for Sven
    When 2025-12-31 has come
    Then the recommendation of revenue-behind-plan waits for Sven

  Scenario: Answered once
    Given Sven rejects the recommendation of revenue-behind-plan because "A one-off."
    When Sven tries to accept the recommendation of revenue-behind-plan
    Then it is refused: "The recommendation has been answered"

  Scenario: Not answered by a role that the rule does not name
    When Fiona tries to accept the recommendation of revenue-behind-plan
    Then it is refused: "Your roles do not allow this"
