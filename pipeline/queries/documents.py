"""Proposals, negotiation, documents and files of a deal, and the templates documents are made of."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from crm.enums import ActivityKind, ActivityOutcome
from crm.models import User
from crm.queries.access import get_access
from crm.queries.organisation import get_zone
from pipeline.models import (
    Document,
    DocumentTemplate,
    NegotiationPoint,
    Opportunity,
    OpportunityActivity,
    OpportunityFile,
    OpportunityLine,
    Promise,
    Proposal,
    ProposalLine,
    TemplateVersion,
)
from pipeline.queries.opportunities import opportunities_visible_to


@dataclass(frozen=True, slots=True)
class DealDocuments:
    """Everything the panel of a deal shows, the latest first; `meetings_on` are the days of meetings that were held."""

    proposals: list[Proposal]
    lines: dict[int, list[ProposalLine]]
    points: list[NegotiationPoint]
    documents: list[Document]
    files: list[OpportunityFile]
    meetings_on: list[date]


def get_deal_documents(deal_id: int) -> DealDocuments:
    """Return what was offered, negotiated, written and attached of a deal; a statement each."""
    of_deal: dict[str, Any] = {"opportunity_id": deal_id}
    proposals = list(proposals_of(deal_id).select_related("by").order_by("-number"))
    lines: dict[int, list[ProposalLine]] = {proposal.pk: [] for proposal in proposals}
    for line in ProposalLine.objects.filter(proposal__in=lines).order_by("proposal", "order"):
        lines[line.proposal_id].append(line)
    points = NegotiationPoint.objects.filter(**of_deal).select_related("contact").order_by("-asked_on", "-pk")
    documents = Document.objects.filter(**of_deal).select_related("by").order_by("-at", "-pk")
    files = OpportunityFile.objects.filter(**of_deal, removed_at=None).select_related("by").order_by("-at", "-pk")
    return DealDocuments(
        proposals, lines, list(points), list(documents), list(files), get_meeting_days(deal_id) if proposals else []
    )


def proposals_of(deal_id: int) -> QuerySet[Proposal]:
    """Return the proposals of a deal, those taken back left out."""
    return Proposal.objects.filter(opportunity_id=deal_id, removed_at=None)


def get_meeting_days(deal_id: int) -> list[date]:
    """Return the local days on which meetings and demos about a deal were held, one a meeting."""
    links = OpportunityActivity.objects.filter(
        opportunity_id=deal_id,
        activity__kind__in=[ActivityKind.MEETING, ActivityKind.DEMO],
        activity__outcome=ActivityOutcome.HELD,
        activity__archived_at=None,
    )
    day = TruncDate("activity__occurred_at", tzinfo=get_zone())
    return list(links.order_by("activity__occurred_at").values_list(day, flat=True))


def documents_visible_to(user: User) -> QuerySet[Document]:
    """Return the documents of the deals the person may see."""
    return Document.objects.filter(opportunity__in=opportunities_visible_to(user))


def templates_in_use() -> QuerySet[DocumentTemplate]:
    """Return the templates documents can be made of, proposals before contracts."""
    return DocumentTemplate.objects.filter(retired_at=None).order_by("-kind", "name")


def templates_visible_to(user: User) -> QuerySet[Any]:
    """Return the templates, retired ones among them, with the words in force: to whoever may see deals, or none."""
    known = DocumentTemplate.objects.all() if get_access(user).reads_company else DocumentTemplate.objects.none()
    words = TemplateVersion.objects.filter(template=OuterRef("pk"), number=OuterRef("number"))
    return known.annotate(
        version=F("number"), title=Subquery(words.values("title")), body=Subquery(words.values("body"))
    )


def get_templates() -> QuerySet[Any]:
    """Return every template, retired ones last, each with `made`, how many documents were made of it."""
    made = Count("versions__documents")
    ordered = DocumentTemplate.objects.order_by(F("retired_at").asc(nulls_first=True), "-kind", "name")
    return ordered.annotate(made=made)


def get_versions(template_id: int) -> list[TemplateVersion]:
    """Return what a template said, the version in force first."""
    versions = TemplateVersion.objects.filter(template_id=template_id).select_related("by")
    return list(versions.order_by("-number"))


@dataclass(frozen=True, slots=True)
class FillFacts:
    """What a document may tell of a deal beside the deal itself."""

    proposal: Proposal | None
    solutions: list[ProposalLine]
    lines: list[OpportunityLine]
    promises: list[Promise]
    points: list[NegotiationPoint]


def get_fill_facts(deal: Opportunity, proposal_id: int | None) -> FillFacts:
    """Return what fills the blocks of a template: of the proposal asked for, else of the deal's latest."""
    known = proposals_of(deal.pk).order_by("-number")
    proposal = (known.filter(pk=proposal_id) if proposal_id else known).first()
    of_deal: dict[str, Any] = {"opportunity_id": deal.pk}
    return FillFacts(
        proposal,
        list(ProposalLine.objects.filter(proposal=proposal).order_by("order")) if proposal else [],
        list(OpportunityLine.objects.filter(**of_deal, removed_at=None).select_related("product").order_by("pk")),
        list(Promise.objects.filter(**of_deal, state="open").order_by("due_on", "pk")),
        list(NegotiationPoint.objects.filter(**of_deal, state="agreed").order_by("settled_on", "pk")),
    )
