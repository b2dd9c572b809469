"""What an import asks about deals, a batch at a time."""

from collections.abc import Collection

from pipeline.models import Opportunity


def get_deal_places(deal_ids: Collection[int]) -> dict[int, tuple[int, int | None]]:
    """Return account and contact of deals, by id."""
    rows = Opportunity.objects.filter(pk__in=deal_ids).values_list("id", "account_id", "contact_id")
    return {pk: (account_id, contact_id) for pk, account_id, contact_id in rows}


def get_deals_by_id(deal_ids: Collection[int]) -> dict[int, Opportunity]:
    """Return deals by id, with what reading their history needs."""
    fields = ("id", "created_at", "pipeline_id", "amount_currency")
    return {deal.pk: deal for deal in Opportunity.objects.filter(pk__in=deal_ids).only(*fields)}
