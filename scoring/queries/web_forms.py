"""Forms on websites, and what came by them."""

from django.db.models import Count, F, Max, Q, QuerySet

from scoring.enums import SubmissionState
from scoring.models import FormSubmission, WebForm

LATEST = 20


def get_web_forms() -> QuerySet[WebForm]:
    """Return every form, those open first, with how much came by it, robots' left out, and when last."""
    people = ~Q(submissions__state=SubmissionState.SPAM)
    counted = WebForm.objects.annotate(
        sent=Count("submissions", filter=people), last=Max("submissions__submitted_at", filter=people)
    )
    return counted.select_related("source", "campaign", "owner").order_by(
        F("archived_at").desc(nulls_first=True), "name", "pk"
    )


def get_submissions(form_id: int) -> QuerySet[FormSubmission]:
    """Return what came by a form last."""
    return FormSubmission.objects.filter(form=form_id).select_related("lead").order_by("-submitted_at", "-pk")[:LATEST]
