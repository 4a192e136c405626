Feature: A map from what is delivered to what it is for
  Deliverables bring outcomes about, outcomes move KPIs, KPIs count towards strategic objectives. Shares
  multiply along the way, and what hangs loose, leads round or is counted twice is named.

  Background:
    Given a folder "figures" to import with the projects
      | project_id | name     | start      | end        | stage      |
      | SHOP       | Web shop | 2025-01-01 | 2025-12-31 | monitoring |
    And with the KPIs
      | kpi_id | project_id | name  | category | direction | cadence | supports |
      | SALES  | SHOP       | Sales | revenue  | increase  | monthly | GROW:80% |
    And with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 90     |
    And with the objectives
      | objective_id | name         |
      | GROW         | Grow at home |
    And with the outcomes
      | outcome_id | project_id | name                     | serves    | leads_to  |
      | OPEN       | SHOP       | The shop is always open  |           | NIGHT:40% |
      | NIGHT      | SHOP       | Customers order at night | SALES:50% |           |
    And with the deliverables
      | deliverable_id | project_id | name    | produces |
      | SITE           | SHOP       | Website | OPEN:50% |

  Scenario: What a deliverable brings to a KPI through outcomes
    When the folder is imported
    Then it is done
    And the import counts
      | rows         | new | changed | unchanged |
      | objectives   | 1   | 0       | 0         |
      | outcomes     | 2   | 0       | 0         |
      | deliverables | 1   | 0       | 0         |
    And the map of SHOP says
      | deliverable | through     | KPI   | brings | objective | of it |
      | SITE        | OPEN, NIGHT | SALES | 10 %   | GROW      | 80 %  |
    And nothing is wrong with the map of SHOP

  Scenario: A share that is not agreed is unknown, and never nothing
    Given with the deliverables
      | deliverable_id | project_id | name    | produces |
      | SITE           | SHOP       | Website | OPEN     |
    When the folder is imported
    Then the map of SHOP says
      | deliverable | through     | KPI   | brings | objective | of it |
      | SITE        | OPEN, NIGHT | SALES | ?      | GROW      | 80 %  |

  Scenario: What hangs loose is named, with what would be right
    Given with the deliverables
      | deliverable_id | project_id | name    | produces | serves |
      | SITE           | SHOP       | Website | OPEN:50% |        |
      | LOGO           | SHOP       | Logo    |          |        |
    When the folder is imported
    And the operator runs "map check SHOP"
    Then it is refused or found wanting
    And it tells "deliverable LOGO"
    And it tells "reaches no KPI"

  Scenario: What counts twice is named
    Given with the deliverables
      | deliverable_id | project_id | name    | produces | serves    |
      | SITE           | SHOP       | Website | OPEN:50% | SALES:60% |
    When the folder is imported
    Then these are wrong with the map of SHOP
      | what  | check                        |
      | SITE  | directly-and-through-outcome |
      | SALES | shares-over-100-percent      |

  Scenario: An outcome does not lead back to itself
    Given with the outcomes
      | outcome_id | project_id | name                     | serves    | leads_to |
      | OPEN       | SHOP       | The shop is always open  |           | NIGHT    |
      | NIGHT      | SHOP       | Customers order at night | SALES:50% | OPEN     |
    When the folder is imported
    Then these rows are refused
      | file             | line | column   | value | right                                          |
      | outcomes.csv     | 3    | leads_to | OPEN  | take out the link that points from effect to cause |
      | outcomes.csv     | 2    | leads_to | NIGHT | mend the outcome first                         |
      | deliverables.csv | 2    | produces | OPEN  | mend the outcome first                         |

  Scenario: The map is drawn, for a page and for a document
    Given the folder is imported
    When the operator runs "map SHOP --format svg"
    Then it tells "Benefits map of SHOP: Web shop"
    When the operator runs "map SHOP --format mermaid"
    Then it tells "flowchart LR"
