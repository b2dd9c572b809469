"""Targets in bulk (P-17's table)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from crm.commands.imports import Written
from pipeline.models import Target


@transaction.atomic
def import_targets(*, rows: Sequence[Mapping[str, Any]]) -> list[Written]:
    """Set targets; one of the same period, team or owner, and measure takes the new value."""
    periods = {row["period"] for row in rows}
    known = {_key(vars(target)): target for target in Target.objects.select_for_update().filter(period__in=periods)}
    new, dirty, changed = [], [], set()
    found: list[Target] = []
    for row in rows:
        target = known.get(_key(row))
        if target is None:
            target = Target(**row)
            new.append(target)
        elif (target.value, target.currency) != (row["value"], row["currency"]):
            target.value, target.currency = row["value"], row["currency"]
            changed.add(target.pk)
            dirty.append(target)
        found.append(target)
    Target.objects.bulk_create(new)
    Target.objects.bulk_update(dirty, ["value", "currency"])
    made = {target.pk for target in new}
    return [
        Written(target.pk, target.pk in made, frozenset({"value"} if target.pk in changed else ())) for target in found
    ]


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["period"], row.get("team_id"), row.get("owner_id"), row["measure"]
