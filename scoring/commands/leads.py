"""Writing leads (S-1, D-49)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from crm.commands.activities import ActivityRefused
from crm.commands.edits import change_record
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Account, Campaign, Contact, Source, User
from crm.policies.contact_details import NotUnderstood, normal_phone
from crm.policies.seniority import seniority_of
from crm.queries.access import get_access
from crm.queries.contacts import open_contacts
from crm.queries.people import may_hold
from scoring.commands.giving import assign_if_nobodys
from scoring.commands.handoffs import lock_lead, qualify_lead
from scoring.commands.scores import refresh_scores
from scoring.commands.statuses import record_statuses
from scoring.enums import LeadStatus
from scoring.models import Lead, LeadActivity
from scoring.permissions import can_create_leads, can_edit_lead
from scoring.policies.leads import clean_lead
from scoring.queries.leads import is_erased_lead, leads_visible_to

REFERENCED = {"source_id": Source, "campaign_id": Campaign, "account_id": Account, "contact_id": Contact}

# What no rule can ask for; a change of nothing else leaves the score as it is.
UNSCORED = frozenset({"first_name", "last_name", "phone", "campaign_id", "approach", "owner_id"})


class LeadRefused(CommandRefused):
    """The lead was not written; each refusal names its field."""


@transaction.atomic
def create_lead(
    *, by: User | None, at: datetime, external_id: str | None = None, created_at: datetime | None = None, **fields: Any
) -> Lead:
    """Add a lead by hand or by API; what it may be told are the fields of `policies.leads.EDITABLE`.

    :raises NotPermitted: the person may not add leads
    :raises LeadRefused: a value cannot be stored, or the e-mail belongs to another lead
    """
    if by is not None and not can_create_leads(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_create_lead"))
    values = _cleaned(fields)
    if not any(values.get(name) for name in ("first_name", "last_name", "email", "company", "job_title", "contact_id")):
        raise LeadRefused(Refusal.of("required", field="last_name"), field="last_name")
    if not values.get("seniority"):
        values["seniority"] = seniority_of(values.get("job_title", ""))
    lead = Lead(external_id=external_id, created_at=created_at or at, recorded_at=at, **values)
    _save(lead)
    record_statuses(changes=[(lead, "", LeadStatus.NEW)], by=by, at=at)
    refresh_scores(lead_ids=[lead.pk], at=at, by=by)
    return lead


@transaction.atomic
def edit_lead(
    *,
    lead_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> Lead:
    """Change fields of a lead; a page gives `seen`, the values it showed, an API client `seen_version`.

    Whoever is made the owner of a lead that was handed over to nobody has it to answer.

    :raises NotPermitted: the lead is not theirs to change
    :raises LeadRefused: a value cannot be stored, or the person was erased
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    lead, handoff = lock_lead(lead_id)
    if by is not None and not can_edit_lead(get_access(by), lead, handoff):
        raise NotPermitted(Refusal.of("may_not_edit_lead"))
    if is_erased_lead(lead):
        raise LeadRefused(Refusal.of("erased"))
    values = _cleaned(changes, lead)
    if "seniority" in values and not values["seniority"]:
        values["seniority"] = seniority_of(values.get("job_title", lead.job_title))
    _save(lead, values, seen=seen, seen_version=seen_version)
    assign_if_nobodys(handoff=handoff, owner_id=values.get("owner_id"), at=at)
    if set(values) - UNSCORED:
        refresh_scores(lead_ids=[lead_id], at=at, by=by)
    return lead


def note_activity(*, activity_id: int, context: Mapping[str, int], by: User | None, at: datetime) -> None:
    """Link an activity to the lead it was logged on, and let a customer's action end the silence (D-25).

    :raises ActivityRefused: there is no such lead, the person may not see it, or it was erased
    """
    if lead_id := context.get("lead"):
        found = (leads_visible_to(by) if by is not None else Lead.objects).filter(pk=lead_id).first()
        if found is None or is_erased_lead(found):
            code = "unknown_lead" if found is None else "erased"
            raise ActivityRefused(Refusal.of(code, field="lead"), field="lead")
        LeadActivity.objects.get_or_create(lead_id=lead_id, activity_id=activity_id)
    linked = list(LeadActivity.objects.filter(activity_id=activity_id).values_list("lead_id", flat=True))
    if not linked:
        return
    refresh_scores(lead_ids=linked, at=at, by=by)
    for lead in Lead.objects.filter(pk__in=linked, status=LeadStatus.ACCEPTED):
        qualify_lead(lead=lead, by=by, at=at)


def _cleaned(fields: Mapping[str, Any], lead: Lead | None = None) -> dict[str, Any]:
    values, refusals = clean_lead(fields)
    country = values.get("country", lead.country if lead else "")
    if values.get("phone"):
        try:
            values["phone"] = normal_phone(values["phone"], country=country)
        except NotUnderstood:
            refusals.append(Refusal.of("not_understood", field="phone", value=values["phone"][:50]))
    owner_id = values.get("owner_id")
    if owner_id and owner_id != (lead.owner_id if lead else None) and not may_hold(owner_id):
        refusals.append(Refusal.of("owner_cannot_hold", field="owner_id"))
    for name, model in REFERENCED.items():
        in_use = open_contacts() if model is Contact else model._default_manager.filter(archived_at=None)
        if values.get(name) and not in_use.filter(pk=values[name]).exists():
            refusals.append(Refusal.of("unknown_value", field=name, value=values[name]))
    if refusals:
        raise LeadRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    return values


def _save(lead: Lead, values: Mapping[str, Any] | None = None, **seen: Any) -> None:
    try:
        with transaction.atomic():
            if values is None:
                lead.save(force_insert=True)
            else:
                change_record(lead, values, **seen)
    except IntegrityError as error:
        field = "email" if "email" in str(error) else "external_id" if "external_id" in str(error) else ""
        if not field:
            raise
        raise LeadRefused(Refusal.of("taken", field=field), field=field) from error
