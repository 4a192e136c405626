Feature: Holds that end by themselves
  Who puts a project on hold can say until when: until a day, or until something is so. It goes on where
  it stopped, and what nobody knows never ends a hold.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "value defined"

  Scenario: Until a day
    Given Sven holds SHOP until 2025-12-15 because "The budget is voted on the 14th."
    When 2025-12-14 has come
    And the clock ticks
    Then nothing was due
    When 2025-12-15 has come
    And the clock ticks
    Then SHOP stands in value defined
    And Petra is told "SHOP goes on in value_defined: It was held until 2025-12-15."

  Scenario: Until something is so
    Given Sven holds SHOP until "budget >= 5000" because "It is not worth it for less."
    When 2025-12-15 has come
    And the clock ticks
    Then nothing was due
    When Petra changes the budget of SHOP to 5000
    And the clock ticks
    Then SHOP stands in value defined
    And Sven is told "It was held until budget >= 5000, which is so now."

  Scenario: What nobody knows ends no hold
    Given Sven holds SHOP until "budget >= 5000" because "It is not worth it for less."
    When Petra changes the budget of SHOP to nothing
    And the clock ticks
    Then nothing was due
    And SHOP stands in on hold

  Scenario: A hold cannot end before it has begun
    When Sven tries to hold SHOP until 2025-11-24
    Then the refusal says "A hold cannot end before it has begun"
    And SHOP stands in value defined

  Scenario: A condition that cannot be read is refused at once
    When Sven tries to hold SHOP until "the weather is fine"
    Then the refusal says "The condition to resume cannot be read"
