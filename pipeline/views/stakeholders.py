"""The people who decide: adding one, changing what part they have, noting that they left; the map they stand on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import charts, formats
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.views.answers import STALE, WRONG, refuse
from pipeline.commands.roles import StakeholderRefused, put_stakeholder, remove_stakeholder
from pipeline.enums import StakeholderRole, Stance
from pipeline.facts import AssessmentFacts, StakeholderFacts
from pipeline.forms.stakeholders import StakeholderForm, stakeholder_values
from pipeline.models import Opportunity
from pipeline.policies.stakeholders import assumed_decider, missing_roles, unmet_decider
from pipeline.queries.stakeholders import get_stakeholders
from pipeline.views.answers import changed, find_deal

SHEET = "pipeline/deal_person.html"
COLUMN_OF = {Stance.AGAINST: 0, Stance.NEUTRAL: 1, Stance.UNKNOWN: 1, Stance.FOR: 2}
AVATARS = 6


@page
def deal_person_new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form that adds somebody, with `role` where that is looked for."""
    deal, people = find_deal(request, deal_id, to_edit=True), get_stakeholders(deal_id)
    role = request.GET.get("role", "")
    initial = stakeholder_values(None, role=role if role in set(StakeholderRole) else "")
    form = StakeholderForm(deal=deal, people=people, contact_id=None, initial=initial)
    return _render(request, deal, None, form)


@page
def deal_person(request: HttpRequest, deal_id: int, contact_id: int) -> HttpResponse:
    """Show the form of somebody who takes part."""
    deal, people = find_deal(request, deal_id, to_edit=True), get_stakeholders(deal_id)
    person = _find(people, contact_id)
    return _render(request, deal, person, *_forms(deal, people, person))


@action
def deal_person_added(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Add somebody to a deal."""
    deal, people = find_deal(request, deal_id, to_edit=True), get_stakeholders(deal_id)
    form = StakeholderForm(request.POST, deal=deal, people=people, contact_id=None)
    if form.is_valid():
        given = dict(form.cleaned_data)
        return _save(request, deal, None, form, None, contact_id=given.pop("contact_id"), changes=given)
    return _render(request, deal, None, form, status=WRONG)


@action
def deal_person_saved(request: HttpRequest, deal_id: int, contact_id: int) -> HttpResponse:
    """Change what part somebody has, unless a colleague changed the same field since it was shown."""
    deal, people = find_deal(request, deal_id, to_edit=True), get_stakeholders(deal_id)
    person = _find(people, contact_id)
    form, seen = _forms(deal, people, person, data=request.POST)
    if form.is_valid():
        return _save(request, deal, person, form, seen, contact_id=contact_id, changes=form.cleaned_data)
    return _render(request, deal, person, form, seen, status=WRONG)


@action
def deal_person_removed(request: HttpRequest, deal_id: int, contact_id: int) -> HttpResponse:
    """Note that somebody no longer takes part."""
    deal = find_deal(request, deal_id, to_edit=True)
    try:
        gone = remove_stakeholder(opportunity_id=deal_id, contact_id=contact_id, by=request.user, at=timezone.now())
    except StakeholderRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return changed(request, deal, _("%(name)s no longer takes part.") % {"name": gone.contact})


def _save(
    request: HttpRequest, deal: Opportunity, person: StakeholderFacts | None, form: StakeholderForm,
    seen: StakeholderForm | None, *, contact_id: int, changes: Mapping[str, Any],
) -> HttpResponse:  # fmt: skip
    given: dict[str, Any] = {"opportunity_id": deal.pk, "contact_id": contact_id, "changes": changes}
    try:
        saved = put_stakeholder(**given, seen=seen.seen_values if seen else None, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except StaleRecord:
        people = get_stakeholders(deal.pk)
        _form, fresh = _forms(deal, people, _find(people, contact_id))
        form.add_error(None, _("Somebody changed this person meanwhile. Save again to keep what you wrote."))
        return _render(request, deal, person, form, fresh, status=STALE)
    except CommandRefused as refused:
        form.refuse(refused)
        return _render(request, deal, person, form, seen, status=WRONG)
    return changed(request, deal, _("Saved: %(name)s") % {"name": saved.contact})


def _find(people: Sequence[StakeholderFacts], contact_id: int) -> StakeholderFacts:
    for person in people:
        if person.pk == contact_id:
            return person
    raise Http404


def _forms(
    deal: Opportunity, people: Sequence[StakeholderFacts], person: StakeholderFacts, *, data: Any = None
) -> tuple[StakeholderForm, StakeholderForm]:
    """Return the form and the hidden one that holds what the page showed."""
    given: dict[str, Any] = {
        "deal": deal,
        "people": people,
        "contact_id": person.pk,
        "initial": stakeholder_values(person),
    }
    return StakeholderForm(data, **given), StakeholderForm(data, prefix="seen", **given)


def _render(
    request: HttpRequest, deal: Opportunity, person: StakeholderFacts | None, form: StakeholderForm,
    seen: StakeholderForm | None = None, *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    template = f"{SHEET}#person_sheet" if request.headers.get("HX-Request") else SHEET
    title = person.name if person else _("Add a person")
    context = {"deal": deal, "person": person, "title": title, "form": form, "seen": seen}
    return render(request, template, context, status=status)


def build_people(people: Sequence[StakeholderFacts], authority: AssessmentFacts | None) -> dict[str, Any]:
    """Return what the panel shows: the map, the people as a list, the roles nobody has and what to beware of."""
    return {
        "people": people,
        "map": draw_map(people) if people else "",
        "missing_roles": [(role, label("missing_role", role)) for role in missing_roles(people)],
        "assumed_decider": assumed_decider(people, authority),
        "unmet_decider": unmet_decider(people),
    }


def draw_map(people: Sequence[StakeholderFacts]) -> SafeString:
    """Draw influence against support, with dashed lines from who leads us to whom (DESIGN.md 7)."""
    marks = [
        charts.Mark(
            label=person.name.split()[0],
            column=COLUMN_OF.get(Stance(person.stance), 1),
            row=(person.influence or 2) - 1,
            initials=formats.initials(person.name),
            note=label("stakeholder_role_short", person.role),
            tone=f"is-avatar-{person.pk % AVATARS}" + (" is-unsure" if person.stance == Stance.UNKNOWN else ""),
            title=person.name,
        )
        for person in people
    ]
    at = {person.pk: index for index, person in enumerate(people)}
    links = [(at[each.introduced_by_id], at[each.pk]) for each in people if each.introduced_by_id in at]
    columns = [_("Against us"), _("Neutral"), _("For us")]
    rows = [_("Little influence"), _("Some influence"), _("Much influence")]
    return charts.positions(marks, columns=columns, rows=rows, links=links, label=_finding(people))


def _finding(people: Sequence[StakeholderFacts]) -> str:
    count = len(people)
    stands = {stance: sum(1 for person in people if person.stance == stance) for stance in Stance}
    named = ", ".join(f"{label('stance', stance)}: {found}" for stance, found in stands.items() if found)
    said = ngettext("%(count)s person on the map.", "%(count)s people on the map.", count) % {"count": count}
    return f"{said} {named}"
