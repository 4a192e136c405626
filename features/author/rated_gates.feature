Feature: A gate that reads a decision table
  What makes a KPI red is said once, in a table of the rules. Rules read it, and so do gates.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Dario | data owner      |
    And the rule file "rating.yaml"
      """
      schema: govern/rules/v1
      area: rating
      tables:
        - id: kpi-rag
          hit: first
          rows: |
            | attainment || rag     |
            | null       || "grey"  |
            | >= 90%     || "green" |
            | -          || "red"   |
      """
    And the author publishes the rules
    And this workflow
      """
      schema: govern/workflow/v1
      id: rated
      version: 1
      stages: [running, closed]
      gates:
        - id: close
          title: The value is there
          from: running
          to: closed
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria:
            must:
              - id: nothing-red
                title: No KPI is red
                require: count(kpis) > 0 and every k in kpis satisfies k.kpi_rag != "red"
                otherwise: Bring the red KPIs back.
      """
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | kpi   | direction | baseline | target |
      | SALES | increase  | 0        | 1200   |
    And SALES is planned to rise by 100 a month from 2025-01-31 to 2025-12-31

  Scenario Outline: What the table says of each KPI decides the criterion
    Given Dario has reported
      | KPI   | period     | actual   |
      | SALES | 2025-10-31 | <actual> |
    When Petra submits SHOP to the gate "close"
    Then the advice is <advice>
    And the evidence shows
      | criterion   | outcome   | saw   |
      | nothing-red | <outcome> | <saw> |

    Examples:
      | actual | advice  | outcome | saw                    |
      | 900    | go      | met     |                        |
      | 899    | recycle | not met | SALES: k.kpi_rag = red |

  Scenario: Rules without a table that a gate reads stay out
    When the author changes "kpi-rag" to "kpi-status" in "rating.yaml"
    And the author publishes the rules
    Then it is refused or found wanting
    And it complains "the criterion 'nothing-red' of the gate 'close'"
    And it complains "a KPI has no field `kpi_rag`"

  Scenario: A table that is misspelt is found when the file is checked
    Given the workflow file "flows/rated.yaml"
      """
      schema: govern/workflow/v1
      id: rated
      version: 2
      stages: [running, closed]
      gates:
        - id: close
          title: The value is there
          from: running
          to: closed
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria:
            must:
              - id: nothing-red
                require: not(some k in kpis satisfies k.kpi_rga = "red")
              - id: always
                require: count(kpis) >= 0
      """
    When the operator runs "--rules rules --workflows flows workflow check"
    Then it is refused or found wanting
    And these problems are reported
      | where                    | what                           | what would be right         |
      | flows/rated.yaml:15:51   | a KPI has no field `kpi_rga`   | did you mean 'kpi_rag'?     |
      | flows/rated.yaml:17:20   | met whenever it is known       | leave out                   |
