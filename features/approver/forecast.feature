Feature: What is to be expected at completion
  Who decides wants to know where a KPI will end, how sure that is, and how wrong such forecasts of it were.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                          |
      | Petra | project manager, benefit owner |
      | Dora  | data owner                     |
      | Sven  | sponsor                        |
    And Petra starts the project SHOP
      | start | 2025-01-01 |
      | end   | 2025-12-31 |
    And SHOP promises
      | KPI   | category | direction | baseline | target | target on  | cumulative |
      | SALES | revenue  | increase  | 0        | 120    | 2025-12-31 | yes        |

  Scenario: A steady KPI goes on as it is
    Given Dora has reported 8 for each month of SALES from 2025-01-31 to 2025-10-31
    When Sven asks what SALES will have come to
    Then it will have come to 96 on 2025-12-31, 80% of what was promised
    And the forecast says how wrong it was from 5 past periods

  Scenario: A KPI that is unsure is told with a range
    Given Dora has reported
      | KPI   | period     | actual |
      | SALES | 2025-01-31 | 5      |
      | SALES | 2025-02-28 | 12     |
      | SALES | 2025-03-31 | 7      |
      | SALES | 2025-04-30 | 14     |
      | SALES | 2025-05-31 | 6      |
      | SALES | 2025-06-30 | 11     |
    When Sven asks what SALES will have come to
    Then what it will have come to lies in a range

  Scenario: Too few figures are no ground for a forecast
    Given Dora has reported 8 for each month of SALES from 2025-01-31 to 2025-03-31
    When Sven asks what SALES will have come to
    Then nobody knows, since "3 figures were reported; a forecast needs 4"

  Scenario: What nobody reported is never read as nothing achieved
    Given Dora has reported
      | KPI   | period     | actual |
      | SALES | 2025-01-31 | 8      |
      | SALES | 2025-02-28 | 8      |
      | SALES | 2025-04-30 | 8      |
      | SALES | 2025-05-31 | 8      |
      | SALES | 2025-06-30 | 8      |
    When Sven asks what SALES will have come to
    Then it will have come to 96 on 2025-12-31, 80% of what was promised
    And the figure of 2025-03-31 was estimated
