"""What was offered and negotiated, and the documents made of it (LT-051, LT-052, LT-096, FI-014, FI-016, FI-017)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import append_only, audited
from crm.lib.fields import MoneyField
from crm.models import Contact, User
from pipeline.enums import DocumentKind, NegotiationState, NegotiationTopic, Package
from pipeline.models.opportunities import Opportunity


@audited()
class Proposal(models.Model):
    """An offer made for a customer; `sent_on` is the day they got it, null while it is being written.

    A standard package is offered as it is, without a negotiation to come (FI-017).
    """

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField()  # the first of the deal is 1
    package = models.CharField(max_length=10, choices=[(package, package) for package in Package])
    amount = MoneyField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "number"], name="proposal_number")]

    def __str__(self) -> str:
        return f"{self.opportunity} {self.number}"


@audited()
class ProposalLine(models.Model):
    """One concrete way to solve a problem of this customer (LT-051)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    challenge = models.CharField(max_length=300)
    solution = models.CharField(max_length=500)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["proposal", "order"], name="proposal_line_order")]

    def __str__(self) -> str:
        return self.solution


@audited()
class NegotiationPoint(models.Model):
    """Something the customer wants otherwise, and what came of it (LT-052, FI-016)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="negotiation")
    topic = models.CharField(max_length=20, choices=[(topic, topic) for topic in NegotiationTopic])
    asked = models.CharField(max_length=500)
    asked_on = models.DateField()
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        max_length=10, default=NegotiationState.OPEN, choices=[(state, state) for state in NegotiationState]
    )
    answer = models.CharField(max_length=500, blank=True, default="")
    settled_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=NegotiationState.OPEN, settled_on=None)
                | (~Q(state=NegotiationState.OPEN) & Q(settled_on__isnull=False)),
                name="negotiation_point_settled",
            )
        ]

    def __str__(self) -> str:
        return self.asked


@audited()
class DocumentTemplate(models.Model):
    """A proposal or a contract to be filled from a deal; its words are in its versions."""

    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in DocumentKind])
    name = models.CharField(max_length=100, unique=True)
    number = models.PositiveSmallIntegerField(default=1)  # of the version in force
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """What a template said from a moment on, never changed: a title and a body with placeholders of a fixed list."""

    template = models.ForeignKey(DocumentTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_number")]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"


class Document(models.Model):
    """A template filled from a deal, never changed: `content` is what PDF and DOCX are made of whenever they are asked for.

    `number` counts the deal's documents of a kind. `content` is {"title", "language", "by", "blocks": [...]}, see
    pipeline/policies/templates.py.
    """

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in DocumentKind])
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="documents")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="documents")
    content = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["opportunity", "kind", "number"], name="document_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
