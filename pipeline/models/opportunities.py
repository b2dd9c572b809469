"""The deal as it stands now; how it came to stand there is in its events."""

from django.db import models
from django.db.models import F, Q

from crm.enums import Approach
from crm.lib.audit import audited
from crm.lib.fields import MoneyField
from crm.models import Account, Campaign, Contact, Reason, Source, User
from crm.models.base import Record
from pipeline.enums import DealType, ForecastCategory, Outcome
from pipeline.models.setpoints import Pipeline, Setpoint, Stage

OPEN = Q(outcome="", archived_at=None)


@audited(exclude=("next_step_on", "current_step", "evidenced_setpoint", "severity"))
class Opportunity(Record):
    """One sale being worked at an account ("deal" on screen).

    `setpoint` is where the rep put it (claimed); null only for closed deals imported without one.
    `highest_rank` is the highest rank ever reached, null when unknown. `next_step_on` and
    `current_step` repeat the earliest open next step for sorting; commands keep them.
    `lead_created_at` is the earliest lead time, kept through conversion and merge (D-40).
    `evidenced_setpoint` is the highest setpoint whose criteria, and those below, are met (P-4); `severity` the
    worst of its signals that are not snoozed, 0 for none. Both are derived: they never raise `version` (D-9).
    `paused_until` is an agreed pause, which suspends the clocks of the signals.
    """

    name = models.CharField(max_length=300)
    account = models.ForeignKey(Account, models.PROTECT, related_name="opportunities")
    owner = models.ForeignKey(User, models.PROTECT, related_name="opportunities")
    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="opportunities")
    setpoint = models.ForeignKey(Setpoint, models.PROTECT, null=True, blank=True, related_name="opportunities")
    setpoint_entered_at = models.DateTimeField(null=True, blank=True)
    evidenced_setpoint = models.ForeignKey(Setpoint, models.PROTECT, null=True, blank=True, related_name="+")
    severity = models.PositiveSmallIntegerField(default=0)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="opportunities")
    highest_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = MoneyField(null=True, blank=True)
    deal_type = models.CharField(max_length=20, choices=[(kind, kind) for kind in DealType])
    expected_close_on = models.DateField(null=True, blank=True)
    decision_on = models.DateField(null=True, blank=True)
    required_results = models.CharField(max_length=1000, blank=True, default="")
    go_live_on = models.DateField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    pause_reason = models.CharField(max_length=300, blank=True, default="")
    category = models.CharField(
        max_length=10, default=ForecastCategory.PIPELINE, choices=[(kind, kind) for kind in ForecastCategory]
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    approach = models.CharField(
        max_length=10, blank=True, default="", choices=[(approach, approach) for approach in Approach]
    )
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="opportunities")
    lead_created_at = models.DateTimeField(null=True, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    current_step = models.ForeignKey("NextStep", models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(
        max_length=20, blank=True, default="", choices=[(outcome, outcome) for outcome in Outcome]
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, related_name="+")
    close_note = models.TextField(blank=True, default="")
    competitor = models.ForeignKey("Competitor", models.PROTECT, null=True, blank=True, related_name="+")
    revisit_on = models.DateField(null=True, blank=True)
    backfilled = models.BooleanField(default=False)  # imported without its history (D-23)
    cycle_no = models.PositiveSmallIntegerField(default=1)
    previous_cycle = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="next_cycles")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="opportunity_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="") | (Q(setpoint__isnull=False) & Q(setpoint_entered_at__isnull=False)),
                name="opportunity_open_has_setpoint",
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="opportunity_amount_positive"),
        ]
        indexes = [
            models.Index(
                "setpoint", F("next_step_on").asc(nulls_first=True), "id", name="opportunity_board", condition=OPEN
            ),
            models.Index(
                "owner",
                "setpoint",
                F("next_step_on").asc(nulls_first=True),
                "id",
                name="opportunity_owner_board",
                condition=OPEN,
            ),
            models.Index(
                "setpoint",
                F("severity").desc(),
                F("next_step_on").asc(nulls_first=True),
                "id",
                name="opportunity_attention",
                condition=OPEN,
            ),
            models.Index(
                "owner",
                "setpoint",
                F("severity").desc(),
                F("next_step_on").asc(nulls_first=True),
                "id",
                name="opportunity_owner_attention",
                condition=OPEN,
            ),
            models.Index(
                fields=["setpoint", "evidenced_setpoint", "amount_currency"],
                include=["amount", "next_step_on", "owner", "pipeline"],
                name="opportunity_open_sums",
                condition=OPEN & Q(merged_into=None),
            ),
            models.Index(
                fields=["closed_at", "outcome"],
                include=["amount", "amount_currency", "owner", "pipeline", "archived_at", "merged_into"],
                name="opportunity_closed",
                condition=~Q(outcome=""),
            ),
            models.Index(fields=["account", "id"], name="opportunity_by_account"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether the deal is still being worked."""
        return not self.outcome and self.archived_at is None
