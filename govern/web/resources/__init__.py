"""One module per resource: its routes, and nothing else."""

from govern.web.resource import Resource
from govern.web.resources.alternatives import alternatives
from govern.web.resources.baselines import baselines
from govern.web.resources.benefits_map import benefits_map
from govern.web.resources.corrections import corrections
from govern.web.resources.delegations import delegations
from govern.web.resources.deliverables import deliverables
from govern.web.resources.distribution import distribution
from govern.web.resources.effects import effects
from govern.web.resources.evidence import evidence
from govern.web.resources.exchange_rates import exchange_rates
from govern.web.resources.exports import exports
from govern.web.resources.findings import findings
from govern.web.resources.gates import gates
from govern.web.resources.health import health
from govern.web.resources.history import history
from govern.web.resources.kpis import kpis
from govern.web.resources.lessons import lessons
from govern.web.resources.log import log
from govern.web.resources.me import me
from govern.web.resources.moves import moves
from govern.web.resources.notices import notices
from govern.web.resources.objectives import objectives
from govern.web.resources.outcomes import outcomes
from govern.web.resources.overrides import overrides
from govern.web.resources.overview import overview
from govern.web.resources.people import people
from govern.web.resources.projects import projects
from govern.web.resources.reading_files import reading_files
from govern.web.resources.readings import readings
from govern.web.resources.recommendations import recommendations
from govern.web.resources.reporting import reporting
from govern.web.resources.reports import reports
from govern.web.resources.reviews import reviews
from govern.web.resources.rulebook import rulebook
from govern.web.resources.rules import rules
from govern.web.resources.scope_changes import scope_changes
from govern.web.resources.scores import scores
from govern.web.resources.separation import separation
from govern.web.resources.telling_me import telling_me
from govern.web.resources.templates import templates
from govern.web.resources.values import values
from govern.web.resources.waiting import waiting
from govern.web.resources.waivers import waivers
from govern.web.resources.webhooks import webhooks
from govern.web.resources.workflows import workflows

ALL: tuple[Resource, ...] = (
    me,
    waiting,
    projects,
    kpis,
    readings,
    reading_files,
    exchange_rates,
    values,
    overview,
    reports,
    distribution,
    webhooks,
    telling_me,
    reporting,
    deliverables,
    templates,
    outcomes,
    objectives,
    benefits_map,
    gates,
    evidence,
    scores,
    waivers,
    overrides,
    baselines,
    scope_changes,
    reviews,
    effects,
    moves,
    delegations,
    people,
    notices,
    findings,
    recommendations,
    alternatives,
    lessons,
    history,
    log,
    corrections,
    exports,
    workflows,
    separation,
    rulebook,
    rules,
    health,
)
"""In the order in which a new user needs them."""
