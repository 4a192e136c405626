Feature: Figures that leave as a folder of files
  What came in can go elsewhere: to another installation, to a colleague's spreadsheet, to an archive.
  It leaves in the layout in which it comes in, every correction with its reason, and comes in again as
  it was.

  Background:
    Given a folder "figures" to import with the projects
      | project_id | name           | start      | end        | stage      |
      | SHOP       | =HYPERLINK("x") | 2025-01-01 | 2025-12-31 | monitoring |
    And with the KPIs
      | kpi_id | project_id | name  | category | direction | baseline | target | cadence |
      | SALES  | SHOP       | Sales | revenue  | increase  | 0        | 1200   | monthly |
    And these readings come in
      | kpi_id | period_end | planned | actual | note      |
      | SALES  | 2025-01-31 | 100     | 90     | - rounded |
      | SALES  | 2025-02-28 | 200     |        |           |
    And these readings come in
      | kpi_id | period_end | actual | reason         |
      | SALES  | 2025-01-31 | 95     | A late invoice |

  Scenario: Every figure leaves, with what it corrected and why
    When the data is exported to "away"
    Then it is done
    And in "away" the readings are
      | kpi_id | period_end | planned | actual | note       | reason         | version |
      | SALES  | 2025-01-31 | 100     | 90     | '- rounded |                | 1       |
      | SALES  | 2025-01-31 |         | 95     |            | A late invoice | 2       |
      | SALES  | 2025-02-28 | 200     |        |            |                |         |

  Scenario: A name that a spreadsheet would run is only a name
    When the data is exported to "away"
    Then in "away" the projects are
      | project_id | name             |
      | SHOP       | '=HYPERLINK("x") |

  Scenario: What was exported is what is there
    When the data is exported to "away"
    And the folder "away" is imported
    Then it is done
    And the import counts
      | rows     | new | changed | unchanged |
      | projects | 0   | 0       | 1         |
      | KPIs     | 0   | 0       | 1         |
      | planned  | 0   | 0       | 2         |
      | readings | 0   | 0       | 2         |

  Scenario: An export does not write over what is there
    When the data is exported to "away"
    And the data is exported to "away"
    Then nothing is written over "away"
