Feature: Changing what was agreed
  A gate froze the plan. Whoever wants another one proposes it and says why; those who decided the gate
  see what is lost or gained and decide again. What was agreed first is never forgotten.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                    |
      | Petra | project manager          |
      | Max   | project manager, sponsor |
      | Sven  | sponsor                  |
      | Fiona | finance                  |
      | Greta | gatekeeper               |
      | Dora  | auditor                  |
    And Petra has a complete case and plan for the project SHOP
    And SHOP has passed the gates "value defined" and "planned"

  Scenario: The plan is not changed by the way
    When Petra tries to change the target of SHOP-SALES to 900
    Then it is refused: "The baseline was agreed at a gate"
    And the refusal says "propose a scope change of project SHOP"

  Scenario: What would be lost is seen before anybody is asked
    When Petra looks what a scope change of SHOP would do
      | KPI        | field  | value |
      | SHOP-SALES | target | 900   |
    Then these values are lost or gained
      | KPI        | promised | instead | change |
      | SHOP-SALES | 1200     | 900     | -300   |
    And nothing has been added to the history of SHOP

  Scenario: Those who decided the gate decide, and then all of it holds at once
    Given Petra proposes "Home market only" for SHOP because "The second market is closed."
      | KPI        | field      | value |
      | SHOP-SALES | target     | 900   |
      | SHOP-SALES | 2025-12-31 | 900   |
    Then these scope changes wait for Sven
      | project | title            | as      |
      | SHOP    | Home market only | sponsor |
    When Sven says go to the scope change because "Rather less than nothing."
    Then the scope change is open
    And SHOP-SALES promises 1200
    And no scope change waits for Sven
    When Fiona says go to the scope change because "The cost falls as well."
    Then the scope change is applied
    And SHOP-SALES promises 900
    And the plan of SHOP-SALES for 2025-12-31 is 900
    And the history of SHOP tells
      | who   | what                  |
      | Petra | scope_change.proposed |
      | Sven  | scope_change.voted    |
      | Fiona | scope_change.voted    |
      | Fiona | scope_change.decided  |
      | Fiona | kpi.changed           |
      | Fiona | plan.recorded         |
      | Fiona | scope_change.applied  |

  Scenario: One no is enough, and nothing changes
    Given Petra proposes "Less" for SHOP because "It is easier."
      | KPI        | field  | value |
      | SHOP-SALES | target | 900   |
    When Fiona says recycle to the scope change because "Easier is no reason."
    Then the scope change is rejected
    And SHOP-SALES promises 1200

  Scenario: Whoever proposes does not decide, whatever roles they hold
    Given Max proposes "Less" for SHOP because "It is easier."
      | KPI        | field  | value |
      | SHOP-SALES | target | 900   |
    When Max tries to say go to the scope change
    Then it is refused: "The submitter never decides"
    And no scope change waits for Max
    And the history of SHOP tells
      | who | what                 |
      | Max | scope_change.refused |

  Scenario: What was proposed is done, or nothing is
    Given Petra proposes "Less" for SHOP because "The market shrinks."
      | KPI        | field  | value |
      | SHOP-SALES | target | 900   |
    And Petra proposes "A better count" for SHOP because "The baseline was counted wrongly."
      | KPI        | field    | value |
      | SHOP-SALES | baseline | 100   |
    And Sven says go to the scope change because "It was counted wrongly."
    And Fiona says go to the scope change because "Seen in the books."
    When Sven tries to say go to the scope change "Less"
    Then it is refused: "It would do something else than its preview said"
    And the refusal says "baseline of KPI SHOP-SALES was 0 and is 100"

  Scenario: Results stand against the first plan and against the one in force
    Given Petra proposes "Less" for SHOP because "The market shrinks."
      | KPI        | field      | value |
      | SHOP-SALES | 2025-11-30 | 800   |
    And Sven says go to the scope change because "It does."
    And Fiona says go to the scope change because "It does."
    And 2025-12-02 has come
    And Petra has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-11-30 | 880    |
    Then Sven sees SHOP-SALES against the baselines of SHOP
      | baseline | planned | attainment |
      | 1        | 1100    | 80%        |
      | 2        | 800     | 110%       |

  Scenario: Whoever has proposed takes it back
    Given Petra proposes "Less" for SHOP because "It is easier."
      | KPI        | field  | value |
      | SHOP-SALES | target | 900   |
    When Petra withdraws the scope change because "We shall try."
    Then the scope change is withdrawn
    And no scope change waits for Sven

  Scenario: Nothing is dropped without the value that is lost being seen
    When Petra tries to drop SHOP-WEB by the way
    Then it is refused: "The baseline was agreed at a gate"
    And the refusal says "propose a scope change of project SHOP"
    When Petra proposes to rescope SHOP as "No shop" because "Nobody orders there."
      | change | of       | field  | becomes |
      | drop   | SHOP-WEB |        |         |
      | terms  |          | budget | 400     |
    Then the scope change loses
      | deliverable | KPI        | share | promised |
      | SHOP-WEB    | SHOP-SALES | 60%   | 720      |
    When Sven says go to the scope change because "It was a dear shop."
    And Fiona says go to the scope change because "It saves more than half."
    Then the scope change is applied
    And SHOP-WEB is dropped
    And SHOP has a budget of 400
    And baseline 2 of SHOP holds SHOP-WEB as dropped and a budget of 400

  Scenario: A project ends by a scope change, and only while no gate is open
    Given Petra proposes to rescope SHOP as "Enough" because "The market is gone."
      | change    | of | field | becomes |
      | terminate |    |       |         |
    And Petra submits SHOP to the gate "monitoring"
    And Sven says go to the scope change because "It is."
    When Fiona tries to say go to the scope change
    Then it is refused: "The gate already has an open submission"
    And the scope change is open

  Scenario: Who decides may say it better, and then somebody else decides
    Given Petra proposes "Less" for SHOP because "It is easier."
      | KPI        | field  | value |
      | SHOP-SALES | target | 900   |
    And Fiona says go to the scope change because "It costs less."
    When Sven amends the scope change because "A little less will do."
      | KPI        | field  | value |
      | SHOP-SALES | target | 1100  |
    Then no scope change waits for Sven
    And the scope change waits for Max and Fiona
    When Sven tries to say go to the scope change
    Then it is refused: "The submitter never decides"
    When Max says go to the scope change because "It will."
    And Fiona says go to the scope change because "It still costs less."
    Then the scope change is applied
    And SHOP-SALES promises 1100

  Scenario: A deputy votes for who is away
    Given Sven lets Dora vote from 2025-11-24 to 2025-12-05 because "On leave."
    And Petra proposes "Less" for SHOP because "It is easier."
      | KPI        | field  | value |
      | SHOP-SALES | target | 900   |
    When Dora says go to the scope change because "As Sven and I agreed."
    Then the vote of Dora on the scope change is for Sven
    When Fiona says go to the scope change because "It costs less."
    Then the scope change is applied
