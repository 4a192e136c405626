Feature: Files as finance, sales and operations send them
  Nobody rewrites a file for the service. What a cell says is taken, what may mean two things is asked, and
  what a sender always means is said once. Nothing goes in by halves.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | name         | unit | direction | baseline | target | cadence |
      | SALES | Sales        | EUR  | increase  | 0        | 1200   | monthly |
      | CSAT  | Satisfaction | %    | at least  |          | 80     | monthly |

  Scenario: A German export goes in as it is
    Given the file "export.csv" from sales
      """
      Umsatzbericht;;
      Kennzahl;Monat;Ist
      Sales;Jan 2025;1.234,50
      Sales;März 2025;987,5
      Satisfaction;Jan 2025;82,5 %
      """
    When the file "export.csv" is brought in
    Then it is done
    And it tells "figures have a decimal comma: '1.234,50' in C3 can be read in no other way"
    And SALES stands at
      | period     | actual |
      | 2025-01-31 | 1234.5 |
      | 2025-03-31 | 987.5  |
    And CSAT stands at
      | period     | actual |
      | 2025-01-31 | 82.5   |

  Scenario: A share beside a percentage is asked, not assumed
    Given the file "survey.csv" from operations
      """
      KPI,Month,Actual
      Satisfaction,2025-01,0.8
      Satisfaction,2025-02,80
      """
    When the file "survey.csv" is brought in
    Then it is refused or found wanting
    And it complains "are 1 or less without a percent sign: what is 0.8? (C2, C3)"
    And it complains "- {label: Satisfaction, percent: share}"
    And CSAT has no readings

  Scenario: A cell that cannot be taken is named with what would be right
    Given the file "errors.csv" from finance
      """
      KPI,Month,Actual
      Sales,2025-01,90
      Sales,2025-02,#REF!
      """
    When the file "errors.csv" is brought in
    Then it is refused or found wanting
    And it complains "errors.csv:C3: '#REF!' is a spreadsheet's error, not a figure; repair the formula, or clear it"
    And SALES has no readings

  Scenario: What is sure goes in when asked for
    Given the file "errors.csv" from finance
      """
      KPI,Month,Actual
      Sales,2025-01,90
      Sales,2025-02,#REF!
      """
    When the file "errors.csv" is brought in, keeping the good cells
    Then it is refused or found wanting
    And SALES stands at
      | period     | actual |
      | 2025-01-31 | 90     |

  Scenario: A preview shows what each cell becomes, and writes nothing
    Given the file "wide.csv" from finance
      """
      KPI,Jan 2025 Actual,Feb 2025 Actual
      Sales,90,N/A
      """
    When a preview of the file "wide.csv" is looked at
    Then it is done
    And it tells "new: SALES 2025-01-31 actual 90"
    And it tells "'N/A' is taken as missing"
    And SALES has no readings

  Scenario: What a sender means is said once
    Given the file "wide.csv" from finance
      """
      Figures in TEUR,,
      Kennzahl,2025-01,2025-02
      Umsatz,"1.234","1,5"
      """
    And finance writes as this mapping says
      """
      schema: govern/source/v1
      id: finance
      holds: actual
      kpis:
        - {label: Umsatz, kpi: SALES}
      numbers: {decimal: ",", thousands: "."}
      scale: 1000
      accept: [B3, C3]
      """
    When the file "wide.csv" is brought in as finance writes
    Then it is done
    And SALES stands at
      | period     | actual  |
      | 2025-01-31 | 1234000 |
      | 2025-02-28 | 1500    |

  Scenario: A mapping is drafted with what is open in it
    Given the file "sales.csv" from sales
      """
      KPI;Month;Actual
      Umsatz;2025-01;1.234
      """
    When a mapping of the file "sales.csv" is drafted
    Then it tells "with 2 open questions"
    And the mapping asks "Which KPI is 'Umsatz'?"
    And the mapping asks "Which sign stands before the decimals?"

  Scenario: The same file again changes nothing, and a correction says why
    Given the file "export.csv" from sales
      """
      KPI,Month,Actual
      Sales,2025-01,90
      """
    And the file "corrected.csv" from sales
      """
      KPI,Month,Actual
      Sales,2025-01,95
      """
    When the file "export.csv" is brought in
    And the file "export.csv" is brought in
    Then it is done
    And it tells "nothing in it is new"
    When the file "corrected.csv" is brought in
    Then it is refused or found wanting
    And it complains "where 90 is stored, and says no reason"
    When the file "corrected.csv" is brought in because "A return came late"
    Then it is done
    And SALES stands at
      | period     | actual |
      | 2025-01-31 | 95     |
