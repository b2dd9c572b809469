"""Sharing a rescore out among workers: parts of one transaction each, so that one cut off is done again and no other."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crm.commands.jobs import JobRequest, enqueue_jobs
from scoring.commands.scores import Refreshed, follow_zones, refresh_scores
from scoring.models import Lead
from scoring.queries.parts import split_due, split_leads
from scoring.queries.scores import due_scores

PART = 5_000  # leads; half a second of work, so that two workers end nearly together and nobody waits long for a lead
SCORE_PART, SCORE_DUE_PART = "scoring.score_part", "scoring.score_due_part"


@transaction.atomic
def share_out_all(*, cause: str, at: datetime) -> int:
    """Ask for every lead to be replayed, in parts; return how many. The same `cause` again asks for nothing new."""
    return _ask(SCORE_PART, split_leads(size=PART), cause, at)


@transaction.atomic
def share_out_due(*, cause: str, at: datetime) -> int:
    """Bring due scores up to `at`: at once where that is one part's worth, else in parts; return how many of these."""
    follow_zones(at)
    parts = split_due(size=PART, at=at)
    if len(parts) > 1:
        return _ask(SCORE_DUE_PART, parts, cause, at)
    for first, last in parts:
        score_due_part(first=first, last=last, at=at)
    return 0


@transaction.atomic
def score_part(*, first: int, last: int, at: datetime) -> Refreshed:
    """Replay the leads of these ids, both ends included."""
    return refresh_scores(lead_ids=list(_ids(first, last)), at=at)


@transaction.atomic
def score_due_part(*, first: int, last: int, at: datetime) -> Refreshed:
    """Replay those of these leads that are due still; what somebody else did meanwhile is left alone."""
    due = due_scores(at).filter(lead_id__gte=first, lead_id__lte=last).order_by("lead_id")
    return refresh_scores(lead_ids=list(due.values_list("lead_id", flat=True)), at=at)


def _ids(first: int, last: int) -> Sequence[int]:
    return Lead.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list("pk", flat=True)  # type: ignore[return-value]


def _ask(task: str, parts: Sequence[tuple[int, int]], cause: str, at: datetime) -> int:
    asked = [JobRequest(task, {"first": first, "last": last}, f"{task}:{cause}:{first}") for first, last in parts]
    return len(enqueue_jobs(requests=asked, at=at)) if asked else 0
