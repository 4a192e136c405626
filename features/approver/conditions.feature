Feature: What becomes of a conditional go
  A conditional go is a promise with dates. Kept, it turns into a go without anybody having to say so;
  broken, the project is put on hold, and goes on where it stopped once the promise is kept after all.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Greta | gatekeeper      |
    And Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "value defined"
    And Sven decides conditional go because "Good but for two things." on these conditions
      | what                   | owner | due        |
      | Sign the data contract | Fiona | 2025-12-01 |
      | Name the data owner    | Greta | 2025-12-15 |

  Scenario: All that was asked is done, and it is a go
    When Fiona closes the condition "Sign the data contract" on "Contract 4711"
    Then the conditional go is one still
    When Greta closes the condition "Name the data owner" on "Dario, from January"
    Then the conditional go has become go
    And the history of SHOP tells
      | who   | what           |
      | Greta | gate.confirmed |

  Scenario: The day it is due still counts
    When 2025-12-01 has come
    And the clock ticks
    Then nothing was due

  Scenario: One thing is overdue, and the project is on hold until all is done
    When 2025-12-02 has come
    And the clock ticks
    Then the conditional go has become hold
    And SHOP stands in on hold
    And Fiona is told "'Sign the data contract' by Fiona, due 2025-12-01"
    And Sven is told "The project is on hold from value_defined until all of it is closed."
    And Petra is told nothing
    When Fiona closes the condition "Sign the data contract" on "Contract 4711, late"
    Then SHOP stands in on hold
    When Greta closes the condition "Name the data owner" on "Dario, from January"
    Then the conditional go has become go
    And SHOP stands in value defined

  Scenario: What stands before the next gate by then is not decided under a broken promise
    Given Petra submits SHOP to the gate "planned"
    When 2025-12-02 has come
    And the clock ticks
    Then the submission has expired, undecided
    And SHOP stands in on hold
    And Petra is told "was closed undecided: the conditional go at gate 'Value is defined' lapsed"

  Scenario: A hold that somebody decided is not ended by a kept promise
    Given Sven holds SHOP until 2026-03-01 because "No money before spring."
    When 2025-12-02 has come
    And the clock ticks
    Then the conditional go has become hold
    When Fiona closes the condition "Sign the data contract" on "Contract 4711, late"
    And Greta closes the condition "Name the data owner" on "Dario, from January"
    Then the conditional go has become go
    And SHOP stands in on hold
    When 2026-03-01 has come
    And the clock ticks
    Then SHOP stands in value defined
