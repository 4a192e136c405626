Feature: What was known then
  A figure is corrected, a budget is raised. Whoever is asked later why it was decided so looks back at
  what was known at that moment, and sees it as it was, whenever they ask.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Dario | data owner      |
    And Ada is auditor of the whole installation
    And the log has a key, and the auditors have a witness that knows it
    And Petra has a complete case and plan for the project SHOP
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-10-31 | 500    |
    And Petra submits SHOP to the gate "value defined"
    And the log is sealed, "before the correction"
    And 2025-11-27 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-10-31 | 900    |
    And Petra has changed the budget of SHOP to 2000
    And Sven decides go because "The case is sound."
    And the log is sealed, "after the correction"

  Scenario Outline: A project, its gate and a KPI as they were known before and after a correction
    Given 2026-11-20 has come
    When Ada looks back at SHOP <when>
    Then Ada sees
      | the stage of SHOP               | <stage>  |
      | the budget of SHOP              | <budget> |
      | the gate                        | <gate>   |
      | the decision                    | <what>   |
      | SHOP-SALES for 2025-10-31       | <actual> |
      | how often it had been reported  | <times>  |
    And the answer rests on the log as it was <log>

    Examples:
      | when                                    | stage         | budget | gate    | what | actual | times | log                   |
      | as of 2025-11-25 10:00                  | draft         | 1000   | open    |      | 500    | 1     | before the correction |
      | as of the log before the correction     | draft         | 1000   | open    |      | 500    | 1     | before the correction |
      | as of 2025-11-28 10:00                  | value_defined | 2000   | decided | go   | 900    | 2     | after the correction  |
      | as of the log after the correction      | value_defined | 2000   | decided | go   | 900    | 2     | after the correction  |

  Scenario Outline: Whoever asks twice gets the same answer, to the byte
    Given 2025-11-29 has come
    When Ada looks back at SHOP <when>
    And 2026-11-20 has come
    And Petra changes the budget of SHOP to 3000
    And another Ada, at another server, looks back at SHOP <when>
    Then both have seen the same, to the byte

    Examples:
      | when                                |
      | as of 2025-11-25 10:00              |
      | as of the log before the correction |
      | as of 2025-11-28 10:00              |

  Scenario: What is not settled yet is not told
    When Ada tries to look back at SHOP as of 2025-11-27 10:00
    Then it is refused: "Some fields cannot be taken as they are"
    And the refusal says "What was known then is not settled yet."

  Scenario: Before anything was sealed, nothing can be told
    When Ada tries to look back at SHOP as of 2025-11-20 10:00
    Then it is refused: "Some fields cannot be taken as they are"
    And the refusal says "Nothing had been sealed by then."

  Scenario: Who may not see the project today does not see its past
    Given these people on another portfolio
      | name | roles           |
      | Otto | project manager |
    And 2026-11-20 has come
    When Otto tries to look back at SHOP as of 2025-11-25 10:00
    Then it is refused: "There is no such thing, or you may not see it"
