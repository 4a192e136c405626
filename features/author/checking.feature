Feature: Rule files that are checked before they judge anybody
  Whoever writes a rule is told everything that is wrong with it at once: where, what, and what would
  be right.

  Scenario: A typo is reported with file, line, column and what was meant
    Given the rule file "benefits/revenue.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      params: {act: 80%}
      rules:
        - id: revenue-behind
          title: Revenue is behind its plan
          when: atainment < act
          severity: red
          message: "{kpi} is at {attainment:percent} of its plan"
      """
    When the author checks the rules
    Then it is refused or found wanting
    And this is reported
      """
      rules/benefits/revenue.yaml:8:11: error[E210]: unknown name `atainment`
         8 |     when: atainment < act
           |           ^^^^^^^^^
           = help: did you mean 'attainment'?
      """

  Scenario: Everything that is wrong is told at once, in every file
    Given the rule file "benefits/revenue.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      owner: pmo@example.org
      rules:
        - id: revenue-behind
          title: Revenue is behind its plan
          when: attainment < "80%"
          clear_wen: attainment >= 90%
          severity: red
          message: "{kpi} is behind"
      """
    And the rule file "cost/cost.yaml"
      """
      schema: govern/rules/v1
      area: cost
      owner: pmo@example.org
      rules:
        - id: revenue-behind
          title: Costs are behind their plan
          when: >= 80%
          severity: redd
          message: "{kpi} is behind"
      """
    When the author checks the rules
    Then these problems are reported
      | where                           | what                                                 | what would be right                   |
      | rules/benefits/revenue.yaml:7:11 | they cannot be compared                              | write numbers without quotes          |
      | rules/benefits/revenue.yaml:8:5 | unknown key 'clear_wen' in a rule                    | did you mean 'clear_when'?            |
      | rules/cost/cost.yaml:5:9        | already defined at rules/benefits/revenue.yaml:5     | give one of them another id           |
      | rules/cost/cost.yaml:7:11       | YAML reads '>' at the start of a value as a block    | put it in quotes: '>= 80%'            |
      | rules/cost/cost.yaml:8:15       | 'redd' is not possible here                          | did you mean 'red'?                   |

  Scenario: A rule without tests is in order, but not strictly
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
      """
    When the author checks the rules
    Then it is done
    And these problems are reported
      | where                           | what                                                                 | what would be right   |
      | rules/benefits/revenue.yaml:5:9 | lacks tests: one that fires, one that stays silent, one with missing | add them under tests: |
    When the author checks the rules strictly
    Then there are only warnings, which count

  Scenario: The rules that come with govern are in order
    When the author checks the shipped rules strictly
    Then it is done
    When the author tests the shipped rules
    Then it is done
