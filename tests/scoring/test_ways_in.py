"""Events that come by API, file and unknown browsers, late, twice and out of order, count as one plain history (S-2, D-40)."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.exchange.run import import_rows
from scoring.commands.events import record_events
from scoring.commands.scores import refresh_due_scores, refresh_scores
from scoring.models import Crossing, Handoff, Lead, LeadEvent, LeadScore
from scoring.queries.scores import list_scores
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.oracle import POINTS, SILENT, Happened, plain_score

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 90
END = START + timedelta(days=DAYS + 41)
# A browser of each lead's own, and one at home that the first one left to the second.
KNOWN_SINCE = (("own0", 0, 30), ("own1", 1, 45), ("shared", 0, 20), ("shared", 1, 60))


def whose_visit(visitor: str, at: datetime) -> int:
    return 1 if visitor == "own1" or (visitor == "shared" and at >= START + timedelta(days=60)) else 0


class Ways:
    """Delivers what happened, each by one way, some of it twice."""

    def __init__(self, leads: list[Lead], chance: random.Random) -> None:
        self.leads, self.chance = leads, chance
        self.told: list[list[Happened]] = [[], []]
        self.deliveries: list[tuple[datetime, str, object]] = []

    def happen(self, number: int) -> None:
        at = START + timedelta(minutes=self.chance.randrange(DAYS * 1440))
        kind, url = (
            self.chance.choice([*POINTS, *SILENT, "page_viewed"]),
            self.chance.choice(("", "/pricing", "/about")),
        )
        way = self.chance.choice(("api", "file", "own0", "own1", "shared"))
        lead = self.chance.randrange(2) if way in ("api", "file") else whose_visit(way, at)
        properties = {"url": url} if url else {}
        if way == "file":
            key = f"lead-events:{number}"
            row = {"idempotency_key": str(number), "lead": str(self.leads[lead].external_id), "type": kind}
            self.deliver(at, "file", row | {"occurred_at": at.isoformat(), "property.url": url})
        else:
            key, given = str(number), {} if way == "api" else {"visitor": way}
            event = sent(self.leads[lead] if way == "api" else None, kind, at, key, properties=properties, **given)
            self.deliver(at, "api", event)
        self.told[lead].append(Happened(at, key, kind, url))

    def identify(self, visitor: str, lead: int, day: int) -> None:
        at, key = START + timedelta(days=day), f"{visitor}:{lead}"
        self.deliver(at, "api", sent(self.leads[lead], "email_opened", at, key, visitor=visitor))
        self.told[lead].append(Happened(at, key, "email_opened", ""))

    def deliver(self, at: datetime, way: str, what: object) -> None:
        for _ in range(self.chance.choice((1, 1, 2))):
            late = timedelta(minutes=self.chance.randrange(40 * 1440) if self.chance.random() < 0.3 else 1)
            self.deliveries.append((at + late, way, what))


@pytest.mark.parametrize("seed", range(4))
def test_whichever_way_and_whenever_they_come_they_count_as_one_history(seed: int) -> None:
    chance = random.Random(seed)
    leads = [LeadFactory(external_id=f"L{number}", created_at=START) for number in range(2)]
    ways = Ways(leads, chance)
    for number in range(50):
        ways.happen(number)
    for visitor, lead, day in KNOWN_SINCE:
        ways.identify(visitor, lead, day)
    for at, way, what in sorted(ways.deliveries, key=lambda delivery: delivery[0]):
        if way == "file":
            import_rows("lead-events", [what], by=None, at=at)
        else:
            record_events(events=[what], by=None, at=at)
        if chance.random() < 0.2:
            refresh_due_scores(at=at)
    assert LeadEvent.objects.count() == sum(map(len, ways.told))
    refresh_scores(lead_ids=[lead.pk for lead in leads], at=END)
    for as_of in (START + timedelta(days=50), END):
        printed = {external: score for _, external, score in list_scores(None, as_of=as_of)}
        for lead, told in zip(leads, ways.told, strict=True):
            assert printed[lead.external_id] == plain_score(told, as_of=as_of, zone=ZoneInfo("UTC"))
    stored = dict(LeadScore.objects.values_list("lead", "score"))
    assert stored == {lead.pk: printed[lead.external_id] for lead in leads}
    assert Crossing.objects.count() == len(set(Crossing.objects.values_list("event", flat=True)))
    assert (
        Handoff.objects.filter(answered_at=None).count() == Handoff.objects.count()
    )  # one each at most: nobody answered
