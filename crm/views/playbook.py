"""What the pages of the playbook have in common: personas here, guides in the app above.

Everybody who sells reads them, marketing and administrators write them.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.models.base import Record
from crm.permissions import can_edit_playbook, can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import press, render_part
from crm.views.editing import Edited
from crm.views.settings import settings_places

R = TypeVar("R", bound=Record)


def read_playbook(request: HttpRequest) -> dict[str, Any]:
    """Return what a list of entries needs, 404 for who may not read them; `left=1` asks for those put away."""
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    return {
        "archived": request.GET.get("left") == "1",
        "editable": can_edit_playbook(access),
        **settings_places(request, "personas"),
    }


def require_editor(request: HttpRequest) -> None:
    """Let those pass who write entries; 403 for who reads them, 404 for everybody else."""
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_edit_playbook(access))


def find_entry(request: HttpRequest, visible: QuerySet[R], pk: int) -> R:
    """Return an entry that the person may change; 404 where it is not theirs to see, 403 where to change."""
    found = get_object_or_404(visible, pk=pk)
    refuse_unless(can_edit_playbook(get_access(request.user)))
    return found


def put_entry(
    request: HttpRequest, found: Record, *, archive: Callable[..., Any], restore: Callable[..., Any], to: str
) -> HttpResponse:
    """Put an entry away by one command, or offer it again by the other, and go back to the list at `to`."""
    if found.archived_at is None:
        return press(request, archive, _("Archived."), to=to)
    return press(request, restore, _("Offered again."), to=to)


def show_entry(
    request: HttpRequest, edited: Edited, *, title: str, list_url: str, hint: str = "", put_url: str = "",
    archived: bool = False,
) -> HttpResponse:  # fmt: skip
    """Answer with the sheet of an entry; a new one has no `put_url`."""
    context = {"title": title, "hint": hint, "list_url": list_url, "put_url": put_url, "archived": archived}
    template, status = "crm/playbook_entry.html", edited.status
    return render_part(request, template, "entry_sheet", {**context, **edited.context}, status=status)
