"""What the page of a deal shows, made of its facts."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats, markup
from crm.lib.labels import label
from crm.queries.access import get_access
from crm.views.timeline import get_timeline_panel
from pipeline.enums import Element, Gate
from pipeline.events import EventKind
from pipeline.facts import CriterionFacts, EvidenceFacts, SetpointFacts
from pipeline.labels.history import describe_change
from pipeline.models import Opportunity, OpportunityEvent
from pipeline.permissions import can_edit
from pipeline.policies import moves
from pipeline.policies.closing import voids_outcome
from pipeline.queries.deals import DealPath, get_deal_path, get_history, get_moves, get_neighbours
from pipeline.queries.promises import bars_of_rows, get_promised
from pipeline.queries.qualification import get_known
from pipeline.queries.stakeholders import get_stakeholders
from pipeline.queries.timeline import SUBJECT, Names, get_event_names
from pipeline.views.progress import CHANGE_OF, build_progress
from pipeline.views.promises import build_promised
from pipeline.views.qualification import build_qualification
from pipeline.views.stakeholders import build_people
from pipeline.views.warnings import build_warnings

SHOWN_CHANGES = 6


def build_detail(request: HttpRequest, deal: Opportunity) -> dict[str, Any]:
    """Return everything the page shows beside the facts that are edited in place."""
    at = timezone.now()
    today = timezone.localtime(at).date()
    asked = get_promised(deal.pk)
    path, history, step = get_deal_path(deal, bars_of_rows(asked)), get_history(deal.pk), deal.current_step
    shown = history[:SHOWN_CHANGES]
    names = get_event_names(
        shown, owner=[deal.owner_id], contact=[deal.contact_id, step.agreed_with_id if step else None],
        source=[deal.source_id], campaign=[deal.campaign_id],
    )  # fmt: skip
    people = get_stakeholders(deal.pk)
    known, before = get_known(deal.pk, before=at - CHANGE_OF)
    editable = can_edit(get_access(request.user), deal)
    target = path.following or path.standing
    return {
        "deal": deal,
        "names": names,
        "editable": editable,
        "today": today,
        "standing": path.standing,
        "evidenced": (evidenced := _evidenced(deal, path)),
        "falls_short": _falls_short(path, evidenced),
        "following": path.following if deal.is_open else None,
        "steps": _steps(deal, path, get_moves(history), today),
        "target": target,
        "criteria": _criteria(path, target),
        "progress": build_progress(deal.pk, known, before, today, editable=editable),
        "qualification": build_qualification(deal.pk, known, people, today),
        "weighted": _weighted(deal, path.standing),
        "warnings": build_warnings(deal, setpoint=path.standing.name if path.standing else "", at=at),
        "stakeholders": build_people(people, known.get(Element.AUTHORITY)),
        "changes": _changes(shown, names, history, request.user.pk, at),
        "changes_count": len(history),
        "promised": build_promised(asked, user_id=request.user.pk, at=at),
        "neighbours": get_neighbours(deal),
        "step": step,
        "step_agreed_with": names.get(("contact", step.agreed_with_id or 0), "") if step else "",
        "step_late": deal.next_step_on is not None and deal.next_step_on < today,
        "reopens_same": _reopens_same(deal, history, at),
        **get_timeline_panel(request, SUBJECT, deal.pk, can_log=editable, reveals=deal.lead_created_at is not None),
    }


def _evidenced(deal: Opportunity, path: DealPath) -> SetpointFacts | None:
    """Return the setpoint that the facts carry the deal to (P-4)."""
    return next((each for each in path.setpoints if each.id == deal.evidenced_setpoint_id), None)


def _falls_short(path: DealPath, evidenced: SetpointFacts | None) -> bool:
    if path.standing is None or path.facts.outcome:
        return False
    return evidenced is None or evidenced.rank < path.standing.rank


def _reopens_same(deal: Opportunity, history: list[OpportunityEvent], at: datetime) -> bool:
    """Whether the deal itself goes on, counted from its end or from when somebody said so, as the command counts."""
    if deal.closed_at is None:
        return False
    told = [
        event.recorded_at for event in history if event.kind == EventKind.CLOSED and event.occurred_at == deal.closed_at
    ]
    return voids_outcome(closed_at=max([deal.closed_at, *told]), at=at)


def _weighted(deal: Opportunity, standing: SetpointFacts | None) -> str:
    if deal.amount is None or standing is None or deal.outcome:
        return "–"
    return formats.money(deal.amount.amount * standing.probability, deal.amount.currency)


def _steps(deal: Opportunity, path: DealPath, stays: list[tuple[int, Any]], today: date) -> list[dict[str, Any]]:
    shown = path.open_setpoints
    entered = {setpoint_id: timezone.localtime(at).date() for setpoint_id, at in stays}
    if deal.setpoint_id and deal.setpoint_entered_at:
        entered[deal.setpoint_id] = timezone.localtime(deal.setpoint_entered_at).date()
    days, glossary = sorted(entered.values()), reverse("pipeline:glossary")
    steps = [
        {
            **_step(deal, each, entered.get(each.id), days, path.standing, today),
            "tone": markup.setpoint_class(order, len(shown)),
            "href": f"{glossary}#setpoint-{each.id}",
        }
        for order, each in enumerate(shown)
    ]
    return [*steps, _outcome_step(deal)]


def _step(
    deal: Opportunity,
    setpoint: SetpointFacts,
    since: date | None,
    days: list[date],
    standing: SetpointFacts | None,
    today: date,
) -> dict[str, Any]:
    rank = standing.rank if standing else -1
    if setpoint.rank > rank:
        return {"label": setpoint.name, "state": "ahead", "days": None, "note": setpoint.meaning, "used": 0}
    end = timezone.localtime(deal.closed_at).date() if deal.closed_at else today
    if setpoint.rank == rank and since is not None:
        stayed = max(0, (end - since).days)
        limit = setpoint.stall_limit_days
        note = _("Since %(day)s") % {"day": formats.short_day(since)}
        used = min(1.0, stayed / limit) if limit else 1
        return {"label": setpoint.name, "state": "current", "days": stayed, "note": note, "used": used}
    left = next((day for day in days if since is not None and day > since), end)
    if since is None:
        return {"label": setpoint.name, "state": "done", "days": None, "note": _("Skipped"), "used": 1}
    note = f"{formats.short_day(since)} – {formats.short_day(left)}"
    return {"label": setpoint.name, "state": "done", "days": (left - since).days, "note": note, "used": 1}


def _outcome_step(deal: Opportunity) -> dict[str, Any]:
    if deal.outcome and deal.closed_at:
        tone = "won" if deal.outcome == "won" else "lost"
        note = formats.short_day(deal.closed_at)
        return {
            "label": label("outcome", deal.outcome),
            "state": "done",
            "days": None,
            "note": note,
            "used": 1,
            "tone": tone,
        }
    note = _("Target %(day)s") % {"day": formats.short_day(deal.expected_close_on)} if deal.expected_close_on else ""
    return {"label": _("Won"), "state": "ahead", "days": None, "note": note, "used": 0, "tone": "won"}


def _criteria(path: DealPath, target: SetpointFacts | None) -> dict[str, Any]:
    """Return the rows of the card: the target's own facts, and those below that are still missing (D-16)."""
    if target is None:
        return {"rows": [], "met": 0, "of": 0, "strict": False}
    shown = moves.asked_criteria(path.facts, to=target)
    met = sum(1 for each in shown if each.is_met_by(path.facts))
    return {
        "rows": [_row(each, path.facts.evidence.get(each.version_id), target) for each in shown],
        "met": met,
        "of": len(shown),
        "strict": any(each.gate == Gate.REQUIRE and not each.is_met_by(path.facts) for each in shown),
    }


def _row(criterion: CriterionFacts, evidence: EvidenceFacts | None, target: SetpointFacts) -> dict[str, Any]:
    below = "" if criterion.setpoint_id == target.id else criterion.setpoint_name
    if evidence is None:
        return {"criterion": criterion, "met": False, "note": criterion.ask, "below": below, "attestation": None}
    note = label("deal_type", evidence.note) if criterion.check_code == "deal_type_known" else evidence.note
    parts = [note, evidence.said_by, formats.short_day(evidence.on) if evidence.on else ""]
    return {
        "criterion": criterion,
        "met": True,
        "note": " · ".join(part for part in parts if part),
        "below": below,
        "attestation": evidence.attestation_id,
    }


def _changes(
    shown: list[OpportunityEvent], names: Names, history: list[OpportunityEvent], user_id: int, at: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "event": event,
            "words": (words := describe_change(event, names)),
            "undo": _can_undo(event, history, user_id, at),
            "revert": bool(words.field and event.old is not None),
        }
        for event in shown
    ]


def _can_undo(event: OpportunityEvent, history: list[OpportunityEvent], user_id: int, at: Any) -> bool:
    if event.kind != EventKind.SETPOINT or event.old is None:
        return False
    return not moves.undo_refusals(
        moved_by_id=event.by_id, moved_at=event.recorded_at, is_latest=event.seq == max(each.seq for each in history),
        by_id=user_id, at=at,
    )  # fmt: skip
