Feature: The evidence that a gate is decided on
  A submission is judged on what is known at that moment: each criterion is met, not met or unknown,
  with the values that it saw. The machine advises; people decide.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Dario | data owner      |

  Scenario: What the case lacks is told with what to do about it
    Given Petra starts the project SHOP
      | objective | Grow online |
    And SHOP promises
      | KPI   | category     | direction | baseline | target | owner |
      | SALES | revenue      | increase  | 0        | 1200   | Olga  |
      | CSAT  | satisfaction | increase  |          | 80     | Olga  |
    When Petra submits SHOP to the gate "value defined"
    Then the evidence shows
      | criterion       | outcome | saw                    | to do                         |
      | kpis-named      | met     | count(kpis) = 2        |                               |
      | directions-set  | met     |                        |                               |
      | baselines-set   | not met | CSAT: k.baseline = unknown | Measure where each KPI stands |
      | targets-set     | met     |                        |                               |
      | objective-named | met     | objective = Grow online |                              |
      | units-set       | not met | SALES: k.unit = unknown    |                               |
    And the advice is recycle
    And the advice says "Must-meet 'baselines-set' is not met"
    And go leads to value defined, recycle leaves it in draft

  Scenario: A complete case is advised to go
    Given Petra has a complete case and plan for the project SHOP
    When Petra submits SHOP to the gate "value defined"
    Then the advice is go
    And the advice says "All 9 must-meet criteria are met."

  Scenario: A document that the gate asks for is missing
    Given Petra has a complete case and plan for the project SHOP
    When Petra submits SHOP to the gate "value defined" without the business case
    Then the evidence shows
      | criterion                 | outcome | saw                           |
      | evidence-business_case    | not met | business_case = not provided  |
      | evidence-benefit_profiles | met     | benefit_profiles = provided   |
    And the advice is recycle

  Scenario: Points that should be met make the advice conditional
    Given Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | category | unit | direction | baseline | target | owner |
      | SALES | revenue  | EUR  | increase  | 0        | 1200   | Olga  |
    When Petra submits SHOP to the gate "value defined"
    Then the evidence shows
      | criterion       | outcome | saw                 |
      | objective-named | not met | objective = unknown |
      | units-set       | met     |                     |
    And the advice is conditional go
    And the advice says "below this gate's mark of 70 %"

  Scenario: Nothing but harm is promised
    Given Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI    | category | unit | direction | baseline | target | owner | disbenefit |
      | QUEUES | quality  | h    | at most   | 1        | 2      | Olga  | yes        |
    When Petra submits SHOP to the gate "value defined"
    Then the advice is kill
    And the advice says "Fatal must-meet 'benefit-promised' is not met"

  Scenario Outline: A value that is not known never opens a gate
    Given this workflow
      """
      schema: govern/workflow/v1
      id: small-change
      version: 1
      title: Small change
      stages: [draft, running, closed]
      gates:
        - id: start
          title: The pilot has shown the value
          from: draft
          to: running
          submit: [project_manager]
          approve: [{role: sponsor}]
          criteria:
            must:
              - id: pilot-on-plan
                require: count(kpis) > 0 and every k in kpis satisfies k.attainment >= 80%
                otherwise: Show the value in a pilot first.
        - {id: close, title: Done, from: running, to: closed, submit: [project_manager], approve: [{role: sponsor}]}
      """
    And Petra starts the project PILOT
      | name | Pilot |
    And PILOT promises
      | KPI   | category | direction | baseline | target |
      | SALES | revenue  | increase  | 0        | 1200   |
    And SALES is planned to rise by 100 a month from 2025-09-30 to 2025-12-31
    And Dario has reported
      | KPI   | period     | actual    |
      | SALES | 2025-09-30 | 100       |
      | SALES | 2025-10-31 | <October> |
    When Petra submits PILOT to the gate "start"
    Then the evidence shows
      | criterion     | outcome   | saw   |
      | pilot-on-plan | <outcome> | <saw> |
    And the advice is <advice>

    Examples:
      | October | outcome | saw                       | advice  |
      | 160     | met     |                           | go      |
      | 159     | not met | SALES: k.attainment = 0.795 | recycle |
      |         | unknown | SALES: k.attainment = unknown | hold    |

  Scenario: The evidence is what was known when the gate was asked
    Given Petra has a complete case and plan for the project SHOP
    When Petra submits SHOP to the gate "value defined"
    And Petra changes the budget of SHOP to 5000
    Then the facts of the submission still say a budget of 1000

  Scenario: A document is handed in as a file and read as it was handed in
    Given Petra has a complete case and plan for the project SHOP
    And Petra has handed in the file "case.pdf" for SHOP
    And Petra submits SHOP to the gate "value defined"
    When Petra brings the file "case.pdf" as the business case
    Then the submission says "Evidence 'business_case' was replaced."
    And Sven reads the business case as it was handed in

  Scenario Outline: What shows nothing, or is not what it says, is no evidence
    Given Petra has a complete case and plan for the project SHOP
    When Petra tries to hand in <what> for SHOP
    Then it is refused: "<why>"
    And nothing has been added to the history of SHOP

    Examples:
      | what                                | why                                             |
      | an empty file                       | An empty file shows nothing                     |
      | a file of 26 MB                     | The body is larger than is taken here           |
      | a web page                          | Files of this type are not taken as evidence    |
      | an archive                          | Files of this type are not taken as evidence    |
      | a program that is called case.pdf   | The file is not what its type says              |
      | a picture that is called case.pdf   | The file is not what its type says              |
      | a workbook that is called case.docx | The file is not what its type says              |
      | a PDF that was cut off              | The file is not what its type says              |
      | a file that is called ../case.pdf   | Some fields cannot be taken as they are         |

  Scenario Outline: A link leads to a document and does nothing else
    Given Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "value defined"
    When Petra tries to bring the link "<link>" as the business case
    Then it is refused: "Some fields cannot be taken as they are"
    And nothing has been added to the history of SHOP

    Examples:
      | link                                |
      | javascript:alert(1)                 |
      | file:///etc/passwd                  |
      | https://petra:secret@example.org/x  |

  Scenario: Only those who submit to the gate or decide it bring evidence
    Given Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "value defined"
    When Dario tries to bring the link "https://example.org/mine" as the business case
    Then it is refused: "Your roles do not allow this"
    And nothing has been added to the history of SHOP

  Scenario: Nothing is brought to what has been decided
    Given Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "value defined"
    And Sven decides go because "The case is sound."
    When Petra tries to bring the link "https://example.org/late" as the business case
    Then it is refused: "The submission has been decided"
    And nothing has been added to the history of SHOP

  Scenario: New evidence asks those again who have voted, and says what changed
    Given Fiona joins as finance
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gate "value defined"
    And Petra submits SHOP to the gate "planned"
    And Sven decides go because "The plan holds."
    When Petra brings the link "https://example.org/plan-2" as the benefits realisation plan
    Then the submission says "Evidence 'benefits_realisation_plan' was replaced."
    And the vote of Sven counts no more
    And these votes are missing
      | role    | who   |
      | sponsor | Sven  |
      | finance | Fiona |

  Scenario: Who decides on what was replaced meanwhile is told
    Given Petra has a complete case and plan for the project SHOP
    And Petra submits SHOP to the gate "value defined"
    And Sven has read the submission
    And Petra brings the link "https://example.org/case-2" as the business case
    When Sven tries to decide go on what he has read
    Then it is refused: "It has changed since you read it"
    And the submission is still open
