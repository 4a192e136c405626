Feature: Days that count, and days to wait
  A deadline is counted in the organisation's own working days. What is under repair can be let be until
  a day, by somebody who answers for it; it is judged all the while.

  Background:
    Given today is 2025-12-22
    And the rule file "benefits/revenue.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      rules:
        - id: revenue-behind
          title: Revenue is behind its plan
          when: attainment < 80%
          severity: red
          message: "{kpi} is at {attainment:percent} of its plan"
          recommend:
            action: descope
            because: What adds little takes capacity from what adds much.
            decide_by: 3 working days
            decided_by: sponsor
      """
    And a folder "figures" to import with the projects
      | project_id | name     | stage      |
      | SHOP       | Web shop | monitoring |
    And with the KPIs
      | kpi_id | project_id | name  | category | direction | baseline | target | cadence |
      | SALES  | SHOP       | Sales | revenue  | increase  | 0        | 1200   | monthly |
    And with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-11-30 | 100     | 75     |
    And the folder is imported

  Scenario: Without a calendar, Monday to Friday are worked on
    Given the author publishes the rules
    When the portfolio is swept
    Then the recommendation of revenue-behind says
      | decide by | 2025-12-25 |

  Scenario: A deadline skips the holidays of the calendar that the rules name
    Given the rule file "calendars/house.yaml"
      """
      schema: govern/calendar/v1
      id: house
      time_zone: Europe/Berlin
      holidays:
        - {on: 2025-12-25, name: Christmas Day}
        - {on: 2025-12-26, name: Boxing Day}
      """
    And the author changes "owner: pmo@example.org" to "calendar: house" in "benefits/revenue.yaml"
    And the author publishes the rules
    When the portfolio is swept
    Then the recommendation of revenue-behind says
      | decide by | 2025-12-29 |

  Scenario: A snoozed finding stands, and is recommended when the snooze is over
    Given the rule file "snoozes.yaml"
      """
      schema: govern/snoozes/v1
      snoozes:
        - project: SHOP
          rule: revenue-behind
          kpi: SALES
          until: 2025-12-26
          by: ana@example.org
          because: The supplier is being replaced.
      """
    And the author publishes the rules
    When the portfolio is swept
    Then these findings stand
      | rule           | about | finding | message                     |
      | revenue-behind | SALES | fires   | Sales is at 75% of its plan |
    And revenue-behind is snoozed for SALES until 2025-12-26 by ana@example.org
    And revenue-behind recommends nothing
    When 2025-12-27 has come
    And the portfolio is swept
    Then revenue-behind is not snoozed for SALES
    And revenue-behind has recommended once
