"""What to say to whom (TR-036, TR-044)."""

from django.db import models
from django.db.models import Q

from crm.enums import Seniority
from crm.lib.audit import audited
from crm.models import Persona
from crm.models.base import Record
from pipeline.models.context import Competitor

LONGEST = 2000


@audited()
class MessageGuide(Record):
    """What matters to people of a level, a persona or in the face of a competitor, and what to say and ask.

    A field left empty means any; a guide for executives says it in business terms.
    """

    seniority = models.CharField(max_length=20, blank=True, default="", choices=[(level, level) for level in Seniority])
    persona = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="guides")
    competitor = models.ForeignKey(Competitor, models.PROTECT, null=True, blank=True, related_name="guides")
    concern = models.CharField(max_length=LONGEST, blank=True, default="")
    message = models.CharField(max_length=LONGEST, blank=True, default="")
    business_terms = models.CharField(max_length=LONGEST, blank=True, default="")
    questions = models.CharField(max_length=LONGEST, blank=True, default="")
    proof = models.CharField(max_length=LONGEST, blank=True, default="")
    avoid = models.CharField(max_length=LONGEST, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seniority", "persona", "competitor"],
                condition=Q(archived_at=None),
                nulls_distinct=False,
                name="guide_once",
            ),
            models.CheckConstraint(
                condition=~Q(seniority="", persona=None, competitor=None), name="guide_is_for_somebody"
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.seniority, self.persona, self.competitor) if part)
