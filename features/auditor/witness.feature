Feature: A witness elsewhere
  Whoever holds the key and the database can write the whole log anew, and sign it. A witness on another
  host, with another key, remembers what it saw: it signs a log only while that log grows.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
    And Petra has a complete case and plan for the project SHOP
    And the log has a key, and the auditors have a witness that knows it
    And the witness has looked at the log

  Scenario: A log that grew is cosigned
    Given SHOP has passed the gate "value defined"
    When the witness looks at the log
    Then the witness has signed the log with every event so far

  Scenario: A log that was written anew is not
    Given somebody with the key signs another log, as long as this one
    When the witness looks at what was signed
    Then it signs nothing, because the log does not continue what it saw
    And what was signed is kept as evidence
