"""Activities, and who may read them."""

from django.db.models import OuterRef, QuerySet, Subquery

from crm import registries
from crm.models import Activity, User
from crm.queries.access import get_access


def activities_visible_to(user: User) -> QuerySet[Activity]:
    """Return the activities the person may read: the company's, less what an app above hides (D-3)."""
    if not get_access(user).reads_company:
        return Activity.objects.none()
    activities = Activity.objects.all()
    for hide in registries.activity_filters.values():
        activities = hide(activities, user)
    return activities


def with_subjects(activities: QuerySet[Activity], user: User) -> QuerySet[Activity]:
    """Add `of_opportunity` and `of_lead`: the record of an app above the activity belongs to, if the person may see it."""
    for name, subject in registries.subjects.items():
        if subject.links is not None:
            links = subject.links(user).filter(activity_id=OuterRef("pk")).order_by("-record_id")
            activities = activities.annotate(**{f"of_{name}": Subquery(links.values("record_id")[:1])})
    return activities


def activities_of(activities: QuerySet[Activity], name: str, record_id: int, user: User) -> QuerySet[Activity]:
    """Return the activities of a record of an app above; none where the person may not see it."""
    subject = registries.subjects.get(name)
    if subject is None or subject.links is None:
        return activities.none()
    return activities.filter(pk__in=subject.links(user).filter(record_id=record_id).values("activity_id"))


def open_activities(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Return what is still to be done, the earliest first."""
    return activities.filter(done_at=None, archived_at=None).exclude(kind="note").order_by("occurred_at", "pk")
