"""A question to whoever delivers, and its answer (EE-098)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.models import User
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on
from crm.views.editing import carry_out
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
    asked, form = find_question(request.user, pk), AnswerForm(request.POST)
    if carry_out(form, answer_delivery, question_id=pk, by=request.user, at=timezone.now()) is None:
        return _render(request, asked, form)
    return go_on(request, _("The answer stands on the deal."), to=reverse("pipeline:approvals"))


def find_question(user: User, pk: int) -> DeliveryQuestion:
    """Return a question the person may see, 404 for what was not asked of them and is of no deal of theirs."""
    found = questions_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _render(request: HttpRequest, asked: DeliveryQuestion, form: AnswerForm) -> HttpResponse:
    """Show it; a form that comes back was wrong."""
    answers = asked.to_id == request.user.pk or get_access(request.user).is_admin
    context = {
        "asked": asked,
        "deal": asked.opportunity,
        "form": form if answers and asked.answered_at is None else None,
        "sees_deal": opportunities_visible_to(request.user).filter(pk=asked.opportunity_id).exists(),
    }
    return render(request, "pipeline/question_detail.html", context, status=WRONG if form.is_bound else 200)
