"""The roles that are granted on a portfolio or a project, and what each may do."""

from enum import StrEnum


class Role(StrEnum):
    PROJECT_MANAGER = "project_manager"
    SPONSOR = "sponsor"
    FINANCE = "finance"
    BENEFIT_OWNER = "benefit_owner"
    DATA_OWNER = "data_owner"
    GATEKEEPER = "gatekeeper"
    RULE_AUTHOR = "rule_author"
    RULE_PUBLISHER = "rule_publisher"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    READ = "read"
    EDIT_PROJECT = "edit_project"
    EDIT_KPI = "edit_kpi"
    EDIT_OBJECTIVE = "edit_objective"
    RECORD_READING = "record_reading"
    VALIDATE_READING = "validate_reading"
    CLOSE_CONDITION = "close_condition"
    RUN_SWEEP = "run_sweep"
    RUN_TICK = "run_tick"
    READ_AUDIT = "read_audit"
    TRY_RULES = "try_rules"
    PROPOSE_RULES = "propose_rules"
    PUBLISH_RULES = "publish_rules"
    IMPORT = "import"
    RECORD_RATE = "record_rate"
    RECORD_LESSON = "record_lesson"
    CHANGE_LESSON = "change_lesson"
    MANAGE_ACCESS = "manage_access"
    SEE_ACCESS = "see_access"
    SWITCH_SEPARATION = "switch_separation"


_READERS = frozenset(Role)

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.READ: _READERS,
    Permission.EDIT_PROJECT: frozenset({Role.PROJECT_MANAGER}),
    Permission.EDIT_KPI: frozenset({Role.PROJECT_MANAGER, Role.BENEFIT_OWNER}),
    Permission.EDIT_OBJECTIVE: frozenset({Role.ADMIN, Role.SPONSOR}),
    Permission.RECORD_READING: frozenset(
        {Role.DATA_OWNER, Role.BENEFIT_OWNER, Role.FINANCE, Role.PROJECT_MANAGER}
    ),
    Permission.VALIDATE_READING: frozenset({Role.FINANCE}),
    Permission.CLOSE_CONDITION: frozenset({Role.SPONSOR, Role.FINANCE, Role.GATEKEEPER}),
    Permission.RUN_SWEEP: frozenset({Role.ADMIN, Role.RULE_PUBLISHER}),
    Permission.RUN_TICK: frozenset({Role.ADMIN}),
    Permission.READ_AUDIT: frozenset({Role.AUDITOR}),
    Permission.TRY_RULES: frozenset(
        {Role.RULE_AUTHOR, Role.RULE_PUBLISHER, Role.AUDITOR, Role.ADMIN}
    ),
    Permission.PROPOSE_RULES: frozenset({Role.RULE_AUTHOR}),
    Permission.PUBLISH_RULES: frozenset({Role.RULE_PUBLISHER}),
    Permission.IMPORT: frozenset({Role.ADMIN}),
    Permission.RECORD_RATE: frozenset({Role.FINANCE, Role.ADMIN}),
    Permission.RECORD_LESSON: frozenset(
        {Role.PROJECT_MANAGER, Role.SPONSOR, Role.BENEFIT_OWNER, Role.GATEKEEPER}
    ),
    Permission.CHANGE_LESSON: frozenset({Role.SPONSOR}),
    Permission.MANAGE_ACCESS: frozenset({Role.ADMIN}),
    Permission.SEE_ACCESS: frozenset({Role.ADMIN, Role.AUDITOR}),
    Permission.SWITCH_SEPARATION: frozenset({Role.ADMIN}),
}
"""What is not listed is denied. Who submits to a gate and who decides it is the workflow's to say."""
