"""Rows chosen in the table: the sheet, the page that says what became of each, and what is sent by nobody's hand."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from pipeline.models import BulkAnswer, BulkEdit, NextStep, OpportunityEvent
from pipeline.views import lists
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint
from tests.testing import htmx_get, htmx_post, text

pytestmark = pytest.mark.django_db
REASON = "The board signs it on Friday"
SHEET_STATEMENTS = 4
ANSWER_STATEMENTS = 7


def sheet_of(client: Client, what: str, *deals: Any) -> dict[str, Any]:
    """Return what the sheet of these deals would send."""
    page = htmx_get(client, "/deals/change/", what=what, deal=[deal.pk for deal in deals])
    assert page.status_code == 200
    return {"what": what, "deals": chosen_in(page)}


def chosen_in(page: Any) -> str:
    """Return the chosen deals as a form of the page sends them."""
    found = re.search(r'name="deals" value="([^"]*)"', text(page))
    assert found is not None
    return found[1]


def test_the_table_lets_sellers_choose_and_nobody_else(client: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    client.force_login(rep)
    assert f'name="deal" value="{deal.pk}"' in text(client.get("/pipeline/?as=table"))
    client.force_login(UserFactory(marketing=True))
    page = text(client.get("/pipeline/?as=table&view=team"))
    assert deal.account.name in page
    assert "data-choose" not in page


def test_chosen_rows_are_changed_and_each_is_answered(mine: Client, rep: Any) -> None:
    deals = [OpportunityFactory(owner=rep, expected_close_on=date(2027, 1, 31)) for _ in range(2)]
    sent = sheet_of(mine, "expected_close_on", *deals)
    answer = htmx_post(mine, "/deals/change/", sent | {"expected_close_on": "2027-03-31"})
    edit = BulkEdit.objects.get()
    assert answer.headers["HX-Redirect"].startswith(f"/deals/changes/{edit.pk}/?next=")
    page = text(mine.get(f"/deals/changes/{edit.pk}/"))
    assert "2 deals were changed." in page
    mine.post(f"/deals/changes/{edit.pk}/undo/")
    deals[0].refresh_from_db()
    assert deals[0].expected_close_on == date(2027, 1, 31)
    assert "This was undone." in text(mine.get(f"/deals/changes/{edit.pk}/"))


def test_all_of_the_filter_is_chosen_and_nothing_else(mine: Client, rep: Any) -> None:
    wanted = [OpportunityFactory(owner=rep, deal_type="expansion") for _ in range(3)]
    OpportunityFactory(owner=rep, deal_type="new_business")
    page = htmx_get(mine, "/deals/change/", what="owner_id", all="1", type="expansion", view="my")
    chosen = {int(each.split(".")[0]) for each in chosen_in(page).split(",")}
    assert chosen == {deal.pk for deal in wanted}


@pytest.mark.parametrize(
    ("query", "most", "says", "closed"),
    [
        ("", 2, "All 2 deals of this filter", False),
        ("", 1, "All 2 deals of this filter: 1 at most", True),
        ("&outcome=won", 0, "All deals of this filter", False),
    ],
)
def test_the_bar_says_how_many_all_are(
    mine: Client, rep: Any, monkeypatch: Any, query: str, most: int, says: str, closed: bool
) -> None:
    OpportunityFactory.create_batch(2, owner=rep)
    OpportunityFactory(owner=rep, won=True)
    monkeypatch.setattr(lists, "MOST", most)
    bar = re.search(r'<label class="bulk-all">(.*?)</label>', text(mine.get(f"/pipeline/?as=table{query}")), re.DOTALL)
    assert bar is not None
    assert (" ".join(re.sub("<[^>]*>", " ", bar[1]).split()), "disabled" in bar[1]) == (says, closed)


def test_what_was_refused_can_be_carried_by_a_reason(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sent = sheet_of(mine, "setpoint_id", deal) | {"setpoint_id": get_setpoint("25").pk}
    page = mine.post("/deals/change/", sent, follow=True)
    assert "Nothing was changed, 1 stayed as it was." in text(page)
    assert "Missing for" in text(page)
    again = sent | {"deals": chosen_in(page), "reason": REASON}
    assert "1 deal was changed." in text(mine.post("/deals/change/", again, follow=True))
    assert BulkAnswer.objects.latest("pk").outcome == "overridden"


def test_a_step_for_many_is_read_from_its_words(mine: Client, rep: Any) -> None:
    deals = [OpportunityFactory(owner=rep) for _ in range(2)]
    sent = sheet_of(mine, "next_step", *deals) | {"purpose": "Call them"}
    assert mine.post("/deals/change/", sent).status_code == 422
    assert mine.post("/deals/change/", sent | {"due_on": "2030-05-06"}).status_code == 302
    assert set(NextStep.objects.values_list("kind", "due_on")) == {("call", date(2030, 5, 6))}


def test_nothing_chosen_says_so(mine: Client) -> None:
    assert "Choose at least one deal." in text(htmx_get(mine, "/deals/change/", what="owner_id"))


@pytest.mark.parametrize("deals", [1, 3])
def test_sheet_and_answer_take_the_same_statements(
    mine: Client, rep: Any, deals: int, django_assert_num_queries: Any
) -> None:
    chosen = [OpportunityFactory(owner=rep) for _ in range(deals)]
    sent = sheet_of(mine, "deal_type", *chosen) | {"deal_type": "expansion"}
    with django_assert_num_queries(SHEET_STATEMENTS):
        sheet_of(mine, "deal_type", *chosen)
    mine.post("/deals/change/", sent, follow=True)
    with django_assert_num_queries(ANSWER_STATEMENTS):
        mine.get(f"/deals/changes/{BulkEdit.objects.get().pk}/")


@pytest.mark.parametrize(
    "deals",
    ["", ",", "x", "1", "1.1", "1.1.a b", "1.1.2027-03-31\x00", "-1.1.", "1e400.1.", "9" * 30 + ".1.", "[[1,1,null]]",
     "1.1.2027-02-30", "٣.1.", "1.1.,1.1.,", "<script>"],
)  # fmt: skip
def test_what_is_no_choice_of_ours_is_refused(mine: Client, rep: Any, deals: str) -> None:
    OpportunityFactory(owner=rep)
    sent = {"what": "expected_close_on", "deals": deals, "expected_close_on": "2027-03-31"}
    assert mine.post("/deals/change/", sent).status_code == 422
    assert OpportunityEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("expected_close_on", {"expected_close_on": "9999-99-99"}),
        ("expected_close_on", {"expected_close_on": ""}),
        ("expected_close_on", {"expected_close_on": "0001-01-01"}),
        ("owner_id", {"owner_id": "1e400"}),
        ("owner_id", {"owner_id": "9" * 40}),
        ("deal_type", {"deal_type": "gift\x00"}),
        ("setpoint_id", {"setpoint_id": "0"}),
        ("setpoint_id", {"setpoint_id": "25\x00", "reason": "x" * 3000}),
        ("next_step", {"purpose": "\x00", "due_on": "2027-03-31"}),
        ("next_step", {"purpose": "x" * 400, "due_on": "2027-03-31"}),
    ],
)
def test_what_no_deal_may_hold_is_said_at_the_field(mine: Client, rep: Any, what: str, values: dict[str, str]) -> None:
    sent = sheet_of(mine, what, OpportunityFactory(owner=rep))
    answer = htmx_post(mine, "/deals/change/", sent | values)
    assert answer.status_code == 422
    assert 'class="error' in text(answer)
    assert (OpportunityEvent.objects.count(), BulkEdit.objects.count()) == (0, 0)


def test_what_is_no_column_is_not_there(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    assert mine.get(f"/deals/change/?what=amount&deal={deal.pk}").status_code == 404
    assert mine.post("/deals/change/", {"what": "version\x00", "deals": f"{deal.pk}.1."}).status_code == 404
    for odd in ("x", "9" * 40, "-1", "٣"):
        assert "Choose at least one deal." in text(mine.get("/deals/change/", {"what": "owner_id", "deal": odd}))


def test_deals_of_others_cannot_be_named(mine: Client) -> None:
    other = OpportunityFactory()
    assert "Choose at least one deal." in text(mine.get(f"/deals/change/?what=deal_type&deal={other.pk}"))
    sent = {"what": "deal_type", "deals": f"{other.pk}.1.new_business", "deal_type": "expansion"}
    assert mine.post("/deals/change/", sent).status_code == 422
    assert OpportunityEvent.objects.count() == 0


def test_a_page_elsewhere_is_not_gone_on_to(mine: Client, rep: Any) -> None:
    sent = sheet_of(mine, "deal_type", OpportunityFactory(owner=rep)) | {"deal_type": "expansion"}
    answer = mine.post("/deals/change/", sent | {"next": "https://evil.example/"})
    assert "evil" not in answer.headers["Location"]
