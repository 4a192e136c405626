Feature: A vote says yes to what its voter saw
  What was true when somebody voted may not be true when the last vote is cast. Then everybody is
  asked again, and reads what has changed.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"

  Scenario: A criterion comes out otherwise
    Given Sven decides go because "The plan is sound."
    And Fiona has read the submission
    When Petra takes the budget of SHOP back
    And Fiona tries to decide go on what she has read
    Then it is refused: "It has changed since you read it"
    And the submission is still open
    And the submission says "Criterion 'budget-set' was met and is now not met."
    And the vote of Sven counts no more
    And the advice is recycle

  Scenario: What no criterion reads asks nobody again
    Given Sven decides go because "The plan is sound."
    When Petra writes into the status of SHOP "On our way"
    And Fiona decides go because "The money is there."
    Then the submission is decided go
