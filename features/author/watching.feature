Feature: Rules that are checked and tested whenever they are saved
  The author changes a threshold in the editor and sees beside it, at once, whether the file is right and
  whether its tests still pass.

  Background:
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
            - {name: below, given: {baseline: 0, planned: 100, actual: 79}, expect: fires}
            - {name: on plan, given: {baseline: 0, planned: 100, actual: 100}, expect: silent}
            - {name: no report, given: {baseline: 0, planned: 100, actual: ~}, expect: unknown}
      """

  Scenario: Every save is answered, until the author has enough
    Given the author watches the rules
    When the author changes "80%" to "70%" in "benefits/revenue.yaml"
    Then the watch tells "changed benefits/revenue.yaml"
    And the watch tells "tests: 2 passed, 1 failed."
    When the author changes "attainment <" to "atainment <" in "benefits/revenue.yaml"
    Then the watch tells "rules/benefits/revenue.yaml:7:11: error[E210]: unknown name `atainment`"
    And the watch tells "no test was run."
    When the author presses Ctrl-C
    Then it is done

  Scenario: Once, for a script
    When the author watches the rules once
    Then it is done
    When the author changes "80%" to "70%" in "benefits/revenue.yaml"
    And the author watches the rules once
    Then it is refused or found wanting
