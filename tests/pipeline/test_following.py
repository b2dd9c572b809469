"""After an activity the next step is asked for in the same sheet, wherever it was logged from."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from crm.models import Activity
from pipeline.models import NextStep
from tests.factories.crm import AccountFactory, ActivityFactory, ContactFactory, UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityActivityFactory, OpportunityFactory
from tests.factories.scoring import LeadFactory
from tests.testing import htmx_get, htmx_post, text

pytestmark = pytest.mark.django_db


def log(client: Client, **values: Any) -> Any:
    answer = htmx_post(client, "/activities/log/", {"kind": "call", "outcome": "conversation", **values})
    assert answer.status_code == 200
    return answer


def asked(answer: Any) -> str:
    """Return the address the sheet is filled from next, "" where it closes."""
    page = text(answer)
    assert ("sheet:close" in answer["HX-Trigger"]) is ("hx-trigger" not in page)
    return page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&") if "hx-trigger" in page else ""


def test_at_a_deal_its_own_step_is_asked_for(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    url = asked(log(mine, opportunity=deal.pk))
    assert url == f"/deals/{deal.pk}/step/?way=next"
    sheet = text(htmx_get(mine, url))
    assert ("What is next?" in sheet, "Not now" in sheet, 'name="way" value="add"' in sheet) == (True, True, True)


def test_what_is_planned_already_may_stay(mine: Client, rep: Any) -> None:
    step = NextStepFactory(opportunity=OpportunityFactory(owner=rep), purpose="Send the offer", due_on=date(2026, 3, 9))
    sheet = text(htmx_get(mine, asked(log(mine, opportunity=step.opportunity_id))))
    assert ("“Send the offer” is planned for" in sheet, "Keep it as planned" in sheet) == (True, True)
    sent = {"way": "done", "step": step.pk, "purpose": "Sign", "due_on": "2026-04-01", "asked": "1"}
    assert htmx_post(mine, f"/deals/{step.opportunity_id}/step/", sent).status_code == 200
    step.refresh_from_db()
    assert step.done_at is not None
    assert NextStep.objects.get(done_at=None).purpose == "Sign"


def test_at_an_account_the_deal_is_known_or_chosen(mine: Client, rep: Any) -> None:
    contact = ContactFactory(owner=rep)
    account = f"(#{contact.account_id})"
    first = OpportunityFactory(owner=rep, account=contact.account)
    OpportunityFactory(account=contact.account)  # another team's
    OpportunityFactory(owner=rep, account=contact.account, won=True)
    assert asked(log(mine, account_id=account)) == f"/deals/{first.pk}/step/?way=next"
    second = OpportunityFactory(owner=rep, account=contact.account)
    url = asked(log(mine, account_id=account))
    assert url == f"/accounts/{contact.account_id}/next-step/"
    sheet = text(htmx_get(mine, url))
    assert [f"/deals/{deal.pk}/step/?way=next" in sheet for deal in (first, second)] == [True, True]
    assert sheet.count("way=next&amp;next=") == 2


@pytest.mark.parametrize("name", ["account", "contact", "lead"])
def test_without_a_deal_something_is_planned(mine: Client, rep: Any, name: str) -> None:
    contact = ContactFactory(owner=rep)
    about = {
        "account": ({"account_id": f"(#{contact.account_id})"}, contact.account_id),
        "contact": ({"account_id": f"(#{contact.account_id})", "contact_id": contact.pk}, contact.pk),
        "lead": ({"lead": (lead := LeadFactory(owner=rep)).pk}, lead.pk),
    }
    values, pk = about[name]
    url = asked(log(mine, **values))
    assert url == f"/activities/new/?{name}={pk}&planned=1"
    sheet = text(htmx_get(mine, url))
    assert ("What is next?" in sheet, "Not now" in sheet) == (True, True)
    assert 'name="planned" checked' in sheet or "checked" in sheet.split('name="planned"')[1].split(">")[0]


def test_what_is_only_planned_a_note_and_nothing_ask_nothing(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    assert asked(log(mine, kind="note", outcome="", opportunity=deal.pk)) == ""
    assert asked(log(mine, planned="on", outcome="", occurred_at="2099-01-05T10:00", opportunity=deal.pk)) == ""
    assert asked(log(mine)) == ""


def test_a_planned_meeting_that_was_held_asks_too(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    meeting = ActivityFactory(meeting=True, owner=rep, account=deal.account)
    OpportunityActivityFactory(opportunity=deal, activity=meeting)
    sent = {"outcome": "held", "version": meeting.version}
    answer = htmx_post(mine, f"/activities/{meeting.pk}/completed/", sent)
    assert asked(answer) == f"/deals/{deal.pk}/step/?way=next"


def test_a_plain_form_goes_on_to_the_question_and_then_back(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sent = {"kind": "call", "outcome": "conversation", "opportunity": deal.pk, "next": f"/accounts/{deal.account_id}/"}
    answer = mine.post("/activities/log/", sent)
    assert answer["Location"] == f"/deals/{deal.pk}/step/?way=next&next=%2Faccounts%2F{deal.account_id}%2F"
    page = text(mine.get(answer["Location"]))
    assert f'name="next" value="/accounts/{deal.account_id}/"' in page
    step = {"way": "add", "purpose": "Sign", "due_on": "2026-04-01", "next": f"/accounts/{deal.account_id}/"}
    assert mine.post(f"/deals/{deal.pk}/step/", step)["Location"] == f"/accounts/{deal.account_id}/"


def test_who_may_not_change_the_deals_is_asked_for_none_of_them(client: Client) -> None:
    deal = OpportunityFactory(account=AccountFactory())
    client.force_login(UserFactory(marketing=True))
    url = asked(log(client, account_id=f"(#{deal.account_id})"))
    assert url == f"/activities/new/?account={deal.account_id}&planned=1"
    assert Activity.objects.count() == 1
    assert "No open deal of yours is here." in text(client.get(f"/accounts/{deal.account_id}/next-step/"))
