"""What may still name somebody who was erased, which only a reader can tell."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from crm.facts import LeftFile
from pipeline.models import Opportunity, OpportunityFile


def get_left_files(contact_ids: Iterable[int]) -> list[LeftFile]:
    """Return the files of the deals these contacts take part in, those taken away as well: their bytes are kept."""
    ids = list(contact_ids)
    deals = Opportunity.objects.filter(Q(contact__in=ids) | Q(stakeholders__contact__in=ids))
    files = OpportunityFile.objects.filter(opportunity__in=deals.values("pk")).select_related("opportunity")
    return [
        LeftFile(file.name, str(file.opportunity), reverse("pipeline:deal_detail", args=[file.opportunity_id]))
        for file in files.order_by("opportunity_id", "pk")
    ]
