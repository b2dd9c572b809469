"""The kinds of event an installation adds to those every one knows (S-2)."""

from datetime import datetime

from django.db import transaction

from crm.commands.edits import wait_turn
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from scoring.commands.submissions import SUBMITTED
from scoring.commands.visits import SEEN
from scoring.models import LeadEventType, ScoringRule
from scoring.permissions import can_edit_rules
from scoring.policies.event_types import refusals


class EventTypeRefused(CommandRefused):
    """The list of event types stays as it is; each refusal names its field."""


@transaction.atomic
def add_event_type(*, code: str, name: str, qualifies: bool, by: User, at: datetime) -> LeadEventType:
    """Let events of another type be sent. What it means for silence stays as it is added, or history would change.

    :raises NotPermitted: the person may not change how leads are scored
    :raises EventTypeRefused: the code is none, or is taken; there is no name
    """
    _require_permission(by)
    wait_turn("event types")
    code, name = code.strip(), name.strip()
    taken = LeadEventType.objects.filter(code=code).exists()
    if refused := refusals(code=code, name=name, is_taken=taken):
        raise EventTypeRefused(refused, field=dict(refused[0].params)["field"])
    return LeadEventType.objects.create(code=code, name=name, qualifies=qualifies)


@transaction.atomic
def retire_event_type(*, code: str, by: User, at: datetime) -> LeadEventType:
    """Take events of a type no more; what was recorded keeps counting. Retired already: nothing happens.

    :raises NotPermitted: the person may not change how leads are scored
    :raises EventTypeRefused: a rule in force or in the draft gives points for it, or our own forms and sites send it
    """
    _require_permission(by)
    if code in (SEEN, SUBMITTED):  # what strangers send in would be lost
        raise EventTypeRefused(Refusal.of("sent_by_us"))
    event_type = LeadEventType.objects.select_for_update().get(code=code)
    rule = ScoringRule.objects.filter(event_types__contains=[code], model__retired_at=None).first()
    if rule is not None:
        raise EventTypeRefused(Refusal.of("used_by_rule", rule=rule.name))
    if event_type.retired_at is None:
        event_type.retired_at = at
        event_type.save(update_fields=["retired_at"])
    return event_type


@transaction.atomic
def restore_event_type(*, code: str, by: User) -> LeadEventType:
    """Take events of a retired type again.

    :raises NotPermitted: the person may not change how leads are scored
    """
    _require_permission(by)
    event_type = LeadEventType.objects.select_for_update().get(code=code)
    if event_type.retired_at is not None:
        event_type.retired_at = None
        event_type.save(update_fields=["retired_at"])
    return event_type


def _require_permission(by: User) -> None:
    if not can_edit_rules(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_edit_rules"))
