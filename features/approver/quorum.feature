Feature: Several people decide together
  A gate says how many votes of which role it needs. Each person fills one seat, whatever roles they
  hold; whoever waits reads what is missing and who can give it.

  Background:
    Given today is 2025-11-24
    And this workflow
      """
      schema: govern/workflow/v1
      id: board
      version: 1
      stages: [draft, running, closed]
      gates:
        - id: start
          title: The work is worth starting
          from: draft
          to: running
          submit: [project_manager]
          approve:
            - {role: gatekeeper, votes: 2, of: 3, meaning: I would spend my own money on it.}
            - {role: finance, meaning: The money is there.}
          veto: [sponsor]
          criteria:
            must:
              - {id: budget-set, require: budget != null}
        - id: close
          title: The work is done
          from: running
          to: closed
          submit: [project_manager]
          approve: [{role: gatekeeper}]
      """
    And these people on the portfolio
      | name  | roles               |
      | Petra | project manager     |
      | Greta | gatekeeper          |
      | Gerd  | gatekeeper          |
      | Gina  | gatekeeper, finance |
      | Sven  | sponsor             |
    And Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "start"

  Scenario: It is decided once every seat is filled
    Given Greta decides go because "Well prepared."
    And Gerd decides go because "Well prepared."
    When Gina decides go because "We can pay for it."
    Then the submission is decided go
    And SHOP stands in running
    And the votes filled these seats
      | who   | seat       | meaning                            |
      | Greta | gatekeeper | I would spend my own money on it.  |
      | Gerd  | gatekeeper | I would spend my own money on it.  |
      | Gina  | finance    | I would spend my own money on it.  |

  Scenario: Who holds two roles fills one seat, the one that lets a colleague's vote count
    Given Gina decides go because "Good, and affordable."
    And Greta decides go because "Good."
    Then the submission is still open
    And these votes are missing
      | role    | who  |
      | finance | Gerd |
    When Gerd decides go because "Good."
    Then the submission is decided go
    And SHOP stands in running

  Scenario: Where nobody is left for a seat, it is told who can help
    Given Gina abstains because "My brother works for the supplier."
    Then somebody is told how the seat of finance can be filled

  Scenario: One against stops a panel of three that asks for two no more than it says
    Given Greta decides kill because "A rival was first." and against the advice because "I do not believe in it."
    Then the submission is still open
    And these votes are missing
      | role       | who        |
      | gatekeeper | Gerd, Gina |
      | finance    | Gina       |

  Scenario: Two against, and the quorum cannot be reached any more
    Given Greta decides kill because "A rival was first." and against the advice because "I do not believe in it."
    When Gerd decides recycle because "Show me the customers." and against the advice because "Nobody was asked."
    Then the submission is decided recycle
    And SHOP stands in draft

  Scenario: A veto ends it at once, though the sponsor's vote for it is not needed
    Given Greta decides go because "Well prepared."
    When Sven decides hold because "The merger comes first." and against the advice because "Nobody else knows of it yet."
    Then the submission is decided hold
    And SHOP stands in on hold

  Scenario: Who abstains leaves it to the others
    Given Gina abstains because "My brother works for the supplier."
    Then the submission is still open
    And these votes are missing
      | role       | who         |
      | gatekeeper | Gerd, Greta |
      | finance    |             |
    And no gate waits for Gina
