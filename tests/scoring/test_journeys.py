"""In a real browser: a rep answers leads by keyboard, a marketer changes the rules."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Job, User
from crm.tasks import run_job
from scoring import tasks  # noqa: F401  # the jobs
from scoring.models import Handoff, Lead, ScoringModel
from scoring.queries.simulations import SIMULATE_PART
from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import TeamFactory, UserFactory
from tests.scoring.test_handoffs import hot_lead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]


def three_leads(rep: User) -> list[Lead]:
    at = timezone.now() - timedelta(minutes=30)
    return [hot_lead(at=at + timedelta(minutes=number), owner=rep) for number in range(3)]


def test_a_rep_accepts_by_key_sends_back_with_a_reason_and_asks_why(page: Any, sign_in: Callable[[Any], None]) -> None:
    rep = UserFactory(rep=True, team=TeamFactory())
    first, second, third = three_leads(rep)
    sign_in(rep)
    page.goto("/leads/")
    assert page.locator(".lead-row").count() == 3
    page.locator(f"#lead-{third.pk} .score-button").click()
    page.locator("#lead-why").get_by_role("heading", name="Why 55?").wait_for()
    page.keyboard.press("Escape")

    page.keyboard.press("k")  # from the row whose score was asked about
    page.locator(f"#lead-panel h2:has-text('{second}')").wait_for()
    page.keyboard.press("k")
    page.locator(f"#lead-panel h2:has-text('{first}')").wait_for()
    page.keyboard.press("a")
    page.locator(f"#lead-{first.pk}").wait_for(state="detached")
    page.get_by_text(f"{first} accepted.").first.wait_for()

    page.locator(f"#lead-panel h2:has-text('{second}')").wait_for()
    page.keyboard.press("r")
    page.get_by_role("heading", name=f"Why does {second} go back?").wait_for()
    page.get_by_label("Not now").check()
    page.get_by_role("button", name="Send back", exact=True).last.click()
    page.locator(f"#lead-{second.pk}").wait_for(state="detached")
    answers = dict(Handoff.objects.values_list("lead_id", "answer"))
    assert answers == {first.pk: "accepted", second.pk: "rejected", third.pk: ""}
    assert (
        page.get_by_role("navigation", name="Lists of leads").inner_text().replace("\n", " ").startswith("To decide 1")
    )


def test_a_marketer_moves_the_threshold_sees_what_it_would_bring_and_publishes(
    page: Any, sign_in: Callable[[Any], None]
) -> None:
    three_leads(UserFactory(rep=True, team=TeamFactory()))
    sign_in(UserFactory(marketing=True))
    page.goto("/scoring/")
    page.get_by_role("button", name="What if").click()
    page.get_by_text("Trying the rules on the real past").wait_for()
    for job in Job.objects.filter(task=SIMULATE_PART):
        run_job(job_id=job.pk, at=timezone.now())
    page.get_by_label("Hand over at").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.get_by_label("At 60, 0 leads would newly be handed over and 3 no more").wait_for()
    page.get_by_role("button", name="Take 60 into the draft").click()
    page.get_by_text("Hand over at 60 instead of 50.").wait_for()
    page.get_by_role("button", name="More: Points: Attends a webinar").click()
    page.get_by_text("Attends a webinar: 21 points instead of 20.").wait_for()
    page.get_by_role("link", name="Publish v2…").click()
    page.get_by_label("Why").fill("Sales has little time.")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("v2 in force").wait_for()
    published = ScoringModel.objects.get(state="published")
    assert (published.number, published.threshold, published.reason) == (2, 60, "Sales has little time.")
    assert published.rules.get(code="webinar").points == 21


def test_pages_are_accessible_and_fit_a_phone(page: Any, sign_in: Callable[[Any], None]) -> None:
    lead = hot_lead(at=timezone.now(), owner=UserFactory(rep=True))
    hot_lead(at=timezone.now(), waiting="imported")
    sign_in(UserFactory(admin=True))
    paths = ("/leads/", "/leads/?list=waiting", "/leads/?list=all", f"/leads/{lead.pk}/", "/leads/new/", "/scoring/")
    for path in (*paths, f"/leads/{lead.pk}/convert/", f"/leads/{lead.pk}/send-back/", "/scoring/v1/"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        assert (path, violations(page), scrolls_sideways(page, width=390)) == (path, [], False)
