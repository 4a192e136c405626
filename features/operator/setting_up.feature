Feature: Setting govern up and running it
  One process, one file, one command. Every command says by its exit code whether it worked.

  Scenario: A folder goes in, is judged, and shows where it stands
    Given a folder "figures" to import with the projects
      | project_id | name     | stage      |
      | SHOP       | Web shop | monitoring |
      | CRM        | CRM      |            |
    And with the KPIs
      | kpi_id | project_id | name  | category | direction | baseline | target | cadence |
      | SALES  | SHOP       | Sales | revenue  | increase  | 0        | 1200   | monthly |
    And with the readings
      | kpi_id | period_end | planned | actual |
      | SALES  | 2025-01-31 | 100     | 70     |
      | SALES  | 2025-02-28 | 200     | 140    |
    When the operator runs "import figures"
    Then it is done
    When the operator runs "sweep --as-of 2025-03-10"
    Then it is done
    And it tells "Sweep as of 2025-03-10: 2 projects, 2 readings"
    When the operator runs "status"
    Then it tells "Projects by stage"
    And it tells "No gate waits for a decision."
    And it tells "attainment = 0.7"
    When the operator runs "projects --stage draft"
    Then it tells "CRM"

  Scenario: People get roles and a token, which is shown once
    When the operator runs "people add sven@example.org Sven"
    Then it is done
    When the operator runs "people grant sven@example.org sponsor --portfolio main"
    Then it is done
    When the operator runs "people token sven@example.org"
    Then it is done
    And the token signs Sven in as sponsor
    And the token is kept nowhere

  Scenario Outline: Every command says by its exit code how it ended
    When the operator runs "<words>"
    Then <how it ends>

    Examples:
      | words                                      | how it ends                   |
      | projects                                   | it is done                    |
      | audit verify                               | it is done                    |
      | workflow check                             | it is done                    |
      | import nowhere                             | it is refused or found wanting |
      | sweep --as-of 2999-12-31                   | it is refused or found wanting |
      | history NOWHERE                            | it is refused or found wanting |
      | people grant nobody@example.org sponsor    | it is refused or found wanting |
      | sweeep                                     | it is called wrongly          |
      | sweep --as-of soon                         | it is called wrongly          |
      | people grant sven@example.org boss         | it is called wrongly          |

  Scenario: A command that does not exist says which one was meant
    When the operator runs "sweeep"
    Then it complains "did you mean 'sweep'?"

  Scenario: A setting that does not exist is refused by name
    Given the setting GOVERN_PROT is "8080"
    When the operator runs "projects"
    Then it is refused or found wanting
    And it complains "There is no setting GOVERN_PROT"

  Scenario: A workflow that nobody can read stops the start
    Given the workflow file "workflows/small.yaml"
      """
      schema: govern/workflow/v1
      id: small-change
      version: 1
      title: Small change
      stages: [draft, closed]
      gates:
        - {id: close, title: Done, from: draft, to: closd, submit: [project_manager], approve: [{role: sponsor}]}
      """
    When the operator runs "--workflows workflows projects"
    Then it is refused or found wanting
    And it complains "workflows/small.yaml:7:"
