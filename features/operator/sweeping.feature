Feature: Sweeping the portfolio
  The operator has the portfolio judged as of a day. A rule that fires recommends once, and what
  people have answered stays answered.

  Background:
    Given Sven is sponsor of the whole installation
    And a folder "figures" to import with the projects
      | project_id | name     | stage      |
      | SHOP       | Web shop | monitoring |
    And with the KPIs
      | kpi_id | project_id | name  | category | direction | baseline | target | cadence |
      | SALES  | SHOP       | Sales | revenue  | increase  | 0        | 1200   | monthly |
    And with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 70     |
      | SALES  | 2025-02-28 | 200     | 140    |
    And the folder is imported

  Scenario: What fires is found and recommended, with its numbers
    When the operator sweeps as of 2025-03-10
    Then it is done
    And these findings stand
      | rule                | about | finding | message                                                       |
      | revenue-behind-plan | SALES | fires   | Web shop: Sales is at 70% of its planned value, for 2 periods |
    And the recommendation of revenue-behind-plan is proposed

  Scenario: One bad month is not two
    When the operator sweeps as of 2025-02-10
    Then these findings stand
      | rule                | about | finding |
      | revenue-behind-plan | SALES | pending |
    And revenue-behind-plan recommends nothing

  Scenario: Sweeping twice changes nothing
    Given the operator sweeps as of 2025-03-10
    And the length of every history is noted
    When the operator sweeps as of 2025-03-10
    Then the sweep has changed nothing
    And no history is longer than it was
    And revenue-behind-plan has recommended once

  Scenario: It is proposed once while it goes on firing
    Given the operator sweeps as of 2025-03-10
    And these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-03-31 | 300     | 200    |
    When the operator sweeps as of 2025-04-10
    Then these findings stand
      | rule                | about | finding |
      | revenue-behind-plan | SALES | fires   |
    And revenue-behind-plan has recommended once

  Scenario: It is cleared when the rule is silent again, and proposed anew when it fires again
    Given the operator sweeps as of 2025-03-10
    And these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-03-31 | 300     | 290    |
    When the operator sweeps as of 2025-04-10
    Then the recommendation of revenue-behind-plan is cleared
    Given these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-04-30 | 400     | 200    |
      | SALES  | 2025-05-31 | 500     | 200    |
    When the operator sweeps as of 2025-06-10
    Then revenue-behind-plan has recommended twice
    And the recommendation of revenue-behind-plan is proposed

  Scenario: Better, but not by enough, does not clear it
    Given the operator sweeps as of 2025-03-10
    And these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-03-31 | 300     | 255    |
    When the operator sweeps as of 2025-04-10
    Then the recommendation of revenue-behind-plan is proposed

  Scenario: A missing report does not clear it either
    Given the operator sweeps as of 2025-03-10
    And these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-03-31 | 300     |        |
    When the operator sweeps as of 2025-04-10
    Then these findings stand
      | rule                | about | finding |
      | revenue-behind-plan | SALES | unknown |
    And the recommendation of revenue-behind-plan is proposed

  Scenario: What was rejected does not come back while it still fires
    Given the operator sweeps as of 2025-03-10
    And Sven rejects the recommendation of revenue-behind-plan because "The launch was late."
    And these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-03-31 | 300     | 200    |
    When the operator sweeps as of 2025-04-10
    Then revenue-behind-plan has recommended once
    And the recommendation of revenue-behind-plan is rejected

  Scenario: What was rejected comes back when it fires anew
    Given the operator sweeps as of 2025-03-10
    And Sven rejects the recommendation of revenue-behind-plan because "The launch was late."
    And these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-03-31 | 300     | 300    |
    And the operator sweeps as of 2025-04-10
    And these readings come in
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-04-30 | 400     | 200    |
      | SALES  | 2025-05-31 | 500     | 200    |
    When the operator sweeps as of 2025-06-10
    Then revenue-behind-plan has recommended twice
    And the recommendation of revenue-behind-plan is proposed

  Scenario: Looking back leaves what is recommended today alone
    Given the operator sweeps as of 2025-03-10
    When the operator sweeps as of 2025-02-10
    Then it is done
    And the sweep has left recommendations alone
    And the recommendation of revenue-behind-plan is proposed
    And these findings stand
      | rule                | about | finding |
      | revenue-behind-plan | SALES | fires   |
