Feature: Which duties are separated
  Two things that one person could misuse are done by two. An organisation that has only one person for
  both can say so; then everybody can see it, and it stands in the history of the service.

  Scenario: Everything is separated unless somebody says otherwise
    When the operator lists the separation of duties
    Then these pairs are separated
      | pair                                |
      | submitter/decider                   |
      | proposer/decider                    |
      | review_author/review_signer         |
      | rule_author/rule_publisher          |
      | reading_submitter/reading_validator |

  Scenario: A pair is switched off in the open
    When the operator switches rule_author/rule_publisher off because "Only Ulla knows the rules."
    Then it is done
    And the status names rule_author/rule_publisher as not separated
    And the history of the service tells
      | who                     | what                | why                        |
      | Operator (command line) | separation.switched | Only Ulla knows the rules. |
    When the operator switches rule_author/rule_publisher on because "Paul has joined."
    Then it is done
    And the status names nothing as not separated

  Scenario: Whoever submits never decides, and nothing changes that
    When the operator switches submitter/decider off because "We are few."
    Then it is refused or found wanting
    And it complains "it is always separated"
    And the status names nothing as not separated

  Scenario: What a gate separates is said in its workflow file
    When the operator switches evidence_provider/decider off because "We are few."
    Then it is refused or found wanting
    And it complains "in the workflow file"
