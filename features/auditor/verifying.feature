Feature: A history that can be verified
  Each event holds the fingerprint of the one before it. Whoever has the database in their hands can
  change it, but not without being found.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
    And Ada is auditor of the whole installation
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "value defined"

  Scenario: An untouched history holds
    When Ada verifies the history
    Then every chain holds
    When the operator runs "audit verify"
    Then it is done
    And it tells "Every chain holds."

  Scenario Outline: Whatever is changed is found, and the first event that does not hold is named
    Given somebody with the database in their hands <does>
    When Ada verifies the history
    Then event <number> of SHOP does not hold: "<what>"
    When the operator runs "audit verify"
    Then it is refused or found wanting
    And it tells "SHOP"

    Examples:
      | does                                | number | what             |
      | flips a byte of event 3 of SHOP     | 3      | its bytes hash to |
      | deletes event 3 of SHOP             | 3      | is missing       |
      | deletes the last event of SHOP      | 8      | is missing       |
      | inserts an event after 2 of SHOP    | 3      | it follows       |
      | swaps the events 3 and 4 of SHOP    | 3      | it follows       |
      | gives event 3 of SHOP to another    | 3      | is missing       |
      | changes the facts of the submission | 5      | was changed      |
      | deletes the workflow of SHOP        | 1      | is gone          |

  Scenario: The service itself has no way to change what was written
    When somebody with the service's access tries to change or delete event 3 of SHOP
    Then the database refuses it
    When Ada verifies the history
    Then every chain holds

  Scenario: Only auditors and the operator verify
    When Sven tries to verify the history
    Then it is refused: "Your roles do not allow this"
