"""Leads as lists, pages and commands need them."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from crm.facts import Access, SubjectFacts
from crm.models import Activity, User
from crm.queries.access import get_access
from pipeline.models import OpportunityActivity
from scoring.models import Handoff, Lead, LeadActivity, Trial
from scoring.permissions import can_edit_lead, can_see_leads
from scoring.policies.leads import is_erased

SUBJECT = "lead"


def leads_visible_to(user: User) -> QuerySet[Lead]:
    """Return the leads open to the person: their team's and those handed to it; all for marketing and admins (D-3).

    A lead nobody owns and nobody was handed is marketing's and the administrators' alone.
    """
    access = get_access(user)
    if _sees_all(access):
        return Lead.objects.all()
    if not can_see_leads(access):
        return Lead.objects.none()
    reach = access.team_user_ids | access.managed_user_ids | {access.user_id}
    handed = Handoff.objects.filter(lead_id=OuterRef("pk"), answered_at=None, owner_id__in=reach)
    offered = Trial.objects.filter(lead_id=OuterRef("pk"), answered_at=None, owner_id__in=reach)
    return Lead.objects.filter(Q(owner_id__in=reach) | Exists(handed) | Exists(offered))


def _sees_all(access: Access) -> bool:
    return access.is_admin or access.is_marketing


def get_open_handoff(lead_id: int) -> Handoff | None:
    """Return the handoff of a lead that waits for an answer, if there is one."""
    return Handoff.objects.filter(lead_id=lead_id, answered_at=None).select_related("owner", "crossing").first()


def is_erased_lead(lead: Lead) -> bool:
    """Whether a lead was erased on request."""
    return is_erased(first_name=lead.first_name, last_name=lead.last_name, email=lead.email)


def find_by_email(emails: Collection[str]) -> dict[str, int]:
    """Return the ids of leads by their e-mails, whoever may see them; merged ones as what they became."""
    rows = Lead.objects.filter(email__in=emails).values_list("email", "pk", "merged_into_id")
    return {email: merged_into or pk for email, pk, merged_into in rows if email}


def find_visible(lead_ids: Collection[int], *, by: User | None) -> set[int]:
    """Return which of these leads, which are there, the person may see; None is the system itself, which sees all."""
    if by is None or _sees_all(get_access(by)):
        return set(lead_ids)
    return set(leads_visible_to(by).filter(pk__in=lead_ids).values_list("pk", flat=True))


def find_subject(record_id: int, *, user: User) -> SubjectFacts | None:
    """Return the lead for activities and timelines, None for what the person may not see."""
    lead = leads_visible_to(user).filter(pk=record_id).first()
    if lead is None:
        return None
    return SubjectFacts(
        subject=SUBJECT,
        record_id=lead.pk,
        name=str(lead),
        url=f"/leads/{lead.pk}/",
        account_id=lead.account_id,
        contact_id=lead.contact_id,
        can_log=can_edit_lead(get_access(user), lead, get_open_handoff(lead.pk)),
    )


def activity_links(user: User) -> QuerySet[LeadActivity]:
    """Return what ties activities to the leads the person may see."""
    return LeadActivity.objects.filter(lead__in=leads_visible_to(user)).annotate(record_id=F("lead_id"))


def without_hidden_leads(activities: QuerySet[Activity], user: User) -> QuerySet[Activity]:
    """Leave out activities that belong only to leads the person may not see, and to no deal."""
    access = get_access(user)
    if _sees_all(access):
        return activities
    links = LeadActivity.objects.filter(activity=OuterRef("pk"))
    seen = links.filter(lead__in=leads_visible_to(user))
    of_deal = OpportunityActivity.objects.filter(activity=OuterRef("pk"))
    return activities.filter(~Exists(links) | Exists(seen) | Exists(of_deal))


def with_open_handoff(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Add `open_handoffs`, the one that waits for an answer or none, with one more query for all of them."""
    waiting = Handoff.objects.filter(answered_at=None)
    return leads.prefetch_related(Prefetch("handoffs", waiting, to_attr="open_handoffs"))
