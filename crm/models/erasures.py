"""That people were erased (C-4, D-8)."""

from django.db import models

from crm.lib.audit import append_only
from crm.models.contacts import Contact
from crm.models.people import User


class Erasure(models.Model):
    """Who erased a person, when and why; nothing of who it was."""

    contact = models.OneToOneField(Contact, models.PROTECT, related_name="erasure")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.contact_id} {self.at}"
