Feature: Deadlines of a gate
  A gate does not wait for ever. Who has not voted is reminded, somebody else is asked in time, and
  what nobody decides is closed and may be asked again. All of it in working days, each thing once.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Greta | gatekeeper      |
    And Petra has a complete case and plan for the project SHOP

  Scenario: Six weeks in which nobody answers
    Given Petra submits SHOP to the gate "value defined"
    When the clock ticks every day until 2026-01-10
    Then this was done
      | on         | what           |
      | 2025-12-02 | gate.escalated |
      | 2025-12-04 | gate.reminded  |
      | 2026-01-06 | gate.expired   |
    And the submission has expired, undecided
    And SHOP stands in draft

  Scenario: Only those who can still vote are reminded
    Given SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"
    And Sven decides go because "The value is worth it."
    When 2025-12-04 has come
    And the clock ticks
    Then Fiona is told "is to be decided by 2025-12-08. Missing: 1 of finance."
    And Sven is told nothing

  Scenario: The next role may vote once the time is over
    Given Petra submits SHOP to the gate "value defined"
    Then no gate waits for Greta
    When 2025-12-02 has come
    And the clock ticks
    Then Greta is told "was not decided within 5 working days: gatekeeper may now vote"
    And these gates wait for Greta
      | project | gate          |
      | SHOP    | value defined |
    When Greta decides go because "Sven is ill, and the case is sound."
    Then SHOP stands in value defined

  Scenario: What has expired waits for nobody and can be asked again
    Given Petra submits SHOP to the gate "value defined"
    When 2026-01-06 has come
    And the clock ticks
    Then the submission has expired, undecided
    And no gate waits for Sven
    And Petra is told "was closed undecided: nobody decided it by 2026-01-05"
    When Petra submits SHOP to the gate "value defined"
    Then it is the second time that the gate was asked

  Scenario: However often the clock ticks, each thing is done once
    Given Petra submits SHOP to the gate "value defined"
    And 2025-12-05 has come
    And the clock ticks
    And the length of every history is noted
    When the clock ticks again
    Then nothing was due
    And no history is longer than it was
