"""A question to whoever delivers, and its answer (EE-098)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.models import User
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on
from pipeline.commands.questions import answer_delivery
from pipeline.forms.resources import AnswerForm
from pipeline.models import DeliveryQuestion
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.questions import questions_visible_to


@page
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one question with no more of the deal than is needed to answer it."""
    return _render(request, find_question(request.user, pk), AnswerForm())


@action
def question_answered(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer."""
    asked, form, at = find_question(request.user, pk), AnswerForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            answer_delivery(question_id=pk, by=request.user, at=at, **form.cleaned_data)
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return go_on(request, _("The answer stands on the deal."), to=reverse("pipeline:approvals"))
    return _render(request, asked, form, status=WRONG)


def find_question(user: User, pk: int) -> DeliveryQuestion:
    """Return a question the person may see, 404 for what was not asked of them and is of no deal of theirs."""
    found = questions_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _render(request: HttpRequest, asked: DeliveryQuestion, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    answers = asked.to_id == request.user.pk or get_access(request.user).is_admin
    context = {
        "asked": asked,
        "deal": asked.opportunity,
        "form": form if answers and asked.answered_at is None else None,
        "sees_deal": opportunities_visible_to(request.user).filter(pk=asked.opportunity_id).exists(),
    }
    return render(request, "pipeline/question_detail.html", context, status=status)
