Feature: Reviewing what came of a project
  Value shows months after the rollout, when everybody looks elsewhere. So a review opens by itself, filled in
  with what was promised and what came; who owns the benefit signs it, and what is still owed has somebody
  who answers for it, also when the project has closed.

  Background:
    Given today is 2026-02-05
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Greta | gatekeeper      |
      | Dario | data owner      |
      | Olga  | benefit owner   |
      | Dora  | auditor         |
    And Petra has a complete case and plan for the project SHOP
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2026-01-31 | 100    |
    And SHOP has passed the gates "value defined", "planned" and "monitoring"
    And the deliverable SHOP-WEB is done
    And SHOP has passed the gate "post review"

  Scenario: Six months after the rollout it opens by itself, filled in
    Given 2026-08-04 has come
    When the clock ticks
    Then SHOP has no review
    Given 2026-08-05 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2026-07-31 | 660    |
    When the clock ticks
    Then a review of SHOP waits to be written
    And Olga is told "The review of SHOP 'SHOP', rolled out since 2026-02-05, is open"
    # (660 − 0) / (1200 − 0)
    And the review of SHOP suggests partly met, at 0.55
    And the dossier of SHOP says of SHOP-SALES
      | promised | 1200 |
      | realised | 660  |
      | rate     | 0.55 |
    And the dossier of SHOP tells the decisions
      | gate          | decision |
      | value_defined | go       |
      | planned       | go       |
      | monitoring    | go       |
      | post_review   | go       |

  Scenario: Nobody has reported, so nobody knows
    Given 2026-08-05 has come
    When the clock ticks
    Then the review of SHOP suggests not known
    And the review of SHOP lacks "SHOP-SALES: follow_up: say what becomes of it"

  Scenario: Whoever writes in it does not sign it
    Given 2026-08-05 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2026-07-31 | 660    |
    When the clock ticks
    And Sven writes the review of SHOP
      | rating     | partly_met                           |
      | summary    | It sells, and slower than we thought. |
      | SHOP-SALES | keep_measuring by Nora until 2027-08-31 |
    And Sven tries to sign the review of SHOP
    Then it is refused: "The submitter never decides"
    And the history of SHOP tells
      | who  | what           |
      | Sven | review.changed |
      | Sven | review.refused |
    When Olga signs the review of SHOP
    Then the history of SHOP tells
      | who  | what          |
      | Olga | review.signed |

  Scenario: What is still owed needs somebody who answers for it, and another rating a reason
    Given 2026-08-05 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2026-07-31 | 660    |
    When the clock ticks
    And Petra writes the review of SHOP
      | rating     | met        |
      | summary    | It sells.  |
      | SHOP-SALES | settled    |
    And Olga tries to sign the review of SHOP
    Then it is refused: "Some fields cannot be taken as they are"
    And the review of SHOP lacks "SHOP-SALES: it is not where it was promised to be: it cannot be settled"
    When Petra writes the review of SHOP
      | SHOP-SALES | written_off because Nobody buys at night. |
    And Olga tries to sign the review of SHOP
    Then it is refused: "Some fields cannot be taken as they are"
    When Olga signs off what came of SHOP because "The market fell by a third."
    Then the review of SHOP is signed, and says of SHOP-SALES
      | promised | 1200 |
      | realised | 660  |
      | rate     | 0.55 |

  Scenario: A project closes on its review and a lesson, and its figures go on
    Given 2026-08-05 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2026-07-31 | 660    |
    When the clock ticks
    And Petra submits SHOP to the gate "closed"
    Then the advice is recycle
    And these criteria are not met
      | review-signed   |
      | lesson-recorded |
      | kpis-owned      |
    When Greta decides recycle because "Review it first."
    And Petra writes the review of SHOP
      | rating     | partly_met                              |
      | summary    | It sells, and slower than we thought.    |
      | SHOP-SALES | keep_measuring by Nora until 2026-09-30 |
    And Olga signs the review of SHOP
    And Petra writes down what SHOP has learned
    Given SHOP has passed the gate "closed"
    And 2026-12-01 has come
    And Dario has reported
      | KPI        | period     | actual |
      | SHOP-SALES | 2026-08-31 | 760    |
    Then Nora owes these figures of SHOP
      | KPI        | last period |
      | SHOP-SALES | 2026-09-30  |
    # A year after the signature it is asked again.
    Given 2027-08-05 has come
    When the clock ticks
    Then review 2 of SHOP is open
