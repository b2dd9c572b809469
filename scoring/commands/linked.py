"""What becomes known of a company or a person reaches the leads they are (S-3, D-26: fit as of then)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from crm.models import User
from scoring.commands.scores import refresh_scores
from scoring.models import Lead

# What rules can ask of an account or a contact; a change of nothing else leaves every score as it is.
OF_ACCOUNT = ("industry", "employee_count", "annual_revenue", "country", "city", "growth_stage", "kind", "technologies")
OF_CONTACT = ("seniority", "job_title", "department", "persona", "persona_id", "country", "language")
ASKED = frozenset({*OF_ACCOUNT, *OF_CONTACT})


def follow_facts(
    *,
    fields: Collection[str],
    by: User | None,
    at: datetime,
    account_id: int | None = None,
    contact_id: int | None = None,
) -> None:
    """Bring the scores of the leads of an account or a contact that was changed up to date."""
    if not ASKED.intersection(fields):
        return
    linked = Q(account_id=account_id) if account_id is not None else Q(contact_id=contact_id)
    if lead_ids := list(Lead.objects.filter(linked, merged_into=None).values_list("pk", flat=True)):
        refresh_scores(lead_ids=lead_ids, at=at, by=by)
