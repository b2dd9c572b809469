"""What websites of ours report of visitors nobody knows yet, and whom they turn out to be (S-2)."""

import json

import pytest
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils import timezone

from crm.models import User
from scoring.commands.events import record_event
from scoring.models import LeadEvent, LeadScore, Website
from scoring.views import public_visits
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.testing import signed_in

pytestmark = pytest.mark.django_db
SITE = "https://www.brightwater.example"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
VISITOR = "c" * 32


@pytest.fixture(autouse=True)
def no_limit(monkeypatch):
    monkeypatch.setattr(public_visits, "visits", type(public_visits.visits)())


@pytest.fixture
def site() -> Website:
    now = timezone.now()
    return Website.objects.create(name="Our site", key="a" * 32, origins=[SITE], created_at=now, recorded_at=now)


def look(number: int = 1, *, agent: str = CHROME, origin: str = SITE, **changed: object) -> int:
    body = {"key": "a" * 32, "visitor": VISITOR, "id": f"{number:032x}", "url": f"{SITE}/pricing"} | changed
    headers = {"origin": origin, "user-agent": agent}
    return Client().post("/visits/", json.dumps(body), content_type="text/plain", headers=headers).status_code


def test_the_script_is_small_and_stores_nothing_before_consent():
    script = render_to_string("scoring/site.js")
    assert len(script.encode()) < 3000
    assert "localStorage" not in script and "sessionStorage" not in script
    assert "keep(" not in script.split("w.setpoint = {")[0].replace("function keep(", "")
    answer = Client().get("/site.js")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")


def test_what_a_visitor_saw_is_the_leads_once_they_say_who_they_are(site):
    assert [look(1), look(1), look(2, url=f"{SITE}/about?email=anna@example.com#x")] == [204] * 3
    lead = LeadFactory()
    record_event(event=sent(lead, "form_submitted", timezone.now(), "f", visitor=VISITOR), by=None, at=timezone.now())
    assert set(LeadEvent.objects.filter(lead=None).values_list("properties__url", flat=True)) == {
        f"{SITE}/pricing", f"{SITE}/about",
    }  # fmt: skip
    assert LeadScore.objects.filter(lead=lead).exists()
    page = signed_in(UserFactory(marketing=True)).get(f"/leads/{lead.pk}/").content.decode()
    assert f"{SITE}/pricing" in page and "anna@example.com" not in page


def test_a_robots_look_is_kept_and_not_counted(site):
    assert look(agent="Mozilla/5.0 (compatible; bingbot/2.0)") == 204
    assert LeadEvent.objects.get().not_counted == "bot"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"key": "b" * 32}, 403), ({"key": "a" * 40}, 403), ({"origin": "https://evil.example"}, 403), ({"origin": ""}, 403),
        ({"url": "https://evil.example/"}, 400), ({"url": f"{SITE}/\0"}, 400), ({"url": "http://["}, 400),
        ({"url": SITE + "/" + "x" * 1000}, 400), ({"url": "x" * 5000}, 400), ({"visitor": "'; --"}, 400),
        ({"visitor": ""}, 400), ({"url": f"{SITE}/\ud800"}, 400), ({"key": "a" * 31 + "\0"}, 403),
        ({"key": "\ud800" * 32}, 403), ({"id": "1"}, 400), ({"id": 7}, 400), ({"url": None}, 400), ({"url": {"a": 1}}, 400),
    ],
)  # fmt: skip
def test_what_is_no_visit_of_ours_leaves_nothing(site, changed, status):
    assert look(**changed) == status
    assert not LeadEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"1e400", b"\xff", b"[" * 3900])
def test_junk_is_answered_400(site, body):
    assert Client().post("/visits/", body, content_type="text/plain").status_code == 400


@override_settings(VISIT_RATE=(2, 60))
def test_a_flood_is_answered_429(site):
    assert [look(number) for number in range(4)] == [204, 204, 429, 429]


def test_a_site_that_was_switched_off_reports_nothing_and_marketing_alone_adds_one():
    marketer: User = UserFactory(marketing=True)
    given = {"name": "Shop", "origins": "https://shop.brightwater.example"}
    assert signed_in(UserFactory(rep=True)).post("/scoring/sites/add/", given).status_code == 403
    client = signed_in(marketer)
    assert client.post("/scoring/sites/add/", given | {"origins": "shop"}).status_code == 422
    assert client.post("/scoring/sites/add/", given).status_code == 302
    shop = Website.objects.get()
    page = client.get("/scoring/forms/").content.decode()
    assert f"site.js&quot; data-key=&quot;{shop.key}&quot;" in page  # text to copy, which this page does not run
    shot = {"key": shop.key, "url": "https://shop.brightwater.example/", "origin": "https://shop.brightwater.example"}
    assert look(**shot) == 204
    client.post(f"/scoring/sites/{shop.pk}/put/")
    assert look(2, **shot) == 403
