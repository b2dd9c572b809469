"""Dull shared hours; what happens to them is made by commands."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from pipeline.models import DeliveryQuestion, Resource, ResourceRequest
from tests.factories.crm import LONG_AGO, UserFactory
from tests.factories.pipeline import OpportunityFactory


class ResourceFactory(DjangoModelFactory[Resource]):
    """A sales engineer who gives deals 20 hours a week."""

    class Meta:
        model = Resource

    user = factory.SubFactory(UserFactory, contributor=True)
    kind = "sales_engineer"
    weekly_hours = Decimal(20)


class RequestFactory(DjangoModelFactory[ResourceRequest]):
    """8 hours of whoever gives a sales engineer's, which nobody answered yet."""

    class Meta:
        model = ResourceRequest

    opportunity = factory.SubFactory(OpportunityFactory)
    kind = "sales_engineer"
    purpose = factory.Sequence(lambda n: f"Trial at plant {n}")
    hours = Decimal(8)
    due_on = date(2026, 3, 20)
    asked_by = factory.SelfAttribute("opportunity.owner")
    asked_at = LONG_AGO


class QuestionFactory(DjangoModelFactory[DeliveryQuestion]):
    """A question somebody in delivery has not answered yet."""

    class Meta:
        model = DeliveryQuestion

    opportunity = factory.SubFactory(OpportunityFactory)
    to = factory.SubFactory(UserFactory, roles=["delivery"])
    text = factory.Sequence(lambda n: f"Can it run at {n} degrees?")
    asked_by = factory.SelfAttribute("opportunity.owner")
    asked_at = LONG_AGO
