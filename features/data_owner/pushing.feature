Feature: Figures that a program pushes
  A program that has the figures sends them as it has them: many at once, each with its own fate, and again
  where it does not know whether they arrived.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Dario | data owner      |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | category     | direction | baseline | target | cadence   |
      | SALES | revenue      | increase  | 0        | 1200   | monthly   |
      | CSAT  | satisfaction | increase  | 70       | 85     | quarterly |

  Scenario: Each figure has its own fate, and is told what would be right
    When Dario's program pushes, each for itself
      | KPI   | period     | actual |
      | SALES | 2025-09-30 | 870    |
      | CSAT  | 2025-08-31 | 78     |
      | SALES | 2025-10-31 | 940    |
      | BIKES | 2025-10-31 | 12     |
    Then each figure is told
      | KPI   | period     | status   | field  | what is wrong                               |
      | SALES | 2025-09-30 | recorded |        |                                             |
      | CSAT  | 2025-08-31 | refused  | period | the one it lies in ends on 2025-09-30       |
      | SALES | 2025-10-31 | recorded |        |                                             |
      | BIKES | 2025-10-31 | refused  | kpi    | There is no KPI 'BIKES' that you may see.   |
    And SALES stands at
      | period     | actual |
      | 2025-09-30 | 870 |
      | 2025-10-31 | 940 |

  Scenario: Where the answer was lost, the same again is done once
    Given Dario's program pushes under the key "october"
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940    |
    When Dario's program pushes under the key "october"
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940    |
    Then it has the answer that it had before
    And each figure is told
      | KPI   | period     | status   | field | what is wrong |
      | SALES | 2025-10-31 | recorded |       |               |
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-10-31 | 940 |

  Scenario: A key is of one request
    Given Dario's program pushes under the key "october"
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940    |
    When Dario's program tries to push under the key "october"
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 904    |
    Then it is refused: "The key was sent with another request"
    And SALES stands at
      | period     | actual |
      | 2025-10-31 | 940 |

  Scenario: Of two figures for one period neither is taken
    When Dario's program pushes, each for itself
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940    |
      | SALES | 2025-10-31 | 904    |
    Then each figure is told
      | KPI   | period     | status  | field  | what is wrong           |
      | SALES | 2025-10-31 | refused | period | the period stands twice |
      | SALES | 2025-10-31 | refused | period | the period stands twice |
    And SALES has no readings
