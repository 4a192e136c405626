"""Every kind of report, by its name."""

from govern.documents.problem import did_you_mean
from govern.domain.refusal import NotFound
from govern.services.case_study import CASE_STUDY
from govern.services.gate_pack import GATE_PACK
from govern.services.reports import ReportKind
from govern.services.review_report import REVIEW_REPORT
from govern.services.status_report import STATUS_REPORT
from govern.services.value_report import VALUE_REPORT

KINDS: dict[str, ReportKind] = {
    each.name: each for each in (VALUE_REPORT, STATUS_REPORT, GATE_PACK, CASE_STUDY, REVIEW_REPORT)
}


def kind_named(name: str) -> ReportKind:
    """Raises NotFound."""
    found = KINDS.get(name)
    if found is None:
        hint = did_you_mean(name, KINDS)
        raise NotFound(
            f"There is no report '{name}'{f'; {hint}' if hint else '.'} "
            f"There are {', '.join(KINDS)}.",
            report=name,
        )
    return found
