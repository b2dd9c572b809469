"""An installation adds its own kinds of event (S-2), and takes some no more."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from crm.lib.errors import NotPermitted
from crm.models import User
from crm.queries.audit import get_record_audit
from scoring.commands.event_types import EventTypeRefused, add_event_type, restore_event_type, retire_event_type
from scoring.commands.events import EventRefused, record_event, record_events
from scoring.commands.rules import edit_draft
from scoring.enums import Counting, ScorePart
from scoring.models import LeadEvent, LeadEventType
from scoring.queries.rules import get_rulebook
from scoring.queries.scores import get_score
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
OWN = {"code": "demo_video_watched", "name": "Watched the demo video", "qualifies": True}


@pytest.fixture
def marketer() -> User:
    return UserFactory(marketing=True)


def test_a_type_of_ones_own_is_taken_until_it_is_retired_and_again_after(marketer: User) -> None:
    lead = LeadFactory()
    with pytest.raises(EventRefused, match="unknown_type"):
        record_event(event=sent(lead, OWN["code"], NOW), by=None, at=NOW)
    added = add_event_type(**OWN, by=marketer, at=NOW)
    record_event(event=sent(lead, OWN["code"], NOW), by=None, at=NOW)
    for _ in range(2):
        retire_event_type(code=added.code, by=marketer, at=NOW)
    with pytest.raises(EventRefused, match="unknown_type"):
        record_event(event=sent(lead, OWN["code"], NOW, key="2"), by=None, at=NOW)
    restore_event_type(code=added.code, by=marketer)
    record_event(event=sent(lead, OWN["code"], NOW, key="3"), by=None, at=NOW)
    assert LeadEvent.objects.filter(type=OWN["code"]).count() == 2
    audit = get_record_audit(LeadEventType, added.pk)
    assert [entry.action for entry in audit] == ["update", "update", "insert"]


def test_opened_newsletters_and_social_media_are_known_from_the_start(marketer: User) -> None:
    """LT-073: rules on both need no type of one's own."""
    lead = LeadFactory()
    given = {"counting": Counting.EACH, "part": ScorePart.ENGAGEMENT}
    rules = {
        code: {"name": code, "points": 4, "event_types": {code}, **given} for code in ("email_opened", "social_engaged")
    }
    edit_draft(settings={}, rules=rules, by=marketer, at=NOW)
    record_events(events=[sent(lead, code, NOW) for code in rules], by=None, at=NOW)
    assert get_score(lead.pk, as_of=NOW, book=get_rulebook(number=2))[0].engagement == 8


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"code": "Demo Video"}, "code", "not_a_code"),
        ({"code": "page_viewed"}, "code", "taken"),
        ({"name": "  "}, "name", "required"),
        ({"name": "x" * 201}, "name", "too_long"),
    ],
)
def test_what_cannot_be_a_type_is_refused(marketer: User, change: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(EventTypeRefused) as refused:
        add_event_type(**OWN | change, by=marketer, at=NOW)
    assert (refused.value.field, refused.value.refusals[0].code) == (field, code)
    assert not LeadEventType.objects.filter(name=OWN["name"]).exists()


@pytest.mark.parametrize(
    ("code", "why"),
    [("demo_requested", "used_by_rule"), ("page_viewed", "sent_by_us"), ("form_submitted", "sent_by_us")],
)
def test_what_a_rule_gives_points_for_or_we_send_ourselves_is_not_retired(marketer: User, code: str, why: str) -> None:
    with pytest.raises(EventTypeRefused, match=why):
        retire_event_type(code=code, by=marketer, at=NOW)
    assert LeadEventType.objects.get(code=code).retired_at is None


def test_sales_reads_the_list_and_marketing_adds_to_it(marketer: User, client: Client) -> None:
    rep = UserFactory(rep=True)
    with pytest.raises(NotPermitted):
        add_event_type(**OWN, by=rep, at=NOW)
    client.force_login(rep)
    page = client.get("/scoring/events/").content.decode()
    assert "page_viewed" in page
    assert "Add an event" not in page
    client.force_login(marketer)
    assert client.post("/scoring/events/add/", OWN | {"code": "No Code"}).status_code == 422
    client.post("/scoring/events/add/", OWN)
    assert "Watched the demo video" in client.get("/scoring/events/").content.decode()
    client.post(f"/scoring/events/{OWN['code']}/put/")
    assert "Switch on" in client.get("/scoring/events/").content.decode()
    client.post(f"/scoring/events/{OWN['code']}/put/", {"back": "1"})
    assert "Switch on" not in client.get("/scoring/events/").content.decode()
