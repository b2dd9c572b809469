"""Many deals changed at once: each by the rules of the command for one, answered one by one, undone as a whole (D-22)."""

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import idempotent
from crm.api.resources import ApiView
from crm.permissions import refuse_unless
from crm.queries.access import get_access
from pipeline.api.bulk import BulkEditShape, NewBulkEditShape
from pipeline.commands.bulk import edit_deals, undo_bulk_edit
from pipeline.models import BulkEdit
from pipeline.permissions import can_create_deals
from pipeline.queries.bulk import get_answers, get_bulk_edit


class BulkEdits(ApiView):
    """Your own changes of many deals."""

    serializer_class = BulkEditShape

    @extend_schema(request=NewBulkEditShape, responses={201: BulkEditShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Give up to 1,000 deals the same; one that is refused stays as it was, and the answer says why.

        Deals you may not see count as not chosen.
        """
        refuse_unless(can_create_deals(get_access(request.user)))
        edit = edit_deals(**self.read(NewBulkEditShape), by=request.user, at=self.at)
        location = request.build_absolute_uri(reverse("api_bulk_edit", args=[edit.pk]))
        return Response(self.told(edit), 201, headers={"Location": location})

    @extend_schema(responses=BulkEditShape)
    def retrieve(self, request: Request, edit_id: int) -> Response:
        """Say what became of each deal."""
        return Response(self.told(self.own(edit_id)))

    @extend_schema(request=None, responses=BulkEditShape)
    @idempotent
    def undo(self, request: Request, edit_id: int) -> Response:
        """Take all of it back, within ten minutes; deals on which something happened since keep it."""
        self.read_nothing()
        return Response(self.told(undo_bulk_edit(bulk_edit_id=self.own(edit_id).pk, by=request.user, at=self.at)))

    def own(self, edit_id: int) -> BulkEdit:
        """Return a change the person made.

        :raises Http404: somebody else did, or nobody
        """
        edit = get_bulk_edit(edit_id, user=self.request.user)
        if edit is None:
            raise Http404
        return edit

    def told(self, edit: BulkEdit) -> object:
        """Return a change with its answers."""
        names = ("id", "kind", "reason", "at", "undone_at")
        values = {name: getattr(edit, name) for name in names}
        answers = get_answers(edit, user=self.request.user)
        return BulkEditShape(values | {"answers": answers}, context=self.get_serializer_context()).data
