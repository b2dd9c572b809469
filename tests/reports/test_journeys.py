"""Reports in a real browser: a quarter review from asking to its plan, a step done from My day, what axe finds."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Job, User
from crm.tasks import run_job
from reports.models import QbrAction, QbrRun
from reports.queries.qbrs import BUILD_PART
from tests.accessibility import scrolls_sideways, settle, violations
from tests.factories.crm import ActivityFactory, UserFactory
from tests.factories.pipeline import NextStepFactory
from tests.figures.histories import Firm

pytestmark = [pytest.mark.serial, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager() -> User:
    firm = Firm()
    today = timezone.localdate()
    for number in range(6):
        story = firm.deal(
            f"Gedris {number}", str(today - timedelta(days=150)), amount=1000 * (number + 1), industry="Food"
        )
        story.move(str(today - timedelta(days=140)), "50")
        if number < 4:
            story.close(str(today - timedelta(days=100)), "won" if number % 2 else "lost")
    NextStepFactory(opportunity=story.row, purpose="Send the site survey plan", due_on=today)
    ActivityFactory(meeting=True, owner=firm.liis, subject="Kiln walk-through", occurred_at=timezone.now())
    return UserFactory(name="Katrin Saar", manages=firm.sales, team=firm.sales)


def work() -> None:
    """Build what was asked for, as a worker does."""
    for pk in Job.objects.filter(task=BUILD_PART, state="queued").values_list("pk", flat=True):
        run_job(job_id=pk, at=timezone.now())


def test_ask_for_a_quarter_review_wait_for_it_and_edit_its_plan(page: Any, sign_in: Any, manager: User) -> None:
    sign_in(manager)
    page.goto("/reports/qbr/")
    page.get_by_label("Team").select_option("Baltics")
    page.get_by_role("button", name="Build").click()
    page.wait_for_url("**/reports/qbr/*/")
    page.get_by_text("Step 1 of 7").wait_for()
    page.reload()
    page.get_by_text("Step 1 of 7").wait_for()  # a reload shows where it stands

    work()

    page.get_by_role("heading", name="Action plan").wait_for()  # the page followed by itself
    settle(page)
    page.get_by_label("What is to be done").last.fill("Hold 110 first meetings")
    page.get_by_role("button", name="Add action").click()
    page.get_by_role("button", name="What is to be done: Hold 110 first meetings").click()
    field = page.locator("#action-plan input[name=text]:focus")
    field.fill("Hold 120 first meetings")
    field.press("Enter")
    page.get_by_role("button", name="Done: Hold 120 first meetings", exact=True).click()
    page.locator("#action-plan tr.is-done").wait_for()

    action = QbrAction.objects.get(run=QbrRun.objects.get(), text="Hold 120 first meetings")
    assert action.done_at is not None


def test_a_step_is_done_from_my_day_and_the_next_one_planned(page: Any, sign_in: Any, manager: User) -> None:
    sign_in(manager)
    page.goto("/")
    settle(page)
    row = page.locator("li.task", has_text="Send the site survey plan")
    row.get_by_role("link", name="Done, plan the next").click()
    page.get_by_label("What happens next").fill("Agree the price tomorrow")
    page.locator("#sheet").get_by_role("button", name="Done, plan the next").click()
    row.wait_for(state="detached")

    page.get_by_text("Nothing needs your team today.").wait_for()
    page.get_by_text("Done. Next: Agree the price.").first.wait_for()


def test_the_pages_are_accessible_at_both_widths(page: Any, sign_in: Any, manager: User) -> None:
    sign_in(manager)
    page.goto("/reports/qbr/")
    page.get_by_role("button", name="Build").click()
    page.wait_for_url("**/reports/qbr/*/")
    progress = page.url
    found = {"while it is built": violations(page)}
    work()
    page.get_by_role("heading", name="Action plan").wait_for()  # the page followed by itself
    for url in ("/", "/reports/", "/reports/qbr/", progress):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(url)
        found[url] = violations(page)
        assert not scrolls_sideways(page, width=390), url
        found[f"{url} on a phone"] = violations(page)
    assert {url: wrong for url, wrong in found.items() if wrong} == {}
