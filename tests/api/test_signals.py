"""Signals over the API: fields, filter, order, rest (P-11)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from crm.models import User
from pipeline.commands.signals import refresh_signals
from pipeline.models import Opportunity, SignalSnooze
from tests.api.client import Api
from tests.factories.pipeline import NextStepFactory, OpportunityFactory


@pytest.fixture
def deals(rep: User) -> dict[str, Opportunity]:
    """Return a deal that stands at 90% for years, and one at First meeting with a step tomorrow, made today."""
    now = timezone.now()
    stuck = OpportunityFactory(owner=rep, at="90")
    calm = OpportunityFactory(owner=rep, created_at=now, setpoint_entered_at=now)
    NextStepFactory(opportunity=calm, due_on=timezone.localdate() + timedelta(days=1))
    refresh_signals([stuck.pk, calm.pk], at=now)
    return {"stuck": stuck, "calm": calm}


def act(api: Api, deal: Opportunity, code: str, what: str, body: dict[str, str]) -> Any:
    tag = api.get(f"opportunities/{deal.pk}/").headers.get("ETag", f'"{deal.pk}-1"')
    return api.post(f"opportunities/{deal.pk}/signals/{code}/{what}/", body, if_match=tag)


def listed(api: Api, **query: Any) -> list[str]:
    return [row["id"] for row in api.get(f"opportunities/?{urlencode(query)}").json()["results"]]


def test_a_deal_says_what_is_wrong_worst_first(api: Api, deals: dict[str, Opportunity]) -> None:
    found = api.get(f"opportunities/{deals['stuck'].pk}/").json()
    assert found["severity"] == 3
    assert found["signals"][0]["code"] == "stuck"
    assert found["signals"][0]["reason"].endswith("days at 90%. The limit is 30 days.")
    calm = api.get(f"opportunities/{deals['calm'].pk}/").json()
    assert [each["code"] for each in calm["signals"]] == ["no_next_step", "criteria_missing"]


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        ("attention", ["stuck"]), ("languishing", ["stuck"]), ("stuck", ["stuck"]), ("never_started", []),
        ("no_next_step", ["stuck", "calm"]),
    ],
)  # fmt: skip
def test_filter(api: Api, deals: dict[str, Opportunity], signal: str, expected: list[str]) -> None:
    assert sorted(listed(api, signal=signal)) == sorted(str(deals[name].pk) for name in expected)


def test_an_unknown_signal_is_refused(api: Api, deals: dict[str, Opportunity]) -> None:
    assert api.get("opportunities/?signal=nonsense").status_code == 400


def test_order(api: Api, deals: dict[str, Opportunity]) -> None:
    assert listed(api, ordering="-severity") == [str(deals["stuck"].pk), str(deals["calm"].pk)]
    assert listed(api, ordering="severity") == [str(deals["calm"].pk), str(deals["stuck"].pk)]


def test_a_warning_rests_and_wakes(api: Api, deals: dict[str, Opportunity]) -> None:
    until = (timezone.localdate() + timedelta(days=7)).isoformat()
    rested = act(api, deals["stuck"], "stuck", "snooze", {"until": until, "reason": "They sign on Friday"}).json()
    assert "stuck" not in {each["code"] for each in rested["signals"]}
    assert listed(api, signal="languishing") == []
    woken = act(api, deals["stuck"], "stuck", "wake", {}).json()
    assert woken["signals"][0]["code"] == "stuck"


@pytest.mark.parametrize(
    ("code", "until", "status"),
    [("stuck", -1, 422), ("stuck", 0, 422), ("stuck", 91, 422), ("nonsense", 7, 422), ("stuck", None, 400)],
)
def test_what_will_not_do(api: Api, deals: dict[str, Opportunity], code: str, until: int | None, status: int) -> None:
    day = "tomorrow" if until is None else (timezone.localdate() + timedelta(days=until)).isoformat()
    answer = act(api, deals["stuck"], code, "snooze", {"until": day, "reason": "They sign on Friday"})
    assert answer.status_code == status
    assert not SignalSnooze.objects.exists()


def test_a_stranger_sees_nothing(other_api: Api, deals: dict[str, Opportunity]) -> None:
    until = (timezone.localdate() + timedelta(days=7)).isoformat()
    assert act(other_api, deals["stuck"], "stuck", "snooze", {"until": until, "reason": "x"}).status_code == 404
    assert listed(other_api, signal="attention") == []


def test_a_change_answers_with_the_signals_that_follow_from_it(api: Api, deals: dict[str, Opportunity]) -> None:
    place, today = f"opportunities/{deals['calm'].pk}/", timezone.localdate()

    def told(answer: Any) -> set[str]:
        found = answer.json()
        assert found["severity"] == max((each["severity"] for each in found["signals"]), default=0)
        return {each["code"] for each in found["signals"]}

    passed = api.patch(place, {"expected_close_on": (today - timedelta(days=3)).isoformat()})
    assert "close_date_passed" in told(passed)
    assert listed(api, signal="close_date_passed") == [str(deals["calm"].pk)]
    put_right = api.patch(place, {"expected_close_on": (today + timedelta(days=30)).isoformat()})
    assert "close_date_passed" not in told(put_right)
    assert listed(api, signal="close_date_passed") == []
