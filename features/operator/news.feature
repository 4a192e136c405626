Feature: News as it happens
  Other services and people learn what happens without asking: signed, in order, and each event until it was
  taken. Where nobody takes it, somebody is told.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sofia | sponsor         |
    And Petra starts the project SHOP
      | name | Web shop |
    And a service that is told of events

  Scenario: A service is told what happens from then on, signed
    Given Sofia has project.* sent to the service
    And Petra starts the project BANK
      | name | Bank |
    When the clock ticks
    When the clock ticks
    Then the service was told of project.added of BANK, signed, and of nothing else

  Scenario: What was not taken comes again, and keeps its project back
    Given Sofia has project.* sent to the service
    And the service answers 503 once
    And Petra starts the project BANK
      | name | Bank |
    When the clock ticks
    Given 1 minute passes
    When the clock ticks
    Then the service was told of project.added of BANK 2 times under one id

  Scenario: A service that takes nothing is asked no more, and somebody is told
    Given Sofia has project.* sent to the service
    And the service answers 500 for ever
    And Petra starts the project BANK
      | name | Bank |
    When the clock ticks every 6 hours, 20 times
    Then Sofia is told "is disabled"
    And the service has been asked 10 times

  Scenario: The operator adds, tries, looks at and ends a webhook
    When the operator has project.* sent to the service
    Then it is done
    And it tells "Its secret, told this once: whsec_"
    When the operator runs "webhooks ping 1"
    Then it is done
    And it tells "Taken: 204"
    When the operator runs "webhooks list"
    Then it tells "project.*"
    When the operator runs "webhooks end 1 --reason Enough."
    Then it is done
    And it tells "Webhook 1 has ended."

  Scenario: Everybody chooses what comes by mail
    When the operator runs "people mail sofia@example.org daily"
    Then it is done
    And it tells "Sofia gets by mail: daily"

  Scenario: A calendar has an address that can be taken away
    Given Sofia makes the address of her calendar
    Then the address gives a calendar
    When Sofia takes the address of her calendar away
    Then the address gives nothing
