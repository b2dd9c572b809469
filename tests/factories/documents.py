"""Dull proposals, points, documents and files. Rows only; what happened to them is made by commands."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from pipeline.models import Document, DocumentTemplate, NegotiationPoint, OpportunityFile, Proposal, TemplateVersion
from tests.factories.crm import LONG_AGO
from tests.factories.pipeline import OpportunityFactory


class ProposalFactory(DjangoModelFactory[Proposal]):
    """A proposal that was not sent yet."""

    class Meta:
        model = Proposal

    opportunity = factory.SubFactory(OpportunityFactory)
    number = factory.Sequence(lambda n: n + 1)
    package = "custom"
    at = LONG_AGO


class NegotiationPointFactory(DjangoModelFactory[NegotiationPoint]):
    """Something the customer wants otherwise."""

    class Meta:
        model = NegotiationPoint

    opportunity = factory.SubFactory(OpportunityFactory)
    topic = "price"
    asked = "Ten percent less"
    asked_on = date(2026, 1, 20)
    at = LONG_AGO


class OpportunityFileFactory(DjangoModelFactory[OpportunityFile]):
    """The row of a file whose bytes nobody wrote."""

    class Meta:
        model = OpportunityFile

    opportunity = factory.SubFactory(OpportunityFactory)
    name = factory.Sequence(lambda n: f"offer-{n}.pdf")
    key = factory.Sequence(lambda n: f"files/00/{n}")
    media_type = "application/pdf"
    size = 4
    sha256 = "0" * 64
    at = LONG_AGO


class DocumentFactory(DjangoModelFactory[Document]):
    """A proposal made of the template every installation starts with."""

    class Meta:
        model = Document

    opportunity = factory.SubFactory(OpportunityFactory)
    kind = "proposal"
    number = factory.Sequence(lambda n: n + 1)
    version = factory.LazyFunction(lambda: TemplateVersion.objects.get(template=get_template(), number=1))
    content = factory.LazyFunction(
        lambda: {
            "title": "Offer",
            "language": "en",
            "by": "We",
            "on": "Today",
            "blocks": [{"kind": "text", "text": "Hello"}],
        }
    )
    at = LONG_AGO


def get_template(kind: str = "proposal") -> DocumentTemplate:
    """Return a template every installation starts with."""
    return DocumentTemplate.objects.filter(kind=kind).earliest("pk")
