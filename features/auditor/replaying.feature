Feature: Every decision can be worked out again
  A decision names the facts, the rules and the workflow that it rests on, and all three are kept. So
  whoever doubts it works it out again, years later, and asks what a figure that was corrected since
  would have changed.

  Background:
    Given today is 2025-03-10
    And Sven is sponsor of the whole installation
    And Dario is data owner of the whole installation
    And a folder "figures" to import with the projects
      | project_id | name     | stage      |
      | SHOP       | Web shop | monitoring |
    And with the KPIs
      | kpi_id | project_id | name  | category | direction | baseline | target | cadence |
      | SALES  | SHOP       | Sales | revenue  | increase  | 0        | 1200   | monthly |
    And with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 70     |
      | SALES  | 2025-02-28 | 200     | 140    |
    And the folder is imported
    And the operator sweeps as of 2025-03-10

  Scenario: What was found and recommended comes out again
    When the operator runs "audit replay"
    Then it is done
    And it tells "Each came out as it was recorded."

  Scenario: What does not follow from its facts is named, with both
    Given somebody with the database in their hands lets the recommendation of SHOP say "terminate"
    When the operator runs "audit replay --project SHOP"
    Then it is refused or found wanting
    And it tells "recommendation.proposed"
    And it tells "was recorded otherwise than it comes out now"
    And it tells "action: recorded "terminate", now"

  Scenario: A figure that is corrected later tells what it would have changed
    When Dario reports
      | KPI   | period     | actual |
      | SALES | 2025-02-28 | 195    |
    And the operator runs "audit corrections --project SHOP"
    Then it is done
    And it tells "SALES for 2025-02-28: 140, now 195"
    And it tells "revenue-behind-plan/SALES: fires, now silent"
    And Sven reads that the correction would have changed the recommendation

  Scenario: What nobody has corrected changes nothing
    When the operator runs "audit corrections"
    Then it is done
    And it tells "No figure that a decision saw has been corrected since."
