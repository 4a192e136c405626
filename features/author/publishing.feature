Feature: The rulebook in force
  What judges the portfolio is a published rulebook. A changed folder comes in whole or not at all.

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
          message: "{kpi} is at {attainment:percent} of its plan"
          recommend:
            action: descope
            because: What adds little takes capacity from what adds much.
            decide_by: 10 working days
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
      | SALES  | 2025-01-31 | 100     | 75     |
    And the folder is imported
    And the author publishes the rules

  Scenario: A new threshold judges from its publication on
    When the portfolio is swept by the rules as of 2025-02-10
    Then these findings stand
      | rule           | about | finding | message                     |
      | revenue-behind | SALES | fires   | Sales is at 75% of its plan |
    When the author changes "80%" to "70%" in "benefits/revenue.yaml"
    And the author publishes the rules
    Then it is done
    When the portfolio is swept by the rules as of 2025-02-10
    Then these findings stand
      | rule           | about | finding |
      | revenue-behind | SALES | silent  |
    And the recommendation of revenue-behind is cleared
    And what cleared it names the rulebook in force and facts that can be read

  Scenario: A folder with an error keeps the last good rulebook in force
    When the author changes "attainment < 80%" to "atainment < 70%" in "benefits/revenue.yaml"
    And the portfolio is swept by the rules as of 2025-02-10
    Then it is done
    And it complains "rules/benefits/revenue.yaml:7:11: error[E210]: unknown name `atainment`"
    And it complains "the rulebook published last stays in force"
    And these findings stand
      | rule           | about | finding | message                     |
      | revenue-behind | SALES | fires   | Sales is at 75% of its plan |

  Scenario: A folder with an error cannot be published
    When the author changes "attainment < 80%" to "atainment < 70%" in "benefits/revenue.yaml"
    And the author publishes the rules
    Then it is refused or found wanting
    And it complains "Nothing was published: the rulebook in force stays."

  Scenario: Publishing what is in force already changes nothing
    When the author publishes the rules
    Then it is done
    And it tells "is in force already"

  Scenario: Whoever proposes rules does not put them in force
    Given Ulla is rule author of the whole installation
    And Ulla is rule publisher of the whole installation
    And Paul is rule publisher of the whole installation
    When the author changes "80%" to "70%" in "benefits/revenue.yaml"
    And Ulla proposes the rules because "Too many alarms."
    Then it is done
    When Ulla puts the proposed rules in force
    Then it is refused or found wanting
    And it complains "somebody else puts it in force"
    When Paul puts the proposed rules in force
    Then it is done
    And the history of the service tells
      | who  | what               | why                  |
      | Ulla | rulebook.proposed  | Too many alarms.     |
      | Ulla | rulebook.refused   | separation-of-duties |
      | Paul | rulebook.published |                      |

  Scenario: A rule that is taken out takes its open recommendations along
    Given the portfolio is swept by the rules as of 2025-02-10
    When the author changes "id: revenue-behind" to "id: revenue-late" in "benefits/revenue.yaml"
    And the portfolio is swept by the rules as of 2025-02-10
    Then the recommendation of revenue-behind is cleared
    And the recommendation of revenue-late is proposed

  Rule: Where two people have to agree, one proposes and another puts in force

    Background:
      Given the setting GOVERN_PUBLISH_RULES is "no"
      And Ana is rule author of the whole installation
      And Ron is rule publisher of the whole installation

    Scenario: A proposal judges nobody until somebody else puts it in force
      Given the author changes "80%" to "70%" in "benefits/revenue.yaml"
      When Ana proposes the rules because "Board of 24 November: 70 %"
      Then it is done
      And it tells "Proposed sha256:"
      When the portfolio is swept by the rules as of 2025-02-10
      Then these findings stand
        | rule           | about | finding |
        | revenue-behind | SALES | fires   |
      When Ron puts the proposed rules in force
      Then it is done
      When the portfolio is swept by the rules as of 2025-02-10
      Then these findings stand
        | rule           | about | finding |
        | revenue-behind | SALES | silent  |
      And the revisions are
        | state    | author    | publisher                | note                       |
        | in_force | Ana       | Ron                      | Board of 24 November: 70 % |
        | past     | directory | Operator (command line)  |                            |

    Scenario: The folder alone changes nothing
      Given the author changes "80%" to "70%" in "benefits/revenue.yaml"
      When the author publishes the rules
      Then it is refused or found wanting
      And it complains "somebody proposes the rules"

    Scenario: A folder with an error cannot be proposed
      Given the author changes "attainment < 80%" to "atainment < 70%" in "benefits/revenue.yaml"
      When Ana proposes the rules because "A typo"
      Then it is refused or found wanting
      And it complains "rules/benefits/revenue.yaml:7:11: error[E210]: unknown name `atainment`"

    Scenario: What was in force before can be put in force again
      Given the author changes "80%" to "70%" in "benefits/revenue.yaml"
      When Ana proposes the rules because "Board of 24 November: 70 %"
      And Ron puts the proposed rules in force
      And Ron puts the revision before it in force
      Then it is done
      When the portfolio is swept by the rules as of 2025-02-10
      Then these findings stand
        | rule           | about | finding |
        | revenue-behind | SALES | fires   |
