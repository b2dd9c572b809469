"""The rules: read by everybody who sells or markets, changed in a draft, published with a reason (S-3, S-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import STALE, WRONG, done, go_on, refuse, render_part
from scoring.commands.rules import begin_draft, discard_draft, edit_draft, publish_draft
from scoring.enums import ModelState
from scoring.forms.rules import PublishForm, RulesForm
from scoring.labels import sentence
from scoring.models import ScoringModel
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.policies.changes import Change, changes
from scoring.policies.lint import BLOCKING, lint
from scoring.queries.choices import get_event_names
from scoring.queries.effects import get_known_effect
from scoring.queries.rules import get_draft, get_published_model, get_versions, to_facts
from scoring.views.rule_changes import changes_in_words
from scoring.views.rule_evidence import get_evidence, get_fading
from scoring.views.rule_rows import get_sections
from scoring.views.simulations import read_number

PAGE = ("scoring/rules.html", "rules_form")
PUBLISH = ("scoring/rules_publish.html", "publish_form")
DISCARD = ("scoring/rules_discard.html", "discard_form")


@page
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, or the draft to those who may change it."""
    hide_unless(can_read_rules(get_access(request.user)))
    return render_part(request, *PAGE, _context(request))


@action
def rules_save(request: HttpRequest) -> HttpResponse:
    """Keep the changes in the draft."""
    hide_unless(can_read_rules(get_access(request.user)))
    refuse_unless(can_edit_rules(get_access(request.user)))
    draft = get_draft()
    form = RulesForm(request.POST, model=to_facts(draft or get_published_model()))
    if not form.is_valid():
        return render_part(request, *PAGE, _context(request, form), status=WRONG)
    version = form.cleaned_data["version"]
    try:
        edit_draft(settings=form.settings, rules=form.rules, seen_version=version, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return render_part(request, *PAGE, _context(request, form), status=STALE if hasattr(refused, "seen") else WRONG)
    if request.headers.get("HX-Request"):
        return render_part(request, *PAGE, _context(request) | {"saved": True})
    return done(request, _("Draft saved. Nobody is scored by it yet."), to=reverse("scoring:rules"))


@page
def rules_discard(request: HttpRequest) -> HttpResponse:
    """Show what would be forgotten, and ask."""
    hide_unless(can_read_rules(get_access(request.user)))
    refuse_unless(can_edit_rules(get_access(request.user)))
    draft = get_draft()
    found = changes(to_facts(get_published_model()), to_facts(draft)) if draft else []
    return render_part(request, *DISCARD, {"draft": draft, "differences": changes_in_words(found)})


@action
def rules_discarded(request: HttpRequest) -> HttpResponse:
    """Forget the draft, unless it changed since it was seen."""
    hide_unless(can_read_rules(get_access(request.user)))
    seen = read_number(request.POST.get("version"))
    try:
        discard_draft(seen_version=seen, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("scoring:rules"))
    return go_on(request, _("Draft discarded."), to=reverse("scoring:rules"))


@action
def rules_restore(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a draft that says what an older version said; publishing it goes back."""
    hide_unless(can_read_rules(get_access(request.user)))
    try:
        begin_draft(number=number, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("scoring:rules"))
    text = _("The draft says what v%(number)s said. Publish it to go back.") % {"number": number}
    return go_on(request, text, to=reverse("scoring:rules"))


@page
def rules_publish(request: HttpRequest) -> HttpResponse:
    """Show what would change, and ask why."""
    hide_unless(can_read_rules(get_access(request.user)))
    refuse_unless(can_edit_rules(get_access(request.user)))
    draft = get_draft()
    form = PublishForm(initial={"version": draft.version if draft else None})
    return render_part(request, *PUBLISH, _publishing(draft, form))


@action
def rules_published(request: HttpRequest) -> HttpResponse:
    """Put the draft in force."""
    hide_unless(can_read_rules(get_access(request.user)))
    refuse_unless(can_edit_rules(get_access(request.user)))
    form = PublishForm(request.POST)
    if not form.is_valid():
        return render_part(request, *PUBLISH, _publishing(get_draft(), form), status=WRONG)
    values = form.cleaned_data
    try:
        model = publish_draft(
            reason=values["reason"], seen_version=values["version"], by=request.user, at=timezone.now()
        )
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        status = STALE if hasattr(refused, "seen") else WRONG
        return render_part(request, *PUBLISH, _publishing(get_draft(), form), status=status)
    return go_on(request, _("Version %(number)s is in force.") % {"number": model.number}, to=reverse("scoring:rules"))


def _context(request: HttpRequest, form: RulesForm | None = None) -> dict[str, Any]:
    published, editable = get_published_model(), can_edit_rules(get_access(request.user))
    draft = get_draft() if editable else None
    in_force = to_facts(published)
    facts = to_facts(draft) if draft else in_force
    form = form or RulesForm(model=facts, version=draft.version if draft else None)
    found = changes(in_force, facts)
    evidence = get_evidence(facts, in_force, editable=editable)
    sections = get_sections(
        facts,
        names=dict(get_event_names()),
        form=form if editable else None,
        before=in_force,
        hits=evidence["hits"],
    )
    return {
        **evidence,
        **get_fading(facts),
        "published": published,
        "draft": draft,
        "editable": editable,
        "form": form,
        "facts": facts,
        "sections": sections,
        "odd": [{"words": sentence(each), "blocks": each.code in BLOCKING} for each in lint(facts)] if editable else [],
        "in_force": in_force,
        "was": {"inactivity_points": None, "inactivity_days": None, **_were(found)},
        "changed": set(_were(found)),
        "differences": changes_in_words(found),
        "versions": [model for model in get_versions() if editable or model.state != ModelState.DRAFT],
    }


def _publishing(draft: ScoringModel | None, form: PublishForm) -> dict[str, Any]:
    if draft is None:
        return {"draft": None, "form": form, "differences": []}
    published, facts = get_published_model(), to_facts(draft)
    differences = changes_in_words(changes(to_facts(published), facts))
    known = get_known_effect(draft, facts, published)
    return {"draft": draft, "form": form, "differences": differences, "known": known, "facts": facts}


def _were(found: list[Change]) -> dict[str, int]:
    return {change.field: change.old for change in found if not change.rule}
