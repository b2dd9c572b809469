"""The rows and sentences of My day."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from crm.lib.labels import label
from pipeline.labels.signals import describe_signal
from pipeline.models import NextStep, Signal
from pipeline.policies.signals import Action
from scoring.models import Crossing, Handoff, Lead, Trial

STEP_ICONS = {
    "call": "phone",
    "email": "send",
    "meeting": "users",
    "demo": "presentation",
    "note": "file-text",
    "task": "flag",
}


def finding(count: int, *, team: bool) -> str:
    """Return the sentence the page opens with."""
    if not count:
        return _("Nothing needs your team today.") if team else _("Nothing needs you today.")
    if team:
        return ngettext("%(n)s thing needs your team.", "%(n)s things need your team.", count) % {
            "n": formats.number(count)
        }
    return ngettext("%(n)s thing needs you.", "%(n)s things need you.", count) % {"n": formats.number(count)}


def first_words(leads: list[dict[str, Any]], overdue: int, at: datetime) -> str:
    """Return where to begin: with the first of the rows of leads, else with the steps that are overdue."""
    due_at = leads[0]["due_at"] if leads else None
    if due_at and due_at < at:
        return _("Start with the lead that should have been answered by %(moment)s.") % {
            "moment": formats.moment(due_at)
        }
    if due_at:
        return _("Start with the lead that runs out at %(time)s.") % {"time": formats.clock(due_at)}
    if overdue:
        return ngettext(
            "Start with the step that is overdue.", "Start with the %(n)s steps that are overdue.", overdue
        ) % {"n": formats.number(overdue)}
    return ""


def step_task(step: NextStep, today: date, team: bool) -> dict[str, Any]:
    """Return a next step as a row."""
    deal, late = step.opportunity, (today - step.due_on).days
    when = (
        format_html("<b>{}</b>", _("Overdue %(days)s.") % {"days": formats.days_in_words(late)})
        if late > 0
        else _("Due today.")
    )
    parts = [
        when,
        deal.setpoint.name if deal.setpoint else "",
        str(step.agreed_with or ""),
        str(step.owner) if team else "",
    ]
    words = [part for part in parts if part]
    return {
        "kind": "step",
        "id": step.pk,
        "title": _("%(account)s: %(purpose)s") % {"account": deal.account.name, "purpose": step.purpose},
        "text": format_html("{} {}", words[0], ", ".join(words[1:])),
        "icon": STEP_ICONS.get(step.kind, "flag"),
        "tone": "bad" if late > 0 else "",
        "aside": formats.money(deal.amount.amount, deal.amount.currency) if deal.amount else "",
        "href": f"/deals/{deal.pk}/",
    }


def stuck_task(signal: Signal, today: date, team: bool) -> dict[str, Any]:
    """Return a deal that has stood too long as a row; at the last setpoint a plan to restart it is asked for."""
    deal, last = signal.opportunity, bool(signal.detail.get("last"))
    said = describe_signal(
        signal.code, signal.severity, signal.since, signal.detail, today, setpoint=str(deal.setpoint or "")
    )
    return {
        "kind": "stuck",
        "id": deal.pk,
        "title": f"{deal.account.name}: {deal.name}",
        "text": f"{said.text} {deal.owner}" if team else said.text,
        "icon": said.icon,
        "tone": said.tone,
        "aside": formats.money(deal.amount.amount, deal.amount.currency) if deal.amount else "",
        "href": reverse("pipeline:deal_detail", args=[deal.pk]),
        "code": signal.code,
        "way_out": reverse("pipeline:deal_restart" if last else "pipeline:deal_step", args=[deal.pk]),
        "action": label("signal_action", Action.PLAN_RESTART if last else Action.PLAN_STEP),
    }


def lead_task(handoff: Handoff, at: datetime, team: bool, started_at: datetime | None = None) -> dict[str, Any]:
    """Return a handed over lead as a row; the time to answer counts from `started_at`."""
    lead = handoff.lead
    late = handoff.due_at is not None and handoff.due_at < at
    owner = str(handoff.owner) if team and handoff.owner else ""
    return {
        "kind": "lead",
        "id": lead.pk,
        "title": _("Answer %(lead)s") % {"lead": _who(lead)},
        "text": " ".join(part for part in (_score(handoff), told_words(handoff, late=late), owner) if part),
        "icon": "timer",
        "tone": "bad" if late else "accent",
        "aside": "",
        "due_at": handoff.due_at,
        "started_at": started_at,
        "href": f"/leads/{lead.pk}/",
    }


def told_words(handoff: Handoff, *, late: bool) -> str:
    """Return who was told of a handoff: its rep that it runs out, their manager that it ran out."""
    if getattr(handoff, "escalated_at", None):
        name = getattr(handoff, "escalated_name", None)
        return _("%(manager)s was told.") % {"manager": name} if name else _("Marketing was told.")
    return _("Reminded.") if getattr(handoff, "reminded_at", None) and not late else ""


def brought_task(handoff: Handoff, at: datetime, started_at: datetime | None) -> dict[str, Any]:
    """Return a lead that ran out as the row of who is to settle it, because its rep did not answer."""
    unanswered = _("%(rep)s has not answered.") % {"rep": handoff.owner}
    text = " ".join(part for part in (_score(handoff), unanswered) if part)
    return lead_task(handoff, at, False, started_at) | {"kind": "brought", "text": text}


def _who(lead: Lead) -> str:
    firm = lead.account.name if lead.account else lead.company
    return f"{lead}, {firm}" if firm else str(lead)


def _score(handoff: Handoff) -> str:
    lead = handoff.lead
    return _("Score %(score)s.") % {"score": formats.points(lead.score.score)} if hasattr(lead, "score") else ""


def trial_task(trial: Trial, team: bool) -> dict[str, Any]:
    """Return a lead below the threshold that somebody is offered to call as a row."""
    lead = trial.lead
    said = _("Score %(score)s, offered so that we learn what low scores are worth.")
    text = said % {"score": formats.points(trial.score)}
    return {
        "kind": "trial",
        "id": lead.pk,
        "title": _("Try %(lead)s") % {"lead": _who(lead)},
        "text": f"{text} {trial.owner}" if team else text,
        "icon": "phone",
        "tone": "",
        "aside": "",
        "href": f"/leads/{lead.pk}/",
    }


def marketing_finding(waiting: int, unassigned: int, late: int) -> str:
    """Return the sentence marketing's page opens with."""
    if waiting:
        return ngettext(
            "%(n)s lead waits for you to release it.", "%(n)s leads wait for you to release them.", waiting
        ) % {"n": formats.number(waiting)}
    if unassigned:
        return ngettext(
            "%(n)s lead has nobody to answer it.", "%(n)s leads have nobody to answer them.", unassigned
        ) % {"n": formats.number(unassigned)}
    if late:
        return ngettext("%(n)s lead is late.", "%(n)s leads are late.", late) % {"n": formats.number(late)}
    return _("No lead waits for you.")


def crossing_task(crossing: Crossing) -> dict[str, Any]:
    """Return a waiting crossing as a row."""
    lead = crossing.lead
    words = {"late": _("Found late."), "imported": _("From an import."), "published": _("From new rules.")}.get(
        crossing.waiting_reason, ""
    )
    return {
        "kind": "crossing",
        "id": lead.pk,
        "title": _who(lead),
        "text": _("%(day)s: score %(score)s. %(why)s")
        % {"score": formats.points(crossing.score), "day": formats.day(crossing.crossed_at), "why": words},
        "icon": "inbox",
        "tone": "accent",
        "aside": "",
        "href": f"/leads/{lead.pk}/",
    }
