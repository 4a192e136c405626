Feature: A deputy votes for whoever is away
  Leave must not stop a gate, and must not blur who answers for the decision: a delegation has its
  days, goes no further, and both people stand in the history.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
    And these people on the portfolio
      | name | roles   |
      | Dora | auditor |
      | Emil | auditor |
    And Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "value defined"

  Scenario: A deputy decides, and the sponsor stands in the history
    Given Sven lets Dora vote from 2025-11-24 to 2025-12-05 because "On leave."
    Then these gates wait for Dora
      | project | gate          | as      |
      | SHOP    | value defined | sponsor |
    When Dora decides go because "As Sven and I agreed."
    Then the submission is decided go
    And the vote of Dora was cast for Sven

  Scenario Outline: Outside its days a delegation lets nobody vote
    Given Sven lets Dora vote from 2025-12-01 to 2025-12-05 because "On leave."
    And today is <day>
    When Dora tries to decide go because "As agreed."
    Then it is refused: "Your roles do not allow this"

    Examples:
      | day        |
      | 2025-11-30 |
      | 2025-12-06 |

  Scenario: A deputy cannot pass it on
    Given Sven lets Dora vote from 2025-11-24 to 2025-12-05 because "On leave."
    And Dora lets Emil vote from 2025-11-24 to 2025-12-05 because "I am ill."
    When Emil tries to decide go because "Dora asked me to."
    Then it is refused: "Your roles do not allow this"

  Scenario: Not even through a deputy does the submitter decide
    Given Sven lets Petra vote from 2025-11-24 to 2025-12-05 because "She knows it best."
    When Petra tries to decide go because "It is mine."
    Then it is refused: "The submitter never decides"
    And SHOP stands in draft
    And the history of SHOP tells
      | who   | what           |
      | Petra | gate.submitted |
      | Petra | vote.refused   |

  Scenario: One of the two votes, not both
    Given Sven lets Dora vote from 2025-11-24 to 2025-12-05 because "Perhaps on leave."
    And Sven abstains because "The supplier is my cousin."
    When Dora tries to decide go because "As agreed."
    Then it is refused: "One person, one vote"

  Scenario: Two people do not stand in for each other
    Given Sven lets Fiona vote from 2025-11-24 to 2025-12-05 because "On leave."
    When Fiona tries to let Sven vote from 2025-12-05 to 2025-12-12
    Then it is refused: "Two people cannot stand in for each other"

  Scenario: Nobody is their own deputy, and the past is past
    When Sven tries to let Sven vote from 2025-11-24 to 2025-12-12
    Then it is refused: "Some fields cannot be taken as they are"
    When Sven tries to let Dora vote from 2025-11-01 to 2025-11-23
    Then it is refused: "Some fields cannot be taken as they are"
