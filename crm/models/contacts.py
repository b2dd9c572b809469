"""People at accounts (C-4)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Concat

from crm.enums import LawfulBasis, Seniority
from crm.lib.audit import audited
from crm.lib.sql import Fold
from crm.models.accounts import Account
from crm.models.base import Record
from crm.models.people import User
from crm.models.personas import Persona


@audited()
class Contact(Record):
    """A person at an account; the e-mail is stored in lower case."""

    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="contacts")
    first_name = models.CharField(max_length=200, blank=True, default="")
    last_name = models.CharField(max_length=200, blank=True, default="")
    job_title = models.CharField(max_length=200, blank=True, default="")
    seniority = models.CharField(
        max_length=20, default=Seniority.UNKNOWN, choices=[(level, level) for level in Seniority]
    )
    seniority_is_set = models.BooleanField(default=False)
    department = models.CharField(max_length=200, blank=True, default="")
    persona = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="contacts")
    email = models.EmailField(max_length=254, null=True, blank=True, unique=True)
    phone = models.CharField(max_length=20, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    consent = models.BooleanField(null=True, blank=True)
    lawful_basis = models.CharField(
        max_length=20, default=LawfulBasis.NONE, choices=[(basis, basis) for basis in LawfulBasis]
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="contacts")
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        indexes = [
            models.Index(Fold("last_name"), "id", name="contact_by_name"),
            GinIndex(
                OpClass(Fold(Concat("first_name", models.Value(" "), "last_name")), "gin_trgm_ops"),
                name="contact_name_search",
            ),
            models.Index(
                fields=["account", "id"],
                name="contact_by_account",
                condition=models.Q(archived_at=None, merged_into=None, erased_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.job_title or self.email or f"#{self.pk}"

    @property
    def full_name(self) -> str:
        """Return the names joined, empty when none is known."""
        return f"{self.first_name} {self.last_name}".strip()
