"""What the words of marketing and sales mean: how both teams put it, and what holds here whatever they wrote (LT-068)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from crm.facts import WorkingHours
from crm.models import Reason, User
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation
from scoring.enums import AgreedTerm, ModelState
from scoring.facts import Terms
from scoring.models import AgreedDefinition, ScoringModel
from scoring.permissions import can_see_leads
from scoring.policies.leads import COMES_AGAIN
from scoring.queries.routing import get_terms


@dataclass(slots=True)
class Wordings:
    """How a term is put: what holds, what waits for the other side, and what held before, the latest first."""

    term: AgreedTerm
    held: AgreedDefinition | None = None
    waiting: AgreedDefinition | None = None
    earlier: list[AgreedDefinition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds now, from where it is set."""

    model_number: int
    threshold: int
    armed_again_at: int
    published_at: datetime | None
    published_by: User | None
    terms: Terms
    hours: WorkingHours
    come_again: list[str]


def definitions_visible_to(user: User) -> QuerySet[AgreedDefinition]:
    """Return every wording, for whoever sells or markets."""
    wordings = AgreedDefinition.objects.all()
    return wordings if can_see_leads(get_access(user)) else wordings.none()


def get_wordings() -> dict[AgreedTerm, Wordings]:
    """Return how each term is put, those nobody put yet among them."""
    found = {term: Wordings(term) for term in AgreedTerm}
    people = ("proposed_by", "marketing_by", "sales_by")
    for row in AgreedDefinition.objects.filter(withdrawn_at=None).select_related(*people).order_by("-number"):
        of_term = found[AgreedTerm(row.term)]
        if row.agreed_at is None:
            of_term.waiting = row
        elif of_term.held is None:
            of_term.held = row
        else:
            of_term.earlier.append(row)
    return found


def get_holding() -> Holding:
    """Return what holds now."""
    model = ScoringModel.objects.select_related("published_by").get(state=ModelState.PUBLISHED)
    reasons = Reason.objects.filter(kind="lead_rejected", code__in=COMES_AGAIN, retired_at=None)
    return Holding(
        model_number=model.number,
        threshold=model.threshold,
        armed_again_at=model.threshold - model.rearm_margin,
        published_at=model.published_at,
        published_by=model.published_by,
        terms=get_terms(),
        hours=WorkingHours(zone="UTC", days=frozenset(get_organisation().working_days)),
        come_again=list(reasons.order_by("name").values_list("name", flat=True)),
    )
