Feature: The portfolio value report
  The board wants one page that says what was promised, what came of it and what is to be expected, where
  projects wait and what stands in the way. Nobody has to believe it: each figure says where it is from, and
  the page of last month is made again as it was.

  Background:
    Given today is 2025-11-24
    And these people on the portfolio
      | name  | roles                          |
      | Petra | project manager, benefit owner |
      | Dora  | data owner                     |
      | Sven  | sponsor                        |
    And Petra starts the project SHOP
      | start | 2025-01-01 |
      | end   | 2025-12-31 |
    And Petra starts the project DESK
      | start | 2025-01-01 |
      | end   | 2025-12-31 |
    And SHOP promises
      | KPI   | category | currency | scale | direction | baseline | target | target on  | cumulative |
      | SALES | revenue  | EUR      | 1000  | increase  | 0        | 780    | 2025-12-31 | yes        |
      | EXTRA | revenue  | EUR      | 1000  | increase  | 0        | 100    | 2025-12-31 | yes        |
    And DESK promises
      | KPI     | category | currency | scale | direction | baseline | target | target on  | cumulative |
      | SAVINGS | cost     | EUR      | 1     | increase  | 0        | 780    | 2025-12-31 | yes        |
    And SALES is planned to rise by 10 a month from 2025-01-31 to 2025-12-31
    And SAVINGS is planned to rise by 10 a month from 2025-01-31 to 2025-12-31
    And Dora has reported 8 for each month of SALES from 2025-01-31 to 2025-10-31
    And Dora has reported 16 for each month of SAVINGS from 2025-01-31 to 2025-10-31

  Scenario: What was promised, and what came of it
    When Sven asks for the value report in EUR
    Then the report tells of EUR
      | promised | 880780 |
      | planned  | 550550 |
      | realised | 80160  |
      | forecast | 96192  |
    And its categories add up to that
    And not known is, and in no sum
      | KPI   | measure  | why                         |
      | EXTRA | planned  | no planned value for 2025-10-31 |
      | EXTRA | realised | no figure for 2025-10-31    |
      | EXTRA | forecast | no figure was reported yet  |

  Scenario: From the promise to the forecast, bar by bar
    When Sven asks for the value report in EUR
    Then from promise to forecast it goes
      | promised                           | 880780  |
      | cost                               | -588    |
      | revenue                            | -684000 |
      | promised, and no forecast is known | -100000 |
      | forecast                           | 96192   |

  Scenario: Each figure is asked for again
    When Sven asks for the value report in EUR
    Then the reads that the report names answer with its figures

  Scenario: One page, to print and to send
    When Sven asks for the value report in EUR, as a page
    Then the page holds all it needs
    And the page says "forecast, at completion" and "96,192"

  Scenario: The page of last month, made again
    Given the log has a key, and the auditors have a witness that knows it
    And the log is sealed, "before the correction"
    And 2025-11-27 has come
    And Dora has corrected SALES for 2025-10-31 to 80
    And the log is sealed, "after the correction"
    When Sven asks for the value report as of the log before the correction
    Then the report tells of EUR
      | realised | 80160 |
    When Sven asks for the value report as of the log after the correction
    Then the report tells of EUR
      | realised | 152160 |
