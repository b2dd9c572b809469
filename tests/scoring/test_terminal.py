"""Rules, tries, calibration and the release list at the terminal: the pages' commands, printed."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.models import User
from scoring.commands.events import record_events
from scoring.enums import WaitingReason
from scoring.models import Handoff, ScoringModel, Simulation
from scoring.queries.simulations import get_past_leads
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, WEBINAR
from tests.scoring.test_simulations import AT, make_leads

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory(marketing=True)


def printed(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_rules_are_changed_and_published_by_somebody_who_may(marketer: User) -> None:
    assert "v1, in force: hands over at 50" in printed("rules")
    said = printed("rules", "--threshold", "40", "--points", "webinar=25", "--by", marketer.email)
    assert "v2, draft: hands over at 40" in said and "+25" in said
    said = printed("rules", "--publish", "Webinars convert", "--by", marketer.email)
    assert "v2, in force: hands over at 40" in said and "draft" not in said
    seller = UserFactory(rep=True)
    for wrong in (
        ["--threshold", "45"], ["--threshold", "-5", "--by", marketer.email], ["--points", "x=1", "--by", marketer.email],
        ["--points", "webinar=1e400", "--by", marketer.email], ["--publish", "No draft", "--by", marketer.email],
        ["--threshold", "45", "--by", seller.email], ["--threshold", "45", "--by", "nobody@example.com"],
    ):  # fmt: skip
        with pytest.raises(CommandError):
            printed("rules", *wrong)
    assert ScoringModel.objects.count() == 2


def test_a_try_and_what_it_teaches_are_printed() -> None:
    with pytest.raises(CommandError, match="simulate"):
        printed("calibrate")
    with pytest.raises(CommandError, match="no leads"):
        printed("simulate")
    make_leads(90, qualified=25)
    as_of = AT.date().isoformat()
    found = json.loads(printed("simulate", "--as-of", as_of, "--json"))
    assert (found["leads"], found["effect"]["threshold"], len(found["quality"])) == (90, 50, 3)
    assert Simulation.objects.get().as_of > AT  # the end of that day
    said = printed("simulate", "--as-of", as_of, "--threshold", "20")
    assert "Over 20:" in said and "precision" in said
    learned = json.loads(printed("calibrate", "--json"))
    assert (learned["leads"], learned["qualified"]) == (90, 25)
    said = printed("calibrate")
    assert (
        "25 of 90 leads qualified" in said and "Too little for a curve" in said and "Drawn by lot and called: 0" in said
    )
    assert "Only 0 leads became that" in printed("calibrate", "--outcome", "won")


def test_what_waits_is_released_by_somebody_who_may(marketer: User) -> None:
    rep, lead = UserFactory(rep=True), LeadFactory()
    told = [sent(lead, kind, AT - timedelta(days=1, minutes=n)) for n, kind in enumerate((DEMO, PAPER, WEBINAR))]
    record_events(events=told, by=None, at=AT, waiting=WaitingReason.IMPORTED)
    assert json.loads(printed("handoff", "--json")) == {"crossings": {"waiting": 1}, "waiting": 1, "with": {}}
    for wrong in ([], ["--by", rep.email], ["--by", marketer.email, "--most", "0"]):
        with pytest.raises(CommandError):
            printed("handoff", "--release", *wrong)
    assert "1 leads handed over" in printed("handoff", "--release", "--by", marketer.email)
    handoff = Handoff.objects.get()
    assert handoff.owner == rep
    (past,) = get_past_leads(first=lead.pk, last=lead.pk, as_of=handoff.created_at)
    assert past.crossed_at == handoff.created_at  # it was nobody's while it waited
    assert (
        get_past_leads(first=lead.pk, last=lead.pk, as_of=handoff.created_at - timedelta(seconds=1))[0].crossed_at
        is None
    )
