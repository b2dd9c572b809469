"""One line of the leads page: a lead in words, and how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.labels import label
from scoring.enums import HandoffAnswer, LeadStatus, NoticeKind
from scoring.facts import Score
from scoring.models import Crossing, Handoff, HandoffNotice, Lead, Trial
from scoring.policies.grades import get_grade
from scoring.queries import inbox
from scoring.queries.rules import Rulebook
from scoring.views.why import get_reasons

CLOSED = "scoring/_lead_row_closed.html"


@dataclass(slots=True)
class Row:
    """A lead of a list, and where it has one its handoff or waiting crossing."""

    lead: Lead
    score: Score
    book: Rulebook  # by which it is scored
    handoff: Handoff | None = None
    crossing: Crossing | None = None
    trial: Trial | None = None
    notice: HandoffNotice | None = None
    trend: float = 0.0  # points within a week
    decides: bool = False
    gives: bool = False
    started_at: datetime | None = None  # when the clock of its handoff began to count
    group: str = ""
    opens_group: bool = False
    group_size: int | None = None
    is_urgent: bool = False
    opens: bool = True  # whether the person may see the lead, or only had it once
    html: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A row as `scoring/_lead_row.html` places it: everything that shows, and nothing else."""

    element: str
    url: str
    select_url: str
    name: str
    work: str
    score: float
    threshold: int
    reasons: tuple[str, ...]
    crossing_id: int | None
    decides: bool
    give_id: int | None
    is_selected: bool
    grade: str = ""
    trend: str = ""
    trend_words: str = ""
    calls: bool = False
    is_trial: bool = False
    due_at: datetime | None = None
    started_at: datetime | None = None
    badge: str = ""
    tone: str = ""
    icon: str = ""
    line: str = ""
    note_at: datetime | None = None
    note: str = ""


def draw_rows(rows: list[Row], *, tab: str, select: str, selected_id: int | None, user_id: int) -> None:
    """Draw every row; `select` is the address that shows its lead beside the list, without the lead's id."""
    # Timers count in minutes; lists without them look the same all day.
    minute = formats.now().replace(second=0, microsecond=0) if tab == inbox.DECIDE else None
    where = (get_language() or "en", str(formats.locale()), timezone.get_current_timezone_name())
    address = reverse("scoring:lead_detail", args=[0])
    for row in rows:
        lead = row.lead
        if not row.opens:
            row.html = render_to_string(CLOSED, {"name": str(lead), **_when(row, tab, user_id)})
            continue
        is_selected, selected_id = (True, None) if lead.pk == selected_id else (False, selected_id)  # it may wait twice
        words = Words(
            element=f"lead-{lead.pk}-{row.crossing.pk}" if row.crossing else f"lead-{lead.pk}",
            url=address.replace("0", str(lead.pk)),
            select_url=f"{select}{lead.pk}",
            name=str(lead),
            work=", ".join(filter(None, (lead.job_title if lead.full_name else "", lead.company))),
            score=row.score.score,
            threshold=row.book.model.threshold,
            reasons=tuple(get_reasons(row.score, row.book.names)),
            crossing_id=row.crossing.pk if row.crossing else None,
            decides=row.decides,
            give_id=lead.pk if row.gives and tab == inbox.DECIDE else None,
            is_selected=is_selected,
            grade=get_grade(row.score, row.book.model),
            calls=row.decides,
            is_trial=row.trial is not None,
            **_trend(row),
            **_when(row, tab, user_id),
        )
        row.html = _draw(words, minute, *where)


# A row is made of its words alone, and a list is mostly what it was a minute ago.
@lru_cache(maxsize=2048)
def _draw(row: Words, minute: datetime | None, *where: str) -> SafeString:
    return render_to_string("scoring/_lead_row.html", {"row": row})


def _trend(row: Row) -> dict[str, Any]:
    """Return whether the score rose or fell within a week, where it did by as much as shows."""
    points = formats.points(abs(row.trend))
    if points == formats.points(0):
        return {}
    words = (
        _("%(points)s points more than a week ago") if row.trend > 0 else _("%(points)s points less than a week ago")
    )
    return {"trend": "trending-up" if row.trend > 0 else "trending-down", "trend_words": words % {"points": points}}


def _told(notice: HandoffNotice | None) -> str:
    """Return whom the lateness of a handoff was told to."""
    if notice is None or notice.kind != NoticeKind.ESCALATION:
        return ""
    return _("%(manager)s was told") % {"manager": notice.to} if notice.to else _("Marketing was told")


def _when(row: Row, tab: str, user_id: int) -> dict[str, Any]:
    """Return what the row says last: until when, or what became of it."""
    if row.handoff and tab == inbox.DECIDE:
        return _until(row, row.handoff, user_id)
    if row.handoff and tab in (inbox.ACCEPTED, inbox.SENT_BACK):
        return _answered(row, row.handoff)
    if row.trial:
        who = str(row.trial.owner) if row.trial.owner_id != user_id else ""
        return {"badge": _("Drawn to try"), "tone": "accent", "icon": "dices", "note": who}
    if row.crossing:
        waits = label("waiting_reason", row.crossing.waiting_reason)
        return {"badge": waits, "tone": "warn", "icon": "hourglass", "note_at": row.crossing.crossed_at}
    status = row.lead.status
    tone = label("lead_status_tone", status)
    return {"badge": label("lead_status", status), "tone": tone, "note": str(row.lead.owner or "")}


def _until(row: Row, handoff: Handoff, user_id: int) -> dict[str, Any]:
    owner = str(handoff.owner) if handoff.owner and handoff.owner_id != user_id else ""
    if handoff.due_at:
        note = ", ".join(filter(None, (owner, _told(row.notice))))
        return {"due_at": handoff.due_at, "started_at": row.started_at, "note": note}
    return {"badge": _("No rep"), "tone": "warn", "icon": "user-x", "note": owner}


def _answered(row: Row, handoff: Handoff) -> dict[str, Any]:
    if handoff.answer == HandoffAnswer.ACCEPTED:
        # What became of a lead is told to who may see it.
        status = label("lead_status", row.lead.status if row.opens else LeadStatus.ACCEPTED)
        who = str(handoff.owner or "")
        return {"badge": status, "tone": "ok", "icon": "check", "note_at": handoff.answered_at, "note": who}
    reason = str(handoff.reason or _("No reason recorded"))
    if handoff.recycle_on:
        reason = _("%(reason)s, again on %(day)s") % {"reason": reason, "day": formats.short_day(handoff.recycle_on)}
    return {"line": reason, "note_at": handoff.answered_at, "note": str(handoff.answered_by or "")}


def select_address(path: str, query: Mapping[str, str]) -> str:
    """Return this list's address up to the id of the lead to show beside it."""
    kept = [f"{quote(name)}={quote(value)}" for name, value in query.items() if name not in ("page", "selected")]
    return f"{path}?{'&'.join([*kept, 'selected='])}"
