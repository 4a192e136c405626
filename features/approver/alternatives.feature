Feature: What else could be done
  Who is asked to cut, delay or end something wants to see first what value goes with it, beside what
  happens if nothing is done.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                          |
      | Petra | project manager, benefit owner |
      | Dora  | data owner                     |
      | Sven  | sponsor                        |
    And Petra starts the project SHOP
      | start  | 2025-01-01 |
      | end    | 2025-12-31 |
      | budget | 1000       |
      | spent  | 400        |
    And SHOP promises
      | KPI   | category | currency | direction | baseline | target | target on  | cumulative |
      | SALES | revenue  | EUR      | increase  | 0        | 120    | 2025-12-31 | yes        |
      | CHURN | other    |          | decrease  | 10       | 4      | 2025-12-31 |            |
    And SHOP is to deliver
      | id   | state       | cost | serves               |
      | WEB  | in progress | 300  | SALES 50%            |
      | DESK | planned     | 200  | SALES 25%, CHURN 50% |
      | POST | planned     | 100  | CHURN                |
    And Dora has reported 8 for each month of SALES from 2025-01-31 to 2025-10-31
    And Dora has reported 7 for each month of CHURN from 2025-01-31 to 2025-10-31

  Scenario: No cut without the value that goes with it
    When Sven asks what if in SHOP
      | action    | deliverables |
      | descope   | DESK         |
      | terminate |              |
    # SALES comes to 12 x 8 = 96, of which 10 x 8 are there and stay: of the 16 to come a quarter is DESK's,
    # three quarters are WEB's and DESK's. The promise of 120 is shared out whole.
    Then with each SALES comes to
      | alternative | comes to | better by | left of the promise |
      | nothing     | 96       | 0         | 120                 |
      | descope     | 92       | -4        | 90                  |
      | terminate   | 84       | -12       | 30                  |
    And in money this is
      | alternative | saved | lost | of the promise |
      | nothing     | 0     | 0    | 0              |
      | descope     | 200   | 4    | 30             |
      | terminate   | 600   | 12   | 90             |

  Scenario: What a cut takes away is unknown where nobody agreed what it brings
    When Sven asks what if in SHOP
      | action  | deliverables |
      | descope | POST         |
    Then with descope it is unknown what becomes of CHURN, since "what POST brings to it is not agreed"

  Scenario: Of what is begun nobody knows what is left to save
    When Sven asks what if in SHOP
      | action  | deliverables |
      | descope | WEB          |
    Then with descope at most 300 is saved, since "WEB is begun: what of it is spent is unknown"

  Scenario: Later, until the promise is kept
    When Sven asks what if in SHOP
      | action  | KPI   |
      | rephase | SALES |
    Then with each SALES comes to
      | alternative | comes to | better by | left of the promise |
      | nothing     | 96       | 0         | 120                 |
      | rephase     | 120      | 24        | 120                 |
    And rephase moves these dates
      | what    | field     | to         |
      | SHOP    | end       | 2026-03-31 |
      | SALES   | target_on | 2026-03-31 |
      | CHURN   | target_on | 2026-03-31 |
