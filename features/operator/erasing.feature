Feature: Erasing what is known of a person
  Somebody asks to be forgotten. Name and address go wherever they stand; the history still proves
  everything else.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
    And Ada is auditor of the whole installation
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "value defined"

  Scenario: The name goes, the proofs stay
    When the operator runs "people erase sven@example.org --reason Asked"
    Then it is done
    And it tells "roles and tokens have ended"
    And the history of SHOP tells
      | who      | what          |
      | Petra    | project.added |
      | (erased) | gate.decided  |
    And the history of the service tells
      | what          | why   |
      | person.erased | Asked |
    When Ada verifies the history
    Then every chain holds

  Scenario: Only who is known can be erased
    When the operator runs "people erase nobody@example.org --reason Asked"
    Then it is refused or found wanting
