Feature: Reports that are sent
  Whoever has to know how things stand does not have to ask. A report comes on its day, once, with what is due
  next; and where it cannot come, somebody is told.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sofia | sponsor         |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | category | direction | baseline | target | cadence |
      | SALES | revenue  | increase  | 0        | 1200   | monthly |

  Scenario: Without a mail server nothing can be sent, and the setting is named
    When Sofia tries to have the report portfolio-value sent weekly by mail to sofia@example.org
    Then it is refused: "Some fields cannot be taken as they are"
    And the answer names GOVERN_SMTP_URL

  Scenario: A letter comes on its day, once
    Given a mail server
    And Sofia has the report portfolio-value sent weekly by mail to sofia@example.org
    When the clock ticks
    When the clock ticks
    Then sofia@example.org has got 1 letter
    And the letter says "The next report comes on 2025-12-01."
    And the report is attached to it as a page
    Given today is 2025-12-01
    When the clock ticks
    Then sofia@example.org has got 2 letters

  Scenario: Another service gets it, signed
    Given a service that takes reports
    And Sofia has the report portfolio-value sent monthly to the service
    When the clock ticks
    Then the service has got 1 report that is signed

  Scenario: A service that does not answer is asked again, and Sofia is told when nobody asks any more
    Given a service that takes reports
    And the service answers 503 from now on
    And Sofia has the report portfolio-value sent monthly to the service
    When the clock ticks every 6 hours, 8 times
    Then the service has been asked 8 times
    And Sofia is told "was not sent"

  Scenario: A service that is gone for good ends it
    Given a service that takes reports
    And the service answers 410 from now on
    And Sofia has the report portfolio-value sent daily to the service
    When the clock ticks
    Given today is 2025-11-25
    When the clock ticks
    Then the service has been asked 1 times

  Scenario: What is due next is told without a letter, too
    When the operator runs "schedules due --project SHOP"
    Then it is done
    And it tells "Nothing is due by"

  Scenario: The operator has a report sent from the command line
    Given a mail server
    When the operator runs "schedules add portfolio-value --every weekly --email board@example.org"
    Then it is done
    And it tells "Schedule 1: portfolio-value weekly, next on"
    When the operator runs "tick"
    Then it is done
    And board@example.org has got 1 letter
    When the operator runs "deliveries list"
    Then it tells "sent"
    When the operator runs "schedules end 1 --reason Enough."
    Then it is done
    And it tells "Schedule 1 has ended."
