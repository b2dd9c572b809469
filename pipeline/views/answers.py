"""What an action answers: the board gets its card and sums, every other page what it listens for."""

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from crm.models import User
from crm.permissions import refuse_unless
from crm.queries.access import get_access
from crm.views.answers import go_on, next_url
from pipeline.forms.board import BoardForm, read_filter
from pipeline.models import Opportunity, Setpoint
from pipeline.permissions import can_edit
from pipeline.queries.board import get_card, get_sums
from pipeline.queries.deals import RELATED
from pipeline.queries.money import get_money_frame
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.views.cards import build_cards
from pipeline.views.columns import add_up, build_column, build_finding, build_totals

CHANGED = "sheet:close, record:changed, setpoint:timeline, setpoint:counts"


def find_deal(
    request: HttpRequest, deal_id: int, *, to_edit: bool = False, related: Collection[str] = RELATED
) -> Opportunity:
    """Return the deal with what will be shown of it; 404 where the person may not see it, 403 where not change it."""
    deals = opportunities_visible_to(request.user).filter(pk=deal_id)
    deal = (deals.select_related(*related) if related else deals).first()
    if deal is None:
        raise Http404
    if to_edit:
        refuse_unless(can_edit(get_access(request.user), deal))
    return deal


def board_query(request: HttpRequest) -> QueryDict | None:
    """Return the filters of the board a request came from, None where it came from another page."""
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    if here.path != reverse("pipeline:board") or "as=table" in here.query:
        return None
    query = QueryDict(mutable=True)
    for name, values in parse_qs(here.query).items():
        query.setlist(name, values)
    return query


def changed(
    request: HttpRequest, deal: Opportunity, text: str, *, columns: Collection[int | str | None] = (), undo: str = "",
    undo_label: str = "", live: str = "", to: str = "",
) -> HttpResponse:  # fmt: skip
    """Say that a deal changed: on the board its card and the heads of `columns`, elsewhere a toast.

    Plain forms, and sheets that are the page itself, go on to where they wanted, else to `to`, else to the deal.
    """
    stands_alone = urlsplit(request.headers.get("HX-Current-URL", "")).path == request.path
    if stands_alone or not request.headers.get("HX-Request"):
        return go_on(request, text, to=next_url(request, to or reverse("pipeline:deal_detail", args=[deal.pk])))
    query = board_query(request)
    said = {"text": text, "undo_url": undo, "undo_label": undo_label, "live": live or text}
    context = said | (board_parts(request, deal, query, columns) if query is not None else {"on_board": False})
    answer = render(request, "pipeline/_changed.html", context)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "none"
    answer.headers["HX-Trigger"] = CHANGED
    return answer


def board_parts(
    request: HttpRequest, deal: Opportunity, query: QueryDict, columns: Collection[int | str | None]
) -> dict[str, Any]:
    """Return the card as it stands now and the heads of the columns it left and entered."""
    user: User = request.user
    at = timezone.now()
    values = BoardForm(query).values()
    view = values.get("view") or ("my" if "rep" in get_access(user).roles else "team")
    today = timezone.localtime(at).date()
    given = read_filter(values, view=view, today=today)
    frame = get_money_frame(at)
    closed = bool(deal.outcome)
    sums = get_sums(user, given, today=today, closed_between=frame.bounds())
    setpoints = list(Setpoint.objects.filter(pipeline__code=given.pipeline, retired_at=None).order_by("rank"))
    ranks = {setpoint.pk: setpoint.rank for setpoint in setpoints}
    heads = [
        build_column(
            setpoint, order, len(setpoints),
            add_up([row for row in sums if not row.outcome and row.setpoint_id == setpoint.pk], frame.rates, ranks),
            frame.currency, cards=[],
        )
        for order, setpoint in enumerate(setpoints)
    ]  # fmt: skip
    card = None if closed else get_card(user, deal.pk)
    return {
        "on_board": True,
        "deal_id": deal.pk,
        "card": next(iter(build_cards([card] if card else [], at=at, owners=view == "team")), None),
        "heads": [head for head in heads if head.setpoint.pk in columns],
        "totals": build_totals(heads, frame, sums),
        "query": query.urlencode(),
        "finding": build_finding(heads, query),
        "conflict": None,
        "rails": closed or "rails" in columns,
    }
