"""`manage.py rescore` on the tables; on real files it meets a plain replay of them in tests/exchange."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scoring.commands.events import record_events
from scoring.models import Lead, LeadScore
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def rescore(*args: str) -> str:
    out = StringIO()
    call_command("rescore", *args, stdout=out)
    return out.getvalue()


def quiet_lead(external_id: str) -> Lead:
    lead: Lead = LeadFactory(external_id=external_id)
    record_events(events=[sent(lead, PRICING, THEN), sent(lead, DEMO, THEN)], by=None, at=THEN)
    return lead


def test_it_brings_due_scores_up_to_date_and_then_finds_nothing_to_do() -> None:
    lead = quiet_lead("L-1")
    assert rescore().startswith("1 scores changed of 1 looked at")
    assert LeadScore.objects.get(lead=lead).score < 35
    assert rescore().startswith("0 scores changed of 0 looked at")
    assert json.loads(rescore("--full", "--json")) | {"seconds": 0} == {
        "leads": 1,
        "changed": 0,
        "crossings": 0,
        "seconds": 0,
    }


def test_one_lead_by_any_of_its_names() -> None:
    lead, other = quiet_lead("L-1"), quiet_lead("L-2")
    rescore("--lead", "L-1")
    assert LeadScore.objects.get(lead=other).score == 35
    for name in (str(lead.pk), lead.email or ""):
        assert "of 1 looked at" in rescore("--lead", name)
    with pytest.raises(CommandError, match="no lead"):
        rescore("--lead", "nobody")


def test_as_of_prints_and_stores_nothing() -> None:
    quiet_lead("L-1")
    before = list(LeadScore.objects.values())
    assert rescore("--as-of", "2026-03-06") == "L-1\t35\n"
    answer = json.loads(rescore("--as-of", "2026-04-05", "--json"))
    assert [row["score"] for row in answer["scores"]] == [25]
    assert rescore("--as-of", "2026-03-06T11:59+00:00") == "L-1\t0\n"
    assert list(LeadScore.objects.values()) == before
    with pytest.raises(CommandError, match="is no time"):
        rescore("--as-of", "soon")
