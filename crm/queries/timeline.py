"""The timeline of a record: what every app knows of it, in one stream, newest first (C-6)."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from crm import registries
from crm.enums import ActivityKind
from crm.facts import SubjectFacts, TimelineCursor, TimelineEntry
from crm.models import Activity, ActivityParticipant, User
from crm.queries.activities import activities_visible_to

PAGE = 20
ACTIVITIES = "activities"
ACTIVITY, EMAIL = "activity", "email"
ACTIVITY_KINDS = (ACTIVITY, EMAIL)
ACTIVITY_TEMPLATE = "crm/_timeline_activity.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of the timeline of a record, as somebody reads it: what comes before the cursor, of some kinds or of all.

    `at_once` leaves out what the record's page shows on reveal.
    """

    subject: str
    record_id: int
    user: User
    before: TimelineCursor | None = None
    kinds: Collection[str] = ()
    limit: int = PAGE
    at_once: bool = False

    def wants(self, *kinds: str) -> bool:
        """Return whether one of the kinds belongs on the page."""
        return not self.kinds or any(kind in self.kinds for kind in kinds)


def find_subject(subject: str, record_id: int, *, user: User) -> SubjectFacts | None:
    """Return the record of any app a timeline or an activity belongs to, if the person may see it."""
    known = registries.subjects.get(subject)
    found: SubjectFacts | None = known.find(record_id, user=user) if known else None
    return found


def get_timeline(asked: Asked) -> list[TimelineEntry]:
    """Return one entry more than the page asked for, where there is one, so that the caller sees that more follow."""
    wanted = replace(asked, limit=asked.limit + 1)
    entries: list[TimelineEntry] = []
    for provider in registries.timeline.values():
        later = asked.at_once and asked.subject in provider.on_reveal
        if asked.subject in provider.subjects and asked.wants(*provider.kinds) and not later:
            entries += provider.entries(wanted)
    entries.sort(key=lambda entry: (entry.at, entry.source, entry.record_id), reverse=True)
    return entries[: wanted.limit]


def get_timeline_kinds(subject: str) -> list[str]:
    """Return what a reader of this kind of record may filter by."""
    kinds = (kind for each in registries.timeline.values() if subject in each.subjects for kind in each.kinds)
    return list(dict.fromkeys(kinds))


def earlier(source: str, before: TimelineCursor | None, *, at: str, key: str = "pk") -> Q:
    """Return the filter for what a source has before the cursor; `at` and `key` are its columns."""
    if before is None:
        return Q()
    same_moment = Q(**{at: before.at})
    if source == before.source:
        return Q(**{f"{at}__lt": before.at}) | (same_moment & Q(**{f"{key}__lt": before.record_id}))
    return Q(**{f"{at}__lte" if source < before.source else f"{at}__lt": before.at})


def activity_entries(activities: QuerySet[Activity], asked: Asked, *, source: str) -> list[TimelineEntry]:
    """Return activities as timeline entries; apps above give those linked to their own records."""
    if not asked.wants(EMAIL):
        activities = activities.exclude(kind=ActivityKind.EMAIL)
    if not asked.wants(ACTIVITY):
        activities = activities.filter(kind=ActivityKind.EMAIL)
    found = (
        activities.filter(earlier(source, asked.before, at="occurred_at"), archived_at=None)
        .select_related("contact", "owner")
        .order_by("-occurred_at", "-pk")[: asked.limit]
    )
    return [
        TimelineEntry(activity.occurred_at, source, activity.pk, _kind(activity), ACTIVITY_TEMPLATE, activity)
        for activity in found
    ]


def get_activity_entries(asked: Asked) -> list[TimelineEntry]:
    """Provide the activities and e-mails of an account, or those a contact took part in."""
    visible = activities_visible_to(asked.user)
    if asked.subject == "contact":
        # A union, for an OR over two tables would read every activity there is.
        own = Activity.objects.filter(contact=asked.record_id).order_by().values("pk")
        joined = ActivityParticipant.objects.filter(contact=asked.record_id).values("activity_id")
        return activity_entries(visible.filter(pk__in=own.union(joined)), asked, source=ACTIVITIES)
    return activity_entries(visible.filter(account_id=asked.record_id), asked, source=ACTIVITIES)


def _kind(activity: Activity) -> str:
    return EMAIL if activity.kind == ActivityKind.EMAIL else ACTIVITY
