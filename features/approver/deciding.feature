Feature: Deciding at a gate
  Whoever answers for value or money decides what enters the next stage. Each decision has a reason,
  nobody decides what they have asked for themselves, and every attempt stands in the history.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                    |
      | Petra | project manager          |
      | Max   | project manager, sponsor |
      | Sven  | sponsor                  |
      | Fiona | finance                  |
      | Greta | gatekeeper               |
    And Petra has a complete case and plan for the project SHOP

  Scenario: A go takes the project into the next stage
    Given Petra submits SHOP to the gate "value defined"
    When Sven decides go because "The case is sound."
    Then the submission is decided go
    And SHOP stands in value defined
    And the history of SHOP tells
      | who   | what           | why                |
      | Petra | gate.submitted |                    |
      | Sven  | vote.cast      | The case is sound. |
      | Sven  | gate.decided   |                    |
      | Sven  | stage.moved    |                    |

  Scenario: A conditional go names what is owed, by whom and by when
    Given Petra submits SHOP to the gate "value defined"
    When Sven decides conditional go because "Good but for one thing." and on these conditions
      | what                   | owner | due        |
      | Sign the data contract | Fiona | 2025-12-15 |
    Then the submission is decided conditional go
    And SHOP stands in value defined
    And the condition "Sign the data contract" waits for Fiona
    When Fiona closes the condition "Sign the data contract" on "Contract 4711, signed"
    Then no condition waits for Fiona
    And the history of SHOP tells
      | who   | what             | on                    |
      | Sven  | condition.set    |                       |
      | Fiona | condition.closed | Contract 4711, signed |

  Scenario: A conditional go without conditions is none
    Given Petra submits SHOP to the gate "value defined"
    When Sven tries to decide conditional go on these conditions
      | what | owner | due |
    Then it is refused: "A conditional go names what is owed"
    And SHOP stands in draft

  Scenario: Recycle sends it back to be asked again
    Given Petra submits SHOP to the gate "value defined"
    When Sven decides recycle because "The target is a guess." and against the advice because "It was never measured."
    Then the submission is decided recycle
    And SHOP stands in draft
    When Petra submits SHOP to the gate "value defined"
    Then it is the second time that the gate was asked

  Scenario: Hold puts it aside, and it resumes where it was held
    Given SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"
    When Fiona decides hold because "No money this quarter." and against the advice because "The freeze came after the plan."
    Then SHOP stands in on hold
    When Sven resumes SHOP because "The budget is back."
    Then SHOP stands in value defined

  Scenario: Only those who decide its next gate hold a project between gates
    When Petra tries to hold SHOP outside a gate
    Then it is refused: "Your roles do not allow this"
    When Sven holds SHOP because "The founder is ill."
    Then SHOP stands in on hold

  Scenario: While a gate is open, the gate is where it is held or ended
    Given Petra submits SHOP to the gate "value defined"
    When Sven tries to end SHOP outside a gate
    Then it is refused: "The gate already has an open submission"

  Scenario: Kill ends it for good
    Given Petra submits SHOP to the gate "value defined"
    When Sven decides kill because "The market has gone." and against the advice because "A rival was first."
    Then SHOP stands in terminated
    When Petra tries to submit SHOP to the gate "value defined"
    Then it is refused: "The project cannot make this move from its stage"

  Scenario: A decision against the advice needs a reason of its own
    Given Petra submits SHOP to the gate "value defined"
    Then the advice is go
    When Sven tries to decide recycle because "I do not like it."
    Then it is refused: "A decision against the advice says why"
    And the submission is still open
    When Sven decides recycle because "I do not like it." and against the advice because "The owner has left."
    Then the history of SHOP tells
      | who  | what         | against the advice  |
      | Sven | vote.cast    | The owner has left. |
      | Sven | gate.decided | The owner has left. |

  Scenario: Who submits never decides, in whatever role, and the attempt is recorded
    Given Max submits SHOP to the gate "value defined"
    When Max tries to decide go because "I know it is good."
    Then it is refused: "The submitter never decides"
    And the submission is still open
    And SHOP stands in draft
    And the history of SHOP tells
      | who | what           | why                  |
      | Max | gate.submitted |                      |
      | Max | vote.refused   | separation-of-duties |
    When Sven decides go because "It is good, and I did not ask for it."
    Then SHOP stands in value defined

  Scenario: The plan needs the sponsor and finance
    Given SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"
    When Sven decides go because "The value is worth it."
    Then the submission is still open
    And SHOP stands in value defined
    And these votes are missing
      | role    | who   |
      | finance | Fiona |
    When Fiona decides go because "The money is there."
    Then SHOP stands in planned

  Scenario: One person casts one vote
    Given SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"
    And Sven decides go because "The value is worth it."
    When Sven tries to decide go because "And for finance as well."
    Then it is refused: "One person, one vote"

  Scenario: Only the roles that the gate names decide it
    Given Petra submits SHOP to the gate "value defined"
    When Fiona tries to decide go because "The money is there."
    Then it is refused: "Your roles do not allow this"
    And the refusal says "sponsor"

  Scenario: A gate out of turn is refused with what would be possible
    When Petra tries to submit SHOP to the gate "monitoring"
    Then it is refused: "The project cannot make this move from its stage"
    And the refusal tells what would be possible
      | gate          | decision | leads to      |
      | value defined | go       | value defined |
      | value defined | recycle  | draft         |
      |               | hold     | on hold       |

  Scenario: Nobody decides on what has changed since they read it
    Given SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"
    And Sven has read the submission
    And Fiona decides go because "The money is there."
    When Sven tries to decide go on what he has read
    Then it is refused: "It has changed since you read it"
    And SHOP stands in value defined

  Scenario: What was agreed at the planned gate is frozen
    Given SHOP has passed the gates "value defined" and "planned"
    When Petra tries to change the target of SHOP-SALES to 900
    Then it is refused: "The baseline was agreed at a gate"
