Feature: A database as a source
  A warehouse knows the figures before anybody could send them. It is asked for what is new, and told nothing;
  what it gives that cannot be taken is said, and asked for again until it is mended there.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Dario | data owner      |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | category | direction | baseline | target | cadence |
      | SALES | revenue  | increase  | 0        | 1200   | monthly |
    And a warehouse with the figures
      | changed | measure  | month end  | amount |
      | 1       | Turnover | 2025-09-30 | 870    |
      | 2       | Weather  | 2025-09-30 | 14     |
    And the warehouse is a source in which Turnover is SALES and Weather is nothing of ours

  Scenario: Its file is checked before it is asked
    When the operator runs "sources check"
    Then it is done
    And it tells "1 source holds: 1 sql."

  Scenario: A dry run tells what would come in, and nothing does
    When the operator runs "sources pull warehouse --dry-run"
    Then it is done
    And it tells "2 rows read: 1 recorded, 1 skipped"
    And it tells "nothing was written"
    And SALES has no readings

  Scenario: What is new comes in as time passes, once
    When the operator runs "tick"
    Then it is done
    And it tells "source.pulled"
    And SALES stands at
      | period     | actual |
      | 2025-09-30 | 870 |
    When the operator runs "tick"
    Then it is done
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-09-30 | 870 |
    When the operator runs "sources list"
    Then it tells "warehouse"

  Scenario: A figure that the warehouse corrects is a correction here, and says why
    When the operator runs "sources pull warehouse"
    Then it is done
    Given the warehouse gets the figures
      | changed | measure  | month end  | amount |
      | 3       | Turnover | 2025-09-30 | 874    |
    When the operator runs "sources pull warehouse"
    Then it is done
    And it tells "1 corrected"
    And every figure ever reported for SALES is
      | period     | actual |
      | 2025-09-30 | 870 |
      | 2025-09-30 | 874 |

  Scenario: A row that cannot be taken is told, and asked for again until it is mended
    Given the warehouse gets the figures
      | changed | measure  | month end  | amount |
      | 3       | Turnover | 2025-10-30 | 940    |
    When the operator runs "sources pull warehouse"
    Then it is refused or found wanting
    And it tells "1 recorded, 1 skipped, 1 refused"
    And it tells "Read up to 2."
    And SALES stands at
      | period     | actual |
      | 2025-09-30 | 870 |
    Given the warehouse mends 2025-10-30 to 2025-10-31
    When the operator runs "sources pull warehouse"
    Then it is done
    And it tells "1 recorded"
    And it tells "Read up to 3."
    And SALES stands at
      | period     | actual |
      | 2025-09-30 | 870 |
      | 2025-10-31 | 940 |

  Scenario: A warehouse that does not answer keeps nothing else from being done
    Given the warehouse is gone
    When the operator runs "tick"
    Then it is refused or found wanting
    And it complains "The database of warehouse does not answer"
    And SALES has no readings

  Scenario: Without its address it is not asked, and the variable is named
    Given nobody says where the warehouse is
    When the operator runs "sources pull warehouse"
    Then it is refused or found wanting
    And it complains "The environment variable WAREHOUSE_URL is not set"
