"""Who takes part in the decision about a deal."""

from typing import Any, ClassVar

from django.db.models import BooleanField, Case, F, Model, QuerySet, Value, When
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from crm.models import User
from pipeline.api.qualification import StakeholderShape
from pipeline.api.views.of_deal import OfDeal
from pipeline.commands.roles import put_stakeholder, remove_stakeholder
from pipeline.models import Stakeholder
from pipeline.queries.stakeholders import last_touches


class Stakeholders(OfDeal):
    """Everybody who takes part in the decision about a deal, or did."""

    model: ClassVar[type[Model]] = Stakeholder
    serializer_class = StakeholderShape

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the people of the deal, where the person may see it."""
        people = super().visible_to(user)
        left = Case(When(left_at=None, then=Value(False)), default=Value(True), output_field=BooleanField())
        touched_at = last_touches(self.kwargs["deal_id"])
        told: QuerySet[Any] = people.annotate(left=left, leads_id=F("introduced_by__contact_id"), touched_at=touched_at)
        return told

    @extend_schema(request=StakeholderShape, responses={201: StakeholderShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Say what part a contact has: somebody new is added, what is known of somebody is changed."""
        people = self.get_queryset()
        given = self.read(StakeholderShape)
        contact_id, left = given.pop("contact_id"), given.pop("left", False)
        sent = {"opportunity_id": deal_id, "contact_id": contact_id, "by": request.user, "at": self.at}
        if left and given:
            raise Problem(400, "invalid", errors={"left": [_("Send nothing else of somebody who left.")]})
        if left:
            remove_stakeholder(**sent)
        else:
            put_stakeholder(**sent, changes=given)
        return Response(self.get_serializer(people.get(contact_id=contact_id)).data, 201)
