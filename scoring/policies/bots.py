"""Which events no person did: crawlers by what they call themselves, mail scanners by their speed (S-2)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from crawlerdetect import CrawlerDetect

from scoring.enums import NotCounted

CLICK = "email_clicked"
# A gateway that checks a mail follows all its links at once; a person reads before the second.
SCANNED_WITHIN = timedelta(seconds=2)
# What matters stands at the beginning, and the patterns' time grows with the square of the length.
LONGEST_AGENT = 300
TRUE = frozenset({"true", "yes", "1"})
_crawlers = CrawlerDetect()


class Click(NamedTuple):
    """A link followed out of a mail; `mail` is empty where the sender does not say which it was."""

    event_id: int
    whose: tuple[str, int]
    occurred_at: datetime
    url: str
    mail: str = ""


def get_not_counted(properties: Mapping[str, object]) -> NotCounted | None:
    """Return why an event cannot count by what it says of itself: its `bot` is true, or its `user_agent` is a program's.

    `bot` is what a system says that filters programs itself; files say it in words.
    """
    told, agent = properties.get("bot"), properties.get("user_agent")
    if told is True or (isinstance(told, str) and told.strip().lower() in TRUE):
        return NotCounted.BOT
    return NotCounted.BOT if isinstance(agent, str) and is_bot(agent) else None


def is_bot(user_agent: str) -> bool:
    """Whether a browser calls itself a crawler, a monitor or a script."""
    return bool(_crawlers.is_crawler(user_agent[:LONGEST_AGENT]))


def find_scanned(clicks: Iterable[Click]) -> set[int]:
    """Return the clicks that have another one, on another link of the same mail, within two seconds around them.

    It holds for both of a pair, so it is the same whichever was told first.
    """
    by_mail: dict[tuple[object, ...], list[Click]] = defaultdict(list)
    for click in clicks:
        by_mail[click.whose, click.mail].append(click)
    return {event_id for of_mail in by_mail.values() for event_id in _scanned_of(of_mail)}


def _scanned_of(clicks: list[Click]) -> Iterator[int]:
    """Yield the clicks around which more than one link was followed, in one walk by time."""
    clicks.sort(key=lambda click: click.occurred_at)
    links: Counter[str] = Counter()
    first = after = 0
    for click in clicks:
        while after < len(clicks) and clicks[after].occurred_at - click.occurred_at <= SCANNED_WITHIN:
            links[clicks[after].url] += 1
            after += 1
        while click.occurred_at - clicks[first].occurred_at > SCANNED_WITHIN:
            links[clicks[first].url] -= 1
            if not links[clicks[first].url]:
                del links[clicks[first].url]
            first += 1
        if len(links) > 1:
            yield click.event_id
