"""The default model and the events of math.md B23, as values."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scoring.enums import ScorePart
from scoring.facts import ModelFacts, Moment, RuleFacts
from scoring.policies.zones import Zones

TALLINN = Zones.always(ZoneInfo("Europe/Tallinn"))
DAY_0 = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # the clocks change on day 27


def rule(code: str, event_type: str, points: int, **given: object) -> RuleFacts:
    """Build a behaviour rule."""
    return RuleFacts(code, code, ScorePart.BEHAVIOUR, frozenset({event_type}), points, **given)  # type: ignore[arg-type]


RULES = (
    rule("pricing_page", "pricing_page_viewed", 10),
    rule("whitepaper", "whitepaper_downloaded", 15),
    rule("webinar", "webinar_attended", 20),
    rule("demo_request", "demo_requested", 25),
)
MODEL = ModelFacts(id=1, number=1, rules=RULES, silent_types=frozenset({"email_opened", "unsubscribed"}))


def day(number: float) -> datetime:
    """Return a moment on the given day of the table."""
    return DAY_0 + timedelta(days=number)


def event(number: float, type: str, event_id: int, url: str = "") -> Moment:
    """Return an event on the given day."""
    return Moment(day(number), f"k{event_id:06}", type, event_id, url)


PRICING, PAPER, WEBINAR, DEMO = "pricing_page_viewed", "whitepaper_downloaded", "webinar_attended", "demo_requested"
TABLE = [event(0, PRICING, 1), event(5, PAPER, 2), event(10, WEBINAR, 3), event(12, DEMO, 4)]
