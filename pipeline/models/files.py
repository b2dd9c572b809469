"""Files people attach to deals (requirements M14). Their bytes lie in the file storage, under names of ours."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.models import User
from pipeline.models.opportunities import Opportunity


@audited()
class OpportunityFile(models.Model):
    """A file of a deal. `name` is what people called it, cleaned; `key` where its bytes lie, made by us.

    `media_type` is what its bytes are. What was taken away keeps its row and its bytes, and can be put back.
    """

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="files")
    name = models.CharField(max_length=150)
    key = models.CharField(max_length=100, unique=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="opportunity_file_holds_something")]

    def __str__(self) -> str:
        return self.name
