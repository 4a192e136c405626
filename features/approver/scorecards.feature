Feature: Scoring what no condition can tell
  Whether a project fits the strategy is for people to judge. They score it from 0 to 10, each in
  their own name, and the gate counts what they give; until enough of them have, nobody knows.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                    |
      | Petra | project manager          |
      | Max   | project manager, sponsor |
      | Sven  | sponsor                  |
      | Fiona | finance                  |
      | Greta | gatekeeper               |
    And this workflow
      """
      schema: govern/workflow/v1
      id: scored
      version: 1
      title: Scored
      stages: [draft, running, closed]
      gates:
        - id: start
          title: It is worth starting
          from: draft
          to: running
          submit: [project_manager]
          approve: [{role: sponsor}, {role: finance}]
          criteria:
            must:
              - id: strategic-fit
                title: It fits the strategy
                score:
                  least: 6
                  scorers: 2
                  by: [sponsor, finance]
                  anchors:
                    - {at: 0, means: It works against the strategy}
                    - {at: 10, means: The strategy asks for it}
              - {id: budget-set, require: budget != null}
        - {id: close, title: Done, from: running, to: closed, submit: [project_manager], approve: [{role: gatekeeper}]}
      """
    And Petra starts the project SHOP
      | name   | Shop |
      | budget | 1000 |

  Scenario: Who has to score is told, with what a score means
    Given Petra submits SHOP to the gate "start"
    Then the advice is hold
    And the score of strategic-fit is told
      | mean | missing | who              |
      |      | 2       | Fiona, Max, Sven |
    And a 10 for strategic-fit means "The strategy asks for it"
    And the score of strategic-fit waits for Sven
    And no score waits for Petra
    And no score waits for Greta

  Scenario: It is unknown until enough have scored, and then their mean counts
    Given Petra submits SHOP to the gate "start"
    When Sven scores strategic-fit with 7.25 because "Two of three goals."
    Then the evidence shows
      | criterion     | outcome | saw                              |
      | strategic-fit | unknown | scores given = 1 of 2            |
    And the score of strategic-fit is told
      | mean | missing | who        |
      | 7.25 | 1       | Fiona, Max |
    And no score waits for Sven
    When Fiona scores strategic-fit with 6 because "One of three."
    Then the evidence shows
      | criterion     | outcome | saw                                   |
      | strategic-fit | met     | score = 6.63; scores given = 2 of 2   |
    And the advice is go
    And these scores stand with strategic-fit
      | who   | in the role | score | why                 |
      | Sven  | sponsor     | 7.25  | Two of three goals. |
      | Fiona | finance     | 6     | One of three.       |
    And the history of SHOP tells
      | who   | what             | why                 |
      | Sven  | criterion.scored | Two of three goals. |
      | Fiona | criterion.scored | One of three.       |

  Scenario: Too low a mean sends it back
    Given Petra submits SHOP to the gate "start"
    And Sven scores strategic-fit with 9 because "I like it."
    When Fiona scores strategic-fit with 2 because "It is off our course."
    Then the evidence shows
      | criterion     | outcome |
      | strategic-fit | not met |
    And the advice is recycle

  Scenario: Scoring again corrects one's own score, and both stand in the history
    Given Petra submits SHOP to the gate "start"
    And Sven scores strategic-fit with 9 because "I like it."
    When Sven scores strategic-fit with 3 because "I took it for another project."
    Then these scores stand with strategic-fit
      | who  | in the role | score | why                            |
      | Sven | sponsor     | 3     | I took it for another project. |
    And the history of SHOP tells
      | who  | what             | why                            |
      | Sven | criterion.scored | I like it.                     |
      | Sven | criterion.scored | I took it for another project. |

  Scenario: A vote does not outlive a score that its voter has not seen
    Given Petra submits SHOP to the gate "start"
    And Sven scores strategic-fit with 8 because "It fits."
    And Fiona scores strategic-fit with 8 because "It fits."
    And Sven decides go because "Let us start."
    When Fiona scores strategic-fit with 3 because "The strategy has changed."
    Then the vote of Sven counts no more
    And the submission is still open
    And the advice is recycle

  Scenario: Who submits never scores, in whatever role, and the attempt is recorded
    Given Max submits SHOP to the gate "start"
    When Max tries to score strategic-fit with 10
    Then it is refused: "The submitter never decides"
    And no score stands with strategic-fit
    And the history of SHOP tells
      | who | what          | why                  |
      | Max | score.refused | separation-of-duties |

  Scenario: Only the roles that the criterion names score it
    Given Petra submits SHOP to the gate "start"
    When Greta tries to score strategic-fit with 10
    Then it is refused: "Your roles do not allow this"
    And the refusal says "sponsor, finance"

  Scenario Outline: What is no score
    Given Petra submits SHOP to the gate "start"
    When Sven tries to score <criterion> with <score>
    Then it is refused: "Some fields cannot be taken as they are"
    And nothing has been added to the history of SHOP

    Examples:
      | criterion     | score |
      | strategic-fit | 10.5  |
      | strategic-fit | -1    |
      | strategic-fit | 7.125 |
      | budget-set    | 7     |
      | good-feeling  | 7     |

  Scenario: Once it is decided nothing more is scored
    Given Petra submits SHOP to the gate "start"
    And Sven decides kill because "The market has gone." and against the advice because "A rival was first."
    When Fiona tries to score strategic-fit with 7
    Then it is refused: "The submission has been decided"
