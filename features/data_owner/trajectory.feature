Feature: Drawing a trajectory
  Nobody types a plan month by month. A few points and the way between them make the planned value of each
  period, and what is planned can be seen before it is recorded.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Berta | benefit owner   |
      | Dario | data owner      |
      | Sven  | sponsor         |
      | Fiona | finance         |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | category     | direction | baseline | baseline on | target | target on  | cadence   |
      | SALES | revenue      | increase  | 0        | 2025-12-31  | 1200   | 2026-12-31 | quarterly |
      | CSAT  | satisfaction | at least  |          |             | 80     |            | quarterly |

  Scenario: From the baseline to the target in a straight line
    When Berta draws SALES as linear
    Then the plan of SALES is
      | period     | planned |
      | 2026-03-31 | 295.89  |
      | 2026-06-30 | 595.07  |
      | 2026-09-30 | 897.53  |
      | 2026-12-31 | 1200    |

  Scenario: Slowly at first, as people learn
    When Berta draws SALES as s curve through
      | day        | value |
      | 2026-03-31 | 0     |
      | 2026-12-31 | 900   |
    Then the plan of SALES is
      | period     | planned |
      | 2026-03-31 | 0       |
      | 2026-06-30 | 230.43  |
      | 2026-09-30 | 665.21  |
      | 2026-12-31 | 900     |

  Scenario: A level is held until the next step
    When Berta draws CSAT as step through
      | day        | value |
      | 2026-03-31 | 75    |
      | 2026-09-01 | 80    |
    Then the plan of CSAT is
      | period     | planned |
      | 2026-03-31 | 75      |
      | 2026-06-30 | 75      |
      | 2026-09-30 | 80      |

  Scenario: It is looked at first
    When Berta looks at SALES as linear
    Then 4 values are shown, from 295.89 to 1200
    And SALES has no plan
    And nothing has been added to the history of SHOP

  Scenario: What is missing for it is said
    When Berta tries to draw CSAT as linear
    Then it is refused: "Some fields cannot be taken as they are"
    And the refusal names points, for "baseline, baseline_on, target_on"

  Scenario: Whoever only reports does not plan
    When Dario tries to draw SALES as linear
    Then it is refused: "Your roles do not allow this"

  Scenario: Once agreed, it is drawn no more
    Given Petra has a complete case and plan for the project CALLS
    And CALLS has passed the gates "value defined" and "planned"
    When Petra tries to draw CALLS-SALES as linear
    Then it is refused: "The baseline was agreed at a gate"

  Scenario: At the command line nothing is written unless it is asked for
    When the operator runs "trajectory SALES --shape linear --from 2026-07-01"
    Then it is done
    And it tells "897.53"
    And it tells "Nothing was recorded: add --write."
    And SALES has no plan
    When the operator runs "trajectory SALES --shape linear --from 2026-07-01 --write"
    Then it tells "2 planned values recorded."
