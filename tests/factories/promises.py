"""Dull approvals and promises; what happens to them is made by commands."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from pipeline.models import Approval, Promise
from tests.factories.crm import LONG_AGO, UserFactory
from tests.factories.pipeline import OpportunityFactory


class ApprovalFactory(DjangoModelFactory[Approval]):
    """A discount of 15% nobody answered yet; `approved=True` or `refused=True` answers it."""

    class Meta:
        model = Approval

    class Params:
        approved = factory.Trait(
            state="approved", decided_at=LONG_AGO, decided_by=factory.SelfAttribute("approver"), answer="Fine"
        )
        refused = factory.Trait(
            state="refused", decided_at=LONG_AGO, decided_by=factory.SelfAttribute("approver"), answer="Too much"
        )

    opportunity = factory.SubFactory(OpportunityFactory)
    area = "discount"
    asked = Decimal(15)
    why = "They order for two years"
    approver = factory.SubFactory(UserFactory, roles=["finance"])
    asked_by = factory.SelfAttribute("opportunity.owner")
    asked_at = LONG_AGO
    due_at = LONG_AGO + timedelta(days=2)


class PromiseFactory(DjangoModelFactory[Promise]):
    """Something promised that is still open."""

    class Meta:
        model = Promise

    opportunity = factory.SubFactory(OpportunityFactory)
    text = factory.Sequence(lambda n: f"Promise {n}")
    due_on = date(2026, 3, 2)
    owner = factory.SelfAttribute("opportunity.owner")
    at = LONG_AGO
