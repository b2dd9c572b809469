"""Whose hours deals share, how many there are of them in a week, and what must be known before they are asked for."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from crm.commands.grants import require_administrator
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.enums import Gate, RequestState, ResourceKind
from pipeline.models import Resource, ResourceRequest, ResourceRule, ResourceWeek
from pipeline.policies.resources import HOURS_A_WEEK, hours_refusals, monday_of


class ResourceRefused(CommandRefused):
    """Hours stay as they are; the refusals name the fields."""


@transaction.atomic
def put_resource(*, user_id: int, kind: str, weekly_hours: Decimal | None, by: User | None, at: datetime) -> Resource:
    """Say how many hours a week somebody gives deals; somebody who gave them before gives them again.

    :raises NotPermitted: only an administrator may
    :raises ResourceRefused: nobody has so many hours, or the person left
    """
    require_administrator(by)
    refused = _hours_refused(weekly_hours)
    if kind not in set(ResourceKind):
        refused.append(Refusal.of("unknown_value", field="kind", value=kind[:50]))
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        refused.append(Refusal.of("person_left", field="user"))
    if refused:
        raise ResourceRefused(refused)
    given = {"weekly_hours": weekly_hours, "retired_at": None}
    return Resource.objects.update_or_create(user_id=user_id, kind=kind, defaults=given)[0]


@transaction.atomic
def retire_resource(*, resource_id: int, by: User | None, at: datetime) -> Resource:
    """Take somebody's hours out of what deals share; what they did stays.

    :raises NotPermitted: only an administrator may
    :raises ResourceRefused: hours of theirs are still set aside
    """
    require_administrator(by)
    resource = Resource.objects.select_for_update().get(pk=resource_id)
    if ResourceRequest.objects.filter(resource=resource, state=RequestState.ACCEPTED).exists():
        raise ResourceRefused(Refusal.of("resource_hours_taken"))
    if resource.retired_at is None:
        resource.retired_at = at
        resource.save(update_fields=["retired_at"])
        ResourceRequest.objects.filter(resource=resource, state=RequestState.OPEN).update(
            resource=None, version=F("version") + 1
        )
    return resource


@transaction.atomic
def set_week(
    *, resource_id: int, monday: date, hours: Decimal | None, by: User | None, at: datetime
) -> ResourceWeek | None:
    """Say how many hours somebody has in one week; None gives it the usual ones again.

    Fewer than are set aside already is no mistake: the week then shows as too full, and nothing more fits into it.

    :raises NotPermitted: they are neither the person's own nor of somebody they manage
    :raises ResourceRefused: no week begins on that day, or none has so many hours
    """
    resource = Resource.objects.select_for_update().get(pk=resource_id)
    if by is not None and by.pk != resource.user_id and not get_access(by).manages(resource.user_id):
        raise NotPermitted(Refusal.of("hours_of_another"))
    refused = [] if hours is None else _hours_refused(hours)
    if monday != monday_of(monday):
        refused.append(Refusal.of("not_a_monday", field="monday"))
    if refused:
        raise ResourceRefused(refused)
    if hours is None:
        resource.weeks.filter(monday=monday).delete()
        return None
    return ResourceWeek.objects.update_or_create(resource=resource, monday=monday, defaults={"hours": hours})[0]


@transaction.atomic
def set_weeks(
    *, resource_id: int, hours: Mapping[date, Decimal | None], by: User | None, at: datetime
) -> list[ResourceWeek]:
    """Say how many hours somebody has in several weeks; takes and raises what `set_week` does."""
    weeks = [set_week(resource_id=resource_id, monday=day, hours=n, by=by, at=at) for day, n in hours.items()]
    return [week for week in weeks if week is not None]


@transaction.atomic
def set_gates(*, gates: Mapping[str, str], by: User | None, at: datetime) -> list[ResourceRule]:
    """Say what must be known before hours of several kinds are asked for; takes and raises what `set_gate` does."""
    return [set_gate(kind=kind, gate=gate, by=by, at=at) for kind, gate in gates.items()]


@transaction.atomic
def set_gate(*, kind: str, gate: str, by: User | None, at: datetime) -> ResourceRule:
    """Say what must be known of a deal before hours of a kind are asked for (EE-053).

    :raises NotPermitted: only an administrator may
    :raises ResourceRefused: there is no such kind or gate
    """
    require_administrator(by)
    refused = [] if kind in set(ResourceKind) else [Refusal.of("unknown_value", field="kind", value=kind[:50])]
    refused += [] if gate in {"", *Gate} else [Refusal.of("unknown_value", field="gate", value=gate[:50])]
    if refused:
        raise ResourceRefused(refused)
    return ResourceRule.objects.update_or_create(kind=kind, defaults={"gate": gate})[0]


def _hours_refused(hours: Decimal | None) -> list[Refusal]:
    return hours_refusals(hours, most=HOURS_A_WEEK, least=Decimal(0))
