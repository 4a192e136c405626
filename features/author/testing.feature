Feature: What a rule says of a series of figures
  A rule carries its own tests. They run through the same judging as the portfolio, so what they show
  is what will happen.

  Scenario: A test that fails shows what was expected, what was found and why
    Given the rule file "benefits/revenue.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      params: {act: 80%}
      rules:
        - id: revenue-behind
          title: Revenue is behind its plan
          when: attainment < act
          severity: red
          message: "{kpi} is behind"
          tests:
            - name: exactly 80 % fires
              given: {category: revenue, baseline: 0, planned: 105, actual: [84]}
              expect: [fires]
      """
    When the author tests the rules
    Then it is refused or found wanting
    And this is reported
      """
      rules/benefits/revenue.yaml:12:15: revenue-behind: exactly 80 % fires
         expected fires
         found    silent
         seen     attainment = 0.8; act = 0.8
      """

  Scenario Outline: Two periods to fire, a higher mark to clear, and no guess where nothing is known
    Given the rule file "benefits/revenue.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      params: {act: 80%, watch: 90%}
      rules:
        - id: revenue-behind
          title: Revenue is behind its plan
          when: attainment < act
          for: 2 periods
          clear_when: attainment >= watch
          if_unknown: report
          severity: red
          message: "{kpi} is behind"
          tests:
            - name: <what it shows>
              given: {category: revenue, baseline: 0, planned: 100, actual: [<figures>]}
              expect: [<states>]
      """
    When the author tests the rules
    Then it is done

    Examples:
      | what it shows                            | figures            | states                                  |
      | one bad period is none                   | 95, 79, 95         | silent, pending, silent                 |
      | the second bad period fires              | 95, 79, 78         | silent, pending, fires                  |
      | exactly 80 % is not below it             | 80, 80             | silent, silent                          |
      | between the marks it stays as it was     | 79, 79, 85, 89     | pending, fires, fires, fires            |
      | at the upper mark it clears              | 79, 79, 89, 90     | pending, fires, fires, silent           |
      | between the marks it does not begin      | 85, 85, 85         | silent, silent, silent                  |
      | a missing report does not count          | 79, ~, 95          | pending, unknown, silent                |
      | a missing report does not interrupt      | 79, ~, 78          | pending, unknown, fires                 |
      | a missing report does not clear          | 79, 79, ~, 85      | pending, fires, unknown, fires          |

  Scenario: A test that cannot mean anything is no test
    Given the rule file "benefits/revenue.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      rules:
        - id: revenue-behind
          title: Revenue is behind its plan
          when: attainment < 80%
          severity: red
          message: "{kpi} is behind"
          tests:
            - name: three figures and two states
              given: {category: revenue, baseline: 0, planned: 100, actual: [79, 79, 79]}
              expect: [fires, fires]
      """
    When the author tests the rules
    Then it is refused or found wanting
    And these problems are reported
      | where                             | what                                      | what would be right      |
      | rules/benefits/revenue.yaml:12:71 | 3 values of actual, and 2 expected states | one state for each value |
