"""What happened to a deal as its page tells it: what was missing, why it ended, whom we met there."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from pipeline.commands.opportunities import close_opportunity, create_opportunity, move_opportunity
from pipeline.labels.history import describe_change
from pipeline.models import Opportunity
from pipeline.queries.timeline import get_event_names
from tests.factories.crm import AccountFactory
from tests.factories.pipeline import NO_MEETING_YET, OpportunityFactory, assess_all, get_setpoint, meet_criteria
from tests.testing import element, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REASON = "The board signs it on Friday"


def told(deal: Opportunity) -> Any:
    event = deal.events.latest("seq")
    return describe_change(event, get_event_names([event]))


def test_a_move_without_its_facts_names_them(client: Client, rep: Any) -> None:
    deal = OpportunityFactory(at="25", owner=rep)
    meet_criteria(deal, "25")
    assess_all(deal)
    sent: dict[str, Any] = {"opportunity_id": deal.pk, "by": rep, "at": AT}
    move_opportunity(to=get_setpoint("50"), seen_version=1, override=REASON, **sent)
    without = "Moved without: Next step agreed, Budget, Need, Competition, Decision process, Decision maker"
    assert (told(deal).override, told(deal).note) == (without, REASON)
    client.force_login(rep)
    page = client.get(f"/deals/{deal.pk}/")
    for part in ("changes", "timeline"):
        shown = str(element(page, part))
        assert without in shown and "Override" in shown and REASON in shown
    move_opportunity(to=get_setpoint("25"), seen_version=2, reason="No budget after all", **sent)
    assert (told(deal).override, told(deal).note) == ("", "No budget after all")


def test_a_deal_added_without_a_meeting_says_so(rep: Any) -> None:
    deal = create_opportunity(
        account_id=AccountFactory().pk, name="Kiln", owner_id=rep.pk, by=rep, at=AT, **NO_MEETING_YET
    )
    assert told(deal).override == "Started without: Meeting dated"


@pytest.mark.parametrize(
    ("closing", "sentence"),
    [
        ({"outcome": "won", "reason_code": "product", "competitor": "Acme"}, "Closed: Won (Product, against Acme)"),
        ({"outcome": "lost", "reason_code": "price", "competitor": "Acme"}, "Closed: Lost (Price, Acme won it)"),
        (
            {"outcome": "no_decision", "reason_code": "no_budget", "revisit_on": date(2026, 9, 1)},
            "Closed: No decision (No budget, try again on 1 Sept)",
        ),
    ],
    ids=["won", "lost", "no decision"],
)
def test_an_ending_says_why(rep: Any, closing: dict[str, Any], sentence: str) -> None:
    deal = OpportunityFactory(at="90", owner=rep, amount=1000)
    close_opportunity(opportunity_id=deal.pk, seen_version=1, note="Told on the phone", by=rep, at=AT, **closing)
    assert (told(deal).sentence, told(deal).note) == (sentence, "Told on the phone")


def test_the_dialog_of_a_win_asks_who_else_was_in_it(client: Client, rep: Any) -> None:
    deal = OpportunityFactory(at="90", owner=rep, amount=1000)
    client.force_login(rep)
    assert "Who else was in it?" in text(client.get(f"/deals/{deal.pk}/close/?outcome=won"))
    given = {"outcome": "won", "version": 1, "closed_on": deal.created_at.date(), "amount": "900", "competitor": "Acme"}
    assert client.post(f"/deals/{deal.pk}/close/", {**given, "reason_code": "product"}).status_code == 302
    assert "Who else was in it" in str(element(client.get(f"/deals/{deal.pk}/"), "criteria"))
