"""The customer's own case for buying, kept whole (B28, EE-082, TR-042)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.opportunities.values import is_contact_of
from pipeline.commands.qualification import assess_element
from pipeline.enums import Element, Level
from pipeline.events import EventKind
from pipeline.facts import STALE_AFTER_DAYS, CaseFacts, CaseKpiFacts, CaseRowFacts
from pipeline.figures.business_case import case_flows
from pipeline.models import Assessment, BusinessCase, BusinessCaseKpi, BusinessCaseRow, Opportunity
from pipeline.policies import business_cases as policy
from pipeline.queries.business_cases import get_case, get_case_facts

M = TypeVar("M", BusinessCaseKpi, BusinessCaseRow)


class CaseRefused(CommandRefused):
    """The case stays as it was; the refusals name the fields."""


@transaction.atomic
def save_case(
    *,
    opportunity_id: int,
    wanted: CaseFacts,
    by: User | None,
    at: datetime,
    seen: policy.Seen | None = None,
    seen_version: int | None = None,
) -> BusinessCase:
    """Keep the case of a deal whole: what is left out of `wanted` is taken away, what is new in it is added.

    `seen` holds the digests of what a page showed: what others changed meanwhile stays, what both changed is refused.
    `seen_version` is what an API client read. Nothing changed is no change. With whom it was built is what that
    contact told us of the economic driver, so it is assessed as such.

    :raises StaleRecord: somebody changed the same field, row or figure; `current` says to what
    :raises CaseRefused: a value may not stand there
    :raises NotPermitted: the person may not change the deal
    """
    deal = _lock_open(opportunity_id, by=by)
    case = get_case(deal.pk)
    known = get_case_facts(case) if case else None
    if case is not None and seen_version not in (None, case.version):
        raise StaleRecord(seen=seen_version or 0, now=case.version)
    if case is not None and known is not None and seen is not None:
        wanted, stale = policy.merge(known, wanted, seen=seen)
        if stale:
            raise StaleRecord(seen=0, now=case.version, current=stale)
    refused = policy.case_refusals(wanted, known=known, today=get_local_date(at))
    built = (wanted.co_built_with_id, wanted.co_built_on)
    is_news = known is None or (known.co_built_with_id, known.co_built_on) != built
    if is_news and not is_contact_of(deal, wanted.co_built_with_id):
        refused.append(Refusal.of("unknown_contact", field="co_built_with_id"))
    if refused:
        raise CaseRefused(refused)
    if case is not None and wanted == known:
        return case
    case = _keep(case or BusinessCase(opportunity=deal, version=0), wanted, at=at)
    draft = EventDraft(EventKind.ECONOMICS, at, _value(case.pk, known), _value(case.pk, wanted))
    record(deal, [draft], by=by, at=at)
    if is_news:
        _assess_driver(deal, wanted, by=by, at=at)
    return case


def _lock_open(opportunity_id: int, *, by: User | None) -> Opportunity:
    deal = lock_deal(opportunity_id, by=by)
    if deal.archived_at is not None:
        raise CaseRefused(Refusal.of("deal_archived"))
    return deal


def _keep(case: BusinessCase, wanted: CaseFacts, *, at: datetime) -> BusinessCase:
    for name in policy.HEAD:
        setattr(case, name, getattr(wanted, name))
    case.is_co_built = wanted.co_built_with_id is not None
    case.version += 1
    case.save()
    kept = {kpi.pk: kpi for kpi in BusinessCaseKpi.objects.filter(case=case, removed_at=None)}
    kpis = [_kpi(case, kpi, order) for order, kpi in enumerate(wanted.kpis)]
    _store(BusinessCaseKpi, kpis, kept, at=at)
    ids = {kpi.name: kpi.pk for kpi in kpis}
    rows = [_row(case, row, order, ids) for order, row in enumerate(wanted.rows)]
    _store(BusinessCaseRow, rows, {row.pk: row for row in case.rows.filter(removed_at=None)}, at=at)
    return case


def _kpi(case: BusinessCase, kpi: CaseKpiFacts, order: int) -> BusinessCaseKpi:
    return BusinessCaseKpi(
        pk=kpi.kpi_id, case=case, name=kpi.name, unit=kpi.unit, now=kpi.now, goal=kpi.goal, our_part=kpi.our_part,
        order=order,
    )  # fmt: skip


def _row(case: BusinessCase, row: CaseRowFacts, order: int, kpi_ids: Mapping[str, int]) -> BusinessCaseRow:
    return BusinessCaseRow(
        pk=row.row_id, case=case, side=row.side, label=row.label, at_start=row.at_start, yearly=list(row.yearly),
        kpi_id=kpi_ids.get(row.kpi), order=order,
    )  # fmt: skip


def _store(model: type[M], wanted: Sequence[M], kept: Mapping[int, M], *, at: datetime) -> None:
    """Add what has no key yet, change what has, and take away what is no longer wanted; a statement each."""
    names = [field.name for field in model._meta.concrete_fields if field.name not in ("id", "case")]
    model._default_manager.bulk_create([part for part in wanted if part.pk is None])
    model._default_manager.bulk_update([part for part in wanted if part.pk in kept], names)
    gone = kept.keys() - {part.pk for part in wanted}
    if gone:
        model._default_manager.filter(pk__in=gone).update(removed_at=at)


def _assess_driver(deal: Opportunity, case: CaseFacts, *, by: User | None, at: datetime) -> None:
    """Note that a contact built the case with us, unless we were told so lately, or better (EE-082)."""
    if case.co_built_on is None or not deal.is_open:
        return
    known = Assessment.objects.filter(opportunity=deal, element=Element.DRIVER_CO_BUILT, ended_at=None).first()
    heard_after = case.co_built_on - timedelta(days=STALE_AFTER_DAYS)
    if known is not None and known.level >= Level.TOLD and known.said_on >= heard_after:
        return
    level = max(Level.TOLD, known.level if known is not None else Level.UNKNOWN)
    assess_element(
        opportunity_id=deal.pk, element=Element.DRIVER_CO_BUILT, level=level, said_on=case.co_built_on,
        contact_id=case.co_built_with_id, by=by, at=at,
    )  # fmt: skip


def _value(case_id: int, case: CaseFacts | None) -> dict[str, Any] | None:
    """Return a case as events hold it: its sums over the horizon, never its words."""
    if case is None:
        return None
    flows = case_flows(((row.side, row.at_start, row.yearly) for row in case.rows), years=case.years)
    return {
        "case": case_id,
        "years": case.years,
        "currency": case.currency,
        "cost": str(sum(flows.costs)),
        "benefit": str(sum(flows.benefits)),
        "co_built_with": case.co_built_with_id,
        "co_built_on": case.co_built_on.isoformat() if case.co_built_on else None,
    }
