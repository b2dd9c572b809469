"""One version of the rules: what it says, and what it says and does differently from another (S-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.lib.http import page
from crm.permissions import hide_unless
from crm.queries.access import get_access
from crm.views.answers import render_part
from scoring.enums import ModelState
from scoring.facts import ModelFacts
from scoring.models import ScoringModel
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.policies.changes import changes
from scoring.queries.choices import get_event_names
from scoring.queries.effects import find_compared, get_known_effect, get_tried_against
from scoring.queries.rules import get_draft, models_visible_to, to_facts
from scoring.views.rule_changes import changes_in_words
from scoring.views.rule_rows import get_sections
from scoring.views.simulations import read_number

MOST_LISTED = 100


@page
def rules_version(request: HttpRequest, number: int) -> HttpResponse:
    """Show the rules of one version, and what they change from the one that `against` names."""
    access = get_access(request.user)
    hide_unless(can_read_rules(access))
    versions = models_visible_to(request.user)
    model = get_object_or_404(versions, number=number)
    facts, names = to_facts(model), dict(get_event_names())
    against = find_compared(model, read_number(request.GET.get("against")), user=request.user)
    context: dict[str, Any] = {"model": model, "facts": facts, "sections": get_sections(facts, names=names)}
    context["editable"] = can_edit_rules(access)
    context["restorable"] = context["editable"] and model.state == ModelState.RETIRED and get_draft() is None
    context["others"] = versions.exclude(pk=model.pk).order_by("-number")[:MOST_LISTED]
    context |= _compare(model, facts, against) if against else {}
    return render_part(request, "scoring/rules_version.html", "version_panel", context)


def _compare(model: ScoringModel, facts: ModelFacts, against: ScoringModel) -> dict[str, Any]:
    known = get_known_effect(model, facts, against)
    other = [] if known.effect else get_tried_against(model, facts)
    return {
        "against": against,
        "differences": changes_in_words(changes(to_facts(against), facts)),
        "known": known,
        "known_against": ", ".join(_("v%(number)s") % {"number": number} for number in other),
    }
