"""Champion and challenger: read by everybody who sells or markets, started and ended by marketing (S-12)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.envelope import Figure
from crm.lib.formats import percent, signed
from crm.lib.http import action, page
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on
from crm.views.editing import carry_out
from scoring.commands.challenges import end_challenge, start_challenge
from scoring.enums import Verdict
from scoring.forms.challenges import ChallengeEndForm, ChallengeForm
from scoring.models import Challenge, ScoringModel
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.policies.lint import blocks
from scoring.queries.challenges import challenges, get_result, get_running_challenge
from scoring.queries.rules import get_draft, to_facts

TEMPLATE = "scoring/challenge.html"
COUNTS = ("assigned", "handed_over", "accepted", "qualified")


@page
def challenge_list(request: HttpRequest) -> HttpResponse:
    """Show the challenge under way, else how to start one, and those there were."""
    hide_unless(can_read_rules(get_access(request.user)))
    return _show(request, get_running_challenge())


@page
def challenge_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a challenge came to."""
    hide_unless(can_read_rules(get_access(request.user)))
    return _show(request, get_object_or_404(challenges(), pk=pk))


@action
def challenge_start(request: HttpRequest) -> HttpResponse:
    """Make the draft the challenger of the rules in force."""
    _editors_only(request)
    form = ChallengeForm(request.POST)
    started = carry_out(form, start_challenge, by=request.user, at=timezone.now())
    if started is None:
        return _show(request, get_running_challenge(), form=form, status=WRONG)
    words = _("v%(number)s is tried on %(percent)s of the leads that come from now on.")
    told = {"number": started.challenger.number, "percent": percent(started.percent / 100)}
    return go_on(request, words % told, to=reverse("scoring:challenges"))


@action
def challenge_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the champion, or put the challenger in force."""
    _editors_only(request)
    found, form = get_object_or_404(challenges(), pk=pk), ChallengeEndForm(request.POST)
    ended = carry_out(form, partial(end_challenge, challenge_id=pk), by=request.user, at=timezone.now())
    if ended is None:
        found = get_object_or_404(challenges(), pk=pk)
        return _show(request, found, end_form=form, status=WRONG)
    text = _("It ended. Leads of the other side are scored anew.")
    return go_on(request, text, to=reverse("scoring:challenge", args=[pk]))


def _show(
    request: HttpRequest,
    challenge: Challenge | None,
    *,
    form: ChallengeForm | None = None,
    end_form: ChallengeEndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    editable = can_edit_rules(get_access(request.user))
    draft = get_draft() if editable and challenge is None else None
    context: dict[str, Any] = {
        "challenge": challenge,
        "editable": editable,
        "draft": draft,
        "blocked": bool(draft and blocks(to_facts(draft))),
        "form": form,
        "earlier": [each for each in challenges()[:20] if challenge is None or each.pk != challenge.pk],
    }
    if challenge is not None:
        context |= _report(get_result(challenge, as_of=timezone.now()), challenge)
        if editable and challenge.ended_at is None:
            context["end_form"] = end_form or ChallengeEndForm(initial={"seen_version": challenge.version})
        elif end_form is not None:
            context["form"] = end_form  # for why it is refused: there is nothing left to end
    elif draft is not None:
        context["form"] = form or ChallengeForm(initial={"seen_version": draft.version})
    return render(request, TEMPLATE, context, status=status)


def _report(result: Figure, challenge: Challenge) -> dict[str, Any]:
    sides = [
        _side(_("Champion"), challenge.champion, result.parts["champion"]),
        _side(_("Challenger"), challenge.challenger, result.parts["challenger"]),
    ]
    verdict = result.detail["verdict"]
    return {
        "sides": sides,
        "verdict": verdict,
        "is_decided": verdict in (Verdict.CHAMPION, Verdict.CHALLENGER),
        "difference": _points(result.value) if result.value is not None else None,
        "between": _between(result, lambda value, _digits: signed(value * 100, 1)),
        "missing": result.detail["missing"],
    }


def _side(name: str, model: ScoringModel, found: Figure) -> dict[str, Any]:
    return {
        "name": name,
        "model": model,
        "figure": found,
        "counts": [found.detail[count] for count in COUNTS],
        "share": percent(found.value, 1) if found.value is not None else None,
        "between": _between(found, percent),
    }


def _points(value: Any) -> str:
    return _("%(points)s percentage points") % {"points": signed(value * 100, 1)}


def _between(figure: Figure, write: Any) -> str:
    if figure.interval is None:
        return ""
    ends = {"low": write(figure.interval.low, 1), "high": write(figure.interval.high, 1)}
    return _("between %(low)s and %(high)s") % ends


def _editors_only(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(can_read_rules(access))
    refuse_unless(can_edit_rules(access))
