Feature: An auditor is seen reading
  An auditor reads everything. What they are given of other people is itself in the history.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
    And Ada is auditor of the whole installation
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "value defined"

  Scenario: Reading who decided is recorded
    Then Ada reads of the decision at the gate "value defined"
      | who | Sven |
    And the history of the service tells
      | who | what          |
      | Ada | personal.read |
