"""What marketing and sales agree on, and want to reach (LT-068, LT-139, LT-141); the board both share is in reports."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.facts import Access
from crm.lib.http import action, page
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on, press, render_part
from crm.views.editing import Edited, carry_out
from scoring.commands.agreements import agree_to_definition, propose_definition
from scoring.commands.together import add_comment, remove_comment, set_goal
from scoring.enums import AgreedTerm, AgreeingSide, GoalMeasure
from scoring.forms import ScoringForm
from scoring.forms.agreements import CommentForm, GoalForm, WordingForm
from scoring.labels.agreements import MEANINGS, TERMS, holding_words
from scoring.models import AgreedDefinition
from scoring.permissions import can_see_leads
from scoring.policies.agreements import agreement_refusals, sides_of
from scoring.queries.agreements import definitions_visible_to, get_holding, get_wordings
from scoring.queries.together import comments_visible_to, get_goals

# Where each goal's figure is named; its words live with the figures.
BOARD = "reports:lead_board"


@page
def agreed(request: HttpRequest) -> HttpResponse:
    """Show what each word means, as it is here and as both teams put it."""
    access = _readers_only(request)
    holding, wordings = get_holding(), get_wordings()
    rows = [
        {
            "is": each,
            "name": TERMS[term],
            "meaning": MEANINGS[term],
            "holding": holding_words(term, holding),
            "agrees": each.waiting is not None and may_agree(access, each.waiting),
        }
        for term, each in wordings.items()
    ]
    context = {"rows": rows, "holding": holding, "proposes": bool(sides_of(access))}
    return render(request, "scoring/agreed.html", context)


@page
def wording(request: HttpRequest, term: str) -> HttpResponse:
    """Show the form of another wording, which begins as what holds or waits."""
    _require_side(request, AgreedTerm, term)
    known = get_wordings()[AgreedTerm(term)]
    begins = known.waiting or known.held
    return _sheet(request, WordingForm(initial={"text": begins.text if begins else ""}), _wording_words(term))


@action
def wording_proposed(request: HttpRequest, term: str) -> HttpResponse:
    """Propose another wording to the other side."""
    _require_side(request, AgreedTerm, term)
    form = WordingForm(request.POST)
    if carry_out(form, partial(propose_definition, term=term), by=request.user, at=timezone.now()) is None:
        return _sheet(request, form, _wording_words(term))
    return go_on(request, _("Proposed. The other team is to agree."), to=reverse("scoring:agreed"))


@action
def wording_agreed(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to what the other side proposed."""
    _readers_only(request)
    get_object_or_404(definitions_visible_to(request.user), pk=pk)
    command = partial(agree_to_definition, definition_id=pk)
    return press(request, command, _("Agreed. This holds from now on."), to=reverse("scoring:agreed"))


@page
def goal(request: HttpRequest, measure: str) -> HttpResponse:
    """Ask what both teams want a figure to be."""
    _require_side(request, GoalMeasure, measure)
    held = get_goals().get(GoalMeasure(measure))
    share = f"{held.share * 100:.1f}".removesuffix(".0") if held and held.share else None
    return _sheet(request, GoalForm(initial={"share": share}), _goal_words())


@action
def goal_set(request: HttpRequest, measure: str) -> HttpResponse:
    """Save what both teams want a figure to be."""
    _require_side(request, GoalMeasure, measure)
    form = GoalForm(request.POST)
    if carry_out(form, partial(set_goal, measure=measure), by=request.user, at=timezone.now()) is None:
        return _sheet(request, form, _goal_words())
    return go_on(request, _("Saved."), to=reverse(BOARD))


@page
def comment_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a comment."""
    _readers_only(request)
    return _sheet(request, CommentForm(), _comment_words())


@action
def comment_added(request: HttpRequest) -> HttpResponse:
    """Tell both teams something."""
    _readers_only(request)
    form = CommentForm(request.POST)
    if carry_out(form, add_comment, by=request.user, at=timezone.now()) is None:
        return _sheet(request, form, _comment_words())
    return go_on(request, _("Both teams can read it."), to=reverse(BOARD))


@action
def comment_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment back."""
    _readers_only(request)
    get_object_or_404(comments_visible_to(request.user), pk=pk)
    return press(request, partial(remove_comment, comment_id=pk), _("Taken back."), to=reverse(BOARD))


def may_agree(access: Access, waiting: AgreedDefinition) -> bool:
    """Whether the person can give the agreement a wording waits for."""
    missing = AgreeingSide.SALES if waiting.marketing_at else AgreeingSide.MARKETING
    proposer = waiting.proposed_by_id
    return not agreement_refusals(sides_of(access), missing=missing, proposed_by=proposer, user_id=access.user_id)


def _readers_only(request: HttpRequest) -> Access:
    access = get_access(request.user)
    hide_unless(can_see_leads(access))
    return access


def _require_side(request: HttpRequest, known: Any, code: str) -> None:
    access = _readers_only(request)
    if code not in set(known):
        raise Http404
    refuse_unless(bool(sides_of(access)))


def _wording_words(term: str) -> dict[str, Any]:
    return {"title": TERMS[AgreedTerm(term)], "hint": MEANINGS[AgreedTerm(term)], "list_url": reverse("scoring:agreed")}


def _goal_words() -> dict[str, Any]:
    hint = _("Marketing and sales want it together. What it was before is kept.")
    return {"title": _("Goal of both teams"), "hint": hint, "list_url": reverse(BOARD)}


def _comment_words() -> dict[str, Any]:
    hint = _("Everybody of marketing and sales reads it.")
    return {"title": _("Comment"), "hint": hint, "list_url": reverse(BOARD)}


def _sheet(request: HttpRequest, form: ScoringForm, words: dict[str, Any]) -> HttpResponse:
    edited = Edited(form, type(form)(), WRONG if form.is_bound else 200)
    context = {"put_url": "", "archived": False, **words, **edited.context}
    return render_part(request, "crm/playbook_entry.html", "entry_sheet", context, status=edited.status)
