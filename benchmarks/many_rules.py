"""A rule file of any length: rules in the manner of the shipped ones, no two with the same condition."""

from collections.abc import Callable

_HEAD = """\
# Rules of a large portfolio.
schema: govern/rules/v1
area: benefits
owner: pmo-benefits@example.org

params:
  watch: 90%
"""

_CATEGORIES = ("revenue", "cost", "satisfaction", "market_share")
_STAGES = ('stage in ("monitoring", "post_review")', 'stage = "monitoring"', 'stage != "planned"')
_ACTIONS = ("deep_dive", "descope", "drive_adoption", "hold_funding", "remeasure")
_ROLES = ("sponsor", "finance", "gatekeeper")


def _behind(number: int, category: str, stage: str) -> str:
    return f"""\
    applies_to: category = "{category}" and not(disbenefit) and {stage}
    when: attainment < act_{number % 20} and not(actual > {1000 + number})
    for: 2 periods
    clear_when: attainment >= watch # between the two it neither starts nor ends
    if_unknown: report
    severity: red
    message: "{{project}}: {{kpi}} is at {{attainment:percent}} of its plan, for {{streak:periods}}"
    recommend:
      action: {_ACTIONS[number % 5]}
      because: >-
        Deliverables that add little to this KPI take people and money from those that carry it.
        Weigh the value lost with each cut against what the freed capacity brings ({number}).
      propose: deliverables[contribution < {1 + number % 9}% and state in ("planned", "in_progress")]
      decide_by: {5 + number % 10} working days
      decided_by: {_ROLES[number % 3]}
    tests:
      - name: below its line for two months
        given: {{category: {category}, baseline: 0, planned: [100, 110, 120], actual: [95, 40, 45]}}
        expect: [silent, pending, fires]
      - name: above its line
        given: {{category: {category}, baseline: 0, planned: 100, actual: [{70 + number % 30}, 80]}}
        expect: [silent, silent]
      - name: a missing report neither clears nor counts
        given: {{category: {category}, baseline: 0, planned: 100, actual: [{number % 50}, ~, 47]}}
        expect: [pending, unknown, fires]
"""


def _adoption(number: int, category: str, stage: str) -> str:
    return f"""\
    applies_to: category = "{category}" and {stage}
    when: |
      attainment < watch - {number / 10000:.4f} and count(deliverables) > 0 and
      (every d in deliverables satisfies d.state in ("done", "dropped"))
    for: 3 periods
    if_unknown: hold
    severity: amber
    message: "{{project}}: all is delivered, and {{kpi}} is at {{attainment:percent}} of its plan"
    recommend:
      # Output delivered, use lagging: keep the scope and help people use it.
      action: drive_adoption
      because: >-
        There is nothing left to build. The value comes when people work the new way and the old
        way is closed.
      propose: deliverables[state = "done" and cost < {number}]
      decide_by: 10 working days
      decided_by: sponsor
    tests:
      - name: delivered, and below plan
        given:
          category: {category}
          baseline: 0
          planned: 100
          actual: [70, 75, {number % 80}]
          deliverables: [{{state: done}}, {{state: dropped}}]
        expect: [pending, pending, fires]
      - name: there is still something to deliver
        given: {{category: {category}, planned: 100, actual: [70], deliverables: [{{state: planned}}]}}
        expect: [silent]
      - name: a missing report does not count
        given: {{category: {category}, planned: 100, actual: [70, ~], deliverables: [{{state: done}}]}}
        expect: [pending, pending]
"""


def _trend(number: int, category: str, stage: str) -> str:
    return f"""\
    applies_to: category = "{category}" and target != null and period <= @"2040-12-31"
    when: >-
      forecast({1 + number % 6}) < {85 + number / 200:.3f}% and trend(3) = "falling"
      and volatility(actual, 4) <= {100 + number}
    for: 2 periods
    if_unknown: report
    severity: {"red" if number % 3 else "amber"}
    message: "{{project}}: at this pace {{kpi}} ends at {{forecast(3):percent}} of its plan"
    recommend:
      action: {_ACTIONS[number % 5]}
      because: 'What is planned does not carry the promise: its owner says what would (no. {number}).'
      decide_by: 10 working days
      decided_by: {_ROLES[number % 3]}
    tests:
      - name: months of going down
        given: {{category: {category}, target: 200, planned: 100, actual: [90, 80, 70, 60, {number % 50}]}}
        expect: [unknown, unknown, unknown, pending, fires]
      - name: up again
        given: {{category: {category}, target: 200, planned: 100, actual: [80, 90, 99, {100 + number % 90}]}}
        expect: [unknown, unknown, silent, silent]
      - name: a month without a report
        given: {{category: {category}, target: 200, planned: 100, actual: [90, 80, 70, ~]}}
        expect: [unknown, unknown, unknown, unknown]
"""


def _project(number: int, category: str, stage: str) -> str:
    return f"""\
    scope: project
    applies_to: {stage} and count(kpis) > 0
    when: |
      count(kpis[attainment < {0.5 + number / 2500:.4f} and not(disbenefit)]) >= 3 or
      (count(kpis[category = "{category}"]) >= 2
       and count(kpis[attainment < watch]) >= count(kpis[not(disbenefit)]) / {2 + number % 3})
    for: 2 periods
    severity: red
    message: >-
      {{name}}: {{count(kpis[attainment < watch and not(disbenefit)])}} of {{count(kpis)}}
      KPIs are below {{watch:percent}} of their plan, for {{streak:periods}}
    recommend:
      action: descope
      because: When several benefits slip together, capacity is spread too thin ({number}).
      propose: deliverables[state in ("planned", "in_progress") and count(kpis) = 0]
      decide_by: 10 working days
      decided_by: sponsor
    tests:
      - name: two of three KPIs
        given:
          kpis:
            - {{kpi: Sales, category: {category}, planned: 100, actual: [85, 85]}}
            - {{kpi: Orders, category: {category}, planned: 100, actual: [80, 80]}}
            - {{kpi: Cost, baseline: 0, planned: 100, actual: [100, {number % 100}]}}
        expect: [pending, fires]
      - name: all of them on plan
        given: {{kpis: [{{kpi: Sales, category: {category}, planned: 100, actual: [100, 100]}}]}}
        expect: [silent, silent]
      - name: a KPI without a report
        given: {{kpis: [{{kpi: Sales, category: {category}, planned: 100, actual: [100, ~]}}]}}
        expect: [silent, silent]
"""


def _money(number: int, category: str, stage: str) -> str:
    return f"""\
    scope: project
    applies_to: {stage} and budget > {number * 100}
    when: spent / budget > mean(kpis[progress != null].progress) + {number / 5000:.4f}
    if_unknown: report
    severity: amber
    message: "{{name}}: {{spent / budget:percent}} of the budget is spent, more than value has come"
    tests:
      - name: four fifths of the money for a third of the value
        given:
          budget: 1000000
          spent: 800000
          kpis:
            - {{kpi: Sales, baseline: 0, target: 100, actual: [30]}}
            - {{kpi: Cost, direction: decrease, baseline: 50, target: 40, actual: [46]}}
        expect: [fires]
      - name: money and value side by side
        given:
          budget: 1000000
          spent: {300000 + number}
          kpis: [{{kpi: Sales, baseline: 0, target: 100, actual: [40]}}]
        expect: [silent]
      - name: nobody has said what was spent
        given: {{budget: 1000000, spent: ~, kpis: [{{kpi: Sales, baseline: 0, target: 100, actual: [40]}}]}}
        expect: [unknown]
"""


def _conditions(number: int, category: str, stage: str) -> str:
    return f"""\
    scope: project
    when: some c in conditions satisfies c.state = "open" and c.due < as_of - {number}
    severity: red
    message: "{{name}}: conditions are more than {number} days past their due date and still open"
    tests:
      - name: open and overdue
        given: {{conditions: [{{text: Sign the data contract, due: 2020-06-15}}]}}
        expect: fires
      - name: closed in time
        given: {{conditions: [{{text: Sign the data contract, due: 2020-06-15, state: closed}}]}}
        expect: silent
      - name: a condition without a due date cannot be told to be late
        given: {{conditions: [{{text: Sign the data contract, due: ~}}]}}
        expect: unknown
"""


def _colour(number: int, category: str, stage: str) -> str:
    return f"""\
    applies_to: category = "{category}" and {stage}
    when: colour_{number % 20} in ("red", "grey") and planned < {1000 + number}
    severity: amber
    message: "{{project}}: {{kpi}} is {{colour_{number % 20}}}"
    tests:
      - name: nobody reports
        given: {{category: {category}, planned: 100, actual: [~, ~]}}
        expect: [fires, fires]
      - name: on its plan
        given: {{category: {category}, planned: 100, actual: [100, {91 + number % 9}]}}
        expect: [silent, silent]
"""


_KINDS: tuple[Callable[[int, str, str], str], ...] = (
    _behind,
    _adoption,
    _trend,
    _project,
    _behind,
    _money,
    _conditions,
    _colour,
)


def _rule(number: int) -> str:
    kind = _KINDS[number % len(_KINDS)]
    category = _CATEGORIES[number % len(_CATEGORIES)]
    body = kind(number, category, _STAGES[number % len(_STAGES)])
    name = kind.__name__.removeprefix("_")
    return f"""\
  - id: {name}-{number}
    title: The {category} of project group {number} needs a look
{body}"""


def _table(number: int) -> str:
    return f"""\
  - id: colour-{number}
    title: Red, amber, green, or grey where nobody can tell
    hit: first
    rows: |
      | attainment            | trend(3)  || colour_{number} |
      | null                  | -         || "grey"  |
      | >= watch              | -         || "green" |
      | [act_{number}..watch) | "falling" || "red"   |
      | [act_{number}..watch) | -         || "amber" |
      | < act_{number}        | -         || "red"   |
    tests:
      - name: on its line it is amber
        given: {{baseline: 0, planned: 100, actual: [{50 + number}]}}
        expect: [amber]
"""


def many_rules(count: int) -> str:
    """The text of a file of `count` rules without a problem, 20 parameters and 20 decision tables."""
    params = "".join(f"  act_{each}: {50 + each}%\n" for each in range(20))
    tables = "\n".join(_table(each) for each in range(20))
    rules = "\n".join(_rule(each) for each in range(count))
    return f"{_HEAD}{params}\ntables:\n{tables}\nrules:\n{rules}"
