Feature: What other projects have learned
  A lesson that only its own project reads changes nothing. Everybody can find it, and whoever decides a
  project that measures the same is shown it at the gate, with the reason, and the record says so.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles           |
      | Petra | project manager |
      | Sven  | sponsor         |
      | Fiona | finance         |
      | Dario | data owner      |
    And Petra has a complete case and plan for the project SHOP
    And Petra has a complete case and plan for the project NEXT
    And Petra has noted these lessons of SHOP
      | lesson                         | what happened                                  | because                            | next time                           | categories |
      | Training came too late         | The branch in Zürich sold nothing for a month. | Training came after the rollout.   | Train two weeks before the rollout. | revenue    |
      | The servers were bought early  | They stood unused for a year.                  | Nobody had asked when.             | Buy what is used.                   | cost       |

  Scenario: Everybody finds a lesson by how its words begin
    When Dario searches the lessons for "zurich TRAIN"
    Then these lessons are found
      | lesson                 | of   |
      | Training came too late | SHOP |
    And the words "Train" stand out in "Train two weeks before the rollout."

  Scenario: What is searched for is never an operator
    When Dario searches the lessons for "NOT late* OR \"servers\""
    Then no lesson is found

  Scenario: Whoever decides sees the lessons of projects that measure the same, and the vote says so
    When Petra submits NEXT to the gate "value defined"
    Then Sven is shown these lessons
      | lesson                 | why                                                                                    |
      | Training came too late | NEXT-SALES here and SHOP-SALES there are of the category revenue, in EUR, to increase |
    When Sven decides go because "Training is planned."
    Then the vote of Sven says that these lessons were shown
      | lesson                 |
      | Training came too late |

  Scenario: A lesson that was taken back is read, and neither found nor shown
    Given Sven has taken the lesson "Training came too late" back because "It was the network."
    When Dario searches the lessons for "training"
    Then no lesson is found
    When Petra submits NEXT to the gate "value defined"
    Then Sven is shown no lessons
    And Dario can still read "Training came too late"

  Scenario: Nobody rewrites what others have learned
    When Fiona tries to rewrite the lesson "Training came too late"
    Then it is refused: "Your roles do not allow this"
