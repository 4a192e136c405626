Feature: Signing a decision
  Where an organisation asks for it, whoever decides at a gate shows just before who they are. It stands
  in the history how and when, and no program does it for anybody.

  Background:
    Given today is 2025-11-24
    And the gate "value defined" asks for a signature
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Stine | sponsor         |
    And Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "value defined"

  Scenario: A program never signs
    When a program of Sven tries to decide go
    Then it is refused: "This decision is signed by a person"
    And SHOP stands in draft

  Scenario: Who has just signed in signs
    Given Sven has signed in in a browser
    When Sven signs go there because "The case is sound."
    Then the submission is decided go
    And the history of SHOP tells that the vote of Sven was signed by a link

  Scenario: Who signed in this morning confirms it first
    Given Sven has signed in in a browser
    And three hours have passed
    When Sven tries to sign go there
    Then it is refused: "This decision is signed by a person"
    When Sven opens a new link of Sven in that browser
    And Sven signs go there because "The case is sound."
    Then the submission is decided go

  Scenario: The link of somebody else confirms nothing
    Given Sven has signed in in a browser
    And three hours have passed
    When Sven tries to open a new link of Stine in that browser
    Then it is refused: "A valid token is needed"
    When Sven tries to sign go there
    Then it is refused: "This decision is signed by a person"
