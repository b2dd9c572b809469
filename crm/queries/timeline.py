"""The timeline of a record: what every app knows of it, in one stream, newest first (C-6)."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from crm import registries
from crm.enums import ActivityKind
from crm.facts import SubjectFacts, TimelineCursor, TimelineEntry
from crm.models import Activity, User
from crm.queries.activities import activities_visible_to

PAGE = 20
ACTIVITIES, EMAILS = "activities", "emails"
ACTIVITY_TEMPLATE = "crm/_timeline_activity.html"


def find_subject(subject: str, record_id: int, *, user: User) -> SubjectFacts | None:
    """Return the record of any app a timeline or an activity belongs to, if the person may see it."""
    known = registries.subjects.get(subject)
    found: SubjectFacts | None = known.find(record_id, user=user) if known else None
    return found


def get_timeline(
    subject: str,
    *,
    record_id: int,
    user: User,
    before: TimelineCursor | None = None,
    kinds: Collection[str] = (),
    limit: int = PAGE,
) -> list[TimelineEntry]:
    """Return up to `limit` + 1 entries that come before the cursor, so that the caller sees whether more follow."""
    entries: list[TimelineEntry] = []
    for provider in registries.timeline.values():
        if subject in provider.subjects and (not kinds or provider.kind in kinds):
            entries += provider.entries(subject, record_id=record_id, user=user, before=before, limit=limit + 1)
    entries.sort(key=lambda entry: (entry.at, entry.source, entry.record_id), reverse=True)
    return entries[: limit + 1]


def get_timeline_kinds(subject: str) -> list[str]:
    """Return what a reader of this kind of record may filter by."""
    kinds = (provider.kind for provider in registries.timeline.values() if subject in provider.subjects)
    return list(dict.fromkeys(kinds))


def earlier(source: str, before: TimelineCursor | None, *, at: str, key: str = "pk") -> Q:
    """Return the filter for what a source has before the cursor; `at` and `key` are its columns."""
    if before is None:
        return Q()
    same_moment = Q(**{at: before.at})
    if source == before.source:
        return Q(**{f"{at}__lt": before.at}) | (same_moment & Q(**{f"{key}__lt": before.record_id}))
    return Q(**{f"{at}__lte" if source < before.source else f"{at}__lt": before.at})


def activity_entries(
    activities: QuerySet[Activity], *, source: str, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Return activities as timeline entries; apps above give those linked to their own records."""
    found = (
        activities.filter(earlier(source, before, at="occurred_at"), archived_at=None)
        .select_related("contact", "account", "owner")
        .order_by("-occurred_at", "-pk")[:limit]
    )
    return [
        TimelineEntry(activity.occurred_at, source, activity.pk, _kind(activity), ACTIVITY_TEMPLATE, activity)
        for activity in found
    ]


def get_activity_entries(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide the activities of an account or a contact that are no e-mails."""
    of_record = _activities_of(subject, record_id, user).exclude(kind=ActivityKind.EMAIL)
    return activity_entries(of_record, source=ACTIVITIES, before=before, limit=limit)


def get_email_entries(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide the e-mails of an account or a contact."""
    of_record = _activities_of(subject, record_id, user).filter(kind=ActivityKind.EMAIL)
    return activity_entries(of_record, source=EMAILS, before=before, limit=limit)


def _activities_of(subject: str, record_id: int, user: User) -> QuerySet[Activity]:
    if subject == "account":
        return activities_visible_to(user).filter(account_id=record_id)
    return activities_visible_to(user).filter(contact_id=record_id)


def _kind(activity: Activity) -> str:
    return "email" if activity.kind == ActivityKind.EMAIL else "activity"
