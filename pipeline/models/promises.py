"""What may be promised, what was, and who agreed (P-14, EE-062 to EE-071, EE-089)."""

from django.db import models
from django.db.models import Q

from crm.enums import Role
from crm.lib.audit import audited
from crm.models import User
from pipeline.enums import ApprovalState, PolicyArea, PromiseState
from pipeline.models.opportunities import Opportunity


@audited()
class PromisePolicy(models.Model):
    """What may be sold in one area from a day on: up to `free_to` freely, up to `approval_to` with an approval.

    Beyond that, not at all; null means no end. Units by area: discount and payment terms in percent and days,
    custom work in hours, a delivery date in days sooner than `standard`, a roadmap promise in months ahead.
    `role` is who approves; where nobody holds it, an admin.
    """

    area = models.CharField(max_length=20, choices=[(area, area) for area in PolicyArea])
    valid_from = models.DateField()
    standard = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    free_to = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    approval_to = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    approver = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer_hours = models.PositiveSmallIntegerField(default=16)  # working hours until an answer is due
    hint = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "valid_from"], name="promise_policy_once_a_day")]

    def __str__(self) -> str:
        return f"{self.area} from {self.valid_from}"


@audited()
class Approval(models.Model):
    """A question to somebody whether a deal may go beyond the policy. While open or refused it bars 90% and won."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="approvals")
    area = models.CharField(max_length=20, choices=[(area, area) for area in PolicyArea])
    asked = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    why = models.CharField(max_length=1000)
    state = models.CharField(
        max_length=10, default=ApprovalState.OPEN, choices=[(state, state) for state in ApprovalState]
    )
    approver = models.ForeignKey(User, models.PROTECT, related_name="approvals")
    delegated_from = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=1000, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # a decision made before that stays on record
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="escalations")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "area"], condition=Q(state=ApprovalState.OPEN), name="approval_one_open_an_area"
            ),
            models.CheckConstraint(
                condition=Q(state=ApprovalState.OPEN, decided_at=None, withdrawn_at=None)
                | Q(
                    state__in=[ApprovalState.APPROVED, ApprovalState.REFUSED],
                    decided_at__isnull=False,
                    withdrawn_at=None,
                )
                | Q(state=ApprovalState.WITHDRAWN, withdrawn_at__isnull=False),
                name="approval_state_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["approver", "due_at"], condition=Q(state=ApprovalState.OPEN), name="approval_waiting"),
            models.Index(fields=["due_at"], condition=Q(state=ApprovalState.OPEN), name="approval_due"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.area}"


@audited()
class Promise(models.Model):
    """Something we said we would do for the customer, by when, and what became of it (EE-062)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="promises")
    area = models.CharField(max_length=20, blank=True, default="", choices=[(area, area) for area in PolicyArea])
    asked = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # in the unit of the area
    text = models.CharField(max_length=500)
    due_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="promises")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="promises")
    state = models.CharField(
        max_length=10, default=PromiseState.OPEN, choices=[(state, state) for state in PromiseState]
    )
    ended_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.text


@audited()
class Handover(models.Model):
    """The sheet that goes to delivery when a deal is won, and later whether it was delivered as sold (EE-063)."""

    opportunity = models.OneToOneField(Opportunity, models.PROTECT, related_name="handover")
    made_at = models.DateTimeField()
    to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="handovers")
    summary = models.CharField(max_length=2000, blank=True, default="")
    accepted_at = models.DateTimeField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    as_sold = models.BooleanField(null=True, blank=True)
    gap = models.CharField(max_length=1000, blank=True, default="")  # what was not delivered as sold
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.opportunity)


@audited()
class DeliveryQuestion(models.Model):
    """A question to a named colleague in product or delivery, answered on the deal while it is sold (EE-098)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="delivery_questions")
    to = models.ForeignKey(User, models.PROTECT, related_name="delivery_questions")
    text = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["to", "asked_at"], condition=Q(answered_at=None), name="delivery_question_waiting")
        ]

    def __str__(self) -> str:
        return self.text
