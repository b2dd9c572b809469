"""A business case is shared by an address that ends by itself and can be taken back (B28)."""

import secrets
from datetime import date, datetime
from typing import Any

from django.db import transaction

from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.business_cases import CaseRefused
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.events import EventKind
from pipeline.models import BusinessCase, Opportunity
from pipeline.policies.business_cases import share_refusals
from pipeline.queries.business_cases import get_case


@transaction.atomic
def share_case(*, opportunity_id: int, until: date, by: User | None, at: datetime) -> BusinessCase:
    """Let whoever has the address read the case up to and with a local day; shared already, only the day changes.

    :raises CaseRefused: the day is past or more than a year ahead, or nothing is there to share
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    case = get_case(deal.pk)
    archived = deal.archived_at is not None
    refused = share_refusals(until, today=get_local_date(at), is_archived=archived)
    if case is None:
        refused = [Refusal.of("case_empty")]
    if refused or case is None:
        raise CaseRefused(refused)
    if case.share_key is not None and case.shared_until == until:
        return case
    old = _shared_value(case)
    case.share_key = case.share_key or secrets.token_urlsafe(24)
    case.shared_until, case.withdrawn_at = until, None
    _save_share(deal, case, old, by=by, at=at)
    return case


@transaction.atomic
def withdraw_case(*, opportunity_id: int, by: User | None, at: datetime) -> BusinessCase:
    """Close the shared address at once and for ever; shared again it is another one. Not shared nothing changes.

    :raises CaseRefused: the deal has no case
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    case = get_case(deal.pk)
    if case is None:
        raise CaseRefused(Refusal.of("case_empty"))
    if case.share_key is not None:
        old = _shared_value(case)
        case.share_key, case.withdrawn_at = None, at
        _save_share(deal, case, old, by=by, at=at)
    return case


def _save_share(deal: Opportunity, case: BusinessCase, old: dict[str, Any], *, by: User | None, at: datetime) -> None:
    case.version += 1
    case.save(update_fields=["share_key", "shared_until", "withdrawn_at", "version"])
    record(deal, [EventDraft(EventKind.ECONOMICS, at, old, _shared_value(case))], by=by, at=at)


def _shared_value(case: BusinessCase) -> dict[str, Any]:
    until = case.shared_until.isoformat() if case.share_key and case.shared_until else None
    return {"case": case.pk, "shared_until": until}
