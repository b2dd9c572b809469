"""Setpoints: added, named, ordered, retired (P-1, RU-015). What stood at one stays told under it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.pipelines.refused import (
    PipelineRefused,
    ask_for_refresh,
    free_code,
    lock_pipeline,
    refuse_text,
)
from pipeline.enums import KEY_FIELDS
from pipeline.models import Opportunity, Pipeline, Setpoint
from pipeline.models.opportunities import OPEN

LENGTHS = {"name": 100, "meaning": 200, "guidance": 1000}
MOST_KEY_FIELDS = 5
# Ranks change place by way of numbers nothing has.
ASIDE = 10_000
# A deal remembers the highest rank it reached: that goes along with its setpoint.
FOLLOW = """
UPDATE pipeline_opportunity deal SET highest_rank = place.new
FROM unnest(%(old)s::int[], %(new)s::int[]) AS place (old, new)
WHERE deal.pipeline_id = %(pipeline)s AND deal.highest_rank = place.old AND place.old <> place.new
"""


@transaction.atomic
def add_setpoint(
    *,
    pipeline_id: int,
    name: str,
    meaning: str,
    probability: Decimal,
    after_id: int | None,
    by: User | None,
    at: datetime,
) -> Setpoint:
    """Add a setpoint above another one, or below all; it asks for nothing of its own until it is given criteria.

    :raises PipelineRefused: it has no name, or its weight does not lie between its neighbours'
    """
    pipeline = lock_pipeline(pipeline_id, by=by)
    order = list(Setpoint.objects.filter(pipeline=pipeline).order_by("rank", "pk"))
    place = next((number for number, each in enumerate(order, start=1) if each.pk == after_id), 0)
    setpoint = Setpoint(
        pipeline=pipeline, code=free_code(name, {each.code for each in order}, otherwise="setpoint"), name=name.strip(),
        meaning=meaning.strip(), probability=probability, rank=ASIDE,
    )  # fmt: skip
    order.insert(place, setpoint)
    _refuse(setpoint, order)
    setpoint.save()
    _put_in_order(pipeline, order)
    ask_for_refresh(at)
    return setpoint


@transaction.atomic
def edit_setpoint(
    *,
    setpoint_id: int,
    name: str,
    meaning: str,
    probability: Decimal,
    stall_limit_days: int | None,
    guidance: str,
    key_fields: Sequence[str],
    by: User | None,
    at: datetime,
) -> Setpoint:
    """Say anew what a setpoint is called, means and weighs, what helps there, and which fields matter.

    Its code stays, so that imports and addresses mean the same. Figures of past days are told by today's weight.

    :raises PipelineRefused: a text is missing or too long, or the weight does not lie between its neighbours'
    """
    setpoint, order = _lock(setpoint_id, by=by)
    setpoint.name, setpoint.meaning, setpoint.guidance = name.strip(), meaning.strip(), guidance.strip()
    setpoint.probability, setpoint.stall_limit_days = probability, stall_limit_days
    setpoint.key_fields = list(dict.fromkeys(key_fields))
    _refuse(setpoint, [setpoint if each.pk == setpoint.pk else each for each in order])
    setpoint.save(update_fields=["name", "meaning", "guidance", "probability", "stall_limit_days", "key_fields"])
    ask_for_refresh(at)
    return setpoint


@transaction.atomic
def move_setpoint(*, setpoint_id: int, up: bool, by: User | None, at: datetime) -> Setpoint:
    """Put a setpoint one place up or down among those in use; both take the weight of their new place.

    :raises PipelineRefused: there is no place further on
    """
    setpoint, order = _lock(setpoint_id, by=by)
    in_use = [each for each in order if each.retired_at is None]
    here = next((place for place, each in enumerate(in_use) if each.pk == setpoint_id), None)
    there = None if here is None else here + (1 if up else -1)
    if here is None or there is None or not 0 <= there < len(in_use):
        raise PipelineRefused(Refusal.of("no_further_place", setpoint=setpoint.name))
    one, other = in_use[here], in_use[there]
    first, second = order.index(one), order.index(other)
    order[first], order[second] = other, one
    one.probability, other.probability = other.probability, one.probability
    Setpoint.objects.bulk_update([one, other], ["probability"])
    _put_in_order(setpoint.pipeline, order)
    ask_for_refresh(at)
    return one


@transaction.atomic
def retire_setpoint(*, setpoint_id: int, by: User | None, at: datetime) -> Setpoint:
    """Use a setpoint no more: it leaves the board, its criteria are asked no more, its history stays.

    :raises PipelineRefused: open deals stand there, or it is the last one
    """
    setpoint, order = _lock(setpoint_id, by=by)
    Setpoint.objects.select_for_update().get(pk=setpoint_id)  # waits for deals on their way here
    deals = Opportunity.objects.filter(OPEN, setpoint=setpoint).count()
    if deals:
        raise PipelineRefused(Refusal.of("setpoint_in_use", setpoint=setpoint.name, count=deals))
    if all(each.retired_at is not None or each.pk == setpoint_id for each in order):
        raise PipelineRefused(Refusal.of("last_setpoint"))
    if setpoint.retired_at is None:
        setpoint.retired_at = at
        setpoint.save(update_fields=["retired_at"])
        ask_for_refresh(at)
    return setpoint


@transaction.atomic
def restore_setpoint(*, setpoint_id: int, by: User | None, at: datetime) -> Setpoint:
    """Use a retired setpoint again, where it stood.

    :raises PipelineRefused: its weight no longer lies between its neighbours'
    """
    setpoint, order = _lock(setpoint_id, by=by)
    setpoint.retired_at = None
    _refuse(setpoint, [setpoint if each.pk == setpoint.pk else each for each in order])
    setpoint.save(update_fields=["retired_at"])
    ask_for_refresh(at)
    return setpoint


def _lock(setpoint_id: int, *, by: User | None) -> tuple[Setpoint, list[Setpoint]]:
    pipeline_id = Setpoint.objects.values_list("pipeline_id", flat=True).get(pk=setpoint_id)
    pipeline = lock_pipeline(pipeline_id, by=by)
    order = list(Setpoint.objects.filter(pipeline=pipeline).order_by("rank", "pk"))
    return next(each for each in order if each.pk == setpoint_id), order


def _refuse(setpoint: Setpoint, order: Sequence[Setpoint]) -> None:
    """See that a setpoint has a name, known key fields, and a weight above those below it and under those above."""
    refused = refuse_text("name", setpoint.name, LENGTHS["name"])
    for name in ("meaning", "guidance"):
        if len(getattr(setpoint, name)) > LENGTHS[name]:
            refused.append(Refusal.of("too_long", field=name, limit=LENGTHS[name]))
    if not set(setpoint.key_fields) <= set(KEY_FIELDS) or len(setpoint.key_fields) > MOST_KEY_FIELDS:
        refused.append(Refusal.of("key_fields_wrong", field="key_fields", count=MOST_KEY_FIELDS))
    in_use = [each for each in order if each.retired_at is None or each is setpoint]
    place = in_use.index(setpoint)
    below = max((each.probability for each in in_use[:place]), default=Decimal(-1))
    above = min((each.probability for each in in_use[place + 1 :]), default=Decimal(2))
    if not (0 <= setpoint.probability <= 1 and below < setpoint.probability < above):
        refused.append(Refusal.of("weight_out_of_order", field="probability"))
    if refused:
        raise PipelineRefused(refused)


def _put_in_order(pipeline: Pipeline, order: Sequence[Setpoint]) -> None:
    """Number the setpoints, retired ones among them, so that no two ever shared a rank."""
    old = [each.rank for each in order]
    for start in (ASIDE + 1, 0):
        for number, each in enumerate(order, start):
            each.rank = number
        Setpoint.objects.bulk_update(order, ["rank"])
    known = [(before, number) for number, before in enumerate(old) if before < ASIDE]
    with connection.cursor() as cursor:
        cursor.execute(
            FOLLOW,
            {"pipeline": pipeline.pk, "old": [one for one, _ in known], "new": [other for _, other in known]},
        )
