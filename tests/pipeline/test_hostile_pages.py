"""Deal pages answer with a sentence whatever is sent, how often and by whom; nothing is left of what was refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pipeline.models import NextStep, Opportunity, OpportunityEvent
from tests.factories.crm import ContactFactory
from tests.factories.pipeline import AttestationFactory, NextStepFactory, OpportunityFactory, get_setpoint, get_version
from tests.testing import htmx_get, htmx_post

pytestmark = pytest.mark.django_db


def test_no_call_is_logged_at_a_deal_of_another_team_however_its_number_is_written(mine: Client) -> None:
    deal = OpportunityFactory()
    for number in (f"{deal.pk}", f" {deal.pk}", f"+{deal.pk}"):
        answer = mine.post("/activities/log/", {"kind": "call", "opportunity": number})
        assert answer.status_code in (404, 422), number
    assert deal.activity_links.count() == 0


def test_a_fact_said_tomorrow_keeps_the_sheet_open(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    stem = f"fact{get_version('interest_confirmed').criterion_id}"
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    sheet = {"to": get_setpoint("25").pk, "version": 1, "sheet": "1"}
    answer = htmx_post(
        mine, f"/deals/{deal.pk}/move/", sheet | {f"{stem}_note": "They said so", f"{stem}_on": tomorrow}
    )
    assert answer.status_code == 422
    assert "still to come" in answer.content.decode()
    assert OpportunityEvent.objects.count() == 0


def test_a_meeting_held_tomorrow_keeps_the_sheet_open(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    held = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sheet = {"to": get_setpoint("25").pk, "version": 1, "sheet": "1", "held_at": held}
    assert htmx_post(mine, f"/deals/{deal.pk}/move/", sheet).status_code == 422
    assert deal.activity_links.count() == 0


@pytest.mark.parametrize("how", ["done", "drop"])
def test_a_step_that_was_ended_before_says_so(mine: Client, rep: Any, how: str) -> None:
    step = NextStepFactory(opportunity=OpportunityFactory(owner=rep))
    url = f"/deals/{step.opportunity_id}/steps/{step.pk}/end/"
    assert htmx_post(mine, url, {"how": how}).status_code == 200
    again = htmx_post(mine, url, {"how": how})
    assert again.status_code == 422
    assert "done or dropped already" in again.content.decode()


def test_done_and_plan_the_next_sent_twice_plans_one(mine: Client, rep: Any) -> None:
    step = NextStepFactory(opportunity=OpportunityFactory(owner=rep))
    url = f"/deals/{step.opportunity_id}/step/"
    form = htmx_get(mine, f"{url}?way=done").content.decode()
    assert f'name="step" value="{step.pk}"' in form
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    plan = {"way": "done", "step": step.pk, "purpose": "Send the offer", "kind": "task", "due_on": due}
    assert htmx_post(mine, url, plan).status_code == 200
    assert htmx_post(mine, url, plan).status_code == 422
    assert NextStep.objects.filter(done_at=None).count() == 1


def test_the_second_to_reschedule_a_step_is_told_the_day_it_has_now(mine: Client, rep: Any) -> None:
    step = NextStepFactory(opportunity=OpportunityFactory(owner=rep))
    url = f"/deals/{step.opportunity_id}/step/"
    seen, day = step.due_on, timezone.localdate()
    move = {"way": "move", "step": step.pk, "seen": seen.isoformat()}
    assert htmx_post(mine, url, move | {"due_on": (day + timedelta(days=3)).isoformat()}).status_code == 200
    late = htmx_post(mine, url, move | {"due_on": (day + timedelta(days=9)).isoformat()})
    assert late.status_code == 409
    step.refresh_from_db()
    assert step.due_on == day + timedelta(days=3)
    again = move | {"due_on": (day + timedelta(days=9)).isoformat(), "seen": step.due_on.isoformat()}
    assert htmx_post(mine, url, again).status_code == 200


BAD = ["\x00", "1e400", "-1", "NaN", "9" * 400, "’; --", "٣", "0001-01-01", "9999-12-31", "2026-02-30", "", " "]


@pytest.mark.parametrize("value", BAD)
def test_no_form_of_a_deal_breaks_on_what_is_sent(mine: Client, rep: Any, value: str) -> None:
    deal = OpportunityFactory(owner=rep, contact=ContactFactory(), amount=1000)
    step, attested = NextStepFactory(opportunity=deal), AttestationFactory(opportunity=deal)
    fields = {
        "amount_0": value, "amount_1": value, "amount": value, "name": value, "expected_close_on": value,
        "decision_on": value, "owner_id": value, "contact_id": value, "deal_type": value, "account_id": value,
        "first_meeting_at": value, "first_meeting_at_0": value, "purpose": value, "due_on": value, "due_at": value,
        "kind": value, "agreed_with_id": value, "note": value, "said_on": value, "closed_on": value,
        "reason_code": value, "competitor": value, "revisit_on": value, "to": value, "version": value, "key": value,
        "override": value, "reason": value, "step": value, "seen": value, "category": value, "approach": value,
    }  # fmt: skip
    base = f"/deals/{deal.pk}"
    posts = [
        ("/deals/create/", {}), (f"{base}/move/", {}), (f"{base}/move/", {"sheet": "1", "to": "2", "version": "1"}),
        (f"{base}/reopen/", {}), (f"{base}/archive/", {}), (f"{base}/undo/1/", {}), (f"{base}/revert/1/", {}),
        *((f"{base}/step/", {"way": way}) for way in ("add", "done", "move")),
        *((f"{base}/close/", {"outcome": outcome}) for outcome in ("won", "lost", "no_decision", "declined", value)),
        *((f"{base}/fields/{name}/save/", {}) for name in ("name", "amount", "expected_close_on", "owner_id", "contact_id")),
        (f"{base}/facts/{get_version('need_known').criterion_id}/attest/", {}),
        (f"{base}/attestations/{attested.pk + 1}/revoke/", {}), (f"{base}/steps/{step.pk + 1}/end/", {}),
    ]  # fmt: skip
    for url, given in posts:
        answer = htmx_post(mine, url, fields | given)
        assert answer.status_code < 500, (url, given, answer.status_code)
    asked = dict.fromkeys(
        ("q", "owner", "team", "type", "closes_before", "pipeline", "view", "as", "sort", "page", "to", "way", "outcome",
         "account", "setpoint", "offset"), value,
    )  # fmt: skip
    for url in ("/pipeline/", "/pipeline/cards/", f"{base}/move/", f"{base}/step/", f"{base}/close/", "/deals/new/"):
        assert mine.get(url, asked).status_code < 500, url
        assert mine.get(url, asked | {"as": "table", "view": "team"}).status_code < 500, url


def test_ids_beyond_a_bigint_are_not_there(mine: Client, rep: Any) -> None:
    huge = "9" * 30
    for url in (f"/deals/{huge}/", f"/deals/{huge}/card/"):
        assert mine.get(url).status_code == 404, url
    deal = OpportunityFactory(owner=rep)
    assert mine.post(f"/deals/{huge}/move/").status_code == 404
    for url in (f"/deals/{deal.pk}/undo/{huge}/", f"/deals/{deal.pk}/revert/{huge}/"):
        assert htmx_post(mine, url, {}).status_code == 422, url
    assert Opportunity.objects.get().version == 1


LONG = "x" * 10_000
PLAN = {"way": "add", "purpose": "Send the offer", "due_on": "2099-12-01"}
LOST = {
    "outcome": "lost",
    "version": 1,
    "closed_on": "2026-03-02",
    "reason_code": "price",
    "competitor": "V",
    "note": "–",
}
WON = {"outcome": "won", "version": 1, "closed_on": "2026-03-02", "reason_code": "price"}


@pytest.mark.parametrize(
    ("path", "sent", "status", "sentence"),
    [
        ("move/", {"to": 999_999, "version": 1}, 422, "another pipeline"),
        ("move/", {"to": "abc", "version": 1}, 422, "Choose the setpoint it moves to."),
        ("move/", {"to": 2, "version": "1e9"}, 422, "This page is out of date."),
        ("move/", {"to": 2, "version": 1, "override": LONG}, 422, "at most 2000 characters"),
        ("move/", {"to": 2, "version": 1, "override": "a\x00b"}, 422, "Null characters are not allowed."),
        ("move/", {"to": 2, "version": 99}, 409, "Yours was not saved."),
        ("close/", LOST | {"version": 99}, 409, "Somebody changed this deal meanwhile."),
        ("close/", LOST | {"closed_on": "31.02."}, 422, "Enter a valid date."),
        ("close/", LOST | {"reason_code": "nope"}, 422, "Select a valid choice."),
        ("close/", WON | {"amount": "1e400"}, 422, "This is no amount."),
        ("close/", {"outcome": "exploded", "version": 1}, 422, "Choose an outcome."),
        ("fields/amount/save/", {"amount": "1e400"}, 422, "This is no amount."),
        ("fields/name/save/", {"name": LONG}, 422, "at most 300 characters"),
        ("fields/name/save/", {"name": "a\x00"}, 422, "Null characters are not allowed."),
        ("fields/expected_close_on/save/", {"expected_close_on": "31.02."}, 422, "Enter a valid date."),
        ("step/", PLAN | {"purpose": LONG}, 422, "at most 300 characters"),
        ("step/", PLAN | {"due_on": "31.02."}, 422, "Enter a valid date."),
        ("step/", PLAN | {"due_on": "", "purpose": "Offer 31.02."}, 422, "Choose a day, or write it"),
        ("step/", PLAN | {"due_on": "", "purpose": "Offer\x00 friday", "inline": "1"}, 422, "Null characters"),
        ("archive/", {"version": 99}, 422, "Somebody changed this since you opened it."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    mine: Client, rep: Any, path: str, sent: dict[str, Any], status: int, sentence: str
) -> None:
    deal = OpportunityFactory(owner=rep, amount=1000)
    answer = htmx_post(mine, f"/deals/{deal.pk}/{path}", sent)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert OpportunityEvent.objects.count() == 0
    plain = mine.post(f"/deals/{deal.pk}/{path}", sent, follow=True)
    assert sentence in plain.content.decode()
