"""Who takes part in buying; the events that say so are those of the deal's main contact."""

from collections.abc import Sequence

from pipeline.models import Opportunity, Stakeholder


def set_main_contacts(deals: Sequence[Opportunity]) -> None:
    """Make the contact of each locked deal its main stakeholder; whoever was stays on the deal, who had left is back."""
    Stakeholder.objects.filter(opportunity__in=deals, is_main=True).update(is_main=False)
    Stakeholder.objects.bulk_create(
        [Stakeholder(opportunity=deal, contact_id=deal.contact_id, is_main=True) for deal in deals if deal.contact_id],
        update_conflicts=True,
        unique_fields=["opportunity", "contact"],
        update_fields=["is_main", "left_at"],
    )
