Feature: From a red light to a lesson
  A red light is worth nothing until somebody changes the project, and it works. Here is one project, from the rule
  that fired to the lesson that the next project reads at its first gate.

  Scenario: A cut that was weighed, decided, measured, reviewed and learnt from
    Given today is 2025-08-01
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Paul  | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Greta | gatekeeper      |
      | Dario | data owner      |
      | Olga  | benefit owner   |
    And Petra has a complete case and plan for the project SHOP
    And SHOP is to deliver
      | id        | state   | cost | serves        |
      | SHOP-GIFT | planned | 40   | SHOP-SALES 4% |
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-07-31 | 490    |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"

    # Sales rise by 70 a month instead of 100: 70 % of the plan, twice below 80 %.
    Given 2025-11-24 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-08-31 | 560    |
      | SHOP-SALES | 2025-09-30 | 630    |
      | SHOP-SALES | 2025-10-31 | 700    |
    And the portfolio is swept
    Then the recommendation of revenue-behind-plan waits for Sven
    And the recommendation of revenue-behind-plan says
      | action   | descope   |
      | severity | red       |
      | proposes | SHOP-GIFT |

    # By December sales come to 700 + 2 x 70. The gift cards are 4 % of that, and of the promise.
    When Sven looks what else could be done than revenue-behind-plan recommends
    Then of SHOP-SALES this is left
      | alternative | comes to | better by | left of the promise | saved |
      | nothing     | 840      | 0         | 1200                | 0     |
      | descope     | 806.4    | -33.6     | 1152                | 40    |

    When Sven accepts the recommendation of revenue-behind-plan because "Nobody will miss the gift cards."
    And Petra makes the recommendation of revenue-behind-plan a scope change, to bring
      | KPI        | size | by         |
      | SHOP-SALES | 200  | 2026-04-30 |
    Then the scope change loses
      | deliverable | KPI        | share | promised |
      | SHOP-GIFT   | SHOP-SALES | 4%    | 48       |
    When Sven says go to the scope change because "The people go to the web shop."
    Then the recommendation of revenue-behind-plan is accepted
    When Fiona says go to the scope change because "40 are freed for the web shop."
    Then the scope change is applied
    And SHOP-GIFT is dropped
    And the recommendation of revenue-behind-plan is implemented

    # Two quarters later: without the change sales would have come to 700 + 6 x 70 = 1120.
    Given 2026-05-11 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2025-12-31 | 1000   |
      | SHOP-SALES | 2026-04-30 | 1330   |
    When the clock ticks
    Then Petra sees the effect on SHOP-SALES
      | state      | effective |
      | without it | 1120      |
      | came to    | 1330      |
      | effect     | 210       |
    And the recommendation of revenue-behind-plan is effective
    And Sven reads the record of revenue-behind-plan
      | proposed        | 1 |
      | effective       | 1 |
      | effective share | 1 |

    # The quarter's value check, then the handover, and half a year later it is asked what came of it.
    Then the value check "value check" of SHOP is open
    When Sven decides go because "Sales are back." and against the advice because "The effect is there."
    Given the deliverable SHOP-WEB is done
    And SHOP has passed the gate "post review"
    And 2026-11-24 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2026-10-31 | 1260   |
    When the clock ticks
    Then a review of SHOP waits to be written
    When Petra reviews SHOP as met: "Sales have passed what was promised, ten months late."
    And Olga answers the survey of SHOP
      | question | score |
      | in-use   | 5     |
      | worth-it | 4     |
    And Petra records the lesson "Cut early what nobody misses" of SHOP
      | what happened | Sales stood at 70 % of the plan while people made gift cards. |
      | because       | The gift cards brought 4 % of the sales and took a team.       |
      | next time     | Ask at the first gate which deliverable brings least.          |
    And Olga signs the review of SHOP
    Then the review of SHOP is signed, and says of SHOP-SALES
      | promised | 1200 |
      | realised | 1260 |
      | rate     | 1.05 |

    # The next project with revenue to bring meets the lesson at its first gate.
    Given Paul has a complete case and plan for the project NEXT
    When Paul submits NEXT to the gate "value defined"
    Then Sven is shown the lesson "Cut early what nobody misses" of SHOP
    When Sven decides go because "It asks which deliverable brings least."
    Then the vote of Sven says that the lesson was shown
    And the history of SHOP tells
      | who   | what                    |
      | Sven  | recommendation.accepted |
      | Petra | scope_change.proposed   |
      | Fiona | scope_change.applied    |
      | Olga  | review.signed           |
