Feature: A figure that is corrected three months later
  What was decided in September rested on the figure that was known in September. When it turns out to
  have been wrong, nothing that was decided is rewritten, and nobody decides on the old figure again.

  Background:
    Given today is 2025-09-10
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Dario | data owner      |
    And Ada is auditor of the whole installation
    And the log has a key, and the auditors have a witness that knows it
    And this workflow
      """
      schema: govern/workflow/v1
      id: watched
      version: 1
      stages: [idea, monitoring, done]
      gates:
        - id: monitoring
          title: The work begins
          from: idea
          to: monitoring
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria:
            must:
              - id: on-track
                require: count(kpis) > 0 and every k in kpis satisfies k.attainment >= 80%
        - id: value_check
          title: Where the value stands
          from: monitoring
          to: monitoring
          repeats: yearly
          submit: [project_manager]
          approve: [{role: sponsor}, {role: finance}]
          criteria:
            must:
              - id: on-track
                require: count(kpis) > 0 and every k in kpis satisfies k.attainment >= 80%
        - id: done
          title: Finish
          from: monitoring
          to: done
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria: {must: [{id: spent-known, require: spent != null}]}
      """
    And Petra has a complete case and plan for the project SHOP
    # August is not due before the middle of November: July is the last period that anybody judges.
    And the figures of SHOP-SALES are due 75 days after their period
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-06-30 | 600    |
      | SHOP-SALES | 2025-07-31 | 700    |
    And Fiona validates the figures of SHOP-SALES
    And SHOP has passed the gate "monitoring"
    And the operator sweeps as of 2025-09-10
    And the log is sealed, "of September"
    And Ada has looked at SHOP as of the log of September
    And 2025-10-28 has come
    And Petra submits SHOP to the gate "value check"
    And Sven decides go because "On its way."
    And Dario has reported
      | KPI        | period     | actual | reason                               |
      | SHOP-SALES | 2025-07-31 | 420    | Returned goods were counted as sold. |

  Scenario: The history tells what corrects what, who said so, when, and why
    Then Ada reads of SHOP-SALES for 2025-07-31
      | actual | corrects | by    | on         | because                              | state       |
      | 700    |          | Dario | 2025-09-10 | Counted again.                       | validated   |
      | 420    | 700      | Dario | 2025-10-28 | Returned goods were counted as sold. | provisional |

  Scenario: The decision of September is named, with what it would have been
    When the operator runs "audit corrections --project SHOP"
    Then it is done
    And it tells "SHOP-SALES for 2025-07-31: 700, now 420, because: Returned goods were counted as sold."
    And it tells "the decision at gate monitoring, go"
    And it tells "advice go, now recycle"
    And it tells "on-track: met, now not_met"

  Scenario: The next sweep tells what is known now
    Then the last sweep found revenue-behind-plan silent for SHOP-SALES
    When the operator sweeps as of 2025-10-28
    Then the last sweep found revenue-behind-plan pending for SHOP-SALES

  Scenario: Who has voted on the old figure is asked again
    When the clock ticks
    Then the submission says "Criterion 'on-track' was met and is now not met."
    And the vote of Sven counts no more
    And the advice is recycle

  Scenario: What was known in September is told as it was, to the byte
    When the operator sweeps as of 2025-10-28
    And Ada looks again at SHOP as of the log of September
    Then both have seen the same, to the byte
