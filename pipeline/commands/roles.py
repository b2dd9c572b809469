"""What part people have in buying (P-10): added, changed field by field, gone and back; nobody is deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.policies.edits import conflicts
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.opportunities.values import is_contact_of
from pipeline.enums import StakeholderRole
from pipeline.events import EventKind
from pipeline.models import Opportunity, Stakeholder
from pipeline.policies.stakeholders import stakeholder_refusals

EDITABLE = frozenset({"role", "stance", "influence", "met_on", "introduced_by_id", "note"})


class StakeholderRefused(CommandRefused):
    """The person may not stand on the deal like this; the refusals name the fields."""


@transaction.atomic
def put_stakeholder(
    *,
    opportunity_id: int,
    contact_id: int,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    by: User | None,
    at: datetime,
) -> Stakeholder:
    """Say what part a contact has in the decision: somebody new is added, who left is back, what is not given stays.

    `introduced_by_id` is the contact who leads us to this one, and takes part as well. `seen` holds what a page showed.

    :raises StakeholderRefused: nobody of the customer's, or a value that may not stand in its field
    :raises StaleRecord: somebody changed a field in `seen` since
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    if unknown := set(changes) - EDITABLE:
        raise StakeholderRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))
    wanted = _columns(deal, contact_id, changes, at=at)
    person = Stakeholder.objects.filter(opportunity=deal, contact_id=contact_id).first()
    old = stakeholder_value(person) if person else None
    person = person or Stakeholder(opportunity=deal, contact_id=contact_id)
    current = {name: getattr(person, name) for name in wanted}
    if stale := conflicts(current, seen=_seen_columns(deal, seen or {}), wanted=wanted):
        raise StaleRecord(seen=deal.version, now=deal.version, current=stale)
    changed = [name for name, value in wanted.items() if current[name] != value]
    if person.left_at is not None:
        wanted, changed = {**wanted, "left_at": None}, [*changed, "left_at"]
    for name in changed:
        setattr(person, name, wanted[name])
    if old is None or changed:
        person.save(update_fields=None if old is None else changed)
        record(deal, [EventDraft(EventKind.STAKEHOLDER, at, old, stakeholder_value(person))], by=by, at=at)
    return person


def name_stakeholder(
    *,
    opportunity_id: int,
    contact_id: int,
    role: StakeholderRole | str,
    met_on: date | None = None,
    by: User | None,
    at: datetime,
) -> Stakeholder:
    """Give a contact a role in the decision, and say when somebody of ours met them; no day leaves what is known.

    :raises StakeholderRefused: nobody of the customer's, no such role, or a day still to come
    :raises NotPermitted: the person may not change the deal
    """
    changes = {"role": role} | ({"met_on": met_on} if met_on else {})
    return put_stakeholder(opportunity_id=opportunity_id, contact_id=contact_id, changes=changes, by=by, at=at)


@transaction.atomic
def remove_stakeholder(*, opportunity_id: int, contact_id: int, by: User | None, at: datetime) -> Stakeholder:
    """Note that somebody no longer takes part; what they said and did stays.

    :raises StakeholderRefused: not on the deal, gone already, or its main contact
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    person = Stakeholder.objects.filter(opportunity=deal, contact_id=contact_id).first()
    if deal.archived_at is not None:
        raise StakeholderRefused(Refusal.of("deal_archived"))
    if person is None or person.left_at is not None:
        raise StakeholderRefused(Refusal.of("left_already"))
    if person.is_main:
        raise StakeholderRefused(Refusal.of("main_contact_stays"))
    old = stakeholder_value(person)
    person.left_at = at
    person.save(update_fields=["left_at"])
    record(deal, [EventDraft(EventKind.STAKEHOLDER, at, old, stakeholder_value(person))], by=by, at=at)
    return person


def stakeholder_value(person: Stakeholder) -> dict[str, Any]:
    """Return what part somebody has in a deal, as events hold it."""
    return {
        "contact": person.contact_id,
        "role": str(person.role),
        "stance": str(person.stance),
        "influence": person.influence,
        "met_on": person.met_on.isoformat() if person.met_on else None,
        "left": person.left_at is not None,
    }


def _columns(deal: Opportunity, contact_id: int, changes: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    values = {**changes, **({"note": changes["note"].strip()} if "note" in changes else {})}
    refused = stakeholder_refusals(values, today=get_local_date(at), is_archived=deal.archived_at is not None)
    if contact_id is None or not is_contact_of(deal, contact_id):
        refused.append(Refusal.of("unknown_contact", field="contact"))
    if values.get("introduced_by_id") is not None:
        leads = values["introduced_by_id"]
        values["introduced_by_id"] = _stakeholder_id(deal, leads)
        if leads == contact_id or values["introduced_by_id"] is None:
            refused.append(Refusal.of("introducer_takes_part", field="introduced_by"))
    if refused:
        raise StakeholderRefused(refused)
    return values


def _seen_columns(deal: Opportunity, seen: Mapping[str, Any]) -> dict[str, Any]:
    leads = seen.get("introduced_by_id")
    return {**seen, **({"introduced_by_id": _stakeholder_id(deal, leads)} if leads is not None else {})}


def _stakeholder_id(deal: Opportunity, contact_id: int) -> int | None:
    present = Stakeholder.objects.filter(opportunity=deal, contact_id=contact_id, left_at=None)
    return present.values_list("pk", flat=True).first()
