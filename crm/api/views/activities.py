"""What was done with companies and people, and what is planned."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, FlagFilter, IdFilter, RecordFilters, between_moments
from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from crm.api.resources import Records, Values
from crm.api.serializers import ActivityChangesShape, ActivityShape, NewActivityShape
from crm.commands.activities import complete_activity, edit_activity, log_activity, move_meeting
from crm.enums import ActivityKind, ActivityOutcome, Direction
from crm.models import Activity, User
from crm.queries.activities import activities_of, activities_visible_to, with_subjects


class ActivityFilters(RecordFilters):
    """Filters of activities."""

    kind = ChoiceFilter("kind", ActivityKind)
    outcome = ChoiceFilter("outcome", ActivityOutcome)
    direction = ChoiceFilter("direction", Direction)
    account = IdFilter("account_id")
    contact = IdFilter("contact_id")
    owner = IdFilter("owner_id")
    opportunity = IdFilter("opportunity", method="by_subject")
    lead = IdFilter("lead", method="by_subject")
    done = FlagFilter("by_done")
    occurred_at__gte, occurred_at__lt = between_moments("occurred_at")

    def by_subject(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return what was done at a deal or with a lead."""
        return activities_of(queryset, name, int(value), self.request.user)

    def by_done(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return what is done, or what lies ahead."""
        return queryset.filter(done_at__isnull=value == "false")


class Activities(Records):
    """Calls, e-mails, meetings, demos, notes and tasks."""

    model = Activity
    record_url = "api_activity"
    serializer_class = ActivityShape
    filterset_class = ActivityFilters
    orderings: ClassVar = {"id": "id", "occurred_at": "occurred_at", "created_at": "created_at"}
    default_ordering = "-occurred_at"

    def visible_to(self, user: User) -> QuerySet[Activity]:
        """Return the activities whose company, deal and lead the person may see."""
        return with_subjects(activities_visible_to(user), user).prefetch_related("participants")

    @extend_schema(request=NewActivityShape, responses={201: ActivityShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Log what was done, or plan what is to be done."""
        values = {"owner_id": request.user.pk, **self.read(NewActivityShape)}
        named = {name: found for name in ("opportunity", "lead") if (found := values.pop(name, None))}
        if named and not values.keys() & {"account_id", "contact_id"}:
            first = next(iter(named.values()))
            values |= {"account_id": first.account_id, "contact_id": first.contact_id}
        context = {name: found.record_id for name, found in named.items()}
        activity = log_activity(**values, context=context, by=request.user, at=self.at)
        return self.made(self.get_record(activity.pk))

    @extend_schema(request=ActivityChangesShape, responses=ActivityShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Correct an activity; or complete it, with `done` and `outcome`; or move it, with `occurred_at`."""
        activity = self.get_record(pk)
        seen = self.seen(activity)
        changes = self.read(ActivityChangesShape, partial=True)
        self._change(activity.pk, changes, seen)
        return self.see(self.get_record(pk))

    def _change(self, activity_id: int, changes: Values, seen: int) -> None:
        common: Values = {"activity_id": activity_id, "seen_version": seen, "by": self.request.user, "at": self.at}
        if changes.keys() & {"done", "outcome"}:
            self._alone(changes, {"done", "outcome", "note", "by_customer"}, "done")
            if not changes.pop("done", False):
                raise Problem(400, "invalid", errors={"done": [_("Send true together with the outcome.")]})
            complete_activity(**common, **changes)
        elif "occurred_at" in changes:
            self._alone(changes, {"occurred_at", "by_customer"}, "occurred_at")
            changes["to"] = changes.pop("occurred_at")
            move_meeting(**common, **changes)
        else:
            edit_activity(**common, changes=changes)

    def _alone(self, changes: Values, allowed: set[str], field: str) -> None:
        if beside := sorted(name.removesuffix("_id") for name in changes.keys() - allowed):
            why = _("Change %(names)s in a request of their own.") % {"names": ", ".join(beside)}
            raise Problem(400, "invalid", errors={field: [why]})
