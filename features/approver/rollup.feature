Feature: What the portfolio comes to
  Who decides wants one figure for the value that was promised, planned, realised and is to be expected: in
  one currency, with nothing counted twice, and with what is not known said beside it.

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
    And Petra starts the project DESK
      | start | 2025-01-01 |
      | end   | 2025-12-31 |
    And SHOP promises
      | KPI   | category | currency | scale | direction | baseline | target | target on  | cumulative | attribution |
      | SALES | revenue  | EUR      | 1000  | increase  | 0        | 780    | 2025-12-31 | yes        |             |
      | WEB   | revenue  | EUR      | 1000  | increase  | 0        | 780    | 2025-12-31 | yes        | 50%         |
    And DESK promises
      | KPI     | category | currency | scale | direction | baseline | target | target on  | cumulative | attribution |
      | SAVINGS | cost     | USD      | 1     | increase  | 0        | 780    | 2025-12-31 | yes        |             |
    And SALES is planned to rise by 10 a month from 2025-01-31 to 2025-12-31
    And WEB is planned to rise by 10 a month from 2025-01-31 to 2025-12-31
    And SAVINGS is planned to rise by 10 a month from 2025-01-31 to 2025-12-31

  Scenario: Projects in one currency add up, each period at its own rate
    Given one EUR was worth 2 USD from 2024-12-31
    And one EUR was worth 4 USD from 2025-02-15
    And Dora has reported 8 for each month of SALES from 2025-01-31 to 2025-10-31
    And Dora has reported 16 for each month of SAVINGS from 2025-01-31 to 2025-10-31
    When Sven looks at what the portfolio comes to in EUR
    Then 80044 EUR are realised to date, and of SHOP 80000
    And not known of what is realised is WEB

  Scenario: Without a rate an amount is not known, and never taken one to one
    Given Dora has reported 16 for each month of SAVINGS from 2025-01-31 to 2025-10-31
    When Sven looks at what the portfolio comes to in EUR
    Then not known of what is realised are SALES, SAVINGS, WEB

  Scenario: What is part of another KPI is shown and not counted
    Given Dora has reported 8 for each month of SALES from 2025-01-31 to 2025-10-31
    And Dora has reported 8 for each month of WEB from 2025-01-31 to 2025-10-31
    When Sven looks at what the portfolio comes to in EUR
    Then 120000 EUR are realised to date, and of SHOP 120000
    Given WEB is part of SALES
    When Sven looks at what the portfolio comes to in EUR
    Then 80000 EUR are realised to date, and of SHOP 80000
    And WEB is counted in SALES

  Scenario: A rate whose point has slipped is asked about
    Given one EUR was worth 1.09 USD from 2025-09-30
    When the operator brings in that one EUR was worth 109 USD from 2025-10-31
    Then it is refused or found wanting
    And it complains "say `confirm` if it is meant"
    And one EUR is worth 1.09 USD

  Scenario: A rate that is corrected stays in the history
    Given one EUR was worth 1.09 USD from 2025-09-30
    And one EUR was worth 1.10 USD from 2025-09-30
    Then one EUR is worth 1.10 USD
    And 2 rates were ever recorded
