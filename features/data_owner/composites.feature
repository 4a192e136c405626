Feature: KPIs that are made from a template, and KPIs that follow from others
  A KPI need not be described anew each time: the catalogue knows what those of its kind are like. And
  what follows from other figures is not reported a second time: it is computed from them.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Dario | data owner      |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI     | category | direction | unit | aggregation |
      | BENEFIT | revenue  | increase  | EUR  | sum         |
      | COST    | cost     | decrease  | EUR  | sum         |

  Scenario: The catalogue says what is left out
    When Petra adds to SHOP the KPI CHURN
      | template | churn |
      | target   | 3     |
    Then CHURN is described as
      | unit      | %        |
      | direction | decrease |
      | cadence   | monthly  |
      | target    | 3        |
      | template  | churn    |
    And the profile of CHURN still lacks "baseline, baseline_on, baseline_source"

  Scenario: A template that is not there
    When Petra tries to add to SHOP the KPI CHURN
      | template | chrun |
    Then the field template is wrong: "Did you mean 'churn'?"

  Scenario: A return follows from benefit and cost
    Given Petra adds to SHOP the KPI RETURN
      | formula | (BENEFIT - COST) / COST |
      | unit    | ratio                   |
    When Dario reports
      | KPI     | period     | actual |
      | BENEFIT | 2025-09-30 | 300    |
      | COST    | 2025-09-30 | 200    |
      | BENEFIT | 2025-10-31 | 300    |
    Then RETURN comes to
      | period     | actual  |
      | 2025-09-30 | 0.5     |
      | 2025-10-31 | unknown |
    And RETURN of 2025-09-30 was worked out as
      | part           | value |
      | BENEFIT - COST | 100   |
      | COST           | 200   |

  Scenario: A quarter is made of its months
    Given Petra adds to SHOP the KPI RETURN
      | formula | benefit / cost             |
      | inputs  | benefit=BENEFIT; cost=COST |
      | cadence | quarterly                  |
    When Dario reports
      | KPI     | period     | actual |
      | BENEFIT | 2025-07-31 | 100    |
      | BENEFIT | 2025-08-31 | 200    |
      | BENEFIT | 2025-09-30 | 300    |
      | COST    | 2025-07-31 | 100    |
      | COST    | 2025-08-31 | 100    |
      | COST    | 2025-09-30 | 100    |
    Then RETURN comes to
      | period     | actual |
      | 2025-09-30 | 2      |

  Scenario: What is computed is not reported
    Given Petra adds to SHOP the KPI RETURN
      | formula | BENEFIT / COST |
    When Dario tries to report 2 for RETURN in 2025-10-31
    Then these cells are named
      | report | cell | what is wrong                 |
      | 1      | kpi  | it is computed from others    |
    And RETURN has no readings

  Scenario Outline: A formula that cannot be computed
    When Petra tries to add to SHOP the KPI RETURN
      | formula | <formula> |
    Then the field <field> is wrong: "<what is wrong>"

    Examples:
      | formula          | field   | what is wrong                |
      | BENEFITS / COST  | formula | did you mean 'BENEFIT'?      |
      | BENEFIT > COST   | formula | a number is needed here      |
      | BENEFIT / (COST  | formula | expected                     |
      | RETURN * 2       | formula | neither an input nor the id  |
