"""The board, the table and the page of a deal: who sees them, what they sum, what each action answers."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.lib.values import Money
from crm.models import ExchangeRate, Organisation
from pipeline.models import Attestation, CriterionVersion, NextStep, Opportunity, OpportunityEvent
from tests.factories.crm import AccountFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import (
    AssessmentFactory,
    NextStepFactory,
    OpportunityFactory,
    assess_all,
    get_setpoint,
    get_version,
    meet_criteria,
)
from tests.testing import assert_same_after_reload, element, htmx_get, htmx_post, text

pytestmark = pytest.mark.django_db
BOARD_STATEMENTS = 8
DEAL_STATEMENTS = 16
REASON = "The board signs it on Friday"


def on_board(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Post as a card on the board does."""
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/pipeline/?view=my"}
    return client.post(url, data, headers=headers)


@pytest.mark.parametrize("deals", [1, 3, 60])
def test_the_board_takes_the_same_statements_however_many_deals(
    mine: Client, rep: Any, deals: int, django_assert_num_queries: Any
) -> None:
    for number in range(deals):
        deal = OpportunityFactory(owner=rep, at=("first_meeting", "25", "50", "90")[number % 4], amount=1000)
        NextStepFactory(opportunity=deal)
        AssessmentFactory(opportunity=deal)
    mine.get("/pipeline/")
    with django_assert_num_queries(BOARD_STATEMENTS):
        page = mine.get("/pipeline/?view=my")
    assert page.content.count(b'class="card"') == min(deals, 60)


@pytest.mark.parametrize("steps", [1, 3])
def test_the_page_of_a_deal_takes_the_same_statements(
    mine: Client, rep: Any, steps: int, django_assert_num_queries: Any
) -> None:
    deal = OpportunityFactory(owner=rep, contact=ContactFactory(), at="25")
    for _ in range(steps):
        NextStepFactory(opportunity=deal, agreed_with=deal.contact)
    for known in ("budget", "need", "competition")[:steps]:
        AssessmentFactory(opportunity=deal, element=known)
    mine.get(f"/deals/{deal.pk}/")
    with django_assert_num_queries(DEAL_STATEMENTS):
        mine.get(f"/deals/{deal.pk}/")


def test_a_column_sums_the_whole_filter_and_loads_twenty(mine: Client, rep: Any) -> None:
    for _ in range(23):
        OpportunityFactory(owner=rep, at="50", amount=1000)
    OpportunityFactory(owner=rep, at="first_meeting", amount=500)
    page = mine.get("/pipeline/")
    column = next(each for each in page.context["columns"] if each.setpoint.code == "50")
    assert (column.amount, column.weighted, column.sum.count, len(column.cards), column.more) == (
        "€23,000",
        "€11,500",
        23,
        20,
        3,
    )
    assert page.context["totals"]["open"] == "€23,500"
    assert page.context["totals"]["qualified"] == "€23,000"
    assert (page.context["totals"]["weighted"], page.context["totals"]["early"]) == ("€11,500", "€50")
    more = htmx_get(mine, column.more_url)
    assert more.content.count(b'class="card"') == 3
    Organisation.objects.update(evidence_qualifies=True)  # by their facts none is (D-18)
    totals = mine.get("/pipeline/").context["totals"]
    assert (totals["open"], totals["qualified"], totals["weighted"], totals["early"]) == (
        "€23,500",
        "€0",
        "€0",
        "€11,550",
    )


def test_amounts_without_a_rate_are_named_and_never_dropped_silently(mine: Client, rep: Any) -> None:
    ExchangeRate.objects.create(kind="plan", currency="USD", rate=Decimal("0.92"), valid_from=date(2026, 1, 1))
    OpportunityFactory(owner=rep, at="25", amount=Money(Decimal(50_000), "USD"))
    OpportunityFactory(owner=rep, at="25", amount=Money(Decimal(100), "SEK"))
    page = mine.get("/pipeline/")
    column = next(each for each in page.context["columns"] if each.setpoint.code == "25")
    assert (column.amount, dict(column.sum.uncounted)) == ("€46,000", {"SEK": 1})
    assert "1 deal in SEK is not counted" in page.content.decode()


def test_missing_steps_come_first_then_the_earliest(mine: Client, rep: Any) -> None:
    late = NextStepFactory(opportunity=OpportunityFactory(owner=rep), due_on=date(2026, 3, 9)).opportunity_id
    soon = NextStepFactory(opportunity=OpportunityFactory(owner=rep), due_on=date(2026, 3, 2)).opportunity_id
    without = OpportunityFactory(owner=rep).pk
    column = mine.get("/pipeline/").context["columns"][0]
    assert [card.id for card in column.cards] == [str(without), str(soon), str(late)]


def test_a_stranger_finds_no_deal_and_marketing_only_reads(client: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    addresses = [f"/deals/{deal.pk}/", f"/deals/{deal.pk}/move/", f"/deals/{deal.pk}/step/", f"/deals/{deal.pk}/close/"]
    client.force_login(rep)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200, 200]
    client.force_login(UserFactory(rep=True, team=TeamFactory()))
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404, 404]
    client.force_login(UserFactory(contributor=True))
    assert client.get(addresses[0]).status_code == 404
    client.force_login(UserFactory(marketing=True))
    assert [client.get(address).status_code for address in addresses] == [200, 403, 403, 403]
    assert client.post(f"/deals/{deal.pk}/move/", {"to": get_setpoint("25").pk, "version": 1}).status_code == 403
    assert OpportunityEvent.objects.count() == 0


def test_a_move_answers_with_the_card_both_heads_and_undo(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, at="25", amount=1000)
    assess_all(deal)
    answer = on_board(mine, f"/deals/{deal.pk}/move/", {"to": get_setpoint("50").pk, "version": 1, "override": REASON})
    assert answer.status_code == 200
    shown = mine.get("/pipeline/?view=my")
    for element_id in (f"head-{get_setpoint('25').pk}", f"head-{get_setpoint('50').pk}", f"deal-{deal.pk}", "sums"):
        sent, reloaded = element(answer, element_id), element(shown, element_id)
        sent.attributes = [pair for pair in sent.attributes if pair[0] != "hx-swap-oob"]
        assert sent == reloaded
    event = OpportunityEvent.objects.get(opportunity=deal)
    assert f"/deals/{deal.pk}/undo/{event.seq}/" in answer.content.decode()


def test_missing_facts_answer_with_the_sheet(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, at="25", contact=ContactFactory())
    meet_criteria(deal, "50", but="need_known")
    to = get_setpoint("50").pk
    refused = on_board(mine, f"/deals/{deal.pk}/move/", {"to": to, "version": 1})
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (422, "#sheet")
    stem = f"fact{get_version('need_known').criterion_id}"
    sheet = refused.content.decode()
    assert f'name="{stem}_note"' in sheet
    assert sheet.count("<fieldset") == 1
    facts = {f"{stem}_note": "€210k a year", f"{stem}_on": "2026-03-01", f"{stem}_contact": deal.contact_id}
    moved = on_board(mine, f"/deals/{deal.pk}/move/", {"to": to, "version": 1, "sheet": "1", **facts})
    assert moved.status_code == 200
    deal.refresh_from_db()
    assert deal.setpoint_id == to


def test_the_sheet_keeps_what_was_typed(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sent = {
        "to": get_setpoint("25").pk,
        "version": 1,
        "sheet": "1",
        "step_purpose": "Workshop in Tartu",
        "override": "short",
    }
    refused = mine.post(f"/deals/{deal.pk}/move/", sent)
    assert refused.status_code == 422
    assert "Workshop in Tartu" in refused.content.decode()
    assert NextStep.objects.count() == 0


def test_the_second_of_two_is_told_what_the_first_did(client: Client, rep: Any) -> None:
    team = rep.memberships.get().team
    colleague = UserFactory(rep=True, team=team, name="Mantas")
    deal = OpportunityFactory(owner=rep, at="25")
    assess_all(deal)
    client.force_login(colleague)
    on_board(client, f"/deals/{deal.pk}/move/", {"to": get_setpoint("50").pk, "version": 1, "override": REASON})
    client.force_login(rep)
    told = on_board(client, f"/deals/{deal.pk}/move/", {"to": get_setpoint("90").pk, "version": 1, "override": REASON})
    assert told.status_code == 409
    assert "Mantas changed this (Moved from 25% to 50%" in told.content.decode()
    assert 'name="version" value="2"' in told.content.decode()
    deal.refresh_from_db()
    assert deal.setpoint == get_setpoint("50")


def test_a_plain_form_moves_goes_on_and_can_undo(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    moved = mine.post(
        f"/deals/{deal.pk}/move/", {"to": get_setpoint("25").pk, "version": 1, "override": REASON}, follow=True
    )
    assert "moved to 25%" in moved.content.decode()
    seq = OpportunityEvent.objects.get(opportunity=deal).seq
    undone = mine.post(f"/deals/{deal.pk}/undo/{seq}/", follow=True)
    assert "stands at First meeting again" in undone.content.decode()


def test_closing_asks_for_what_the_outcome_needs(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, at="90", amount=1000)
    sent = {"outcome": "lost", "version": 1, "closed_on": timezone.localdate().isoformat()}
    refused = mine.post(f"/deals/{deal.pk}/close/", sent)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"competitor", "reason_code", "note"}
    whole = sent | {"competitor": "Volta", "reason_code": "price", "note": "A third cheaper"}
    closed = on_board(mine, f"/deals/{deal.pk}/close/", whole)
    assert closed.status_code == 200
    assert f'id="deal-{deal.pk}" hx-swap-oob="delete"' in closed.content.decode()
    reopened = mine.post(f"/deals/{deal.pk}/reopen/?version=2")
    assert reopened.status_code == 302
    deal.refresh_from_db()
    assert deal.outcome == ""


def test_a_field_is_edited_in_place_with_the_value_that_was_seen(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, amount=1000)
    save = f"/deals/{deal.pk}/fields/amount/save/"
    saved = htmx_post(mine, save, {"amount": "48k", "seen-amount": "1000 EUR"})
    assert saved.status_code == 200
    assert_same_after_reload(saved, mine.get(f"/deals/{deal.pk}/"), "fact-amount")
    stale = htmx_post(mine, save, {"amount": "50k", "seen-amount": "1000 EUR"})
    assert stale.status_code == 409
    deal.refresh_from_db()
    assert deal.amount == Money(Decimal("48000.00"), "EUR")
    event = OpportunityEvent.objects.get(opportunity=deal)
    mine.post(f"/deals/{deal.pk}/revert/{event.seq}/")
    deal.refresh_from_db()
    assert deal.amount == Money(Decimal("1000.00"), "EUR")


def test_steps_are_agreed_done_moved_and_dropped(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, contact=ContactFactory())
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    step = {"purpose": "Call the board", "kind": "call", "due_on": due, "due_at": "10:30", "agreed_with_id": ""}
    assert mine.post(f"/deals/{deal.pk}/step/", {"way": "add", **step}).status_code == 302
    assert mine.post(f"/deals/{deal.pk}/step/", {"way": "done", **step, "purpose": "Demo"}).status_code == 302
    assert mine.post(f"/deals/{deal.pk}/step/", {"way": "move", "due_on": due, "due_at": ""}).status_code == 302
    deal.refresh_from_db()
    assert deal.current_step.purpose == "Demo"
    mine.post(f"/deals/{deal.pk}/steps/{deal.current_step_id}/end/", {"how": "drop"})
    deal.refresh_from_db()
    assert deal.current_step is None


def test_a_fact_is_attested_and_taken_back_on_the_page(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    version = get_version("interest_confirmed")
    post, stem = f"/deals/{deal.pk}/facts/{version.criterion_id}/attest/", f"fact{version.criterion_id}"
    assert htmx_post(mine, post, {f"{stem}_note": "", f"{stem}_on": "2026-03-01"}).status_code == 422
    assert htmx_post(mine, post, {f"{stem}_note": "Tell us more", f"{stem}_on": "2026-03-01"}).status_code == 200
    attestation = Attestation.objects.get()
    assert "Tell us more" in mine.get(f"/deals/{deal.pk}/").content.decode()
    htmx_post(mine, f"/deals/{deal.pk}/attestations/{attestation.pk}/revoke/")
    attestation.refresh_from_db()
    assert attestation.revoked_at is not None


def test_a_new_deal_is_made_from_its_dialog(mine: Client, rep: Any) -> None:
    account = AccountFactory(name="Halla Dairy")
    given = {"account_id": "Halla Dairy", "name": "Cold-chain metering", "amount": "36k", "deal_type": "new_business"}
    wrong = mine.post("/deals/create/", given | {"owner_id": rep.pk, "account_id": "Nobody"})
    assert wrong.status_code == 422
    made = mine.post("/deals/create/", given | {"owner_id": rep.pk, "first_meeting_at": "2026-12-01T10:00"})
    deal = Opportunity.objects.get(account=account)
    assert (made.status_code, made.headers["Location"]) == (302, f"/deals/{deal.pk}/")
    assert deal.amount == Money(Decimal("36000.00"), "EUR")


def test_a_deal_without_a_meeting_asks_for_a_reason(mine: Client, rep: Any) -> None:
    AccountFactory(name="Halla Dairy")
    empty = text(mine.get("/deals/new/"))
    assert 'name="override"' in empty and '<option value="" selected' in empty
    given = {"account_id": "Halla Dairy", "name": "Metering", "deal_type": "renewal", "owner_id": rep.pk}
    for wrong in ({}, {"override": "no date yet"}, {"deal_type": "", "override": REASON}):
        refused = htmx_post(mine, "/deals/create/", given | wrong)
        assert (refused.status_code, 'id="deal-form"' in text(refused)) == (422, True)
    assert Opportunity.objects.count() == 0
    assert mine.post("/deals/create/", given | {"override": REASON}).status_code == 302
    assert Opportunity.objects.get().events.latest("seq").detail["override"] == REASON


def test_a_deal_that_ended_long_ago_goes_on_with_a_meeting_or_a_reason(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, lost=True)
    url = f"/deals/{deal.pk}/reopen/"
    assert f'hx-get="{url}"' in text(mine.get(f"/deals/{deal.pk}/"))
    assert_same_after_reload(htmx_get(mine, url), mine.get(url), "reopen-sheet")
    refused = htmx_post(mine, url, {"version": 1})
    assert refused.status_code == 422
    assert "Missing for First meeting" in text(refused)
    assert mine.post(url, {"version": 1, "override": REASON}).status_code == 302
    assert Opportunity.objects.get(previous_cycle=deal).events.latest("seq").detail["override"] == REASON


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("as=table", {"open"}, id="open deals"),
        pytest.param("as=table&outcome=won", {"won"}, id="won deals"),
        pytest.param("as=table&q=HALLA", {"open"}, id="found by name, whatever the case"),
        pytest.param("as=table&q=nothing", set(), id="nothing found"),
        pytest.param("as=table&sort=-amount&page=1", {"open"}, id="sorted"),
        pytest.param(
            "as=table&sort=bogus&page=x&owner=abc&closes_before=nonsense", {"open"}, id="nonsense is left out"
        ),
    ],
)
def test_the_table_lists_what_the_address_asks_for(mine: Client, rep: Any, query: str, expected: set[str]) -> None:
    OpportunityFactory(owner=rep, name="open", account=AccountFactory(name="Halla Dairy"), amount=5)
    OpportunityFactory(owner=rep, name="won", won=True)
    OpportunityFactory(name="a stranger's")
    page = mine.get(f"/pipeline/?{query}")
    assert {row["name"] for row in page.context["list"]["rows"]} == expected


@pytest.mark.parametrize("step", ["none", "overdue"])
def test_the_sentence_of_the_board_leads_to_the_deals_it_counts(mine: Client, rep: Any, step: str) -> None:
    today = timezone.localdate()
    wanted = {"none": OpportunityFactory(owner=rep, name="Stepless", amount=1)}
    late = NextStepFactory(opportunity__owner=rep, opportunity__name="Tardy", due_on=today - timedelta(days=1))
    wanted["overdue"] = late.opportunity
    NextStepFactory(opportunity__owner=rep, opportunity__name="Busy", due_on=today)
    OpportunityFactory(owner=rep, name="Gone", lost=True)
    said = str(element(mine.get("/pipeline/?view=my&type=new_business"), "finding"))
    assert f'href="?view=my&type=new_business&step={step}"' in said
    for shape in ("", "&as=table"):
        page = text(mine.get(f"/pipeline/?view=my&step={step}{shape}"))
        assert {name for name in ("Stepless", "Tardy", "Busy", "Gone") if name in page} == {wanted[step].name}
        assert "Next step is" in page


def test_who_only_reads_a_deal_is_shown_no_form_to_log_on_it(client: Client) -> None:
    deal = OpportunityFactory()
    client.force_login(UserFactory(marketing=True))
    page = client.get(f"/deals/{deal.pk}/").content.decode()
    assert f"opportunity={deal.pk}" not in page
    assert client.get(f"/activities/new/?opportunity={deal.pk}").status_code == 403


def test_declining_asks_which_facts_spoke_against_it(mine: Client, rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    url = f"/deals/{deal.pk}/close/"
    declining = mine.get(url, {"outcome": "declined"}).content.decode()
    asked = CriterionVersion.objects.filter(criterion__setpoint__pipeline=deal.pipeline_id)
    for code in asked.values_list("criterion__code", flat=True):
        assert f'<option value="{code}">' in declining
        assert f'type="checkbox" name="criteria" value="{code}"' in declining
    assert "Budget not known" in declining
    assert "Just looking" not in declining
    assert 'value="budget_known"' not in mine.get(url, {"outcome": "lost"}).content.decode()
    sent = {"outcome": "declined", "version": 1, "closed_on": timezone.localdate(), "reason_code": "need_known"}
    mine.post(url, sent | {"criteria": ["budget_known", "need_known"]})
    assert deal.events.get(kind="closed").detail["criteria"] == ["need_known", "budget_known"]


def test_a_board_without_what_was_asked_for_leads_back(mine: Client, rep: Any) -> None:
    OpportunityFactory(owner=rep)
    clear = 'href="/pipeline/?view=my">Clear filters'
    assert clear not in mine.get("/pipeline/").content.decode()
    assert clear in mine.get("/pipeline/?q=nothing").content.decode()
