"""Attested facts (P-2): who said it, when, and what; revoked, never deleted."""

from datetime import date, datetime

from django.db import transaction

from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import AttestationRefused, lock_deal
from pipeline.commands.opportunities.values import is_contact_of
from pipeline.enums import SAID_BY_SOMEBODY, Evidence
from pipeline.events import EventKind
from pipeline.models import Attestation, CriterionVersion, Opportunity


@transaction.atomic
def attest_criterion(
    *,
    opportunity_id: int,
    criterion_version_id: int,
    said_on: date,
    note: str,
    contact_id: int | None = None,
    by: User | None,
    at: datetime,
) -> Attestation:
    """State that a criterion is met: what was said, by whom at the customer's, on which day.

    :raises AttestationRefused: attested already, in the future, without words or the person, or not to be attested
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    version = CriterionVersion.objects.select_related("criterion__setpoint").get(pk=criterion_version_id)
    if refused := _refusals(deal, version, said_on=said_on, note=note, contact_id=contact_id, at=at):
        raise AttestationRefused(refused)
    attestation = Attestation.objects.create(
        opportunity=deal,
        criterion_version=version,
        contact_id=contact_id,
        said_on=said_on,
        note=note.strip(),
        by=by,
        at=at,
    )
    value = {"code": version.criterion.code, "attestation": attestation.pk}
    record(deal, [EventDraft(EventKind.EVIDENCE, at, None, value)], by=by, at=at)
    return attestation


def _refusals(
    deal: Opportunity, version: CriterionVersion, *, said_on: date, note: str, contact_id: int | None, at: datetime
) -> list[Refusal]:
    refused = [Refusal.of("deal_archived")] if deal.archived_at is not None else []
    if version.evidence != Evidence.ATTESTED or version.criterion.setpoint.pipeline_id != deal.pipeline_id:
        refused.append(Refusal.of("not_attestable"))
    if version.valid_until is not None or version.criterion.retired_at is not None:
        refused.append(Refusal.of("criterion_replaced"))
    if not note.strip():
        refused.append(Refusal.of("note_needed", field="note"))
    if said_on > get_local_date(at):
        refused.append(Refusal.of("said_in_future", field="said_on"))
    if contact_id is None and version.criterion.code in SAID_BY_SOMEBODY:
        refused.append(Refusal.of("person_needed", field="contact"))
    if not is_contact_of(deal, contact_id):
        refused.append(Refusal.of("unknown_contact", field="contact"))
    said = Attestation.objects.filter(opportunity=deal, criterion_version__criterion=version.criterion_id)
    if said.filter(revoked_at=None).exists():
        refused.append(Refusal.of("attested_already"))
    return refused


@transaction.atomic
def revoke_attestation(*, attestation_id: int, by: User | None, at: datetime) -> Attestation:
    """Take an attested fact back; what was said stays on record.

    :raises AttestationRefused: it was revoked already, or the deal is archived
    :raises NotPermitted: the person may not change the deal
    """
    opportunity_id = Attestation.objects.values_list("opportunity_id", flat=True).get(pk=attestation_id)
    deal = lock_deal(opportunity_id, by=by)
    if deal.archived_at is not None:
        raise AttestationRefused(Refusal.of("deal_archived"))
    attestation = Attestation.objects.select_related("criterion_version__criterion").get(pk=attestation_id)
    if attestation.revoked_at is not None:
        raise AttestationRefused(Refusal.of("revoked_already"))
    attestation.revoked_at, attestation.revoked_by = at, by
    attestation.save(update_fields=["revoked_at", "revoked_by"])
    value = {"code": attestation.criterion_version.criterion.code, "attestation": attestation.pk}
    record(deal, [EventDraft(EventKind.EVIDENCE, at, value, None)], by=by, at=at)
    return attestation
