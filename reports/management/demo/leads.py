"""Leads and what they did, from first visit to demo request, many of them quiet since."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import Firm, Row, mail, reps, slug
from reports.management.demo.deals import Deal

# How often each kind of event comes from a cool, a warm and a hot lead.
EVENTS = {
    "page_viewed": (50, 34, 22), "email_opened": (26, 18, 10), "email_clicked": (8, 9, 8),
    "pricing_page_viewed": (7, 15, 22), "whitepaper_downloaded": (6, 12, 14), "webinar_attended": (2, 8, 13),
    "demo_requested": (0.4, 2, 9), "newsletter_subscribed": (2, 2, 2),
}  # fmt: skip
PAGES = ("/water/cooling", "/water/effluent", "/customers/dairy", "/guides/leaks", "/about")
PAPERS = ("Water losses in food plants", "What the new discharge rules ask", "Ten points to measure first")
WEBINARS = ("Effluent reporting in one hour", "Cooling water without surprises")


@dataclass
class LeadStory:
    """A lead with its events; `ready` marks those that should cross the threshold today."""

    row: Row
    events: list[Row] = field(default_factory=list)


def leads(dice: Dice, firms: list[Firm], deals: list[Deal], count: int = 1100) -> list[LeadStory]:
    """Return leads over two years; about one deal in four began as one."""
    made = []
    began = [
        deal for deal in deals if deal.row["source"] in ("web_search", "webinar", "white_paper") and dice.chance(0.6)
    ]
    for number in range(count):
        key, deal = f"demo-l{number + 1}", began.pop() if began and dice.chance(0.3) else None
        created = _created(dice, deal)
        made.append(_lead(dice, key, deal.firm if deal else dice.pick(firms), created, deal, number))
    return made


def _created(dice: Dice, deal: Deal | None) -> datetime:
    if deal:
        opened = datetime.fromisoformat(deal.row["created_at"])
        return dice.moment((opened - timedelta(days=dice.random.randrange(8, 45))).date())
    age = int(720 * dice.random.random() ** 1.6) + 2
    return dice.moment(dice.today - timedelta(days=age))


def _lead(dice: Dice, key: str, firm: Firm, created: datetime, deal: Deal | None, number: int) -> LeadStory:
    _, _, first, last, _, _ = words.COUNTRIES[firm.country]
    given, family = dice.pick(first), dice.pick(last)
    source, channel = dice.pick(words.SOURCES)
    story = LeadStory(
        {
            "external_id": key, "first_name": given, "last_name": family, "company": firm.name,
            "email": f"{slug(given)}.{slug(family)}.{number}@{slug(firm.name)}.example",
            "job_title": dice.pick(words.TITLES), "industry": firm.industry, "country": firm.country,
            "channel": channel, "source": source, "account": firm.key, "created_at": created.isoformat(),
            "owner": mail(dice.pick(reps(firm.team))) if deal else "", "status": "nurturing",
        }
    )  # fmt: skip
    warmth = 2 if deal else dice.random.choices((0, 1, 2), (68, 24, 8))[0]
    until = datetime.fromisoformat(deal.row["created_at"]) if deal else None
    for n in range(dice.random.randrange((2, 4, 6)[warmth], (8, 14, 18)[warmth])):
        spread = 30 if until else dice.random.choice((10, 25, 60, 120))
        at = created + timedelta(days=dice.random.random() * spread, minutes=dice.random.randrange(600))
        if (until and at >= until) or not dice.past(at):
            continue
        story.events.append(_event(dice, key, n, at, warmth))
    if deal:
        deal.row["lead"] = key
    return story


def _event(dice: Dice, key: str, n: int, at: datetime, warmth: int) -> Row:
    kind = dice.weighted({name: weights[warmth] for name, weights in EVENTS.items()})
    row = {"idempotency_key": f"{key}-{n}", "lead": key, "type": kind, "occurred_at": at.isoformat()}
    if kind == "page_viewed":
        row["property.url"] = dice.pick(PAGES)
    elif kind == "pricing_page_viewed":
        row["property.url"] = "/pricing"
    elif kind == "whitepaper_downloaded":
        row["property.title"] = dice.pick(PAPERS)
    elif kind == "webinar_attended":
        row["property.title"] = dice.pick(WEBINARS)
    return row
