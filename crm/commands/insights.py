"""Writing what is worth knowing of a company before a call (TR-037, TR-038, TR-045)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import archive_record, change_record, store_record, taken
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Account, AccountInsight, Contact, User
from crm.permissions import can_add_insight, can_edit_insight
from crm.policies.insights import clean_insight, insight_refusals
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date

FIELDS = ("kind", "text", "on", "burner", "told_by_id")
EMPTY: dict[str, Any] = {"text": "", "on": None, "burner": "", "told_by_id": None}


class InsightRefused(CommandRefused):
    """Nothing was noted; each refusal names its field."""


@transaction.atomic
def add_insight(
    *,
    account_id: int,
    values: Mapping[str, Any],
    by: User | None,
    at: datetime,
    external_id: str | None = None,
) -> AccountInsight:
    """Note an aim, a goal, an event or a coming change of a company; the same of the same day is noted once.

    :raises NotPermitted: the person does not sell
    :raises InsightRefused: it is not said whole, or nobody of the company told it
    """
    if by is not None and not can_add_insight(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_add_insight"))
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    if account.merged_into_id is not None:
        raise InsightRefused(Refusal.of("merged", into=account.merged_into_id))
    wanted = _cleaned(account_id, {**EMPTY, **values}, at=at)
    same = {name: wanted[name] for name in ("kind", "text", "on")}
    if known := AccountInsight.objects.filter(account=account, archived_at=None, **same).first():
        return known
    insight = AccountInsight(account=account, by=by, external_id=external_id, created_at=at, recorded_at=at, **wanted)
    store_record(insight, None, unique=taken("external_id"), refused=InsightRefused)
    return insight


@transaction.atomic
def edit_insight(
    *,
    insight_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> AccountInsight:
    """Put right what was noted, or move a goal to another burner.

    :raises NotPermitted: somebody else noted it, at an account that is not theirs
    :raises InsightRefused: it is not said whole, or it was taken away
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    insight = _lock(insight_id, by=by)
    if insight.archived_at is not None:
        raise InsightRefused(Refusal.of("insight_gone"))
    if unknown := set(changes) - set(FIELDS):
        raise InsightRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))
    current = {name: getattr(insight, name) for name in FIELDS}
    whole = _cleaned(insight.account_id, {**current, **changes}, at=at)
    wanted = {name: value for name, value in whole.items() if name in changes or value != current[name]}
    change_record(insight, wanted, seen=seen, seen_version=seen_version)
    return insight


@transaction.atomic
def end_insight(*, insight_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> AccountInsight:
    """Note that something is no longer so; the audit keeps it. Twice is once.

    :raises NotPermitted: somebody else noted it, at an account that is not theirs
    """
    insight = _lock(insight_id, by=by)
    archive_record(insight, at=at, seen_version=seen_version)
    return insight


def _lock(insight_id: int, *, by: User | None) -> AccountInsight:
    insight = AccountInsight.objects.select_for_update(of=("self",)).select_related("account").get(pk=insight_id)
    if by is not None and not can_edit_insight(get_access(by), insight):
        raise NotPermitted(Refusal.of("may_not_edit_insight"))
    return insight


def _cleaned(account_id: int, values: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    cleaned = clean_insight(values)
    refused = insight_refusals(cleaned, today=get_local_date(at))
    told_by = cleaned["told_by_id"]
    if told_by is not None and not Contact.objects.filter(pk=told_by, account_id=account_id).exists():
        refused.append(Refusal.of("not_of_this_account", field="told_by"))
    if refused:
        raise InsightRefused(refused, field=dict(refused[0].params).get("field", ""))
    return cleaned
