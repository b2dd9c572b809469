"""Next steps by form: a day chosen or written, and what is said to be understood."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pipeline.models import NextStep
from tests.factories.crm import ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint, meet_criteria
from tests.testing import htmx_get, htmx_post, text

pytestmark = pytest.mark.django_db


def test_a_step_is_saved_as_it_was_understood(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sent = {"way": "add", "purpose": "Call Henrik tomorrow 10:30", "due_on": "", "kind": ""}
    assert htmx_post(mine, f"/deals/{deal.pk}/step/", sent).status_code == 200
    step = NextStep.objects.get()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert (step.purpose, step.kind, step.due_on) == ("Call Henrik", "call", tomorrow)
    assert step.due_at is not None
    assert timezone.localtime(step.due_at).time() == time(10, 30)
    assert step.agreed_with is None


def test_a_chosen_day_and_kind_count_before_written_ones(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    chosen = timezone.localdate() + timedelta(days=9)
    sent = {"way": "add", "purpose": "Call Henrik tomorrow", "due_on": chosen.isoformat(), "kind": "email"}
    assert htmx_post(mine, f"/deals/{deal.pk}/step/", sent).status_code == 200
    step = NextStep.objects.get()
    assert (step.purpose, step.kind, step.due_on) == ("Call Henrik tomorrow", "email", chosen)


@pytest.mark.parametrize(
    ("query", "said", "unsaid"),
    [
        ({"purpose": "call henrik tomorrow 9:00"}, ["Call", "Tomorrow", "09:00", "Henrik Saar"], ["checkbox"]),
        ({"purpose": "call henrik tomorrow", "inline": "1"}, ["agreed with Henrik Saar", "checkbox"], ["checked"]),
        ({"purpose": "call tomorrow", "due_on": "2099-01-01"}, ["Call"], ["Tomorrow"]),
        ({"purpose": "Offer 31.02."}, [], ["badge"]),
        ({"purpose": "\x00" * 9 + "x" * 10_000}, [], ["badge"]),
        ({}, [], ["badge"]),
    ],
)
def test_the_form_says_what_it_understood(
    mine: Client, rep: Any, query: dict[str, str], said: list[str], unsaid: list[str]
) -> None:
    deal = OpportunityFactory(owner=rep, contact=ContactFactory(first_name="Henrik", last_name="Saar"))
    answer = htmx_get(mine, f"/deals/{deal.pk}/step/words/", **query)
    assert answer.status_code == 200
    assert [word for word in said if word not in text(answer)] == []
    assert [word for word in unsaid if word in text(answer)] == []


def test_a_lifted_card_is_told_what_each_setpoint_misses(
    mine: Client, rep: Any, django_assert_max_num_queries: Any
) -> None:
    deal = OpportunityFactory(owner=rep, at="25", contact=ContactFactory())
    meet_criteria(deal, "50")
    mine.get(f"/deals/{deal.pk}/criteria/")
    with django_assert_max_num_queries(10):
        told = text(htmx_get(mine, f"/deals/{deal.pk}/criteria/"))
    assert "All 7 criteria met" in told
    assert "criteria missing" in told
    assert "Going back asks for a reason" in told
    assert f'data-facts-for="{get_setpoint("25").pk}"' not in told


def test_others_learn_nothing_of_a_deal_from_its_words(client: Client) -> None:
    deal = OpportunityFactory()
    client.force_login(UserFactory(rep=True))
    for page in ("step/words/", "criteria/"):
        assert client.get(f"/deals/{deal.pk}/{page}").status_code == 404
    client.force_login(UserFactory(marketing=True))
    for page in ("step/words/", "criteria/"):
        assert client.get(f"/deals/{deal.pk}/{page}").status_code == 403
