Feature: Reporting the figures of a period
  Data owners report what a KPI reached. Nothing is overwritten, nothing goes in by halves, and what
  cannot be taken is named cell by cell.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Dario | data owner      |
      | Sven  | sponsor         |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | category     | direction | baseline | target | cadence   |
      | SALES | revenue      | increase  | 0        | 1200   | monthly   |
      | CSAT  | satisfaction | at least  |          | 80     | quarterly |

  Scenario: A figure goes in
    When Dario reports
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940.5  |
    Then each report is taken as
      | KPI   | period     | as       |
      | SALES | 2025-10-31 | recorded |
    And SALES stands at
      | period     | actual |
      | 2025-10-31 | 940.5  |
    And the history of SHOP tells
      | who   | what              |
      | Dario | readings.recorded |

  Scenario: A correction is a new figure beside the old one
    Given Dario has reported
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940.5  |
    When 2025-11-25 has come
    And Dario reports
      | KPI   | period     | actual | reason                  |
      | SALES | 2025-10-31 | 904.5  | Two digits were swapped |
    Then each report is taken as
      | KPI   | period     | as        |
      | SALES | 2025-10-31 | corrected |
    And SALES stands at
      | period     | actual |
      | 2025-10-31 | 904.5  |
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-10-31 | 940.5  |
      | 2025-10-31 | 904.5  |

  Scenario: Who corrects a figure says why
    Given Dario has reported
      | KPI   | period     | actual |
      | SALES | 2025-09-30 |        |
      | SALES | 2025-10-31 | 940.5  |
    When Dario tries to report
      | KPI   | period     | actual | reason |
      | SALES | 2025-09-30 | 870    |        |
      | SALES | 2025-10-31 | 904.5  |        |
    Then these cells are named
      | report | cell   | what is wrong                                                                      |
      | 2      | reason | it corrects 940.5, which was recorded on 2025-11-24: say why it is corrected |
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-09-30 |        |
      | 2025-10-31 | 940.5  |

  Scenario: Reporting the same again changes nothing
    Given Dario has reported
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940.5  |
    When Dario reports
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940.50 |
    Then each report is taken as
      | KPI   | period     | as        |
      | SALES | 2025-10-31 | unchanged |
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-10-31 | 940.5  |

  Scenario: A report without a figure is a statement, not a zero
    When Dario reports
      | KPI  | period     | actual | note                     |
      | CSAT | 2025-09-30 |        | No survey in the holidays |
    Then CSAT stands at
      | period     | actual |
      | 2025-09-30 |        |

  Scenario: One bad cell among many keeps all of them out, and says which
    When Dario tries to report
      | KPI   | period     | actual |
      | SALES | 2025-08-31 | 800    |
      | SALES | 2025-09-30 | 870    |
      | SALES | 2025-10-30 | 940    |
    Then it is refused: "Some fields cannot be taken as they are"
    And these cells are named
      | report | cell   | what is wrong                                                              |
      | 3      | period | 2025-10-30 does not end a monthly period; the one it lies in ends on 2025-10-31 |
    And SALES has no readings

  Scenario: A period that does not end the KPI's cadence is refused with the one that does
    When Dario tries to report
      | KPI  | period     | actual |
      | CSAT | 2025-08-31 | 78     |
    Then these cells are named
      | report | cell   | what is wrong                                                                |
      | 1      | period | does not end a quarterly period; the one it lies in ends on 2025-09-30 |

  Scenario: A period is reported once in one go, and never before it is over
    When Dario tries to report
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 940    |
      | SALES | 2025-10-31 | 941    |
      | SALES | 2025-11-30 | 1000   |
    Then these cells are named
      | report | cell   | what is wrong                        |
      | 2      | period | the period stands twice              |
      | 3      | period | the period ends after today          |
    And SALES has no readings

  Scenario: Only those who may report do
    When Sven tries to report
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 2000   |
    Then it is refused: "Your roles do not allow this"
    And SALES has no readings
