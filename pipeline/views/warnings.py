"""What is wrong with a deal on its page: what speaks and the way out of it, what rests, how long it waits."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.labels import label
from pipeline.enums import SignalCode
from pipeline.labels.signals import describe_signal
from pipeline.models import Opportunity
from pipeline.policies.signals import SIGNALS, Action, Pause, covered_days
from pipeline.queries.pauses import get_pauses
from pipeline.queries.warnings import Restart, StoredWarning, get_restart, get_warnings


def build_warnings(deal: Opportunity, *, setpoint: str, at: datetime) -> dict[str, Any]:
    """Return the panel of what is wrong with an open deal: what speaks, what rests, how long it waits."""
    if not deal.is_open:
        return {"speaking": [], "resting": [], "restart": None, "paused": ""}
    today = timezone.localtime(at).date()
    stored = get_warnings(deal.pk)
    rows = [(each, _row(deal, each, today, setpoint)) for each in stored]
    languishes = any(each.code == SignalCode.STUCK and each.detail.get("last") for each in stored)
    return {
        "speaking": [row for each, row in rows if each.snoozed_until is None],
        "resting": [row for each, row in rows if each.snoozed_until is not None],
        "restart": _restart(deal, at) if languishes else None,
        "paused": _pause_words(deal, at),
        "is_paused": deal.paused_until is not None and deal.paused_until > today,
    }


def _row(deal: Opportunity, stored: StoredWarning, today: Any, setpoint: str) -> dict[str, Any]:
    said = describe_signal(stored.code, stored.severity, stored.since, stored.detail, today, setpoint=setpoint)
    return {
        "said": said,
        "until": formats.short_day(stored.snoozed_until) if stored.snoozed_until else "",
        "reason": stored.reason,
        "by": stored.by,
        **_way_out(deal, stored),
    }


def _way_out(deal: Opportunity, stored: StoredWarning) -> dict[str, Any]:
    """Return the words and the address of what clears a warning, and where its form opens."""
    act = SIGNALS[SignalCode(stored.code)].action
    if act == Action.PLAN_RESTART and not stored.detail.get("last"):
        act = Action.PLAN_STEP
    opens, target = WAYS_OUT[act](deal)
    return {"action": label("signal_action", act), "href": opens, "target": target}


def _field(name: str) -> Callable[[Opportunity], tuple[str, str]]:
    element = f"#fact-{name}"
    return lambda deal: (reverse("pipeline:deal_field", args=[deal.pk, name]), element)


def _sheet(name: str, query: str = "") -> Callable[[Opportunity], tuple[str, str]]:
    return lambda deal: (reverse(name, args=[deal.pk]) + query, "#sheet")


WAYS_OUT: dict[Action, Callable[[Opportunity], tuple[str, str]]] = {
    Action.PLAN_STEP: _sheet("pipeline:deal_step"),
    Action.MOVE_STEP: _sheet("pipeline:deal_step", "?way=move"),
    Action.PLAN_RESTART: _sheet("pipeline:deal_restart"),
    Action.MOVE_CLOSE_DATE: _field("expected_close_on"),
    Action.CHECK_AMOUNT: _field("amount"),
    Action.CHECK_MARGIN: lambda deal: (reverse("pipeline:deal_economics", args=[deal.pk]), ""),
    Action.SHOW_CRITERIA: lambda deal: (reverse("pipeline:deal_detail", args=[deal.pk]) + "#criteria", ""),
    Action.ASSESS: lambda deal: (reverse("pipeline:deal_detail", args=[deal.pk]) + "#qualification", ""),
    Action.ADD_CONTACT: _sheet("pipeline:deal_person_new"),
}


def _restart(deal: Opportunity, at: datetime) -> dict[str, Any]:
    found = find_restart(deal, at)
    return {"acted": acted_words(found, at), "note": found.note, "planned": found.planned_at, "by": found.by}


def find_restart(deal: Opportunity, at: datetime) -> Restart:
    """Return what the customer did last, and the plan of the deal's present stay."""
    return get_restart(deal.pk, since=deal.setpoint_entered_at or deal.created_at, at=at)


def acted_words(found: Restart, at: datetime) -> str:
    """Say what the customer did last, and how long ago; empty where nothing is known."""
    if found.acted_at is None:
        return ""
    days = (timezone.localtime(at).date() - timezone.localtime(found.acted_at).date()).days
    return _("%(what)s, %(day)s, %(days)s ago") % {
        "what": found.subject or label("activity_kind", found.kind),
        "day": formats.short_day(found.acted_at), "days": formats.days_in_words(days),
    }  # fmt: skip


def _pause_words(deal: Opportunity, at: datetime) -> str:
    """Say until when a deal waits, and how many days it has waited in all; empty for one that never did."""
    if deal.paused_until is None:
        return ""
    today = timezone.localtime(at).date()
    pauses = [Pause(each.start, min(each.until, today)) for each in get_pauses(deal.pk, at=at)]
    spent = covered_days(pauses, start=timezone.localtime(deal.created_at).date(), end=today)
    waited = _("%(days)s waited in all.") % {"days": formats.days_in_words(spent)}
    if deal.paused_until <= today:
        return waited
    words = _("Waits until %(day)s: %(reason)s") % {
        "day": formats.short_day(deal.paused_until), "reason": deal.pause_reason,
    }  # fmt: skip
    return f"{words} · {waited}" if spent else words
