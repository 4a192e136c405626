Feature: Decision tables in Excel
  Whoever lives in Excel takes a decision table there, changes rows and brings them back. The rule file
  keeps everything else, and nothing half right gets in.

  Background:
    Given the rule file "rating/kpi-rag.yaml"
      """
      schema: govern/rules/v1
      area: rating
      owner: pmo@example.org
      params:
        watch: 90%  # the board of 24 November
      tables:
        - id: kpi-rag
          title: How a KPI stands
          hit: first
          rows: |
            | attainment   || rag     |
            | null         || "grey"  |
            | >= watch     || "green" |
            | [80%..watch) || "amber" |
            | < 80%        || "red"   |
      """
    And the author exports the table "kpi-rag" to "rag.xlsx"

  Scenario: There and back, the file is as it was
    When the author imports "rag.xlsx"
    Then it is done
    And it tells "nothing changes"
    And the rule file "rating/kpi-rag.yaml" is as it was

  Scenario: A changed threshold and a new row come into the file, and nothing else changes
    Given the author changes these cells of "rag.xlsx"
      | cell | to             |
      | A9   | [75%..watch)   |
      | A10  | [50%..75%)     |
      | A11  | < 50%          |
      | B11  | "deep red"     |
    When the author tries to import "rag.xlsx"
    Then it is done
    And it tells "+      | < 50%        || "deep red" |"
    And the rule file "rating/kpi-rag.yaml" is as it was
    When the author imports "rag.xlsx"
    Then it is done
    And the rule file "rating/kpi-rag.yaml" reads
      """
      schema: govern/rules/v1
      area: rating
      owner: pmo@example.org
      params:
        watch: 90%  # the board of 24 November
      tables:
        - id: kpi-rag
          title: How a KPI stands
          hit: first
          rows: |
            | attainment   || rag        |
            | null         || "grey"     |
            | >= watch     || "green"    |
            | [75%..watch) || "amber"    |
            | [50%..75%)   || "red"      |
            | < 50%        || "deep red" |
      """

  Scenario Outline: What cannot be taken is told at its cell, and the file stays
    Given the author changes these cells of "rag.xlsx"
      | cell   | to        |
      | <cell> | <content> |
    When the author imports "rag.xlsx"
    Then it is refused or found wanting
    And it complains "rag.xlsx: 'kpi-rag'!<cell>: error[<code>]: <what>"
    And the rule file "rating/kpi-rag.yaml" is as it was

    Examples:
      | cell | content      | code | what                        |
      | A8   | >= whatch    | E210 | unknown name `whatch`       |
      | B9   | amber        | E322 | `amber` is no constant      |
      | A10  | =1-20%       | E344 | a formula stands here       |
      | A10  | #REF!        | E344 | the error #REF! stands here |
      | A6   | attainmnt    | E343 | the table has no input      |
      | B1   | kpi-colours  | E342 | the rules have no table     |
