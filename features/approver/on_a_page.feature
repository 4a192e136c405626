Feature: Deciding at a gate on a page
  Whoever decides seldom looks at the gate from a program. The page tells what is asked, what is known and
  what each answer leads to, and records one decision, once.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                    |
      | Petra | project manager          |
      | Max   | project manager, sponsor |
      | Sven  | sponsor                  |
      | Fiona | finance                  |
    And Petra has a complete case and plan for the project SHOP

  Scenario: From what waits to a recorded decision
    Given Petra submits SHOP to the gate "value defined"
    When Sven opens what waits for him
    And he opens the gate of SHOP
    Then the page tells
      | what                                       |
      | draft → value defined                      |
      | Petra                                      |
      | SHOP enters value defined.                 |
      | Your vote is the last one that is missing  |
    When he records go because "The case is sound."
    Then the page tells
      | what                                |
      | Recorded: go                        |
      | The case is sound.                  |
      | SHOP is in value defined            |
    And the submission is decided go

  Scenario: What is missing is told, and nothing that was written is lost
    Given Petra submits SHOP to the gate "value defined"
    When Sven opens the gate of SHOP
    And he records kill because "It is not worth it."
    Then the page tells
      | what                                               |
      | This cannot be taken yet                           |
      | The advice is go. Say why you decide otherwise.    |
      | It is not worth it.                                |
    And the submission waits for a decision

  Scenario: What is sent twice is recorded once
    Given Petra submits SHOP to the gate "value defined"
    When Sven opens the gate of SHOP
    And he records go because "The case is sound." and presses twice
    Then the history of SHOP has 1 vote

  Scenario: Whoever submitted is told why they do not decide
    Given Max submits SHOP to the gate "value defined"
    When Max opens the gate of SHOP
    Then the page tells
      | what                                                                   |
      | You cannot decide here.                                                |
      | You submitted this: somebody else decides it, whatever roles you hold. |
    And the page has no form to decide with
