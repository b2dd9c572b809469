"""Forms that marketing puts on a website, and what was sent in by them (S-13)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.lib.audit import audited
from crm.models import Campaign, Source, User
from crm.models.base import Record
from scoring.enums import FormField, SubmissionState
from scoring.models.leads import Lead


@audited()
class WebForm(Record):
    """What a form asks, what it says afterwards, and whose leads it makes; without an owner they are routed.

    `asked` are fields in their order, `required` those that must be filled in; the e-mail always is.
    """

    code = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    asked = ArrayField(models.CharField(max_length=20, choices=[(field, field) for field in FormField]))
    required = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    intro = models.CharField(max_length=1000, blank=True, default="")
    consent_text = models.CharField(max_length=1000, blank=True, default="")
    thanks = models.CharField(max_length=1000)
    mail_subject = models.CharField(max_length=200, blank=True, default="")
    mail_text = models.TextField(max_length=5000, blank=True, default="")
    double_opt_in = models.BooleanField(default=True)
    origins = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="forms")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="forms")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="forms")

    def __str__(self) -> str:
        return self.name


class FormSubmission(models.Model):
    """What somebody sent in. `values` is what they typed, kept here and nowhere else until the address is theirs.

    `thanked_at` is when the one mail of thanks was sent.
    """

    form = models.ForeignKey(WebForm, models.PROTECT, related_name="submissions")
    key = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254)
    values = models.JSONField(default=dict)
    visitor = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=[(state, state) for state in SubmissionState])
    submitted_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, blank=True, related_name="submissions")

    class Meta:
        indexes = [models.Index(fields=["form", "-submitted_at"], name="form_submission_when")]

    def __str__(self) -> str:
        return f"{self.form} of {self.submitted_at}"


@audited()
class Website(Record):
    """A site of ours that reports what its visitors look at; `key` stands in its pages and is no secret."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=32, unique=True)
    origins = ArrayField(models.CharField(max_length=200))

    def __str__(self) -> str:
        return self.name
