"""A lead becomes an account, a contact and a deal, all or nothing (S-10, D-17, D-40)."""

from datetime import date, datetime
from typing import NoReturn

from django.db import transaction

from crm.commands.accounts import create_account
from crm.commands.activities import place_activities
from crm.commands.contacts import create_contact
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Money, Refusal
from crm.models import Account, Contact, User
from crm.queries.access import get_access
from crm.queries.accounts import match_account
from crm.queries.contacts import match_contact
from pipeline.commands.derived import refresh_derived
from pipeline.commands.opportunities import create_opportunity
from pipeline.enums import DealType
from pipeline.models import Opportunity, OpportunityActivity
from scoring.commands.handoffs import answer_by_converting, lock_lead
from scoring.commands.scores import refresh_scores
from scoring.commands.statuses import change_statuses
from scoring.enums import LeadStatus
from scoring.models import Conversion, Handoff, Lead
from scoring.permissions import can_decide
from scoring.policies.leads import company_domain, conversion_refusals, deal_approach
from scoring.queries.leads import is_erased_lead


class ConversionRefused(CommandRefused):
    """The lead stays a lead; the refusals name what is missing."""


@transaction.atomic
def convert_lead(
    *,
    lead_id: int,
    by: User | None,
    at: datetime,
    first_meeting_at: datetime | None = None,
    amount: Money | None = None,
    deal_type: DealType | str = "",
    deal_name: str = "",
    expected_close_on: date | None = None,
    account_id: int | None = None,
    contact_id: int | None = None,
    opens_deal: bool = True,
    override: str = "",
    seen_version: int | None = None,
) -> Conversion:
    """Make or match the account and contact of a lead and open a deal at First meeting, carrying its history over.

    Account and contact are those given, else those the lead has, else those its e-mail and company match, else
    new ones. Converted already: the conversion that happened is returned. `override` stands in for facts that the deal
    misses at its first setpoint, as in any move; never for its first meeting.

    :raises NotPermitted: the lead is not theirs to convert
    :raises MoveRefused: carrying the facts missing at the first setpoint
    :raises ConversionRefused: the company, or the first meeting's date or the type of the deal it opens, is missing,
        the lead is disqualified or was erased, or there is no such account or contact
    :raises StaleRecord: the lead changed since it was seen
    """
    lead, handoff = lock_lead(lead_id)
    if by is not None and not can_decide(get_access(by), lead, handoff):
        raise NotPermitted(Refusal.of("may_not_decide"))
    if known := Conversion.objects.filter(lead_id=lead_id).first():
        return known
    if seen_version is not None:
        lead.require_version(seen_version)
    if is_erased_lead(lead):
        raise ConversionRefused(Refusal.of("erased"))
    contact = _find_contact(lead, contact_id)
    account = _find_account(lead, contact, account_id)
    refusals = conversion_refusals(
        status=lead.status,
        has_company=bool(account or lead.company),
        opens_deal=opens_deal,
        has_first_meeting=first_meeting_at is not None,
        has_deal_type=bool(deal_type),
    )
    if refusals:
        raise ConversionRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    owner_id = _owner_id(lead, handoff, by)
    account = account or _make_account(lead, owner_id, by=by, at=at)
    contact = contact or _make_contact(lead, account, owner_id, by=by, at=at)
    deal = None
    if opens_deal:
        deal = create_opportunity(
            account_id=account.pk, name=deal_name.strip() or account.name, owner_id=owner_id, amount=amount,
            deal_type=deal_type, expected_close_on=expected_close_on, source_id=lead.source_id,
            campaign_id=lead.campaign_id, approach=deal_approach(approach=lead.approach, channel=lead.channel),
            contact_id=contact.pk, lead_created_at=lead.created_at, first_meeting_at=first_meeting_at, override=override,
            by=by, at=at,
        )  # fmt: skip
    return _finish(lead, handoff, account, contact, deal, owner_id=owner_id, by=by, at=at)


def _finish(
    lead: Lead,
    handoff: Handoff | None,
    account: Account,
    contact: Contact,
    deal: Opportunity | None,
    *,
    owner_id: int,
    by: User | None,
    at: datetime,
) -> Conversion:
    links = list(lead.activity_links.values_list("activity_id", flat=True))
    place_activities(places=[(activity_id, account.pk, contact.pk) for activity_id in links])
    if deal is not None:
        rows = [OpportunityActivity(opportunity=deal, activity_id=activity_id) for activity_id in links]
        OpportunityActivity.objects.bulk_create(rows, ignore_conflicts=True)
        refresh_derived([deal.pk], at=at)
    if handoff is not None:
        answer_by_converting(handoff=handoff, by=by, at=at)
    lead.account, lead.contact, lead.owner_id = account, contact, owner_id
    lead.save(update_fields=["account", "contact", "owner"])
    steps = [LeadStatus.ACCEPTED, LeadStatus.SQL, LeadStatus.CONVERTED] if deal else [LeadStatus.CONVERTED]
    done = {LeadStatus.ACCEPTED: 1, LeadStatus.SQL: 2}.get(LeadStatus(lead.status), 0)
    for status in steps[done:] if deal else steps:  # accepted and qualified on the way, so that figures see it
        change_statuses(leads=[lead], to=status, by=by, at=at)
    refresh_scores(lead_ids=[lead.pk], at=at, by=by)
    return Conversion.objects.create(
        lead=lead, account=account, contact=contact, opportunity=deal, at=at, recorded_at=at, by=by
    )


def _find_contact(lead: Lead, contact_id: int | None) -> Contact | None:
    given = lead.contact_id if contact_id is None else contact_id
    if given is not None:
        found = Contact.objects.filter(pk=given, erased_at=None).select_related("account").first()
        return found or _refuse_unknown("contact_id", given)
    return match_contact(lead.email)


def _find_account(lead: Lead, contact: Contact | None, account_id: int | None) -> Account | None:
    given = lead.account_id if account_id is None else account_id
    if given is not None:
        return Account.objects.filter(pk=given).first() or _refuse_unknown("account_id", given)
    if contact is not None and contact.account is not None:
        return contact.account
    return match_account(company_domain(lead.email), lead.company)


def _refuse_unknown(field: str, given: int) -> NoReturn:
    raise ConversionRefused(Refusal.of("unknown_value", field=field, value=given), field=field)


def _make_account(lead: Lead, owner_id: int, *, by: User | None, at: datetime) -> Account:
    return create_account(
        name=lead.company,
        domain=company_domain(lead.email),
        industry=lead.industry,
        employee_count=lead.employee_count,
        country=lead.country,
        technologies=lead.technologies,
        source_id=lead.source_id,
        owner_id=owner_id,
        by=by,
        at=at,
    )


def _make_contact(lead: Lead, account: Account, owner_id: int, *, by: User | None, at: datetime) -> Contact:
    return create_contact(
        account_id=account.pk,
        first_name=lead.first_name,
        last_name=lead.last_name,
        job_title=lead.job_title,
        seniority=lead.seniority,
        email=lead.email,
        phone=lead.phone,
        country=lead.country,
        owner_id=owner_id,
        by=by,
        at=at,
    )


def _owner_id(lead: Lead, handoff: Handoff | None, by: User | None) -> int:
    owner_id = (handoff.owner_id if handoff else None) or lead.owner_id or (by.pk if by else None)
    if owner_id is None:
        raise ConversionRefused(Refusal.of("required", field="owner"), field="owner")
    return owner_id
