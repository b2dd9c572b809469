"""Signals on pages: the deal's panel, the board's filter and order, the limits administrators set (P-11, P-12)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pipeline.commands.signals import refresh_signals
from pipeline.models import Opportunity, RestartPlan, Signal, SignalLimit, SignalSnooze
from tests.factories.crm import UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityFactory
from tests.testing import htmx_post, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck() -> Opportunity:
    """Return a deal that has stood at 90% for months."""
    deal = OpportunityFactory(at="90", name="Stuck deal")
    refresh_signals([deal.pk], at=timezone.now())
    return deal


@pytest.fixture
def calm(stuck: Opportunity) -> Opportunity:
    """Return a deal of the same person, made today, with a step tomorrow."""
    now = timezone.now()
    deal = OpportunityFactory(owner=stuck.owner, created_at=now, setpoint_entered_at=now, name="Calm deal")
    NextStepFactory(opportunity=deal, due_on=timezone.localdate() + timedelta(days=1))
    refresh_signals([deal.pk], at=now)
    return deal


def soon(days: int = 7) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_the_page_of_a_deal_says_what_is_wrong_and_asks_for_a_restart(stuck: Opportunity) -> None:
    page = text(signed_in(stuck.owner).get(f"/deals/{stuck.pk}/"))
    assert "days at 90%. The limit is 30 days." in page
    assert "Nothing that was logged" in page
    assert "Wanted before the next review" in page


def test_a_restart_is_planned_on_the_spot(stuck: Opportunity) -> None:
    client = signed_in(stuck.owner)
    answer = htmx_post(client, f"/deals/{stuck.pk}/restart/", {"note": "Visit the plant manager"})
    assert answer.headers["HX-Trigger"].startswith("sheet:close, record:changed")
    assert RestartPlan.objects.get().note == "Visit the plant manager"
    assert "Visit the plant manager" in text(client.get(f"/deals/{stuck.pk}/"))


def test_a_warning_rests_by_a_plain_form_and_wakes(stuck: Opportunity) -> None:
    client = signed_in(stuck.owner)
    answer = client.post(f"/deals/{stuck.pk}/signals/stuck/rest/", {"until": soon(), "reason": "They sign on Friday"})
    assert answer.status_code == 302
    page = text(client.get(f"/deals/{stuck.pk}/"))
    assert "They sign on Friday" in page and "days at 90%. The limit" not in page
    client.post(f"/deals/{stuck.pk}/signals/stuck/wake/")
    assert "days at 90%. The limit" in text(client.get(f"/deals/{stuck.pk}/"))


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("signals/stuck/rest/", {"until": "2020-01-01", "reason": "x"}),
        ("signals/stuck/rest/", {"until": "9999-12-31", "reason": "x"}),
        ("signals/stuck/rest/", {"until": "no day", "reason": "x"}),
        ("signals/stuck/rest/", {"until": "", "reason": ""}),
        ("pause/", {"until": "2020-01-01", "reason": "x"}),
        ("pause/", {"until": soon(91), "reason": "x"}),
        ("pause/", {"until": soon(), "reason": "x" * 301}),
        ("restart/", {"note": " "}),
        ("restart/", {"note": "x" * 1001}),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_at_its_field(stuck: Opportunity, path: str, sent: dict[str, str]) -> None:
    answer = signed_in(stuck.owner).post(f"/deals/{stuck.pk}/{path}", sent)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer) or "error" in text(answer)
    assert not SignalSnooze.objects.exists() and not RestartPlan.objects.exists()
    assert Opportunity.objects.get(pk=stuck.pk).paused_until is None


def test_an_unknown_signal_is_not_there(stuck: Opportunity) -> None:
    client = signed_in(stuck.owner)
    assert client.get(f"/deals/{stuck.pk}/signals/nonsense/rest/").status_code == 404
    assert client.get("/pipeline/?signal=nonsense&sort=nonsense").status_code == 200


def test_a_deal_waits_and_goes_on(stuck: Opportunity) -> None:
    client = signed_in(stuck.owner)
    client.post(f"/deals/{stuck.pk}/pause/", {"until": soon(30), "reason": "Budget frozen"})
    assert "Budget frozen" in text(client.get(f"/deals/{stuck.pk}/"))
    assert not Signal.objects.filter(opportunity=stuck, code="stuck").exists()
    client.post(f"/deals/{stuck.pk}/resume/")
    assert Signal.objects.filter(opportunity=stuck, code="stuck").exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("signal=attention", ["Stuck deal"]),
        ("signal=languishing", ["Stuck deal"]),
        ("signal=stuck", ["Stuck deal"]),
        ("signal=quiet", ["Stuck deal"]),
        ("signal=no_next_step", ["Stuck deal", "Calm deal"]),
        ("signal=amount_dropped", []),
    ],
)
@pytest.mark.parametrize("table", ["", "&as=table"])
def test_board_and_table_are_filtered(
    stuck: Opportunity, calm: Opportunity, query: str, shown: list[str], table: str
) -> None:
    page = text(signed_in(stuck.owner).get(f"/pipeline/?{query}{table}"))
    assert [name for name in ("Stuck deal", "Calm deal") if name in page] == shown


def test_what_needs_attention_stands_first_unless_asked_for_the_next_step(stuck: Opportunity) -> None:
    late, quiet = (OpportunityFactory(owner=stuck.owner, name=name) for name in ("Late", "Worse"))
    NextStepFactory(opportunity=quiet, due_on=timezone.localdate() + timedelta(days=9))
    Opportunity.objects.filter(pk=late.pk).update(severity=1)
    Opportunity.objects.filter(pk=quiet.pk).update(severity=3)
    client = signed_in(stuck.owner)
    first = text(client.get("/pipeline/"))
    assert first.index("<span>Worse") < first.index("<span>Late")
    by_step = text(client.get("/pipeline/?sort=next_step"))
    assert by_step.index("<span>Late") < by_step.index("<span>Worse")


class TestLimits:
    """Administrators say from when on signals speak."""

    def values(self, **changed: str) -> dict[str, str]:
        codes = ("stuck", "never_started", "no_next_step", "step_overdue", "quiet", "close_date_passed",
                 "close_date_pushed", "no_decision_maker", "amount_dropped", "busy_not_moving", "single_contact",
                 "criteria_missing", "margin_low")  # fmt: skip
        return {f"{code}_on": "on" for code in codes} | changed

    def test_they_are_set(self, stuck: Opportunity) -> None:
        client = signed_in(UserFactory(admin=True))
        assert "When a deal needs attention" in text(client.get("/settings/signals/"))
        sent = self.values(quiet="21") | {"close_date_pushed": "3"}
        del sent["single_contact_on"]
        answer = client.post(f"/settings/signals/{stuck.pipeline_id}/save/", sent)
        assert answer.status_code == 302
        assert set(SignalLimit.objects.values_list("code", "limit", "is_on")) == {
            ("quiet", 21, True), ("close_date_pushed", 3, True), ("single_contact", None, False),
        }  # fmt: skip

    @pytest.mark.parametrize("value", ["-1", "366", "1e9", "ten", "99999999999999999999"])
    def test_what_is_no_limit_changes_nothing(self, stuck: Opportunity, value: str) -> None:
        client = signed_in(UserFactory(admin=True))
        answer = client.post(f"/settings/signals/{stuck.pipeline_id}/save/", self.values(quiet=value))
        assert answer.status_code == 422
        assert not SignalLimit.objects.exists()

    def test_nobody_else_finds_them(self, stuck: Opportunity) -> None:
        assert signed_in(stuck.owner).get("/settings/signals/").status_code == 404
