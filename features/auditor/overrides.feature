Feature: How often people decide against the advice
  A gate that is always passed against its criteria asks for the wrong things, or is not taken
  seriously. The auditor wants the numbers, per gate and per criterion, counted from the decisions.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Greta | gatekeeper      |
      | Anna  | auditor         |
    And these people on another portfolio
      | name | roles   |
      | Otto | auditor |
    And this workflow
      """
      schema: govern/workflow/v1
      id: small
      version: 1
      title: Small
      stages: [draft, running, closed]
      gates:
        - id: start
          title: It is worth starting
          from: draft
          to: running
          submit: [project_manager]
          approve: [{role: sponsor}]
          waive: [gatekeeper]
          criteria:
            must:
              - {id: budget-set, require: budget > 0}
              - {id: cheap, require: spent < 100}
        - {id: close, title: Done, from: running, to: closed, submit: [project_manager], approve: [{role: gatekeeper}]}
      """
    And Petra starts the project GOOD
      | budget | 1000 |
      | spent  | 10   |
    And Petra submits GOOD to the gate "start"
    And Sven decides go because "It is ready."
    And Petra starts the project BLIND
      | spent | 10 |
    And Petra submits BLIND to the gate "start"
    And Sven decides go because "It is urgent." and against the advice because "The board wants it."
    And 2025-12-01 has come
    And Petra starts the project DEAR
      | budget | 1000 |
      | spent  | 900  |
    And Petra submits DEAR to the gate "start"
    And Sven decides recycle because "It is too dear."
    And Petra starts the project WAIVED
      | spent | 10 |
    And Greta waives budget-set at the gate "start" for WAIVED until 2025-12-31 because "It is agreed."
    And Petra submits WAIVED to the gate "start"
    And Sven decides go because "It is agreed."

  Scenario: Per gate, how many decisions were other than advised
    Then Anna reads these overrides
      | gate  | decisions | overrides | rate |
      | start | 4         | 1         | 0.25 |

  Scenario: Per criterion, how often it stood in the way and was passed over
    Then Anna reads of these criteria
      | criterion  | judged | not met | unknown | waived | passed not met | passed unknown | passed waived | rate |
      | budget-set | 4      | 0       | 1       | 1      | 0              | 1              | 1             | 1    |
      | cheap      | 4      | 1       | 0       | 0      | 0              | 0              | 0             | 0    |

  Scenario: Of a span of time
    Then Anna reads these overrides from 2025-12-01 to 2025-12-31
      | gate  | decisions | overrides | rate |
      | start | 2         | 0         | 0    |

  Scenario: Nobody counts what they may not see
    Then Otto reads no overrides

  Scenario: On the command line
    When the operator runs "overrides --workflow small"
    Then it is done
    And it tells "25.0 %"
    And it tells "budget-set"
    And it tells "100.0 %"
