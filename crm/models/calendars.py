"""When people do not work: holidays of a country, and who is away (D-27)."""

from django.db import models
from django.db.models import F, Q

from crm.lib.audit import audited
from crm.models.people import User


@audited()
class Holiday(models.Model):
    """A day nobody works in a country; without a country nobody works anywhere."""

    country = models.CharField(max_length=2, blank=True, default="")
    on = models.DateField()
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "on"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.name} on {self.on}"


@audited()
class Absence(models.Model):
    """Somebody is away from a day to another, both included; whoever is away is given no lead."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    from_on = models.DateField()
    to_on = models.DateField()
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="absence_order")]
        indexes = [models.Index(fields=["to_on", "from_on"], name="absence_by_day")]

    def __str__(self) -> str:
        return f"{self.user} from {self.from_on} to {self.to_on}"
