"""What the records of one deal have in common: whoever may see the deal may see them, for anybody else there is none."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404

from crm.api.resources import Records
from crm.models import User
from pipeline.queries.opportunities import opportunities_visible_to


class OfDeal(Records):
    """Records of one deal, where the person may see it."""

    orderings: ClassVar = {"id": "id"}
    default_ordering = "id"

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the records of the deal.

        :raises Http404: the person may not see it
        """
        if not opportunities_visible_to(user).filter(pk=self.kwargs["deal_id"]).exists():
            raise Http404
        return self.model._default_manager.filter(opportunity_id=self.kwargs["deal_id"])
