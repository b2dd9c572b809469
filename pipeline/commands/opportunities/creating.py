"""Deals come to be (D-16, D-17, D-40, D-49)."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from crm.commands.activities import log_activity
from crm.enums import ActivityKind, Approach
from crm.lib.errors import NotPermitted
from crm.lib.values import Money, Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.commands.history import creation_drafts, move_detail, record
from pipeline.commands.opportunities.activities import SUBJECT
from pipeline.commands.opportunities.refused import EditRefused, refuse_missing
from pipeline.commands.opportunities.values import refuse_wrong_values
from pipeline.enums import DealType
from pipeline.facts import SetpointFacts
from pipeline.models import Opportunity, Pipeline, Stakeholder
from pipeline.permissions import can_create_deals, can_give_to
from pipeline.policies import moves
from pipeline.queries.evidence import get_deal_facts
from pipeline.queries.setpoints import get_path


@transaction.atomic
def create_opportunity(
    *,
    account_id: int,
    name: str,
    owner_id: int,
    pipeline_code: str = "",
    setpoint_code: str = "",
    amount: Money | None = None,
    deal_type: DealType | str,
    expected_close_on: date | None = None,
    decision_on: date | None = None,
    source_id: int | None = None,
    campaign_id: int | None = None,
    approach: Approach | str = "",
    contact_id: int | None = None,
    lead_created_at: datetime | None = None,
    first_meeting_at: datetime | None = None,
    external_id: str | None = None,
    previous_cycle: Opportunity | None = None,
    override: str = "",
    by: User | None,
    at: datetime,
) -> Opportunity:
    """Create a deal, with its first meeting as an activity where a time is given.

    Without a pipeline it is in the first one in use, without a setpoint at the first of its pipeline. To be made at a
    setpoint is to enter it: facts that are missing there, a first meeting with a date among them,
    need `override`, as a move would.

    :raises NotPermitted: the person may not add deals, or not for this owner
    :raises MoveRefused: carrying the facts missing at the setpoint
    :raises EditRefused: a value may not stand in its field; `field` names it
    """
    _require_permission(by, owner_id)
    path, setpoint = _find_start(pipeline_code, setpoint_code)
    given = {"amount": amount, "deal_type": deal_type, "approach": approach, "contact_id": contact_id}
    refuse_wrong_values({"name": name, "owner_id": owner_id, **given})
    deal = Opportunity(
        account_id=account_id, name=name.strip(), owner_id=owner_id, pipeline_id=setpoint.pipeline_id,
        setpoint_id=setpoint.id, setpoint_entered_at=at, highest_rank=setpoint.rank, amount=amount,
        deal_type=deal_type, expected_close_on=expected_close_on, decision_on=decision_on, source_id=source_id,
        campaign_id=campaign_id, approach=approach, contact_id=contact_id, lead_created_at=lead_created_at,
        external_id=external_id, previous_cycle=previous_cycle, created_at=at, recorded_at=at,
        cycle_no=previous_cycle.cycle_no + 1 if previous_cycle else 1,
    )  # fmt: skip
    deal.save()
    if contact_id is not None:
        Stakeholder.objects.create(opportunity=deal, contact_id=contact_id, is_main=True)
    if first_meeting_at is not None:
        _log_first_meeting(deal, first_meeting_at, by=by, at=at)
    facts = replace(get_deal_facts(deal, path[-1].cumulative_criteria, rank=None), setpoint_id=None)
    refuse_missing(facts, setpoint, by=by, override=override)
    stood_in, said = (override, "") if moves.unmet_criteria(facts, to=setpoint) else ("", override)
    detail = move_detail(facts, setpoint, override=stood_in, reason=said)
    record(deal, creation_drafts(deal, setpoint=detail), by=by, at=at)
    return deal


def _require_permission(by: User | None, owner_id: int) -> None:
    if by is None:
        return
    access = get_access(by)
    if not can_create_deals(access):
        raise NotPermitted(Refusal.of("may_not_create_deals"))
    if not can_give_to(access, owner_id):
        raise NotPermitted(Refusal.of("may_not_give_to"))


def _find_start(pipeline_code: str, setpoint_code: str) -> tuple[list[SetpointFacts], SetpointFacts]:
    in_use = Pipeline.objects.filter(retired_at=None)
    pipeline = (in_use.filter(code=pipeline_code) if pipeline_code else in_use).first()
    if pipeline is None:
        raise EditRefused(Refusal.of("unknown_pipeline", value=pipeline_code), field="pipeline")
    path = [setpoint for setpoint in get_path(pipeline.pk, held=True) if not setpoint.is_retired]
    if not in_use.filter(pk=pipeline.pk).exists():  # retired before its setpoints were held; from here on nobody can
        raise EditRefused(Refusal.of("unknown_pipeline", value=pipeline.code), field="pipeline")
    setpoint = next((each for each in path if not setpoint_code or each.code == setpoint_code), None)
    if setpoint is None:
        raise EditRefused(Refusal.of("unknown_setpoint", value=setpoint_code), field="setpoint")
    return path, setpoint


def _log_first_meeting(deal: Opportunity, meeting_at: datetime, *, by: User | None, at: datetime) -> None:
    log_activity(
        kind=ActivityKind.MEETING,
        subject=deal.name,
        occurred_at=meeting_at,
        done=False,
        account_id=deal.account_id,
        contact_id=None if deal.contact and deal.contact.erased_at else deal.contact_id,
        owner_id=deal.owner_id,
        context={SUBJECT: deal.pk},
        by=by,
        at=at,
    )
