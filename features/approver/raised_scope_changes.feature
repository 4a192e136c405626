Feature: From a recommendation to a changed plan
  What a rule recommends and somebody has accepted is proposed as a change of the plan. Those who decide the
  plan decide it, and what was recommended is done with their last vote.

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
    And Sven accepts the recommendation of revenue-behind-plan because "It will not come."

  Scenario: Proposed, decided and done
    When Petra raises a scope change from the recommendation of revenue-behind-plan
      | change | of       | field | becomes |
      | drop   | SHOP-WEB |       |         |
    Then the scope change is open
    And the recommendation of revenue-behind-plan is accepted
    When Sven says go to the scope change because "It will not come."
    And Fiona says go to the scope change because "It costs less."
    Then the recommendation of revenue-behind-plan is implemented
    And SHOP-WEB is dropped

  Scenario: What comes to nothing is raised again
    Given Petra raises a scope change from the recommendation of revenue-behind-plan
      | change | of       | field | becomes |
      | drop   | SHOP-WEB |       |         |
    When Fiona says recycle to the scope change because "Not the shop."
    Then the scope change is rejected
    And the recommendation of revenue-behind-plan is accepted
    When Petra raises a scope change from the recommendation of revenue-behind-plan
      | change | of | field  | becomes |
      | terms  |    | budget | 900     |
    Then the scope change is open
