"""What is asked once an activity was logged: the next step, of a deal where an app above knows one, else one to plan."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from crm import registries
from crm.enums import ActivityKind
from crm.models import Activity, User
from crm.views.answers import ask_next, done

LOGGED = "activity:logged"


def answer_logged(
    request: HttpRequest, activity: Activity, text: Any, *, context: Mapping[str, int], to: Any
) -> HttpResponse:
    """Say that an activity was logged or completed, and ask what is next where it moved something on."""
    url = find_question(activity, context=context, user=request.user)
    if url:
        return ask_next(request, text, url=url, to=to, events=LOGGED)
    return done(request, text, to=to, events=LOGGED)


def find_question(activity: Activity, *, context: Mapping[str, int], user: User) -> str:
    """Return the address that asks for the next step; "" after a note, and after what is only planned."""
    if activity.done_at is None or activity.kind == ActivityKind.NOTE:
        return ""
    for find in registries.follow_ups.values():
        if url := find(activity, context=context, user=user):
            return url
    named = {"lead": context.get("lead"), "contact": activity.contact_id, "account": activity.account_id}
    about = next(((name, pk) for name, pk in named.items() if pk), None)
    return f"{reverse('crm:activity_new')}?{urlencode(dict([about, ('planned', 1)]))}" if about else ""
