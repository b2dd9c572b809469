"""What is worth knowing of a company before a call (TR-037, TR-038, TR-045)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from crm.commands.insights import InsightRefused, add_insight, edit_insight, end_insight
from crm.enums import InsightKind
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import AccountInsight
from crm.policies.insights import clean_insight, insight_refusals
from crm.queries.audit import get_record_audit
from crm.queries.insights import get_insights
from tests.factories.crm import AccountFactory, ContactFactory, InsightFactory, TeamFactory, UserFactory
from tests.testing import assert_same_after_reload, htmx_get, htmx_post, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 21)
INSIGHT_QUERIES = 5
pytestmark = pytest.mark.django_db


def whole(**values: Any) -> dict[str, Any]:
    return {"kind": "aim", "text": "Grow in Poland", "on": None, "burner": "", "told_by_id": None, **values}


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        (whole(), []),
        (whole(kind="goal", burner="front"), []),
        (whole(kind="goal"), ["goal_needs_burner"]),
        (whole(kind="goal", burner="oven"), ["goal_needs_burner"]),
        (whole(kind="event", on=YESTERDAY), []),
        (whole(kind="event", on=TODAY), []),
        (whole(kind="event"), ["insight_needs_day"]),
        (whole(kind="event", on=TOMORROW), ["event_in_future"]),
        (whole(kind="change", on=TOMORROW), []),
        (whole(kind="change"), ["insight_needs_day"]),
        (whole(kind="change", on=date(2200, 1, 1)), ["out_of_range"]),
        (whole(text=""), ["required"]),
        (whole(text="x" * 501), ["too_long"]),
        (whole(kind="rumour"), ["unknown_value"]),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, list) else value["kind"],
)
def test_what_may_be_noted(values, refused):
    assert [refusal.code for refusal in insight_refusals(values, today=TODAY)] == refused


def test_what_is_no_goal_is_on_no_burner():
    assert clean_insight(whole(burner="front", text=" Grow\nfast "))["burner"] == ""
    assert clean_insight(whole(text=" Grow\nfast "))["text"] == "Grow fast"


def test_the_database_has_the_last_word():
    for values in ({"kind": "goal"}, {"burner": "front"}, {"kind": "change"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InsightFactory(**values)


class TestCommands:
    @pytest.fixture
    def rep(self) -> Any:
        return UserFactory(rep=True, team=TeamFactory())

    def test_it_is_noted_once_and_put_right(self, rep):
        account = AccountFactory()
        given = {"account_id": account.pk, "by": rep, "at": AT}
        made = add_insight(values=whole(kind="goal", burner="back"), **given)
        assert add_insight(values=whole(kind="goal", burner="back"), **given) == made
        edit_insight(insight_id=made.pk, changes={"burner": "front"}, by=rep, at=AT)
        made.refresh_from_db()
        assert (made.burner, made.version, made.by, AccountInsight.objects.count()) == ("front", 2, rep, 1)
        newest, _first = get_record_audit(AccountInsight, made.pk)
        assert [(change.field, change.old, change.new) for change in newest.changes] == [("burner", "back", "front")]

    def test_a_goal_that_becomes_an_aim_leaves_its_burner(self, rep):
        goal = InsightFactory(goal=True, by=rep)
        edit_insight(insight_id=goal.pk, changes={"kind": "aim"}, by=rep, at=AT)
        goal.refresh_from_db()
        assert (goal.kind, goal.burner) == ("aim", "")

    def test_what_is_refused_changes_nothing(self, rep):
        goal, account = InsightFactory(goal=True, by=rep), AccountFactory()
        with pytest.raises(InsightRefused):
            edit_insight(insight_id=goal.pk, changes={"burner": ""}, by=rep, at=AT)
        with pytest.raises(InsightRefused):
            edit_insight(insight_id=goal.pk, changes={"account_id": account.pk}, by=rep, at=AT)
        with pytest.raises(InsightRefused) as refused:
            add_insight(account_id=account.pk, values=whole(told_by_id=ContactFactory().pk), by=rep, at=AT)
        assert refused.value.refusals[0].code == "not_of_this_account"
        with pytest.raises(InsightRefused):
            add_insight(account_id=AccountFactory(merged_into=account).pk, values=whole(), by=rep, at=AT)
        assert AccountInsight.objects.get().version == 1

    def test_a_colleagues_note_is_theirs_or_the_accounts_owners(self, rep):
        mine = InsightFactory(by=UserFactory(rep=True), account__owner=rep)
        theirs = InsightFactory(by=UserFactory(rep=True))
        end_insight(insight_id=mine.pk, by=rep, at=AT)
        for command in (
            lambda: end_insight(insight_id=theirs.pk, by=UserFactory(marketing=True), at=AT),
            lambda: edit_insight(insight_id=theirs.pk, changes={"text": "x"}, by=UserFactory(marketing=True), at=AT),
            lambda: add_insight(account_id=theirs.account_id, values=whole(), by=UserFactory(marketing=True), at=AT),
        ):
            with pytest.raises(NotPermitted):
                command()
        assert AccountInsight.objects.get(archived_at=None) == theirs

    def test_of_another_owner_it_is_not_theirs(self, rep):
        theirs = InsightFactory(by=UserFactory(rep=True), account__owner=UserFactory(rep=True))
        with pytest.raises(NotPermitted):
            end_insight(insight_id=theirs.pk, by=rep, at=AT)

    def test_what_was_taken_away_stays_away_and_twice_is_once(self, rep):
        aim = InsightFactory(by=rep)
        end_insight(insight_id=aim.pk, by=rep, at=AT)
        assert end_insight(insight_id=aim.pk, by=rep, at=AT).version == 2
        with pytest.raises(InsightRefused):
            edit_insight(insight_id=aim.pk, changes={"text": "Again"}, by=rep, at=AT)
        assert get_insights(aim.account_id)[InsightKind.AIM] == []

    def test_two_edits_meet_in_the_same_field_only(self, rep):
        aim = InsightFactory(by=rep, text="Old")
        edit_insight(insight_id=aim.pk, changes={"text": "A"}, seen={"text": "Old"}, by=rep, at=AT)
        with pytest.raises(StaleRecord):
            edit_insight(insight_id=aim.pk, changes={"text": "B"}, seen={"text": "Old"}, by=rep, at=AT)


def test_a_call_is_about_the_front_burner_alone():
    account = AccountFactory()
    for burner in ("freezer", "front", "back"):
        InsightFactory(account=account, kind="goal", burner=burner, text=burner)
    InsightFactory(account=account, kind="event", on=date(2026, 1, 5), text="earlier")
    InsightFactory(account=account, kind="event", on=date(2026, 3, 5), text="later")
    InsightFactory(account=account, kind="change", on=date(2027, 3, 5), text="second")
    InsightFactory(account=account, kind="change", on=date(2027, 1, 5), text="first")
    InsightFactory(text="of another account")
    said = {kind: [str(row) for row in rows] for kind, rows in get_insights(account.pk).items()}
    assert said == {"aim": [], "goal": ["front", "back", "freezer"], "event": ["later", "earlier"],
                    "change": ["first", "second"]}  # fmt: skip
    call = get_insights(account.pk, for_call=True)
    assert ([str(row) for row in call[InsightKind.GOAL]], len(call[InsightKind.EVENT])) == (["front"], 2)


class TestPages:
    @pytest.fixture
    def account(self, rep) -> Any:
        return AccountFactory(owner=rep, name="Gedris")

    def test_the_panel_is_what_the_page_shows_under_one_count(self, client, rep, account, django_assert_num_queries):
        url = f"/accounts/{account.pk}/insights/"
        assert f'hx-get="{url}"' in text(client.get(f"/accounts/{account.pk}/"))
        for number in (1, 3):
            InsightFactory(account=account, goal=True, text=f"Goal {number}", told_by=ContactFactory(account=account))
            client.get(url)
            with django_assert_num_queries(INSIGHT_QUERIES):
                shown = htmx_get(client, url)
            assert f"Goal {number}" in text(shown)
            assert_same_after_reload(shown, client.get(url), "account-insights")

    def test_it_is_noted_by_sheet_and_by_plain_form(self, client: Client, rep, account):
        url = f"/accounts/{account.pk}/insights/new/"
        assert 'value="goal" selected' in text(htmx_get(client, f"{url}?kind=goal"))
        assert htmx_get(client, f"{url}?kind=%00").status_code == 200
        answer = htmx_post(client, url, {"kind": "goal", "text": "Less water", "burner": "front"})
        assert (answer.status_code, "insight:changed" in answer["HX-Trigger"]) == (200, True)
        sent = {"kind": "event", "text": "New plant", "on": timezone.localdate()}
        assert client.post(url, sent)["Location"] == f"/accounts/{account.pk}/"
        assert AccountInsight.objects.count() == 2

    @pytest.mark.parametrize(
        "sent",
        [
            {"kind": "goal", "text": "No burner"},
            {"kind": "change", "text": "No day"},
            {"kind": "change", "text": "x", "on": "9999-12-31"},
            {"kind": "aim", "text": "a\x00b"},
            {"kind": "aim", "text": "x" * 501},
            {"kind": "aim", "text": "x", "told_by_id": "9" * 30},
            {"kind": "\x00", "text": "x"},
            {},
        ],
    )
    def test_odd_input_keeps_what_was_typed(self, client: Client, rep, account, sent):
        answer = htmx_post(client, f"/accounts/{account.pk}/insights/new/", sent)
        assert (answer.status_code, AccountInsight.objects.count()) == (422, 0)

    def test_a_goal_moves_to_another_burner(self, client: Client, rep, account):
        goal = InsightFactory(account=account, goal=True, text="Less water", by=rep)
        url = f"/accounts/{account.pk}/insights/{goal.pk}/"
        seen = {"seen-kind": "goal", "seen-text": "Less water", "seen-burner": "front"}
        sent = {"kind": "goal", "text": "Less water", "burner": "freezer", **seen}
        assert htmx_post(client, url, sent).status_code == 200
        goal.refresh_from_db()
        assert goal.burner == "freezer"
        assert htmx_post(client, url, sent | {"burner": "back"}).status_code == 409
        assert client.post(f"{url}end/").status_code == 302
        assert htmx_get(client, url).status_code == 404

    def test_of_another_account_it_is_not_there(self, client: Client, rep, account):
        other = InsightFactory()
        assert htmx_get(client, f"/accounts/{account.pk}/insights/{other.pk}/").status_code == 404
        assert client.post(f"/accounts/{account.pk}/insights/{other.pk}/end/").status_code == 404

    def test_a_merged_account_leads_to_the_kept_one(self, client: Client, rep, account):
        lost = AccountFactory(merged_into=account)
        assert client.get(f"/accounts/{lost.pk}/insights/")["Location"] == f"/accounts/{account.pk}/insights/"
