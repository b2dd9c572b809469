"""The action plan of a quarter review, edited in place (D-9, D-21)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action
from crm.permissions import refuse_unless
from crm.queries.access import get_access
from crm.views.answers import STALE, WRONG
from reports.commands import actions as commands
from reports.forms import ActionForm
from reports.labels.refusals import sentences
from reports.models import QbrAction, QbrRun
from reports.permissions import can_edit_qbr
from reports.queries.qbrs import get_actions
from reports.views.qbrs import find_or_404, run_context

COLUMNS = {"text": "text", "owner": "owner_id", "due_on": "due_on"}


@action
def action_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an action to the plan."""
    run, form = find_or_404(request, pk), ActionForm(request.POST)
    refuse_unless(can_edit_qbr(get_access(request.user), run.team_id))
    if not form.is_valid():
        return plan(request, run, form=form, status=WRONG)
    try:
        commands.add_action(run_id=run.pk, **values(form), by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, run, refused)
    return plan(request, run)


@action
def action_edit(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Change one field of an action; `seen` carries the value the person saw."""
    found, run = find_action(request, pk)
    refuse_unless(can_edit_qbr(get_access(request.user), run.team_id))
    if field not in COLUMNS:
        raise Http404
    form = ActionForm(request.POST, only=field)
    before = ActionForm({field: request.POST.get("seen", "")}, only=field)
    if not form.is_valid():
        return plan(request, run, problem=" ".join(str(error) for error in form.errors[field]), status=WRONG)
    seen = values(before) if before.is_valid() else {}
    try:
        commands.edit_action(action_id=found.pk, changes=values(form), seen=seen, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, run, refused)
    return plan(request, run)


@action
def action_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an action done, or open again."""
    found, run = find_action(request, pk)
    try:
        commands.mark_action(
            action_id=found.pk, done=request.POST.get("done") == "1", by=request.user, at=timezone.now()
        )
    except CommandRefused as refused:
        return refuse(request, run, refused)
    return plan(request, run)


@action
def action_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an action off the plan."""
    found, run = find_action(request, pk)
    try:
        commands.remove_action(action_id=found.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, run, refused)
    return plan(request, run)


def find_action(request: HttpRequest, pk: int) -> tuple[QbrAction, QbrRun]:
    """Return the action and its run, 404 for what the person may not read."""
    found = QbrAction.objects.filter(pk=pk, archived_at=None).first()
    if found is None:
        raise Http404
    return found, find_or_404(request, found.run_id)


def values(form: ActionForm) -> dict[str, Any]:
    """Return the form's values under the names of the command."""
    known = form.cleaned_data
    found = {column: known.get(name) for name, column in COLUMNS.items() if name in form.fields}
    if "owner_id" in found:
        found["owner_id"] = found["owner_id"].pk if found["owner_id"] else None
    return found


def refuse(request: HttpRequest, run: QbrRun, refused: CommandRefused) -> HttpResponse:
    """Show the plan as it stands with the reason; what the person may not do at all is 403.

    :raises PermissionDenied: it was not theirs to change
    """
    if isinstance(refused, NotPermitted):
        raise PermissionDenied(str(refused))
    if isinstance(refused, StaleRecord):
        words = _(
            "Somebody changed this action meanwhile. You see it as it stands now; change it again if you still want to."
        )
        return plan(request, run, problem=words, status=STALE)
    return plan(request, run, problem=" ".join(sentences(refused)), status=WRONG)


def plan(
    request: HttpRequest, run: QbrRun, *, form: ActionForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the plan alone, or go back to the report without htmx."""
    if not request.headers.get("HX-Request") and status == 200:
        return redirect(reverse("reports:qbr_detail", args=[run.pk]) + "#action-plan")
    shown = form or ActionForm()
    context = {
        **run_context(request, run), "actions": get_actions(run), "action_form": shown, "problem": problem,
        "people": shown.fields["owner"].queryset,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "reports/_qbr_actions.html", context, status=status)
