Feature: Figures that finance has validated
  What is reported is provisional until somebody in finance has confirmed it, and that is never who
  reported or corrected it, whatever roles they hold.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles               |
      | Petra | project manager     |
      | Dario | data owner, finance |
      | Fiona | finance             |
      | Sven  | sponsor             |
    And Petra starts the project SHOP
      | name | Web shop |
    And SHOP promises
      | KPI   | category | direction | baseline | target | cadence |
      | SALES | revenue  | increase  | 0        | 1200   | monthly |
    And Dario has reported
      | KPI   | period     | actual |
      | SALES | 2025-09-30 | 870    |
      | SALES | 2025-10-31 | 940    |

  Scenario: Finance validates several figures at once
    When Fiona validates the figures of SALES
    Then the figures of SALES are
      | period     | actual | state     | by    |
      | 2025-09-30 | 870    | validated | Fiona |
      | 2025-10-31 | 940    | validated | Fiona |
    And the history of SHOP tells
      | who   | what               |
      | Dario | readings.recorded  |
      | Fiona | readings.validated |

  Scenario: A correction is provisional again
    Given Fiona validates the figures of SALES
    When Dario reports
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 904    |
    Then the figures of SALES are
      | period     | actual | state       | by    |
      | 2025-09-30 | 870    | validated   | Fiona |
      | 2025-10-31 | 904    | provisional |       |

  Scenario: Whoever reported does not validate, and the attempt is kept
    When Dario tries to validate the figures of SALES
    Then it is refused: "The submitter never decides"
    And the history of SHOP tells
      | who   | what               | why                  |
      | Dario | validation.refused | separation-of-duties |
    And the figures of SALES are
      | period     | actual | state       | by |
      | 2025-09-30 | 870    | provisional |    |
      | 2025-10-31 | 940    | provisional |    |

  Scenario: One figure of one's own keeps all of them out
    Given Fiona has reported
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 904    |
    When Fiona tries to validate the figures of SALES
    Then it is refused: "The submitter never decides"
    And the figures of SALES are
      | period     | actual | state       | by |
      | 2025-09-30 | 870    | provisional |    |
      | 2025-10-31 | 904    | provisional |    |

  Scenario: Nobody validates a figure that was corrected since they looked
    Given Fiona looks at the figures of SALES
    And Dario has reported
      | KPI   | period     | actual |
      | SALES | 2025-10-31 | 904    |
    When Fiona tries to validate what she looked at
    Then it is refused: "Some fields cannot be taken as they are"
    And the figures of SALES are
      | period     | actual | state       | by |
      | 2025-09-30 | 870    | provisional |    |
      | 2025-10-31 | 904    | provisional |    |

  Scenario: Only finance validates
    When Sven tries to validate the figures of SALES
    Then it is refused: "Your roles do not allow this"
