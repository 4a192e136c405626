Feature: Who knew what, a year later
  Each vote is bound to what its voter saw. The record of a gate tells every iteration, every round and
  every vote, also those that counted no more, and how long each stage took.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
    And Ada is auditor of the whole installation
    And Petra has a complete case and plan for the project SHOP

  Scenario: What each voter saw can be read when they have long forgotten
    Given SHOP has passed the gate "value defined"
    And Petra has handed in the file "plan.pdf" for SHOP
    And Petra submits SHOP to the gate "planned"
    And Sven decides go because "The plan holds."
    And Petra brings the file "plan.pdf" as the benefits realisation plan
    And Fiona decides go because "The figures add up."
    And Sven decides go because "The plan holds still."
    When 2026-11-20 has come
    Then Ada reads what the voters saw as the benefits realisation plan
      | voter | document                                           |
      | Sven  | https://example.org/SHOP/benefits_realisation_plan |
      | Fiona | plan.pdf                                           |
      | Sven  | plan.pdf                                           |

  Scenario: The record of a gate holds every iteration, round and vote
    Given Petra submits SHOP to the gate "value defined"
    And 2025-11-27 has come
    And Sven decides recycle because "Too thin." and against the advice because "The study is old."
    And 2025-12-08 has come
    And Petra submits SHOP to the gate "value defined"
    And 2025-12-10 has come
    And Sven decides go because "The case is sound."
    And Petra submits SHOP to the gate "planned"
    And Sven decides go because "The plan holds."
    And Petra brings the link "https://example.org/plan-2" as the benefits realisation plan
    When 2025-12-15 has come
    Then Ada reads of the gate "value defined" of SHOP
      | iteration | rounds | votes        | advice | decision | days |
      | 1         | 1      | Sven recycle | go     | recycle  | 3    |
      | 2         | 1      | Sven go      | go     | go       | 2    |
    And Ada reads how long SHOP was in each stage
      | stage         | days |
      | draft         | 16   |
      | value defined | 5    |
    When the operator runs "history SHOP --gates"
    Then it is done
    And it tells "Gate value_defined: "
    And it tells "(1 recycle)"
    And it tells "2025-11-27 10:00 Sven as sponsor: recycle"
    And it tells "Against the advice: The study is old."
    And it tells "Evidence 'benefits_realisation_plan' was replaced."
    And it tells "Sven as sponsor: go (counts no more: what was seen has changed)"
    When the operator runs "history SHOP --gates --format json"
    Then it is done
    And it tells "days_in_stage"

  Scenario: A new iteration has the old one beside it
    Given Petra submits SHOP to the gate "value defined"
    And Sven decides recycle because "Too thin." and against the advice because "The study is old."
    When Petra submits SHOP to the gate "value defined" without the business case
    Then beside it stands the iteration before, which differs in
      | Criterion 'evidence-business_case' was met and is now not met. |
      | Evidence 'business_case' was taken out.                        |

  Scenario Outline: A file on disk that does not hold is named
    Given evidence is kept on disk
    And Petra has handed in the file "case.pdf" for SHOP
    When Ada verifies the history
    Then every chain holds
    When the operator runs "audit verify"
    Then it is done
    Given somebody <does> the file on the disk
    When the operator runs "audit verify"
    Then it is refused or found wanting
    And it tells "<what>"
    When Ada tries to read the file "case.pdf"
    Then it is refused: "The file is no longer what was handed in"

    Examples:
      | does    | what        |
      | changes | was changed |
      | deletes | is gone     |
