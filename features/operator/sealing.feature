Feature: Sealing the history
  Whoever has the database can write it anew, but not sign it: the key, and what it signed last, stand in
  a folder elsewhere. So a database that forgot something is noticed before anything is built on it.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
    And Petra has a complete case and plan for the project SHOP
    And the setting GOVERN_KEYS_DIR is "keys"

  Scenario: Without a key nothing is sealed, and that is told
    When the operator runs "status"
    Then it is done
    And it tells "The log is not sealed: there is no key."
    When the operator runs "audit seal"
    Then it is refused or found wanting
    And it complains "Make one: govern keys new --origin NAME"

  Scenario: A key is made, and everything so far is sealed
    When the operator runs "keys new --origin govern.example.org/log"
    Then it is done
    And it tells "log govern.example.org/log+"
    When the operator runs "audit seal"
    Then it is done
    And every event so far is sealed
    And only its owner can read the key
    When the operator runs "audit verify"
    Then it is done
    And it tells "Every chain holds."

  Scenario: Another key takes over, and what the old one sealed still holds
    Given the history is sealed as govern.example.org/log
    When the operator runs "keys rotate"
    Then it is done
    And it tells "before it govern.example.org/log+"
    And the key from before signs nothing any more
    When the operator runs "audit seal"
    Then it is done
    When the operator runs "audit verify"
    Then it is done
    And it tells "Every chain holds."

  Scenario: A database restored from an old backup is not sealed
    Given the history is sealed as govern.example.org/log
    And a backup "monday" of the database is made
    And SHOP has passed the gate "value defined"
    And the operator seals the history
    And a backup "tuesday" of the database is made
    When the backup "monday" is restored
    And the operator runs "audit seal"
    Then it is refused or found wanting
    And it complains "are lost, as after an older backup was restored"
    And it complains "Restore a newer backup."
    And it complains "--after-loss REASON"
    When the operator runs "audit verify"
    Then it is refused or found wanting
    When the backup "tuesday" is restored
    And the operator runs "audit seal"
    Then it is done
    When the operator runs "audit verify"
    Then it is done
    And it tells "Every chain holds."

  Scenario: What is lost for good is told by the log that begins anew
    Given the history is sealed as govern.example.org/log
    And a backup "monday" of the database is made
    And SHOP has passed the gate "value defined"
    And the operator seals the history
    And the backup "monday" is restored
    When the operator runs "keys new --origin govern.example.org/log --after-loss Burnt"
    Then it is refused or found wanting
    And it complains "another name"
    When the operator runs "keys new --origin govern.example.org/log2 --after-loss Burnt"
    Then it is done
    And the history of the service tells
      | what          | why   |
      | log.restarted | Burnt |
    When the operator runs "audit seal"
    Then it is done
    And every event so far is sealed
    When the operator runs "audit verify"
    Then it is done
    And it tells "Every chain holds."
