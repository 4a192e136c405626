Feature: A bundle that is verified elsewhere
  An auditor takes the history of a project away and verifies it with one file and the log's public key,
  without the people who run the service, their database or their program.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "value defined"
    And the setting GOVERN_KEYS_DIR is "keys"
    When the operator runs "keys new --origin govern.example.org/log"
    Then it is done
    When the operator runs "audit export --project SHOP shop.zip"
    Then it is done

  Scenario: All of a project holds, under the key that the auditor got elsewhere
    Then the bundle shop.zip holds under the log's key
    And the bundle shop.zip does not hold under another key

  Scenario: Whatever is changed in the bundle is found, and the first bad event is named
    Given somebody changes event 3 of SHOP in the bundle shop.zip
    Then the bundle shop.zip does not hold, and event 3 of SHOP is named

  Scenario: What is taken out of the bundle is found
    Given somebody takes event 4 of SHOP out of the bundle shop.zip
    Then the bundle shop.zip does not hold, and event 4 of SHOP is named

  Scenario: A gate's evidence can be taken alone
    When the operator runs "audit export --gate SHOP/value_defined gate.zip"
    Then it is done
    And the bundle gate.zip holds under the log's key
