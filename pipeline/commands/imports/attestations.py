"""What customers said about deals, in bulk, with the events the single command makes (P-2, D-21)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.commands.imports import copy_records
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_zone
from pipeline.commands.history import EventDraft
from pipeline.commands.imports.rows import Drafts, record_all
from pipeline.commands.opportunities.refused import AttestationRefused
from pipeline.enums import Evidence
from pipeline.events import EventKind
from pipeline.models import Attestation, CriterionVersion, Opportunity


@dataclass(frozen=True, slots=True)
class AttestationRow:
    """One fact somebody stated about a deal, `by` whom it was written down and when."""

    opportunity_id: int
    criterion_version_id: int
    contact_id: int | None
    note: str
    by_id: int
    at: datetime


@transaction.atomic
def import_attestations(*, rows: Sequence[AttestationRow]) -> list[int]:
    """Write down what was said, as a first load: each was said and recorded at its moment. Return the ids.

    :raises AttestationRefused: a criterion is not one to be attested today
    """
    if not rows:
        return []
    deals = Opportunity.objects.filter(pk__in={row.opportunity_id for row in rows})
    list(deals.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    versions = CriterionVersion.objects.filter(evidence=Evidence.ATTESTED, valid_until=None)
    codes = dict(versions.values_list("pk", "criterion__code"))
    if any(row.criterion_version_id not in codes for row in rows):
        raise AttestationRefused(Refusal.of("not_attestable"))
    zone = get_zone()
    ids = copy_records(
        Attestation,
        [
            {"opportunity_id": row.opportunity_id, "criterion_version_id": row.criterion_version_id,
             "contact_id": row.contact_id, "said_on": row.at.astimezone(zone).date(), "note": row.note,
             "by_id": row.by_id, "at": row.at}
            for row in rows
        ],
    )  # fmt: skip
    drafts: dict[int, dict[int, Drafts]] = defaultdict(lambda: defaultdict(list))
    for pk, row in zip(ids, rows, strict=True):
        value = {"code": codes[row.criterion_version_id], "attestation": pk}
        drafts[row.by_id][row.opportunity_id].append(EventDraft(EventKind.EVIDENCE, row.at, None, value))
    people = User.objects.in_bulk(drafts)
    for by_id, of_deals in drafts.items():
        record_all(of_deals, by=people[by_id], recorded_at={}, at=max(row.at for row in rows))
    return ids
