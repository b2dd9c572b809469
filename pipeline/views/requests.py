"""One request for shared hours, with what is needed to give them, decline them, or say what they took."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.lib.labels import label
from crm.models import User
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on
from crm.views.editing import carry_out
from pipeline.commands.resources import accept_request, decline_request, finish_request
from pipeline.enums import RequestState
from pipeline.forms.resources import AcceptForm, DeclineForm, FinishForm
from pipeline.labels.resources import hours_text, minutes_text
from pipeline.models import Resource, ResourceRequest
from pipeline.policies.resources import may_answer, weeks_until
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.resources import (
    find_next_free,
    get_kinds_given,
    get_weeks,
    possible_givers,
    request_facts,
    requests_visible_to,
)

WEEKS_AHEAD = 12
LIST = "pipeline:resources"


@page
def hours_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request with no more of the deal than is needed to answer it."""
    return _render(request, find_request(request.user, pk))


@action
def hours_accepted(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the hours."""
    asked = find_request(request.user, pk)
    form = _accept_form(request, asked, request.POST)
    given = carry_out(form, accept_request, request_id=pk, by=request.user, at=timezone.now())
    if given is None:
        return _render(request, asked, accept=form)
    return go_on(request, _("The hours are set aside."), to=reverse(LIST))


@action
def hours_declined(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline, saying why."""
    asked, form = find_request(request.user, pk), DeclineForm(request.POST, prefix="no")
    declined = carry_out(form, decline_request, request_id=pk, by=request.user, at=timezone.now())
    if declined is None:
        return _render(request, asked, decline=form)
    return go_on(request, _("Declined."), to=reverse(LIST))


@action
def hours_spent(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is done and how many hours it took."""
    asked, form = find_request(request.user, pk), FinishForm(request.POST)
    done = carry_out(form, finish_request, request_id=pk, by=request.user, at=timezone.now())
    if done is None:
        return _render(request, asked, finish=form)
    return go_on(request, _("The hours count as a cost of the deal."), to=reverse(LIST))


def find_request(user: User, pk: int, *, deal_id: int | None = None) -> ResourceRequest:
    """Return a request the person may see, 404 for what is neither theirs to answer nor of a deal of theirs."""
    found = requests_visible_to(user).filter(pk=pk)
    request = (found if deal_id is None else found.filter(opportunity_id=deal_id)).first()
    if request is None:
        raise Http404
    return request


def _givers(user: User, asked: ResourceRequest) -> list[Resource]:
    """Return whose hours the person can give: their own, and of those they manage; only the ones asked for by name."""
    access = get_access(user)
    mine = [each for each in possible_givers(asked.kind) if each.user_id == user.pk or access.manages(each.user_id)]
    return [each for each in mine if each.pk == asked.resource_id] or mine


def _accept_form(request: HttpRequest, asked: ResourceRequest, data: Any = None) -> AcceptForm:
    givers, today = _givers(request.user, asked), timezone.localdate()
    weeks = weeks_until(today, asked.due_on)[:WEEKS_AHEAD] or weeks_until(today, today)
    first = givers[0] if givers else None
    free = get_weeks([first.pk], weeks).get(first.pk, []) if first else []
    initial = {"resource_id": first.pk if first else None, "week": find_next_free(free) or weeks[0]}
    return AcceptForm(data, givers=givers, weeks=weeks, initial=initial)


def _render(
    request: HttpRequest, asked: ResourceRequest, *, accept: AcceptForm | None = None,
    decline: DeclineForm | None = None, finish: FinishForm | None = None,
) -> HttpResponse:  # fmt: skip
    """Show it; the form that comes back was wrong."""
    user, access, owner = request.user, get_access(request.user), asked.resource.user if asked.resource else None
    mine = may_answer(
        request_facts(asked), kinds=get_kinds_given(access), gives=owner is not None and owner.pk == user.pk,
        manages=access.manages(owner.pk if owner else None),
    )  # fmt: skip
    is_open, is_accepted = asked.state == RequestState.OPEN, asked.state == RequestState.ACCEPTED
    form = accept or (_accept_form(request, asked) if mine and is_open and asked.opportunity.is_open else None)
    context = {
        "asked": asked,
        "deal": asked.opportunity,
        "title": f"{label('resource_kind', asked.kind)}, {hours_text(asked.hours)}",
        "against": [label("refusal", code) for code in asked.against],
        "planned": list(asked.planned.order_by("monday")),
        "spent": minutes_text(asked.effort.minutes) if asked.effort else "",
        "accept": form if form and form.fields["resource_id"].choices else None,  # type: ignore[attr-defined]
        "decline": decline or DeclineForm(prefix="no") if mine and (is_open or is_accepted) else None,
        "finish": finish or FinishForm(initial={"hours": asked.hours, "on": timezone.localdate()})
        if mine and is_accepted
        else None,
        "sees_deal": opportunities_visible_to(user).filter(pk=asked.opportunity_id).exists(),
    }
    status = WRONG if accept or decline or finish else 200
    return render(request, "pipeline/request_detail.html", context, status=status)
