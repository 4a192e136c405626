Feature: Who let this through, knowing what?
  The history of a project answers for every decision: who, what, when, why, on which facts, by which
  rules and under which workflow.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Greta | gatekeeper      |
      | Dario | data owner      |
    And Ada is auditor of the whole installation
    And Petra has a complete case and plan for the project SHOP

  Scenario: A decision answers for itself
    Given Petra submits SHOP to the gate "value defined"
    And 2025-11-27 has come
    When Sven decides go because "The case is sound."
    Then Ada reads of the decision at the gate "value defined"
      | who          | Sven                          |
      | in the role  | sponsor                       |
      | what         | go                            |
      | advice       | go                            |
      | when         | 2025-11-27                    |
      | why          | The case is sound.            |
      | rulebook     | the one in force              |
      | workflow     | the one that the project runs under |
      | engine       | the one that judged           |
    And the facts that it cites are those of 2025-11-24
      | budget      | 1000   |
      | spent       | 100    |

  Scenario: A decision against the advice keeps both
    Given Petra submits SHOP to the gate "value defined"
    When Sven decides recycle because "Too thin." and against the advice because "The market study is old."
    Then Ada reads of the decision at the gate "value defined"
      | who                | Sven                     |
      | what               | recycle                  |
      | advice             | go                       |
      | why                | Too thin.                |
      | against the advice | The market study is old. |

  Scenario: What the rulebook was then, is told, whatever it is now
    Given Petra submits SHOP to the gate "value defined"
    And Sven decides go because "The case is sound."
    When a new rulebook comes into force
    Then Ada reads of the decision at the gate "value defined"
      | rulebook | the one in force then |

  Scenario: The history of a gate holds what concerns the gate, in order
    Given Max joins as project manager and sponsor
    And Max submits SHOP to the gate "value defined"
    When Max tries to decide go because "I know it is good."
    And Sven decides go because "The case is sound."
    And Petra submits SHOP to the gate "planned"
    Then the history of SHOP at the gate "value defined" is
      | who  | what           |
      | Max  | gate.submitted |
      | Max  | vote.refused   |
      | Sven | vote.cast      |
      | Sven | gate.decided   |
      | Sven | stage.moved    |

  Scenario: Findings name the facts and the rulebook that they rest on
    Given Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-10-31 | 500    |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"
    And the portfolio is swept
    Then what was found for SHOP names the rulebook in force and facts that can be read

  Scenario Outline: The auditor reads everything and writes nothing
    When Ada tries to <do>
    Then it is refused: "Your roles do not allow this"
    And nothing has been added to the history of SHOP

    Examples:
      | do                                                |
      | report 900 for SHOP-SALES in 2025-10-31           |
      | submit SHOP to the gate "value defined"           |
      | change the target of SHOP-SALES to 900            |
      | change the budget of SHOP to 9000                 |
      | sweep the portfolio                               |
      | make herself a sponsor                            |

  Scenario: The auditor does not decide either
    Given Petra submits SHOP to the gate "value defined"
    When Ada tries to decide go because "It looks right."
    Then it is refused: "Your roles do not allow this"
    And the submission is still open
