Feature: What the tests of a rule leave out
  Tests that pass say nothing about what they never look at. The author sees which parts of a condition
  no test has shown to be true, or false, and which rows of a table no test has used.

  Background:
    Given the rule file "benefits/revenue.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      params: {act: 80%}
      rules:
        - id: revenue-behind
          title: Revenue is behind its plan
          applies_to: category = "revenue"
          when: attainment < act and trend(3) != "rising"
          severity: red
          message: "{kpi} is behind"
          tests:
            - name: below 80 %, and falling
              given: {category: revenue, baseline: 0, planned: 100, actual: [79, 78, 77]}
              expect: [unknown, unknown, fires]
      """

  Scenario: Each clause that no test decides both ways is named with its place
    When the author tests the rules with their coverage
    Then it is done
    And it tells "1 passed, 0 failed."
    And it tells "rules/benefits/revenue.yaml:8:17: applies_to: never false: category = "revenue""
    And it tells "rules/benefits/revenue.yaml:9:11: when: never false: attainment < act"
    And it tells "rules/benefits/revenue.yaml:9:32: when: never false: trend(3) != "rising""
    And it tells "50.0%  revenue-behind (4 of 8)"

  Scenario: Less than was asked for is not good enough
    When the author tests the rules for a coverage of 90 %
    Then it is refused or found wanting
    And it complains "The tests reach 50.0%, which is below the 90% asked for."

  Scenario: A test for each side makes it whole
    Given the author adds these tests to "benefits/revenue.yaml"
      """
      - name: below 80 %, but rising
        given: {category: revenue, baseline: 0, planned: 100, actual: [60, 65, 70]}
        expect: [unknown, unknown, silent]
      - name: falling, but not below 80 %
        given: {category: revenue, baseline: 0, planned: 100, actual: [99, 95, 90]}
        expect: [silent, silent, silent]
      - name: costs have rules of their own
        given: {category: cost, baseline: 0, planned: 100, actual: [79, 78, 77]}
        expect: [silent, silent, silent]
      """
    When the author tests the rules for a coverage of 100 %
    Then it is done
    And it tells "4 passed, 0 failed."

  Scenario: A row of a table that no test uses
    Given the rule file "benefits/light.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      tables:
        - id: light
          hit: unique
          rows: |
            | attainment || light   |
            | >= 80%     || "green" |
            | < 80%      || "red"   |
          tests:
            - name: on plan
              given: {baseline: 0, planned: 100, actual: 100}
              expect: green
      """
    When the author tests the rules with their coverage
    Then it tells "rules/benefits/light.yaml:10:7: row: no test reaches it: | < 80%      || "red"   |"
    When the author changes "attainment < act and" to "light = "red" and" in "benefits/revenue.yaml"
    And the author tests the rules with their coverage
    Then it tells "100.0%  light (2 of 2)"

  Scenario: The rules that come with govern leave nothing out
    When the author tests the shipped rules for a coverage of 90 %
    Then it is done

  Scenario: A CI server reads what failed, and where
    When the author changes "[unknown, unknown, fires]" to "[unknown, unknown, silent]" in "benefits/revenue.yaml"
    And the author tests the rules for a CI server
    Then it is refused or found wanting
    And a CI server reads that these tests failed
      | suite          | test                    | where                       | line | expected                 | found                   |
      | revenue-behind | below 80 %, and falling | rules/benefits/revenue.yaml | 13   | unknown, unknown, silent | unknown, unknown, fires |
