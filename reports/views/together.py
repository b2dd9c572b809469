"""The board of leads that marketing and sales see alike, with the goals they share and what they tell each other (LT-067)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats
from crm.lib.envelope import Display, Envelope
from crm.lib.http import page
from crm.lib.paging import get_page
from crm.queries.access import get_access
from crm.views.answers import render_target
from reports.labels.definitions import figure_definition, figure_title
from reports.labels.figures import figure_note, figure_text
from reports.labels.qbrs import days_between
from reports.queries.figures import compute, read_shared
from reports.views.qbrs import require_reader
from scoring.enums import GoalMeasure
from scoring.forms.agreements import CommentForm
from scoring.forms.board import BoardForm
from scoring.models import Lead, LeadGoal
from scoring.policies.agreements import sides_of
from scoring.queries import together
from scoring.queries.inbox import find_handoffs
from scoring.queries.together import BoardCounts, BoardFilter

COMMENTS = 20
POINT = Decimal("0.01")
COLUMNS: dict[str, Any] = {
    together.KNOWN: gettext_lazy("New and nurtured"),
    together.HANDED_OVER: gettext_lazy("Handed over"),
    together.ACCEPTED: gettext_lazy("Accepted"),
    together.QUALIFIED: gettext_lazy("Qualified"),
    together.DEALS: gettext_lazy("Became deals"),
    together.SENT_BACK: gettext_lazy("Sent back"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure beside what both teams want it to be."""

    measure: str
    title: Any
    definition: Any
    figure: str
    note: str
    days: str
    href: str
    wanted: Decimal | None
    real: Decimal | None
    verdict: str
    tone: str
    said: LeadGoal | None


@dataclass(frozen=True, slots=True)
class Column:
    """Leads that stand at one place: how many in the company, and cards of those the reader may see."""

    name: str
    title: Any
    count: int
    note: str
    cards: list[dict[str, Any]]
    more: int


@page
def lead_board(request: HttpRequest) -> HttpResponse:
    """Show where leads stand, the shared goals, and what both teams told each other."""
    require_reader(request)
    at, form, access = timezone.now(), BoardForm(request.GET), get_access(request.user)
    wanted, shown = goals(at), columns(request, BoardFilter(**form.values), at)
    context = {
        "form": form,
        "finding": finding(shown, wanted),
        "goals": wanted,
        "columns": shown,
        "comments": get_page(together.comments_visible_to(request.user).order_by("-pk"), request.GET.get("page"), size=COMMENTS),
        "comment_form": CommentForm(auto_id="said-%s"),  # the sheet has one too
        "agrees": bool(sides_of(access)),
        "is_admin": access.is_admin,
    }  # fmt: skip
    return render_target(request, "reports/lead_board.html", {"lead-board": "lead_board"}, context)


def goals(at: datetime) -> list[Goal]:
    """Return each figure beside its goal, over the whole company, as both teams read it."""
    wanted, shared = together.get_goals(), read_shared()
    return [
        read_goal(measure, compute(measure, user=None, at=at, shared=shared)[0], wanted.get(measure))
        for measure in GoalMeasure
    ]


def read_goal(measure: GoalMeasure, row: Envelope, said: LeadGoal | None) -> Goal:
    """Return a figure beside its goal; too few to tell are held against none."""
    figure, share = row.figure, said.share if said else None
    real = None if figure.display == Display.HIDDEN else figure.value
    verdict, tone = judge(real, share)
    last, first = (datetime.fromisoformat(row.filters[name]).date() for name in ("to", "from"))
    return Goal(
        measure=measure,
        title=figure_title(measure),
        definition=figure_definition(measure),
        figure=figure_text(figure),
        note=figure_note(figure, of_leads=True),
        days=str(days_between(first, last)),
        href=row.records_url,
        wanted=share,
        real=real,
        verdict=verdict,
        tone=tone,
        said=said,
    )


def judge(real: Decimal | None, wanted: Decimal | None) -> tuple[str, str]:
    """Return how far a figure is from its goal, in words and a tone."""
    if wanted is None or real is None:
        return "", ""
    short = round((wanted - real) / POINT)
    if short <= 0:
        return _("On goal"), "ok"
    return ngettext("%(n)s point short", "%(n)s points short", short) % {"n": formats.number(short)}, "warn"


def columns(request: HttpRequest, chosen: BoardFilter, at: datetime) -> list[Column]:
    """Return the columns of the board."""
    counts = together.get_board_counts(chosen, at=at)
    cards = together.get_board_cards(request.user, chosen, at=at)
    handoffs = find_handoffs([lead.pk for lead in cards[together.HANDED_OVER]])
    notes = column_notes(counts)
    return [
        Column(
            name=name,
            title=title,
            count=counts.columns[name],
            note=notes.get(name, ""),
            cards=[show_card(lead, handoffs.get(lead.pk)) for lead in cards[name]],
            more=counts.columns[name] - len(cards[name]),
        )
        for name, title in COLUMNS.items()
    ]


def show_card(lead: Lead, handoff: Any) -> dict[str, Any]:
    """Return what a card shows of a lead."""
    return {"lead": lead, "handoff": handoff, "owner": handoff.owner if handoff else lead.owner}


def column_notes(counts: BoardCounts) -> dict[str, str]:
    """Return what is worth knowing beside how many stand in a column."""
    again = ngettext("%(n)s may come again", "%(n)s may come again", counts.come_again)
    won = ngettext("%(n)s of them won", "%(n)s of them won", counts.won)
    late = ngettext("%(n)s late", "%(n)s late", counts.late)
    told = {together.HANDED_OVER: (late, counts.late), together.DEALS: (won, counts.won)}
    told[together.SENT_BACK] = (again, counts.come_again)
    return {name: words % {"n": formats.number(count)} for name, (words, count) in told.items() if count}


def finding(shown: list[Column], wanted: list[Goal]) -> str:
    """Return the sentence the page opens with."""
    short = [goal for goal in wanted if goal.tone == "warn"]
    if short:
        return _("%(figure)s: %(verdict)s.") % {"figure": short[0].title, "verdict": short[0].verdict}
    waiting = next(column for column in shown if column.name == together.HANDED_OVER)
    words = ngettext("%(n)s lead waits for sales.", "%(n)s leads wait for sales.", waiting.count)
    return words % {"n": formats.number(waiting.count)}
