Feature: Figures that come as a folder of files
  What an organisation keeps in its own lists comes in whole, by its own ids. A row that cannot be
  taken is named by file, line and column, with what would be right.

  Background:
    Given a folder "figures" to import with the projects
      | project_id | name     | start      | end        | stage      |
      | SHOP       | Web shop | 2025-01-01 | 2025-12-31 | monitoring |
    And with the KPIs
      | kpi_id | project_id | name  | category | direction | baseline | target | cadence |
      | SALES  | SHOP       | Sales | revenue  | increase  | 0        | 1200   | monthly |

  Scenario: A clean folder goes in
    Given with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 90     |
      | SALES  | 2025-02-28 | 200     | 210    |
    When the folder is imported
    Then it is done
    And the import counts
      | rows     | new | changed | unchanged |
      | projects | 1   | 0       | 0         |
      | KPIs     | 1   | 0       | 0         |
      | planned  | 2   | 0       | 0         |
      | readings | 2   | 0       | 0         |
    And SALES stands at
      | period     | actual |
      | 2025-01-31 | 90     |
      | 2025-02-28 | 210    |

  Scenario: Rows that cannot be taken keep everything out
    Given with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 90     |
      | SALES  | 2025-02-28 | 200     | 2l0    |
      | SALE   | 2025-03-31 | 300     | 310    |
    When the folder is imported
    Then it is refused or found wanting
    And these rows are refused
      | file         | line | column | value | right              |
      | readings.csv | 3    | actual | 2l0   |                    |
      | readings.csv | 4    | kpi_id | SALE  | did you mean 'SALES'? |
    And nothing of SHOP is there

  Scenario: The good rows go in when asked for
    Given with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 90     |
      | SALES  | 2025-02-28 | 200     | 2l0    |
    When the folder is imported, keeping the good rows
    Then it is refused or found wanting
    And SALES stands at
      | period     | actual |
      | 2025-01-31 | 90     |

  Scenario: A dry run tells and writes nothing
    Given with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 90     |
    When the folder is imported as a dry run
    Then it is done
    And the import counts
      | rows     | new | changed | unchanged |
      | projects | 1   | 0       | 0         |
      | readings | 1   | 0       | 0         |
    And nothing of SHOP is there

  Scenario: Imported twice, it is there once
    Given with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 90     |
    When the folder is imported
    And the folder is imported
    Then it is done
    And the import counts
      | rows     | new | changed | unchanged |
      | projects | 0   | 0       | 1         |
      | KPIs     | 0   | 0       | 1         |
      | planned  | 0   | 0       | 1         |
      | readings | 0   | 0       | 1         |
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-01-31 | 90     |

  Scenario: A corrected file corrects, and the old figure stays to be seen
    Given with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 90     |
    And the folder is imported
    And with the readings
      | kpi_id | period_end | planned | actual | reason         |
      | SALES  | 2025-01-31 | 100     | 95     | A late invoice |
    When the folder is imported
    Then the import counts
      | rows     | new | changed | unchanged |
      | readings | 0   | 1       | 0         |
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-01-31 | 90     |
      | 2025-01-31 | 95     |

  Scenario: What the lists do not say stays missing and is no reason to refuse
    Given with the KPIs
      | kpi_id | project_id | name      | category          | cadence |
      | RIDERS | SHOP       | Ridership | Service Indicator | monthly |
    And with the readings
      | kpi_id | period_end | actual |
      | RIDERS | 2025-01-31 | 1200   |
    When the folder is imported
    Then it is done
    When the operator sweeps as of 2025-02-10
    Then these findings stand
      | rule                 | about  | finding |
      | kpi-cannot-be-judged | RIDERS | fires   |
