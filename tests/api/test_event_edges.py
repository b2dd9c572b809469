"""Every event sent in has an answer of its own, whatever it is; nothing good is lost beside it (S-2, D-51)."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from scoring.models import LeadEvent
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db


def event(key, **changed):
    lead = changed.pop("lead", {"visitor": "v"})
    now = timezone.now().isoformat()
    return {"idempotency_key": key, "type": "page_viewed", "occurred_at": now, "lead": lead} | changed


def test_one_batch_of_everything_that_can_be_wrong(marketing_api):
    now = timezone.now()
    batch = [
        event("good"),
        event("ahead", occurred_at=(now + timedelta(hours=25)).isoformat()),
        event("clock an hour off", occurred_at=(now + timedelta(hours=1)).isoformat()),
        event("unknown", type="levitated"),
        event("many", properties={f"p{n}": n for n in range(10_000)}),
        event("good"),
        event("old", occurred_at="1970-01-01T00:00:00Z"),
        event("no list", properties=[1]),
        event("stranger", lead={"external_id": "nobody"}),
        7,
    ]
    answer = marketing_api.post("events/", {"events": batch})
    assert answer.status_code == 202
    found = [(one["status"], one["why"][0]["code"] if one["why"] else "") for one in answer.json()["events"]]
    assert found == [
        ("accepted", ""), ("rejected", "in_future"), ("accepted", ""), ("rejected", "unknown_type"),
        ("rejected", "properties_too_long"), ("duplicate", ""), ("rejected", "too_long_ago"), ("rejected", "invalid"),
        ("rejected", "unknown_lead"), ("rejected", "invalid"),
    ]  # fmt: skip
    assert set(LeadEvent.objects.values_list("idempotency_key", flat=True)) == {"good", "clock an hour off"}
    assert all(one["why"][0]["message"] for one in answer.json()["events"] if one["status"] == "rejected")


def test_what_no_record_can_hold_costs_its_event_alone(marketing_api):
    texts = [json.dumps(event(key)) for key in ("good", "infinite", "huge", "half", "better")]
    texts[1] = texts[1].replace("{", '{"properties": {"n": 1e400}, ', 1)
    texts[2] = texts[2].replace("{", '{"properties": {"n": ' + "9" * 5_000 + "}, ", 1)
    texts[3] = texts[3].replace("{", '{"properties": {"text": "\\ud800"}, ', 1)
    more = [event("nul", properties={"a\0": 1}), event("a\0b"), event("whose", lead={"email": "a\0@b.example"})]
    lone = json.dumps(event("?")).replace("?", "\\udfff")
    body = f'{{"events": [{", ".join([*texts, *map(json.dumps, more), lone])}]}}'
    answer = marketing_api.post("events/", body, idempotency_key="once")
    assert answer.status_code == 202
    found = [(one["status"], [why["code"] for why in one["why"]]) for one in answer.json()["events"]]
    assert found == [
        ("accepted", []), ("rejected", ["bad_number"]), ("rejected", ["bad_number"]), ("rejected", ["bad_character"]),
        ("accepted", []), ("rejected", ["bad_character"]), *[("rejected", ["invalid"])] * 3,
    ]  # fmt: skip
    assert LeadEvent.objects.count() == 2
    assert marketing_api.post("events/", body, idempotency_key="once").json() == answer.json()
    assert marketing_api.post("events/", body.replace("1e400", "NaN")).status_code == 400  # no JSON at all


def test_told_out_of_order_the_score_is_the_same(marketing_api):
    now = timezone.now()
    leads = [LeadFactory(), LeadFactory()]
    for lead, step in zip(leads, (1, -1), strict=True):
        told = [
            event(
                f"{lead.pk}:{n}",
                type=kind,
                lead={"id": str(lead.pk)},
                occurred_at=(now - timedelta(days=n)).isoformat(),
            )
            for n, kind in enumerate(("pricing_page_viewed", "email_clicked", "whitepaper_downloaded"))
        ]
        for one in told[::step]:
            assert marketing_api.post("events/", one).json()["events"][0]["status"] == "accepted"
    scores = [marketing_api.get(f"leads/{lead.pk}/score/").json()["score"] for lead in leads]
    assert scores[0] == scores[1] > 0
