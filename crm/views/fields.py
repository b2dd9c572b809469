"""Editing one field of an account or contact in its place (D-9)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.forms.records import RecordForm
from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.http import action, page
from crm.permissions import refuse_unless
from crm.queries.organisation import get_organisation
from crm.views.answers import STALE, WRONG, done, refuse
from crm.views.facts import Record, get_fact
from crm.views.kinds import KINDS, find_record, may_edit

UNDO = "undo"  # sent by the toast that takes a field back


@page
def record_field(request: HttpRequest, pk: int, field: str, kind: str) -> HttpResponse:
    """Show the form of one field, in its place or as a page."""
    record = _editable(request, kind, pk, field)
    form = KINDS[kind].form(initial=_values(record, field), only=[field], **_currency(kind))
    return _render_form(request, kind, record, field, form, _seen(kind, record, field))


@action
def record_field_save(request: HttpRequest, pk: int, field: str, kind: str) -> HttpResponse:
    """Save one field, unless somebody changed the same one since it was shown."""
    record = _editable(request, kind, pk, field)
    known, at = KINDS[kind], timezone.now()
    form = known.form(request.POST, only=[field], **_currency(kind))
    seen = known.form(request.POST, only=[field], prefix="seen", **_currency(kind))
    if not form.is_valid():
        return _render_form(request, kind, record, field, form, seen, status=WRONG)
    try:
        known.edit(**{f"{kind}_id": pk}, changes=form.cleaned_data, seen=seen.seen_values, by=request.user, at=at)
    except StaleRecord as stale:
        if UNDO in request.POST:
            return refuse(request, stale, to=reverse(f"crm:{kind}_detail", args=[pk]))
        fresh = find_record(request, kind, pk)
        return _render_form(request, kind, fresh, field, form, _seen(kind, fresh, field), status=STALE)
    except CommandRefused as refused:
        form.refuse(refused)
        return _render_form(request, kind, record, field, form, seen, status=WRONG)
    return _saved(request, kind, pk, field)


def _saved(request: HttpRequest, kind: str, pk: int, field: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return done(request, _("Saved."), to=reverse(f"crm:{kind}_detail", args=[pk]))
    record = find_record(request, kind, pk)
    fact = get_fact(kind, record, field, editable=may_edit(request, kind, record))
    return answer_fact(request, fact, events="record:changed")


def answer_fact(request: HttpRequest, fact: Any, *, events: str) -> HttpResponse:
    """Show a field that was saved as its value again, with the way back where the form said what stood there before.

    The way back is the same edit the other way round: it too meets what a colleague wrote since.
    """
    undone, seen = UNDO in request.POST, f"seen-{fact.field}"
    before, now = request.POST.get(seen), request.POST.get(fact.field, "")
    reversible = not undone and before is not None and before != now
    context = {
        "fact": fact,
        "text": (_("%(name)s is as it was.") if undone else _("%(name)s saved.")) % {"name": fact.label},
        "undo_url": reverse(fact.save_url, args=[fact.record_id, fact.field]),
        "undo_values": [(fact.field, before), (seen, now), (UNDO, "1")] if reversible else [],
    }
    answer = render(request, "crm/_record_fact_saved.html", context)
    if undone:
        answer.headers["HX-Retarget"] = f"#fact-{fact.field.removesuffix('_id')}"
        answer.headers["HX-Reswap"] = "outerHTML"
    answer.headers["HX-Trigger"] = events
    return answer


def _render_form(
    request: HttpRequest,
    kind: str,
    record: Record,
    field: str,
    form: RecordForm,
    seen: RecordForm,
    *,
    status: int = 200,
) -> HttpResponse:
    stale = get_fact(kind, record, field, editable=True).text if status == STALE else None
    fact = get_fact(kind, record, field, editable=True)
    context = {"fact": fact, "form": form, "seen": seen, "field": form[field], "theirs": stale, "record": record}
    template = "crm/_record_fact_form.html" if request.headers.get("HX-Request") else "crm/record_field.html"
    return render(request, template, context, status=status)


def _editable(request: HttpRequest, kind: str, pk: int, field: str) -> Record:
    if field not in KINDS[kind].form.base_fields:
        raise Http404
    record: Record = find_record(request, kind, pk)
    refuse_unless(may_edit(request, kind, record))
    return record


def _values(record: Record, field: str) -> dict[str, Any]:
    return {field: getattr(record, field)}


def _seen(kind: str, record: Record, field: str) -> RecordForm:
    return KINDS[kind].form(initial=_values(record, field), only=[field], prefix="seen", **_currency(kind))


def _currency(kind: str) -> dict[str, str]:
    return {"currency": get_organisation().currency} if kind == "account" else {}
