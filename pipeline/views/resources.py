"""Hours that deals share: what is asked for in the order of its worth, what is set aside, and how full the weeks are."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.facts import Access
from crm.lib import formats
from crm.lib.http import page
from crm.lib.labels import label
from crm.models import User
from crm.permissions import can_administer, hide_unless
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation, get_zone
from pipeline.enums import RequestState
from pipeline.facts import RequestFacts
from pipeline.figures.expected_value import expected_value_per_hour
from pipeline.labels.resources import hours_text
from pipeline.models import Opportunity, Resource, ResourceRequest
from pipeline.models.opportunities import OPEN
from pipeline.policies.resources import by_worth, may_answer
from pipeline.queries.economics import get_economics
from pipeline.queries.resources import (
    WeekHours,
    get_kinds_given,
    get_weeks,
    may_see_resources,
    next_weeks,
    request_facts,
    requests_in_hand,
    requests_visible_to,
    resources_in_use,
)

READ, SHOWN, WEEKS_SHOWN = 500, 100, 6


@page
def resources(request: HttpRequest) -> HttpResponse:
    """Show the queue by what an hour is worth, what is set aside, and the next weeks of everybody who gives hours."""
    user, at = request.user, timezone.now()
    hide_unless(may_see_resources(user))
    access, today = get_access(user), timezone.localtime(at).date()
    queue, people = build_queue(user, access, at=at), build_people(access, today)
    context = {
        "queue": queue[:SHOWN],
        "mine": sum(1 for row in queue if row["is_mine"]),
        "in_hand": [_row(each, today) for each in requests_in_hand(user)[:SHOWN]],
        "people": people,
        "weeks": [formats.short_day(week) for week in next_weeks(today, WEEKS_SHOWN)],
        "free": hours_text(sum((each["free"] for each in people), Decimal(0))),
        "administers": can_administer(access),
    }
    return render(request, "pipeline/resources.html", context)


def build_queue(user: User, access: Access, *, at: datetime) -> list[dict[str, Any]]:
    """Return what waits, by what an hour of it is expected to be worth; what nobody can tell comes last (B30)."""
    waiting = requests_visible_to(user).filter(
        opportunity__in=Opportunity.objects.filter(OPEN), state=RequestState.OPEN
    )
    found = list(waiting.order_by("due_on", "pk")[:READ])
    deal_ids = [each.opportunity_id for each in found]
    judged = get_economics(deal_ids, user=None, at=at) if found else None
    worth = {row.deal.pk: row.economics.expected.value for row in (judged.rows if judged else ()) if row.economics}
    hours: dict[int, Decimal] = {}
    for each in found:
        hours[each.opportunity_id] = hours.get(each.opportunity_id, Decimal(0)) + each.hours
    per_hour = {
        each.pk: value
        for each in found
        if (value := expected_value_per_hour(worth.get(each.opportunity_id), hours[each.opportunity_id]).value)
        is not None
    }
    kinds, currency = get_kinds_given(access), get_organisation().currency
    today = timezone.localtime(at).date()
    zone = get_zone()
    facts = {each.pk: request_facts(each, zone=zone) for each in found}
    found.sort(key=lambda each: by_worth(facts[each.pk], per_hour))
    return [
        {
            **_row(each, today),
            "is_mine": _is_mine(facts[each.pk], each.resource, access, kinds),
            "per_hour": formats.money(per_hour[each.pk], currency) if each.pk in per_hour else "",
            "loses": per_hour.get(each.pk, Decimal(1)) <= 0,
        }
        for each in found
    ]


def _is_mine(facts: RequestFacts, resource: Resource | None, access: Access, kinds: frozenset[str]) -> bool:
    owner_id = resource.user_id if resource else None
    return may_answer(facts, kinds=kinds, gives=owner_id == access.user_id, manages=access.manages(owner_id))


def _row(asked: ResourceRequest, today: date) -> dict[str, Any]:
    late = asked.due_on < today
    return {
        "asked": asked,
        "deal": asked.opportunity,
        "title": f"{label('resource_kind', asked.kind)}, {hours_text(asked.hours)}",
        "due": formats.short_day(asked.due_on),
        "late": late,
        "against": [label("refusal", code) for code in asked.against],
    }


def build_people(access: Access, today: date) -> list[dict[str, Any]]:
    """Return everybody who gives hours with the next weeks; whose are theirs to set can be changed."""
    found, weeks = list(resources_in_use()), next_weeks(today, WEEKS_SHOWN)
    busy = get_weeks([each.pk for each in found], weeks) if found else {}
    return [
        {
            "resource": each,
            "kind": label("resource_kind", each.kind),
            "weeks": [_week(week) for week in busy.get(each.pk, [])],
            "free": busy[each.pk][0].free if busy.get(each.pk) else Decimal(0),
            "may_set": may_set_weeks(access, each),
        }
        for each in found
    ]


def may_set_weeks(access: Access, resource: Resource) -> bool:
    """Whether the person says how many hours these are: their own, or of somebody they manage."""
    return resource.user_id == access.user_id or access.manages(resource.user_id)


def _week(week: WeekHours) -> dict[str, Any]:
    over = week.taken > week.hours
    return {
        "taken": week.taken,
        "hours": week.hours,
        "tone": "bad" if over else "warn" if not week.free else "",
        "over": over,
        "day": formats.short_day(week.monday),
        "text": f"{_plain(week.taken)} / {_plain(week.hours)}",
    }


def _plain(hours: Decimal) -> str:
    return formats.number(hours, max(0, -int(hours.normalize().as_tuple().exponent)))
