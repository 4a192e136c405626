Feature: What a rule recommends, beside what else could be done
  A rule recommends one thing. Whoever answers sees what that would do, and what doing nothing would.

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
      | SHOP-SALES | 2025-06-30 | 700    |
      | SHOP-SALES | 2025-07-31 | 700    |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"
    And 2025-11-24 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-08-31 | 700    |
      | SHOP-SALES | 2025-09-30 | 700    |
      | SHOP-SALES | 2025-10-31 | 700    |
    And the portfolio is swept

  Scenario: What it recommends, and what else could be done
    When Sven looks what else could be done than revenue-behind-plan recommends
    Then these are side by side
      | alternative | recommended |
      | nothing     | no          |
      | descope     | yes         |
      | rephase     | no          |
      | terminate   | no          |
    # The web shop brings 60 % of the 700 that were gained, and of the 1,200 that were promised.
    And with each SHOP-SALES comes to
      | alternative | comes to | better by | left of the promise |
      | nothing     | 700      | 0         | 1200                |
      | descope     | 280      | -420      | 480                 |
      | rephase     | 700      | 0         | 1200                |
      | terminate   | 280      | -420      | 480                 |

  Scenario: What is done by now can be cut no more
    Given the deliverable SHOP-WEB is done
    When Sven looks what else could be done than revenue-behind-plan recommends
    Then descope is not possible, since "there is no open deliverable of which all shares are agreed"
