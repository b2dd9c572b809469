"""Whenever the job runs, however often and however far it comes: the tables say the same at the end, scores and handoffs."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from crm.models import User
from scoring.commands.events import record_events
from scoring.commands.handoffs import reject_lead
from scoring.commands.parts import score_due_part, score_part
from scoring.enums import DecayKind
from scoring.facts import NewEvent
from scoring.models import Crossing, Handoff, LeadScore, ScoringModel, ScoringRule
from scoring.queries.scores import STORED
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, PRICING, WEBINAR

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)  # the clocks change meanwhile
DAYS = 13  # no run is more than 14 days late: what is later waits for a person, which is another answer (D-27)
DAY = timedelta(days=1)
KINDS = (PRICING, PRICING, PAPER, WEBINAR, DEMO, "email_opened", "page_viewed")
CUT_OFF_AFTER = 0.3
Step = Callable[[], Any]


class CutOff(Exception):
    """The worker died before it could commit."""


class World:
    """A rep and six leads: three are scored whenever something comes in, of the others no job is told but the next run.

    What comes in late, back-dated or twice is of the first three: of which event crosses, who knows half knows another one.
    """

    def __init__(self, chance: random.Random) -> None:
        self.rep: User = UserFactory(rep=True)
        self.leads = LeadFactory.create_batch(6, created_at=START - 40 * DAY)
        self.first, self.last = self.leads[0].pk, self.leads[-1].pk
        settings = {"threshold": 30, "rearm_margin": 10, "inactivity_days": 2}
        ScoringModel.objects.filter(state="published").update(**settings)
        fading = {"decay_kind": DecayKind.HALF_LIFE, "decay_days": 3}
        ScoringRule.objects.filter(model__state="published", code="pricing_page").update(**fading)
        self.happens: list[tuple[datetime, Step]] = []
        for number in range(14):
            self._happen(number, chance)
            self._answer(chance)

    def _happen(self, number: int, chance: random.Random) -> None:
        come = some_time(chance)
        stored = [self._event(f"{number}:{n}", 3 + chance.randrange(3), come, chance) for n in range(3)]
        late = timedelta(hours=chance.choice((0, 0, 30, 24 * 20)))
        scored = [self._event(f"{number}:now{n}", chance.randrange(3), come - late, chance) for n in range(2)]
        self._deliver(come, stored, refreshes=False)
        self._deliver(come, [*scored, *scored[:1]], refreshes=True)
        if chance.random() < 0.3:
            self._deliver(come + DAY * chance.random(), scored[::-1], refreshes=True)

    def _event(self, key: str, lead: int, at: datetime, chance: random.Random) -> NewEvent:
        return sent(self.leads[lead], chance.choice(KINDS), at - timedelta(minutes=chance.randrange(120)), key)

    def _deliver(self, at: datetime, events: list[NewEvent], *, refreshes: bool) -> None:
        self.happens.append((at, lambda: record_events(events=events, by=None, at=at, refreshes=refreshes)))

    def _answer(self, chance: random.Random) -> None:
        lead, at = self.leads[chance.randrange(3)], some_time(chance)

        def answer() -> None:
            if Handoff.objects.filter(lead=lead, answered_at=None).exists():
                reject_lead(lead_id=lead.pk, reason_code="not_now", by=self.rep, at=at)

        self.happens.append((at, answer))

    def live(self, runs: list[tuple[datetime, Step]]) -> dict[str, list[Any]]:
        """Let all happen, the runs among it, and return what the tables say then; nothing of it stays."""
        with transaction.atomic():
            for _, step in sorted([*self.happens, *runs], key=lambda each: each[0]):
                step()
            found = self._tables()
            transaction.set_rollback(True)
        return found

    def _tables(self) -> dict[str, list[Any]]:
        crossed = ("lead_id", "event__idempotency_key", "crossed_at", "score", "state", "waiting_reason", "model_id")
        handed = ("lead_id", "crossing__event__idempotency_key", "owner_id", "answer", "answered_at")
        at_once = [lead.pk for lead in self.leads[:3]]
        return {
            "scores": list(LeadScore.objects.order_by("lead").values_list("lead_id", *STORED, "grade", "model_id")),
            "crossings": list(Crossing.objects.order_by("lead", "crossed_at", "event").values_list(*crossed)),
            "handoffs": list(Handoff.objects.order_by("lead", "crossing__crossed_at").values_list(*handed)),
            "given": list(Handoff.objects.filter(lead__in=at_once).order_by("created_at").values_list("created_at", "due_at")),
        }  # fmt: skip

    def run(self, at: datetime, chance: random.Random) -> Step:
        """Return a run shared out in parts: in any order, some twice, some cut off, of all leads or of those due."""
        cuts = [self.first, *sorted(chance.sample(range(self.first + 1, self.last + 1), chance.randrange(4)))]
        parts = list(zip(cuts, [*(cut - 1 for cut in cuts[1:]), self.last], strict=True))
        parts += chance.sample(parts, chance.randrange(len(parts) + 1))
        chance.shuffle(parts)
        does = [(chance.choice((score_part, score_part, score_due_part)), chance.random(), part) for part in parts]

        def run() -> None:
            for score, luck, (first, last) in does:
                with suppress(CutOff), transaction.atomic():
                    score(first=first, last=last, at=at)
                    if luck < CUT_OFF_AFTER:
                        raise CutOff

        return run

    def runs(self, chance: random.Random) -> list[tuple[datetime, Step]]:
        """Return runs at any times, each by a clock that may be an hour wrong."""
        times = [some_time(chance) for _ in range(chance.randrange(12))]
        return [(at, self.run(at + timedelta(hours=chance.choice((-1, 0, 1))), chance)) for at in times]

    def end(self) -> tuple[datetime, Step]:
        """Return the last run, which looks at everybody once."""
        end = START + DAYS * DAY
        return end, lambda: score_part(first=self.first, last=self.last, at=end)


def some_time(chance: random.Random) -> datetime:
    return START + timedelta(minutes=chance.randrange(DAYS * 1440 - 1440))


@pytest.mark.parametrize("seed", range(4))
def test_any_two_schedules_that_end_at_the_same_time_leave_the_same_scores_and_handoffs(seed: int) -> None:
    chance = random.Random(seed)
    world = World(chance)
    once = world.live([world.end()])
    assert len(once["handoffs"]) > 3
    for _ in range(2):
        assert world.live([*world.runs(chance), world.end()]) == once
