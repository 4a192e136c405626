Feature: Giving access and taking it away
  Who manages access sees who may do what, since when, until when and by whom, and can end each of it at
  once.

  Background:
    When the operator runs "people add sven@example.org Sven"
    Then it is done

  Scenario: A role that ends by itself, and one that is taken away
    When the operator runs "people grant sven@example.org sponsor --portfolio main --until 2999-12-31"
    Then it tells "sponsor on main until 2999-12-31"
    When the operator runs "people roles sven@example.org"
    Then it tells "Operator (command line)"
    And it tells "2999-12-31"
    When the operator runs "people revoke 1 --reason Left"
    Then it tells "Sven is no longer sponsor there"
    When the operator runs "people roles --format json"
    Then it tells "[]"

  Scenario: A token does what it was made for and no more
    Given the operator has run "people grant sven@example.org sponsor --portfolio main"
    When the operator runs "people token sven@example.org --scope read --label import"
    Then the token signs Sven in as sponsor
    And with the token a program may read, and not plan
    And the token is kept nowhere

  Scenario: A token that was lost is revoked at once
    When the operator runs "people token sven@example.org --label import"
    Then it is done
    And the token is remembered
    When the operator runs "people tokens"
    Then it tells "import"
    When the operator runs "people revoke-token 1 --reason Lost"
    Then it tells "signs nobody in any more"
    And the remembered token signs nobody in

  Scenario: Somebody is signed out everywhere
    Given Sven has opened a link in a browser
    When the operator runs "people sessions"
    Then it tells "Sven"
    When the operator runs "people sign-out sven@example.org"
    Then it tells "1 session ended"

  Scenario: A mistake in the file of groups is named with its place
    Given a file "roles.yaml"
      """
      schema: govern/roles/v1
      roles:
        - group: sponsors
          role: sponsr
      """
    When the operator runs "people groups roles.yaml"
    Then it is refused or found wanting
    And it complains "roles.yaml:4:11"
    And it complains "did you mean 'sponsor'?"
