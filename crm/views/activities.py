"""Logging what was done from wherever a person is, and completing or moving what was planned (C-5)."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.activities import archive_activity, complete_activity, edit_activity, log_activity, move_meeting
from crm.enums import ActivityKind
from crm.facts import SubjectFacts
from crm.forms.activities import EDITABLE, ActivityForm, CompleteForm, EditForm, MoveForm
from crm.labels import ACTIVITY_KINDS
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.models import Activity
from crm.permissions import can_edit_activity, can_log_activity, hide_unless, refuse_unless
from crm.policies.activities import MEETINGS, OUTCOMES
from crm.queries.access import get_access
from crm.queries.activities import activities_visible_to
from crm.queries.timeline import find_subject
from crm.views.answers import STALE, WRONG, done, next_url, refuse, render_part
from crm.views.following import LOGGED, answer_logged

SUBJECTS = ("opportunity", "lead", "contact", "account")
CONTEXT = ("opportunity", "lead")  # what an app above links the activity to


@page
def activity_new(request: HttpRequest) -> HttpResponse:
    """Show the form, filled in from the record the address names: `account`, `contact`, `opportunity` or `lead`."""
    hide_unless(can_log_activity(get_access(request.user)))
    subjects = _subjects(request, request.GET)
    account_id = next((found.account_id for found in subjects.values() if found.account_id), None)
    contact_id = next((found.contact_id for found in subjects.values() if found.contact_id), None)
    kind = request.GET.get("kind", "")
    initial = {
        "kind": kind if kind in list(ActivityKind) else ActivityKind.CALL,
        "account_id": account_id,
        "contact_id": contact_id,
        "occurred_at": _tomorrow() if request.GET.get("planned") else timezone.now(),
        "planned": bool(request.GET.get("planned")),
        "opportunity": subjects["opportunity"].record_id if "opportunity" in subjects else None,
        "lead": subjects["lead"].record_id if "lead" in subjects else None,
    }
    form = ActivityForm(initial=initial, account_id=account_id)
    return _form(request, form, subjects)


@action
def activity_log(request: HttpRequest) -> HttpResponse:
    """Log the activity on everything the form names."""
    hide_unless(can_log_activity(get_access(request.user)))
    subjects = _subjects(request, request.POST)
    form = ActivityForm(request.POST, account_id=_account_id(request, subjects))
    if not form.is_valid():
        return _form(request, form, subjects, status=WRONG)
    values, at = form.cleaned_data, timezone.now()
    context = {name: subjects[name].record_id for name in CONTEXT if values.pop(name) and name in subjects}
    values |= {"done": not values.pop("planned"), "occurred_at": values["occurred_at"] or at}
    try:
        activity = log_activity(**values, context=context, owner_id=request.user.pk, by=request.user, at=at)
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _form(request, form, subjects, status=WRONG)
    text = _("%(kind)s logged.") if activity.done_at else _("%(kind)s planned.")
    to = next_url(request, next((found.url for found in subjects.values()), "/"))
    text %= {"kind": ACTIVITY_KINDS[ActivityKind(activity.kind)]}
    return answer_logged(request, activity, text, context=context, to=to)


@page
def activity_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask how it went."""
    activity = _own(request, pk)
    return _completing(request, activity, _complete_form(activity))


@action
def activity_completed(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it done; a meeting with its outcome."""
    activity = _own(request, pk)
    form = _complete_form(activity, request.POST)
    if not form.is_valid():
        return _completing(request, activity, form, status=WRONG)
    values = form.cleaned_data
    values |= {"note": values["note"] or None, "seen_version": values.pop("version")}
    try:
        activity = complete_activity(activity_id=pk, **values, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _completing(request, activity, form, status=_status(refused))
    text = _("Done: %(name)s.") % {"name": activity}
    return answer_logged(request, activity, text, context={}, to=_record_url(request, activity))


@page
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what it says, to be put right."""
    activity = _own(request, pk)
    initial = {name: getattr(activity, name) for name in (*EDITABLE, "version")}
    return _editing(request, activity, EditForm(initial=initial, account_id=activity.account_id))


@action
def activity_edited(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what it says."""
    activity = _own(request, pk)
    form = EditForm(request.POST, account_id=activity.account_id)
    if not form.is_valid():
        return _editing(request, activity, form, status=WRONG)
    changes = dict(form.cleaned_data)
    seen = changes.pop("version")
    try:
        edit_activity(activity_id=pk, changes=changes, seen_version=seen, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _editing(request, activity, form, status=_status(refused))
    return done(request, _("Changed: %(name)s.") % {"name": activity}, to=_record_url(request, activity), events=LOGGED)


@page
def activity_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the new time."""
    activity = _own(request, pk)
    form = MoveForm(initial={"to": activity.occurred_at, "version": activity.version})
    context = {"form": form, "activity": activity, "next": _record_url(request, activity)}
    return render_part(request, "crm/activity_move.html", "activity_move", context)


@action
def activity_moved(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it the new time; a meeting keeps its history."""
    activity = _own(request, pk)
    form = MoveForm(request.POST)
    context = {"form": form, "activity": activity, "next": _record_url(request, activity)}
    if not form.is_valid():
        return render_part(request, "crm/activity_move.html", "activity_move", context, status=WRONG)
    values = form.cleaned_data
    try:
        move_meeting(
            activity_id=pk, to=values["to"], by_customer=values["by_customer"], seen_version=values["version"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return render_part(request, "crm/activity_move.html", "activity_move", context, status=_status(refused))
    return done(request, _("Moved: %(name)s.") % {"name": activity}, to=_record_url(request, activity), events=LOGGED)


@action
def activity_archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back; a meeting that lay ahead is recorded as cancelled."""
    activity = _own(request, pk)
    here = _record_url(request, activity)
    try:
        archive_activity(activity_id=pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return done(request, _("Taken back: %(name)s.") % {"name": activity}, to=here, events=LOGGED)


def _tomorrow() -> datetime:
    return timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _subjects(request: HttpRequest, data: Any) -> dict[str, SubjectFacts]:
    """Return the records the form is about; one the person may not see is not there, one only to look at is refused."""
    subjects = {}
    for name in SUBJECTS:
        wanted = str(data.get(name, ""))
        if (wanted and name in CONTEXT) or wanted.isdecimal():
            number = wanted.isdecimal() and len(wanted) < 19
            found = find_subject(name, int(wanted), user=request.user) if number else None
            if found is None:
                raise Http404
            refuse_unless(found.can_log)
            subjects[name] = found
    return subjects


def _account_id(request: HttpRequest, subjects: dict[str, SubjectFacts]) -> int | None:
    typed = ActivityForm(request.POST)
    typed.is_valid()
    chosen: int | None = typed.cleaned_data.get("account_id")
    return chosen or next((found.account_id for found in subjects.values() if found.account_id), None)


def _form(
    request: HttpRequest, form: ActivityForm, subjects: dict[str, SubjectFacts], *, status: int = 200
) -> HttpResponse:
    about = next(iter(subjects.values()), None)
    asks = _("What is next?") if form["planned"].value() else _("Log an activity")
    context = {"form": form, "about": about, "asks": asks, "next": next_url(request, about.url if about else "/")}
    return render_part(request, "crm/activity_new.html", "activity_form", context, status=status)


def _own(request: HttpRequest, pk: int) -> Activity:
    activity: Activity = get_object_or_404(
        activities_visible_to(request.user).select_related("contact", "account"), pk=pk
    )
    refuse_unless(can_edit_activity(get_access(request.user), activity))
    return activity


def _complete_form(activity: Activity, data: Any = None) -> CompleteForm:
    kind = ActivityKind(activity.kind)
    outcomes = [outcome for outcome in OUTCOMES[kind] if outcome != "moved"]
    initial = {
        "outcome": "held" if kind in MEETINGS else "", "by_customer": activity.by_customer, "note": activity.note,
        "version": activity.version,
    }  # fmt: skip
    return CompleteForm(data, initial=initial, outcomes=outcomes)


def _completing(request: HttpRequest, activity: Activity, form: CompleteForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "activity": activity, "next": _record_url(request, activity)}
    return render_part(request, "crm/activity_complete.html", "activity_complete", context, status=status)


def _editing(request: HttpRequest, activity: Activity, form: EditForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "activity": activity, "next": _record_url(request, activity)}
    return render_part(request, "crm/activity_edit.html", "activity_edit", context, status=status)


def _status(refused: CommandRefused) -> int:
    return STALE if any(refusal.code == "stale_record" for refusal in refused.refusals) else WRONG


def _record_url(request: HttpRequest, activity: Activity) -> str:
    if activity.contact_id:
        return next_url(request, reverse("crm:contact_detail", args=[activity.contact_id]))
    return next_url(request, reverse("crm:account_detail", args=[activity.account_id]) if activity.account_id else "/")
