"""Why deals are declined: each criterion of a pipeline may be what spoke against one (P-5)."""

from collections.abc import Sequence

from crm.enums import ReasonKind
from crm.models import Reason
from pipeline.facts import CriterionFacts


def ensure_declined_reasons(criteria: Sequence[CriterionFacts]) -> dict[str, Reason]:
    """Return by its code the reason that each criterion is; one without a name of its own gets its text."""
    declined = Reason.objects.filter(kind=ReasonKind.DECLINED, code__in=[each.code for each in criteria])
    known = {reason.code: reason for reason in declined}
    new = {
        each.code: Reason(kind=ReasonKind.DECLINED, code=each.code, name=each.text[:200], order=each.rank)
        for each in criteria
        if each.code not in known
    }
    if new:
        Reason.objects.bulk_create(new.values(), ignore_conflicts=True)
        known = {reason.code: reason for reason in declined.all()}
    return known
