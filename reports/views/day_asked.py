"""What somebody waits for from this person: answers they were asked for, and promises that fall due (P-14, P-22)."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.labels import label
from crm.models import User
from pipeline.labels.promises import promised
from pipeline.labels.resources import hours_text
from pipeline.models import Approval, DeliveryQuestion, Handover, Promise, ResourceRequest
from reports.queries.asked import Asked


def asked_groups(asked: Asked, user: User, *, at: datetime, today: date) -> list[dict[str, Any]]:
    """Return the lists that hold something: answers by their deadline, won deals to take over, promises by their day."""
    answers = [approval_task(each, user, at) for each in asked.approvals]
    answers += [hours_task(each, today) for each in asked.hours]
    answers += [question_task(each) for each in asked.questions]
    found = [
        (_("Waiting for your answer"), answers),
        (_("Handed over to you"), [handover_task(each) for each in asked.handovers]),
        (_("Promises that fall due"), [promise_task(each, today) for each in asked.promises]),
    ]
    return [{"title": title, "tasks": tasks, "count": len(tasks), "more": 0} for title, tasks in found if tasks]


def approval_task(asked: Approval, user: User, at: datetime) -> dict[str, Any]:
    """Return a question as a row; one that somebody else leaves unanswered says who."""
    late, deal = asked.due_at < at, asked.opportunity
    when = _("Late since %(when)s.") if late else _("Until %(when)s.")
    parts = [when % {"when": formats.moment(asked.due_at)}, asked.why]
    if asked.approver_id != user.pk:
        parts.insert(0, _("%(name)s has not answered.") % {"name": asked.approver})
    return {
        "kind": "approval",
        "id": asked.pk,
        "title": f"{deal.account.name}: {label('policy_area', asked.area)}, {promised(asked.area, asked.asked or 0)}",  # type: ignore[arg-type]
        "text": " ".join(parts),
        "icon": "stamp",
        "tone": "bad" if late else "accent",
        "aside": formats.money(deal.amount.amount, deal.amount.currency) if deal.amount else "",
        "href": reverse("pipeline:approval", args=[asked.pk]),
    }


def hours_task(asked: ResourceRequest, today: date) -> dict[str, Any]:
    """Return a request for the person's hours as a row."""
    late, deal = asked.due_on < today, asked.opportunity
    when = _("Was needed until %(day)s.") if late else _("Needed until %(day)s.")
    return {
        "kind": "hours",
        "id": asked.pk,
        "title": f"{deal.account.name}: {label('resource_kind', asked.kind)}, {hours_text(asked.hours)}",
        "text": f"{when % {'day': formats.short_day(asked.due_on)}} {asked.purpose}",
        "icon": "hand-helping",
        "tone": "bad" if late else "accent",
        "aside": "",
        "href": reverse("pipeline:hours_request", args=[asked.pk]),
    }


def question_task(asked: DeliveryQuestion) -> dict[str, Any]:
    """Return a question to who delivers as a row."""
    asker = _("%(name)s asked on %(day)s.") % {
        "name": asked.asked_by or "–", "day": formats.short_day(timezone.localdate(asked.asked_at)),
    }  # fmt: skip
    return {
        "kind": "question",
        "id": asked.pk,
        "title": f"{asked.opportunity.account.name}: {asked.text}",
        "text": asker,
        "icon": "message-circle-question-mark",
        "tone": "accent",
        "aside": "",
        "href": reverse("pipeline:question", args=[asked.pk]),
    }


def handover_task(handover: Handover) -> dict[str, Any]:
    """Return a won deal that waits to be taken over as a row."""
    deal = handover.opportunity
    return {
        "kind": "handover",
        "id": handover.pk,
        "title": f"{deal.account.name}: {deal.name}",
        "text": _("Won on %(day)s, sold by %(name)s.")
        % {"day": formats.short_day(handover.made_at), "name": deal.owner},
        "icon": "package-check",
        "tone": "accent",
        "aside": "",
        "href": reverse("pipeline:handover", args=[deal.pk]),
    }


def promise_task(promise: Promise, today: date) -> dict[str, Any]:
    """Return a promise whose day has come as a row."""
    late = promise.due_on is not None and promise.due_on < today
    days = (today - promise.due_on).days if promise.due_on else 0
    return {
        "kind": "promise",
        "id": promise.pk,
        "title": f"{promise.opportunity.account.name}: {promise.text}",
        "text": _("Overdue %(days)s.") % {"days": formats.days_in_words(days)} if late else _("Due today."),
        "icon": "handshake",
        "tone": "bad" if late else "",
        "aside": "",
        "deal_id": promise.opportunity_id,
        "href": f"/deals/{promise.opportunity_id}/",
    }
