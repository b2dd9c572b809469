"""Who takes part in the decision about a deal."""

from typing import Any, ClassVar

from django.db.models import BooleanField, Case, F, Model, QuerySet, Value, When
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from crm.api.resources import Records
from crm.models import User
from pipeline.api.qualification import StakeholderShape
from pipeline.commands.roles import put_stakeholder, remove_stakeholder
from pipeline.models import Stakeholder
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.stakeholders import last_touches


class Stakeholders(Records):
    """Everybody who takes part in the decision about a deal, or did."""

    model: ClassVar[type[Model]] = Stakeholder
    serializer_class = StakeholderShape
    orderings: ClassVar = {"id": "id"}
    default_ordering = "id"

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the people of the deal, where the person may see it."""
        if not opportunities_visible_to(user).filter(pk=self.kwargs["deal_id"]).exists():
            raise Http404
        left = Case(When(left_at=None, then=Value(False)), default=Value(True), output_field=BooleanField())
        people = Stakeholder.objects.filter(opportunity_id=self.kwargs["deal_id"])
        touched_at = last_touches(self.kwargs["deal_id"])
        return people.annotate(left=left, leads_id=F("introduced_by__contact_id"), touched_at=touched_at)

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
