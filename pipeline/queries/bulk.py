"""Deals chosen in a list, and what became of those that were changed together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crm.models import User
from pipeline.enums import BulkKind, BulkOutcome
from pipeline.models import BulkAnswer, BulkEdit, Opportunity, Pipeline, Setpoint
from pipeline.queries.opportunities import opportunities_visible_to

# What a person must have seen of a deal so that a change of it is noticed (D-9); a move goes by the version alone.
COLUMNS = {BulkKind.OWNER: "owner_id", BulkKind.EXPECTED_CLOSE_ON: "expected_close_on", BulkKind.DEAL_TYPE: "deal_type"}

ORDER: list[str] = [BulkOutcome.REFUSED, BulkOutcome.OVERRIDDEN, BulkOutcome.CHANGED, BulkOutcome.UNCHANGED]


@dataclass(frozen=True, slots=True)
class ChosenDeal:
    """A chosen deal as it stands: its version, and what is in the column that is to change."""

    id: int
    version: int
    value: Any = None


def get_chosen(deals: QuerySet[Opportunity], kind: BulkKind, *, limit: int) -> list[ChosenDeal]:
    """Return the deals of a list that are to be changed, one more than `limit` where there are too many."""
    column = COLUMNS.get(kind)
    names = ("pk", "version", *([column] if column else []))
    return [ChosenDeal(*row) for row in deals.order_by("pk").values_list(*names)[: limit + 1]]


def get_open_setpoints(deal_ids: Collection[int]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the setpoints in use of the pipelines the deals are in, by pipeline, for a choice."""
    held = Opportunity.objects.filter(pk__in=deal_ids).order_by().values("pipeline")
    pipelines = Pipeline.objects.filter(pk__in=held).order_by("order", "pk").values_list("pk", "name")
    rows = Setpoint.objects.filter(retired_at=None).order_by("rank").values_list("pipeline_id", "pk", "name")
    by_pipeline: dict[int, list[tuple[int, str]]] = {}
    for pipeline_id, pk, name in rows:
        by_pipeline.setdefault(pipeline_id, []).append((pk, name))
    return [(name, by_pipeline[pk]) for pk, name in pipelines if pk in by_pipeline]


def get_bulk_edit(pk: int, *, user: User) -> BulkEdit | None:
    """Return a change of many deals to whoever made it, and to nobody else."""
    return BulkEdit.objects.filter(pk=pk, by=user).first()


def get_answers(edit: BulkEdit, *, user: User) -> list[BulkAnswer]:
    """Return what became of each deal that the person still sees, what was left alone first."""
    answers = edit.answers.filter(opportunity__in=opportunities_visible_to(user)).select_related("opportunity__account")
    return sorted(answers, key=lambda each: (ORDER.index(each.outcome), each.opportunity.account.name, each.pk))


def get_name_of_value(kind: str, value: dict[str, Any]) -> str:
    """Return the name of the owner or setpoint the deals were given; "" for what is no record."""
    places: dict[str, Iterable[Any]] = {
        BulkKind.OWNER: User.objects.filter(pk=value.get("owner", 0)),
        BulkKind.SETPOINT: Setpoint.objects.filter(pk=value.get("setpoint", 0)),
    }
    return next((str(found) for found in places.get(kind, ())), "")
