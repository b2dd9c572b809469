"""The sheets in which a rule or a group is built, changed, moved and taken away (S-3)."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import STALE, WRONG, go_on, refuse, render_part
from scoring.commands.rules import edit_draft
from scoring.facts import GroupFacts, ModelFacts, RuleFacts
from scoring.forms.fading import GroupForm
from scoring.forms.one_rule import RuleForm
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.policies.drafts import moved, new_code
from scoring.queries.choices import get_event_names
from scoring.queries.rules import get_draft, get_published_model, to_facts
from scoring.views.rule_words import rule_in_words

Form = TypeVar("Form", RuleForm, GroupForm)
RULE = ("scoring/rule_edit.html", "rule_form")
GROUP = ("scoring/group_edit.html", "group_form")


@page
def rule_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show a rule of the draft, or an empty sheet for a new one."""
    model, version = _draft(request)
    form = RuleForm(rule=_rule(model, code), model=model, version=version)
    return render_part(request, *RULE, _in_sheet(form))


@action
def rule_save(request: HttpRequest, code: str = "") -> HttpResponse:
    """Keep the rule in the draft; with `more` show further rows for conditions, with `again` what goes with a choice."""
    model, version = _draft(request)
    form = RuleForm(request.POST, rule=_rule(model, code), model=model, version=version)
    if {"more", "again"} & set(request.POST):
        return render_part(request, *RULE, _in_sheet(_unchecked(form)))
    if form.is_valid():
        form.code = form.at = code or new_code(form.cleaned_data["name"], {rule.code for rule in model.rules})
        if answer := _store(request, form, rules={form.code: form.wanted()}):
            return answer
    return render_part(request, *RULE, _in_sheet(form), status=_status(form))


@action
def rule_remove(request: HttpRequest, code: str) -> HttpResponse:
    """Take a rule out of the draft."""
    model, version = _draft(request)
    rule = _rule(model, code)
    text = _("%(name)s is taken out of the draft.") % {"name": rule.name if rule else code}
    return _change(request, version, text, rules={code: None})


@action
def rule_move(request: HttpRequest, code: str) -> HttpResponse:
    """Let a rule stand one place further up, or with `down` further down, among those beside it."""
    model, version = _draft(request)
    rule = _rule(model, code)
    beside = {each.code for each in model.rules if rule and (each.part, each.group) == (rule.part, rule.group)}
    codes = [each.code for each in model.rules]
    order = moved(codes, code, among=beside, by=1 if request.POST.get("down") else -1)
    return _change(request, version, _("Moved."), rules={}, order=order)


@page
def group_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show a group of the draft, or an empty sheet for a new one."""
    model, version = _draft(request)
    return render_part(request, *GROUP, {"form": GroupForm(group=_group(model, code), version=version)})


@action
def group_save(request: HttpRequest, code: str = "") -> HttpResponse:
    """Keep the group in the draft."""
    model, version = _draft(request)
    form = GroupForm(request.POST, group=_group(model, code), version=version)
    if "again" in request.POST:
        return render_part(request, *GROUP, {"form": _unchecked(form)})
    if form.is_valid():
        form.code = code or new_code(form.cleaned_data["name"], {group.code for group in model.groups})
        form.at = f"group-{form.code}"
        if answer := _store(request, form, rules={}, groups={form.code: form.wanted()}):
            return answer
    return render_part(request, *GROUP, {"form": form}, status=_status(form))


@action
def group_remove(request: HttpRequest, code: str) -> HttpResponse:
    """Take a group out of the draft; its rules stay."""
    model, version = _draft(request)
    _group(model, code)
    return _change(request, version, _("The group is taken out of the draft."), rules={}, groups={code: None})


def _draft(request: HttpRequest) -> tuple[ModelFacts, int | None]:
    """Return what the draft, or else what is in force, says, and the draft's version, for those who may change it."""
    hide_unless(can_read_rules(get_access(request.user)))
    refuse_unless(can_edit_rules(get_access(request.user)))
    draft = get_draft()
    return to_facts(draft or get_published_model()), draft.version if draft else None


def _rule(model: ModelFacts, code: str) -> RuleFacts | None:
    known = {rule.code: rule for rule in model.rules}
    _require(code, known)
    return known.get(code)


def _group(model: ModelFacts, code: str) -> GroupFacts | None:
    known = {group.code: group for group in model.groups}
    _require(code, known)
    return known.get(code)


def _require(code: str, known: Collection[str]) -> None:
    if code and code not in known:
        raise Http404


def _store(request: HttpRequest, form: RuleForm | GroupForm, **wanted: Any) -> HttpResponse | None:
    """Keep what a sheet says; None where it is refused, with the reasons at its fields."""
    seen = form.cleaned_data["version"]
    try:
        edit_draft(settings={}, **wanted, seen_version=seen, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        form.is_stale = hasattr(refused, "seen")
        return None
    return go_on(request, _("Draft saved. Nobody is scored by it yet."), to=reverse("scoring:rules"))


def _change(request: HttpRequest, version: int | None, text: str, **wanted: Any) -> HttpResponse:
    """Change the draft as it stands; a version in the form must be the present one."""
    sent = request.POST.get("version", "")
    seen = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < len(str(2**31)) else version
    try:
        edit_draft(settings={}, **wanted, seen_version=seen, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("scoring:rules"))
    return go_on(request, text, to=reverse("scoring:rules"))


def _status(form: RuleForm | GroupForm) -> int:
    return STALE if form.is_stale else WRONG


def _in_sheet(form: RuleForm) -> dict[str, Any]:
    rule = form.sketch
    return {"form": form, "in_words": rule_in_words(rule, dict(get_event_names())) if rule else []}


def _unchecked(form: Form) -> Form:
    """Return the form without what is wrong in it: it is not finished."""
    form.is_valid()
    form.errors.clear()
    return form
