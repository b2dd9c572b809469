"""Leads and what they did, from first visit to demo request, many of them quiet since."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import Firm, Row, address, mail, reps
from reports.management.demo.deals import Deal

# How often each kind of event comes from a cool, a warm and a hot lead.
EVENTS = {
    "page_viewed": (50, 34, 22), "email_opened": (26, 18, 10), "email_clicked": (8, 9, 8),
    "pricing_page_viewed": (7, 15, 22), "whitepaper_downloaded": (6, 12, 14), "webinar_attended": (2, 8, 13),
    "demo_requested": (0.4, 2, 9), "newsletter_subscribed": (2, 2, 2), "social_engaged": (2, 4, 5),
}  # fmt: skip
# What an event of a kind is about.
ABOUT = {
    "page_viewed": (
        "property.url",
        ("/water/cooling", "/water/effluent", "/customers/dairy", "/guides/leaks", "/about"),
    ),
    "pricing_page_viewed": ("property.url", ("/pricing",)),
    "whitepaper_downloaded": ("property.title", words.PAPERS),
    "webinar_attended": ("property.title", words.WEBINARS),
}
CAMPAIGNS = {"white_paper": words.PAPERS, "webinar": words.WEBINARS}
NEW_DAYS = 14
SMALL = 90
OURS = frozenset({"Food and beverage", "Pulp and paper", "Chemicals"})
DECIDING = frozenset({"Operations director", "CFO", "CEO", "Head of purchasing"})


@dataclass
class LeadStory:
    """A lead with its events."""

    row: Row
    events: list[Row] = field(default_factory=list)


def leads(dice: Dice, firms: list[Firm], deals: list[Deal], count: int = 1100) -> list[LeadStory]:
    """Return leads over two years; about one deal in four began as one."""
    made = []
    known: set[str] = set()
    began = [
        deal for deal in deals if deal.row["source"] in ("web_search", "webinar", "white_paper") and dice.chance(0.6)
    ]
    for number in range(count):
        deal = began.pop() if began and dice.chance(0.3) else None
        created = _created(dice, deal)
        firm = deal.firm if deal else _passer_by(dice, firms)
        story = LeadStory(_row(dice, f"demo-l{number + 1}", firm, created, deal, known))
        _tell(dice, story, created, deal)
        made.append(story)
    return made


def _passer_by(dice: Dice, firms: list[Firm]) -> Firm:
    """Return a firm that looks around; those we are made for come less often than they buy."""
    firm = dice.pick(firms)
    is_ours = SMALL < firm.size < words.LARGE and firm.industry in OURS
    return dice.pick(firms) if is_ours and dice.chance(0.7) else firm


def _title(dice: Dice, deal: Deal | None) -> str:
    """Return what somebody does there: who asks before a deal more often decides."""
    title = dice.pick(words.TITLES)
    return dice.pick(words.TITLES) if (title in DECIDING) == (deal is None) and dice.chance(0.6) else title


def _created(dice: Dice, deal: Deal | None) -> datetime:
    if deal:
        opened = datetime.fromisoformat(deal.row["created_at"])
        return dice.moment((opened - timedelta(days=dice.random.randrange(8, 45))).date())
    age = int(720 * dice.random.random() ** 1.6) + 2
    return dice.moment(dice.today - timedelta(days=age))


def _row(dice: Dice, key: str, firm: Firm, created: datetime, deal: Deal | None, known: set[str]) -> Row:
    _, _, first, last, _, _ = words.COUNTRIES[firm.country]
    given, family = dice.pick(first), dice.pick(last)
    source, channel = dice.pick(words.SOURCES)
    is_new = created > dice.now - timedelta(days=NEW_DAYS)
    return {
        "external_id": key, "first_name": given, "last_name": family, "company": firm.name,
        "email": address(given, family, firm.domain, known), "job_title": _title(dice, deal),
        "industry": firm.industry, "employee_count": str(firm.size), "country": firm.country, "channel": channel,
        "source": source, "campaign": dice.pick(CAMPAIGNS[source]) if source in CAMPAIGNS else "",
        "account": firm.key, "created_at": created.isoformat(), "status": "new" if is_new else "nurturing",
        "owner": mail(dice.pick(reps(firm.team))) if deal else "",
    }  # fmt: skip


def _tell(dice: Dice, story: LeadStory, created: datetime, deal: Deal | None) -> None:
    """Let a lead do things for a while; one that becomes a deal is hot and stops when the deal begins."""
    warmth = 2 if deal else dice.random.choices((0, 1, 2), (68, 24, 8))[0]
    until = datetime.fromisoformat(deal.row["created_at"]) if deal else dice.now
    for n in range(dice.random.randrange((2, 4, 6)[warmth], (8, 14, 18)[warmth])):
        spread = 30 if deal else dice.random.choice((10, 25, 60, 120))
        at = created + timedelta(days=dice.random.random() * spread, minutes=dice.random.randrange(600))
        if at < min(until, dice.now):
            kind = dice.weighted({name: weights[warmth] for name, weights in EVENTS.items()})
            story.events.append(_event(dice, story.row["external_id"], n, kind, at))
    if deal:
        deal.row["lead"] = story.row["external_id"]


def _event(dice: Dice, key: str, n: int, kind: str, at: datetime) -> Row:
    row = {"idempotency_key": f"{key}-{n}", "lead": key, "type": kind, "occurred_at": at.isoformat()}
    if kind in ABOUT:
        name, choices = ABOUT[kind]
        row[name] = dice.pick(choices)
    return row
