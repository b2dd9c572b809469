"""A second, plain reading of math.md B23 and D-26: slow, day by day, sharing nothing with the product."""

from collections import namedtuple
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

POINTS = {"pricing_page_viewed": 10, "whitepaper_downloaded": 15, "webinar_attended": 20, "demo_requested": 25}
SILENT = {"email_opened", "unsubscribed"}
Happened = namedtuple("Happened", "at key type url")


def local_date(at: datetime, dated: list[tuple[date, ZoneInfo]]) -> date:
    """Return the last day that has begun, each at 00:00 of the zone in force on it."""
    day = at.date() + timedelta(days=2)
    while _begins(day, dated) > at:
        day -= timedelta(days=1)
    return day


def _begins(day: date, dated: list[tuple[date, ZoneInfo]]) -> datetime:
    zone = [zone for first, zone in sorted(dated, key=lambda row: row[0]) if first <= day or first == dated[0][0]][-1]
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def plain_score(happened: list[Happened], *, as_of: datetime, zone: ZoneInfo) -> int:
    """Return the default model's score by walking every single day."""
    today = as_of.astimezone(zone).date()
    past = sorted((h for h in happened if h.at <= as_of), key=lambda h: (h.at, h.key))
    if not past:
        return 0
    score, last, counted, pages = 0, None, [], {}
    day = past[0].at.astimezone(zone).date()
    while day <= today:
        if last is not None and (day - last).days % 30 == 0 and day != last:
            score = max(0, score - 10)
        for h in past:
            if h.at.astimezone(zone).date() != day:
                continue
            score += _points(h, day, counted, pages)
            if h.type not in SILENT:
                last = day
        day += timedelta(days=1)
    return score


def _points(h: Happened, day: date, counted: list, pages: dict) -> int:
    if h.type not in POINTS:
        return 0
    if h.url:
        before = pages.get((h.type, h.url))
        if before is not None and h.at - before <= timedelta(minutes=30):
            return 0
        pages[h.type, h.url] = h.at
    if sum(1 for kind, on in counted if kind == h.type and 0 <= (day - on).days <= 29) >= 3:
        return 0
    counted.append((h.type, day))
    return POINTS[h.type]
