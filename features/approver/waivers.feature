Feature: Waiving a criterion
  Sometimes a project has to go on without something that its gate asks for. Whoever answers for that
  says so in their own name, with a reason and until a day, and nobody is left to think it was met.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                       |
      | Petra | project manager             |
      | Max   | project manager, gatekeeper |
      | Sven  | sponsor                     |
      | Greta | gatekeeper                  |
    And this workflow
      """
      schema: govern/workflow/v1
      id: waived
      version: 1
      title: Waived
      stages: [draft, running, closed]
      gates:
        - id: start
          title: It is worth starting
          from: draft
          to: running
          submit: [project_manager]
          approve: [{role: sponsor}]
          waive: [gatekeeper]
          criteria:
            must:
              - {id: budget-set, require: budget > 0, otherwise: Enter the budget.}
              - {id: cheap, require: spent = null or spent < 100, otherwise: Spend less.}
          evidence: [business_case]
        - id: close
          title: It is done
          from: running
          to: closed
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria:
            must:
              - {id: spent-known, require: spent != null, otherwise: Enter what was spent.}
      """
    And Petra starts the project SHOP
      | name | Shop |

  Scenario: The authority that the gate names waives, and the submission says so at once
    Given Petra submits SHOP to the gate "start"
    Then the advice is hold
    When Greta waives budget-set at the gate "start" for SHOP until 2025-12-31 because "The board has released the money."
    Then the evidence shows
      | criterion  | outcome |
      | budget-set | waived  |
      | cheap      | met     |
    And the advice is go
    And the advice says "'budget-set' is waived: by Greta (gatekeeper) until 2025-12-31"
    And the history of SHOP tells
      | who   | what           | why                               |
      | Greta | waiver.granted | The board has released the money. |
      | Greta | gate.rejudged  |                                   |

  Scenario: A document that is missing is waived by its name
    Given Greta waives evidence-business_case at the gate "start" for SHOP until 2025-12-31 because "It is at the printer's."
    When Petra submits SHOP to the gate "start" without the business case
    Then the evidence shows
      | criterion              | outcome |
      | evidence-business_case | waived  |

  Scenario: What was waived is listed on every later page, with the gate that was passed with it
    Given Petra submits SHOP to the gate "start"
    And Greta waives budget-set at the gate "start" for SHOP until 2025-12-31 because "The board has released the money."
    And Sven decides go because "Let us start."
    When 2026-02-01 has come
    And Petra submits SHOP to the gate "close"
    Then the project SHOP lists these waivers
      | criterion  | by    | why                               | until      | state   | passed with it |
      | budget-set | Greta | The board has released the money. | 2025-12-31 | expired | go             |
    And the submission lists these waivers
      | criterion  | by    | until      | state   |
      | budget-set | Greta | 2025-12-31 | expired |
    When the operator runs "status"
    Then it is done
    And it tells "Criteria that were waived (1)"
    And it tells "budget-set"
    And it tells "Greta"

  Scenario: It ends after its last day, and the criterion stands in the way again
    Given Petra submits SHOP to the gate "start"
    And Greta waives budget-set at the gate "start" for SHOP until 2025-11-24 because "For today."
    And Sven has read the submission
    When 2025-11-25 has come
    And Sven tries to decide go on what he has read
    Then it is refused: "It has changed since you read it"
    And the evidence shows
      | criterion  | outcome |
      | budget-set | unknown |

  Scenario: It can be ended before, and stays listed
    Given Petra submits SHOP to the gate "start"
    And Greta waives budget-set at the gate "start" for SHOP until 2025-12-31 because "The board has released the money."
    When Greta revokes the waiver of budget-set for SHOP because "The board has changed its mind."
    Then the evidence shows
      | criterion  | outcome |
      | budget-set | unknown |
    And the project SHOP lists these waivers
      | criterion  | by    | state   |
      | budget-set | Greta | revoked |
    And the history of SHOP tells
      | who   | what           | why                             |
      | Greta | waiver.revoked | The board has changed its mind. |

  Scenario: Whoever the gate does not name waives nothing
    Given Petra submits SHOP to the gate "start"
    When Sven tries to waive budget-set at the gate "start" for SHOP
    Then it is refused: "Your roles do not allow this"
    And the refusal says "gatekeeper"
    When Greta tries to waive spent-known at the gate "close" for SHOP
    Then it is refused: "Your roles do not allow this"
    And the refusal says "names no role for it"

  Scenario: Who submits waives nothing there, in whatever role, and the attempt is recorded
    Given Max submits SHOP to the gate "start"
    When Max tries to waive budget-set at the gate "start" for SHOP
    Then it is refused: "The submitter never decides"
    And the evidence shows
      | criterion  | outcome |
      | budget-set | unknown |
    And the history of SHOP tells
      | who | what           | why                  |
      | Max | waiver.refused | separation-of-duties |

  Scenario: Only what the gate asks for, and not for the past
    When Greta tries to waive good-luck at the gate "start" for SHOP
    Then it is refused: "Some fields cannot be taken as they are"
    When Greta tries to waive budget-set at the gate "start" for SHOP until 2025-11-23
    Then it is refused: "Some fields cannot be taken as they are"
