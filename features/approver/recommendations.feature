Feature: Answering a recommendation
  A rule that fires recommends what to change in a project's scope. Somebody answers it: accepted,
  rejected or put off, and why.

  Background:
    Given today is 2025-08-01
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Greta | gatekeeper      |
      | Dario | data owner      |
    And Petra has a complete case and plan for the project SHOP
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-07-31 | 700    |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"
    And 2025-11-24 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-08-31 | 800    |
      | SHOP-SALES | 2025-09-30 | 630    |
      | SHOP-SALES | 2025-10-31 | 700    |
    And the portfolio is swept

  Scenario: It says what fired it, what it proposes and who answers by when
    Then the recommendation of revenue-behind-plan says
      | about      | SHOP-SALES                                                 |
      | action     | descope                                                    |
      | severity   | red                                                        |
      | why        | SHOP: Sales is at 70% of its planned value, for 2 periods |
      | saw        | attainment = 0.7                                           |
      | decided by | sponsor                                                    |
      | decide by  | 2025-12-08                                                 |

  Scenario: Accepted, with a reason
    When Sven accepts the recommendation of revenue-behind-plan because "The catalogue can wait."
    Then the recommendation of revenue-behind-plan is accepted
    And no recommendation of revenue-behind-plan waits for Sven
    And the history of SHOP tells
      | who  | what                    | why                     |
      |      | recommendation.proposed |                         |
      | Sven | recommendation.accepted | The catalogue can wait. |

  Scenario: Put off until a day, and back on that day
    When Sven defers the recommendation of revenue-behind-plan to 2025-12-31 because "After the season."
    Then no recommendation of revenue-behind-plan waits for Sven
    When 2025-12-31 has come
    Then the recommendation of revenue-behind-plan waits for Sven

  Scenario: On its day it waits again, with as many days to decide as at first
    Given Sven defers the recommendation of revenue-behind-plan to 2025-12-31 because "After the season."
    When 2025-12-31 has come
    And the clock ticks
    Then the recommendation of revenue-behind-plan is proposed
    And the recommendation of revenue-behind-plan says
      | decide by | 2026-01-14 |
    And Sven is told "was put off until 2025-12-31. It is to be answered by 2026-01-14."

  Scenario: Rejected, and why in a word that is counted
    When Sven rejects the recommendation of revenue-behind-plan as data wrong because "September was booked twice."
    Then the recommendation of revenue-behind-plan says
      | rejected as | data_wrong |

  Scenario: Accepted is another way than the rule recommends, but not to do nothing
    When Sven tries to accept "nothing" instead of what revenue-behind-plan recommends
    Then it is refused: "Some fields cannot be taken as they are"
    When Sven accepts "rephase" instead of what revenue-behind-plan recommends because "The season comes."
    Then the recommendation of revenue-behind-plan says
      | accepted as | rephase |

  Scenario: Nobody answers
    When 2025-12-08 has come
    And the clock ticks
    Then Sven is told "is to be answered today, 2025-12-08."
    When 2025-12-09 has come
    And the clock ticks
    Then Sven is told "was to be answered by 2025-12-08."
    And Petra is told "was to be answered by 2025-12-08."
    And Greta is told "was to be answered by 2025-12-08."
    When 2026-01-05 has come
    And the clock ticks
    Then the recommendation of revenue-behind-plan is proposed
    When 2026-01-06 has come
    And the clock ticks
    Then the recommendation of revenue-behind-plan is expired
    And no recommendation of revenue-behind-plan waits for Sven
    And Greta is told "within 20 working days more: it has expired."
    When the portfolio is swept
    Then revenue-behind-plan has recommended once

  Scenario: What was accepted waits for the project's manager, who reports that it is done
    Given Sven accepts the recommendation of revenue-behind-plan because "The catalogue can wait."
    Then Petra has to raise a scope change for revenue-behind-plan
    When Petra reports that what revenue-behind-plan recommended is done: "Left out as agreed on the phone."
    Then the recommendation of revenue-behind-plan is implemented
    And Petra has nothing to do
    When the portfolio is swept
    Then revenue-behind-plan has recommended once

  Scenario: What was not accepted is not done
    When Petra tries to report that what revenue-behind-plan recommended is done
    Then it is refused: "The recommendation is not that far"

  Scenario: Only the worse of two rules that say the same asks
    Given the rule file "benefits/sales.yaml"
      """
      schema: govern/rules/v1
      area: benefits
      rules:
        - id: sales-slip
          title: Sales slip
          status: active
          when: attainment < 95%
          severity: amber
          message: "{kpi} is at {attainment:percent} of its plan"
          recommend:
            action: descope
            because: Early is cheap.
            decide_by: 10 working days
            decided_by: sponsor
        - id: sales-collapse
          title: Sales collapse
          status: active
          when: attainment < 60%
          severity: red
          message: "{kpi} is at {attainment:percent} of its plan"
          recommend:
            action: descope
            because: What adds little takes capacity from what adds much.
            decide_by: 5 working days
            decided_by: sponsor
      """
    And the author publishes the rules
    When the portfolio is swept
    Then the recommendation of sales-slip waits for Sven
    Given Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-10-31 | 500    |
    When the portfolio is swept
    Then the recommendation of sales-slip is superseded
    And the recommendation of sales-collapse waits for Sven

  Scenario: What waits is told project by project
    Then the recommendations of SHOP are, for Sven
      | open | red | next decide by | turn                |
      | 2    | 2   | 2025-12-08     | gatekeeper, sponsor |

  Scenario: Answered once
    Given Sven rejects the recommendation of revenue-behind-plan because "A one-off."
    When Sven tries to accept the recommendation of revenue-behind-plan
    Then it is refused: "The recommendation has been answered"

  Scenario: Not answered by a role that the rule does not name
    When Fiona tries to accept the recommendation of revenue-behind-plan
    Then it is refused: "Your roles do not allow this"
