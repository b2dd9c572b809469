"""What surrounds a deal: activities, people, competitors, pains, triggers, effort (D-36 to D-39)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.lib.fields import MoneyField
from crm.models import Account, Activity, Contact, User
from pipeline.enums import EffortKind, Outcome, StakeholderRole, Stance
from pipeline.models.opportunities import Opportunity


class OpportunityActivity(models.Model):
    """An activity that belongs to a deal (D-12)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="activity_links")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="opportunity_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "activity"], name="opportunity_activity_once")]

    def __str__(self) -> str:
        return str(self.activity)


@audited()
class Stakeholder(models.Model):
    """A contact who takes part in the buying decision."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="stakeholders")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="stakes")
    role = models.CharField(max_length=30, blank=True, default="", choices=[(role, role) for role in StakeholderRole])
    stance = models.CharField(max_length=10, default=Stance.UNKNOWN, choices=[(stance, stance) for stance in Stance])
    influence = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 a little, 2 some, 3 decides with others
    met_on = models.DateField(null=True, blank=True)  # when somebody of ours met this person about the deal
    introduced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="introduces")
    note = models.CharField(max_length=1000, blank=True, default="")
    is_main = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True, blank=True)  # no longer takes part

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "contact"], name="stakeholder_once"),
            models.UniqueConstraint(fields=["opportunity"], condition=Q(is_main=True), name="stakeholder_one_main"),
            models.CheckConstraint(
                condition=Q(influence=None) | Q(influence__range=(1, 3)), name="stakeholder_influence_range"
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact)


@audited()
class Competitor(models.Model):
    """A firm we meet in deals."""

    name = models.CharField(max_length=200, unique=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@audited()
class OpportunityCompetitor(models.Model):
    """A competitor in one deal, with what became of it there: won, lost or still open."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="competitors")
    competitor = models.ForeignKey(Competitor, models.PROTECT, related_name="deals")
    outcome = models.CharField(
        max_length=20, blank=True, default="", choices=[(outcome, outcome) for outcome in Outcome]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "competitor"], name="deal_competitor_once")]

    def __str__(self) -> str:
        return str(self.competitor)


@audited()
class OpportunityPain(models.Model):
    """A problem the buyer has, by code, in their words."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="pains")
    code = models.SlugField(max_length=100)
    note = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "code"], name="deal_pain_once")]

    def __str__(self) -> str:
        return self.code


@audited()
class OpportunityTrigger(models.Model):
    """An event that made the buyer look for a solution."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="triggers")
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, blank=True, related_name="triggers")
    kind = models.SlugField(max_length=100)
    on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True, default="")

    def __str__(self) -> str:
        return self.kind


@audited()
class Effort(models.Model):
    """Minutes somebody spent, apart from who owns the activity (D-38).

    `recorded_at` is when they were logged; None where nobody kept that, so that they count from their day on.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="efforts")
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, blank=True, related_name="efforts")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in EffortKind])
    minutes = models.PositiveIntegerField()
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["on"], condition=Q(removed_at=None), name="effort_on")]

    def __str__(self) -> str:
        return f"{self.minutes} min {self.kind}"


@audited()
class CostRate(models.Model):
    """What an hour of a kind of effort costs, from a day on."""

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in EffortKind])
    hourly = MoneyField()
    valid_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="cost_rate_once_a_day")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.valid_from}"
