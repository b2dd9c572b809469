"""Deals by API: read, open, edit, move, close, history."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crm.models import User
from pipeline.commands.opportunities import create_opportunity, edit_opportunity
from pipeline.models import Opportunity, OpportunityEvent
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import NO_MEETING_YET, NextStepFactory, OpportunityFactory, get_setpoint, meet_criteria

pytestmark = pytest.mark.django_db

REASON = "The customer signs tomorrow"


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return create_opportunity(
        account_id=AccountFactory(owner=rep).pk,
        name="Warehouse",
        owner_id=rep.pk,
        by=rep,
        at=datetime(2026, 2, 2, 9, tzinfo=UTC),
        **NO_MEETING_YET,
    )


def path(deal: Opportunity, action: str = "") -> str:
    return f"opportunities/{deal.pk}/{action}"


def act(api: Api, deal: Opportunity, action: str, body: dict[str, Any], **headers: str) -> Any:
    headers.setdefault("if_match", api.get(path(deal))["ETag"])
    return api.post(path(deal, action), body, **headers)


class TestReading:
    def test_a_deal_has_exactly_these_fields(self, api: Api, deal: Opportunity) -> None:
        assert set(api.get(path(deal)).json()) == {
            "id", "external_id", "version", "created_at", "recorded_at", "archived_at", "account", "name", "owner",
            "pipeline", "setpoint", "stage", "setpoint_entered_at", "amount", "deal_type", "category", "expected_close_on",
            "decision_on", "next_step", "next_step_on", "contact", "source", "campaign", "approach", "lead_created_at",
            "outcome", "closed_at", "close_reason", "close_note", "competitor", "revisit_on", "backfilled", "cycle_no",
            "required_results", "go_live_on", "evidenced_setpoint", "severity",
            "signals", "paused_until",
        }  # fmt: skip

    def test_another_teams_deal_is_not_there(self, api: Api, other_api: Api, deal: Opportunity) -> None:
        assert api.get("opportunities/").json()["results"]
        assert other_api.get("opportunities/").json()["results"] == []
        before = checksum()
        for answer in (
            other_api.get(path(deal)),
            other_api.get(path(deal, "history/")),
            other_api.patch(path(deal), {"name": "Mine"}, if_match=f'"{deal.pk}-1"'),
            other_api.post(path(deal, "move/"), {"setpoint": "25"}, if_match=f'"{deal.pk}-1"'),
            other_api.post(path(deal, "close/"), {"outcome": "lost"}, if_match=f'"{deal.pk}-1"'),
        ):
            assert_problem(answer, 404, "not_found")
        assert checksum() == before

    def test_marketing_reads_and_changes_nothing(self, marketing_api: Api, deal: Opportunity) -> None:
        assert marketing_api.get(path(deal)).status_code == 200
        before = checksum()
        assert_problem(marketing_api.patch(path(deal), {"name": "Mine"}), 403, "not_permitted")
        assert_problem(act(marketing_api, deal, "move/", {"setpoint": "25"}), 403, "not_permitted")
        assert checksum() == before

    @pytest.mark.parametrize("order", ["expected_close_on", "-expected_close_on", "next_step_on", "-next_step_on"])
    def test_deals_without_a_date_come_last_and_once(self, api: Api, rep: User, order: str) -> None:
        deals = [OpportunityFactory(owner=rep, name=str(number)) for number in range(6)]
        for number, day in enumerate((3, 1, 2)):
            NextStepFactory(opportunity=deals[number], due_on=f"2026-03-0{day}")
            Opportunity.objects.filter(pk=deals[number].pk).update(expected_close_on=f"2026-03-0{day}")
        found, url = [], None
        while True:
            page = (api.get(url) if url else api.get("opportunities/", {"ordering": order, "page_size": 2})).json()
            found += [record["name"] for record in page["results"]]
            if (url := page["next"]) is None:
                break
        dated = ["1", "2", "0"] if not order.startswith("-") else ["0", "2", "1"]
        undated = ["3", "4", "5"] if not order.startswith("-") else ["5", "4", "3"]
        assert found == dated + undated
        back = api.get(page["previous"]).json()
        assert [record["name"] for record in back["results"]] == found[2:4]
        assert [record["name"] for record in api.get(back["previous"]).json()["results"]] == found[:2]

    def test_filters(self, api: Api, rep: User) -> None:
        wanted = OpportunityFactory(owner=rep, at="50", name="Wanted", deal_type="renewal", approach="top_down")
        OpportunityFactory(owner=rep, won=True)
        for query in (
            {"setpoint": "50"},
            {"open": "true"},
            {"deal_type": "renewal"},
            {"approach": "top_down"},
            {"account": str(wanted.account_id)},
            {"search": "want"},
        ):
            assert [record["name"] for record in api.get("opportunities/", query).json()["results"]] == ["Wanted"], (
                query
            )
        assert len(api.get("opportunities/", {"outcome": "won"}).json()["results"]) == 1

    @pytest.mark.parametrize("rows", [1, 3])
    def test_a_list_costs_the_same_for_one_and_for_three(
        self, api: Api, rep: User, rows: int, django_assert_num_queries: Any
    ) -> None:
        api.get("opportunities/")
        for _row in range(rows):
            NextStepFactory(opportunity=OpportunityFactory(owner=rep))
        with django_assert_num_queries(3):
            assert len(api.get("opportunities/").json()["results"]) == rows

    def test_a_next_step_changes_the_tag_but_is_no_conflict(self, api: Api, deal: Opportunity) -> None:
        tag = api.get(path(deal))["ETag"]
        NextStepFactory(opportunity=deal)
        assert api.get(path(deal), if_none_match=tag).status_code == 200
        assert api.patch(path(deal), {"name": "New"}, if_match=tag).status_code == 200


class TestWriting:
    def test_a_deal_is_opened(self, api: Api) -> None:
        account = AccountFactory()
        body = {"account": str(account.pk), "name": "Warehouse", "deal_type": "expansion",
                "amount": {"amount": "84000.00", "currency": "EUR"}, "expected_close_on": "2026-12-18",
                "first_meeting_at": "2026-11-30T09:00:00Z"}  # fmt: skip
        made = api.post("opportunities/", body)
        assert made.status_code == 201, made.content
        record = made.json()
        assert (record["owner"], record["setpoint"], record["pipeline"]) == (
            str(api.user.pk),
            "first_meeting",
            "new_business",
        )
        assert record["amount"] == {"amount": "84000.00", "currency": "EUR"}
        assert OpportunityEvent.objects.filter(via="api", opportunity_id=record["id"]).exists()
        assert api.get("activities/", {"kind": "meeting"}).json()["results"][0]["occurred_at"] == "2026-11-30T09:00:00Z"

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"account": "999999"}, 400),
            ({"account": None}, 400),
            ({"name": ""}, 400),
            ({"amount": {"amount": "1e400", "currency": "EUR"}}, 400),
            ({"deal_type": "other"}, 400),
            ({"deal_type": ""}, 400),
            ({"category": "commit"}, 400),
            ({"outcome": "won"}, 400),
            ({"next_step_on": "2026-01-01"}, 400),
            ({"pipeline": "nowhere"}, 422),
            ({"setpoint": "75"}, 422),
            ({"setpoint": "50", "override": ""}, 422),
            ({"override": "no date yet"}, 422),
        ],
        ids=str,
    )
    def test_a_wrong_deal_is_not_opened(self, api: Api, change: dict[str, Any], status: int) -> None:
        body = {"account": str(AccountFactory().pk), "name": "Warehouse", **NO_MEETING_YET} | change
        before = checksum()
        assert_problem(api.post("opportunities/", body), status)
        assert checksum() == before

    def test_a_deal_enters_with_a_meeting_or_a_reason(self, api: Api) -> None:
        body = {"account": str(AccountFactory().pk), "name": "Warehouse", "deal_type": "renewal"}
        problem = assert_problem(api.post("opportunities/", body), 422, "facts_missing")
        assert [each["code"] for each in problem["missing"]] == ["meeting_dated"]
        assert problem["override_allowed"] is True
        assert api.post("opportunities/", body | {"override": REASON}).status_code == 201

    def test_nobody_opens_deals_for_another_team(self, api: Api, stranger: User) -> None:
        body = {"account": str(AccountFactory().pk), "name": "Warehouse", "owner": str(stranger.pk), **NO_MEETING_YET}
        before = checksum()
        assert_problem(api.post("opportunities/", body), 403)
        assert checksum() == before

    def test_fields_are_changed_and_recorded(self, api: Api, deal: Opportunity) -> None:
        changed = api.patch(path(deal), {"amount": {"amount": "5.00", "currency": "EUR"}, "category": "commit"})
        assert changed.status_code == 200, changed.content
        assert (changed.json()["amount"]["amount"], changed.json()["category"]) == ("5.00", "commit")
        kinds = OpportunityEvent.objects.filter(opportunity=deal, by=api.user, via="api").values_list("kind", flat=True)
        assert set(kinds) == {"amount", "category"}

    @pytest.mark.parametrize(
        "field", ["setpoint", "pipeline", "outcome", "account", "closed_at", "lead_created_at", "cycle_no"]
    )
    def test_what_has_a_command_of_its_own_is_not_a_field(self, api: Api, deal: Opportunity, field: str) -> None:
        problem = assert_problem(api.patch(path(deal), {field: "50"}), 400, "invalid")
        assert list(problem["errors"]) == [field]


class TestMoving:
    def test_with_its_facts_a_deal_moves(self, api: Api, deal: Opportunity) -> None:
        deal.contact = ContactFactory(account=deal.account)
        deal.save()
        meet_criteria(deal)
        moved = act(api, deal, "move/", {"setpoint": "25"})
        assert moved.status_code == 200, moved.content
        assert moved.json()["setpoint"] == "25"
        assert moved["ETag"] == api.get(path(deal))["ETag"]

    def test_without_them_the_answer_lists_what_is_missing(self, api: Api, deal: Opportunity) -> None:
        before = checksum()
        problem = assert_problem(act(api, deal, "move/", {"setpoint": "25"}), 422, "facts_missing")
        assert problem["override_allowed"] is True
        assert {missing["code"] for missing in problem["missing"]} >= {"first_meeting_held", "next_step_agreed"}
        assert all(missing["text"] and missing["gate"] == "warn" for missing in problem["missing"])
        assert checksum() == before

    def test_a_reason_of_twenty_characters_stands_in(self, api: Api, deal: Opportunity) -> None:
        assert_problem(act(api, deal, "move/", {"setpoint": "25", "override": "Too short"}), 422)
        moved = act(api, deal, "move/", {"setpoint": "25", "override": REASON})
        assert moved.status_code == 200, moved.content
        event = OpportunityEvent.objects.filter(opportunity=deal, kind="setpoint").latest("seq")
        assert (event.detail["override"], event.via) == (REASON, "api")

    def test_a_move_is_made_against_a_version(self, api: Api, deal: Opportunity) -> None:
        body = {"setpoint": "25", "override": REASON}
        assert_problem(act(api, deal, "move/", body, if_match=""), 428)
        tag = api.get(path(deal))["ETag"]
        assert act(api, deal, "move/", body, if_match=tag).status_code == 200
        assert_problem(act(api, deal, "move/", body, if_match=tag), 412)

    def test_sent_again_with_its_key_it_happens_once(self, api: Api, deal: Opportunity) -> None:
        tag = api.get(path(deal))["ETag"]
        body = {"setpoint": "25", "override": REASON}
        answers = [act(api, deal, "move/", body, if_match=tag, idempotency_key="drag-1") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert OpportunityEvent.objects.filter(opportunity=deal, kind="setpoint", detail__override=REASON).count() == 1

    @pytest.mark.parametrize(
        ("body", "status"),
        [({}, 400), ({"setpoint": 25}, 400), ({"setpoint": "75"}, 422), ({"setpoint": "won"}, 422),
         ({"setpoint": "25", "to": "50"}, 400), ({"setpoint": None}, 400)],
        ids=str,
    )  # fmt: skip
    def test_a_wrong_move_changes_nothing(self, api: Api, deal: Opportunity, body: Any, status: int) -> None:
        before = checksum()
        assert_problem(act(api, deal, "move/", body), status)
        assert checksum() == before


class TestClosing:
    def test_a_deal_is_lost_with_a_reason(self, api: Api, deal: Opportunity) -> None:
        body = {"outcome": "lost", "reason": "price", "competitor": "Rival", "note": "Ten percent cheaper"}
        closed = act(api, deal, "close/", body)
        assert closed.status_code == 200, closed.content
        record = closed.json()
        assert (record["outcome"], record["close_reason"], record["competitor"]) == ("lost", "price", "Rival")
        assert record["closed_at"]

    @pytest.mark.parametrize(
        ("body", "status"),
        [({}, 400), ({"outcome": "abandoned"}, 400), ({"outcome": "lost"}, 422),
         ({"outcome": "lost", "reason": "mood"}, 422), ({"outcome": "won"}, 422),
         ({"outcome": "lost", "reason": "price", "closed_on": "2199-01-01"}, 422),
         ({"outcome": "lost", "reason": "price", "closed_on": "yesterday"}, 400)],
        ids=str,
    )  # fmt: skip
    def test_a_wrong_closing_changes_nothing(self, api: Api, deal: Opportunity, body: Any, status: int) -> None:
        before = checksum()
        assert_problem(act(api, deal, "close/", body), status)
        assert checksum() == before


class TestHistory:
    def test_it_tells_what_happened_in_order(self, api: Api, deal: Opportunity) -> None:
        act(api, deal, "move/", {"setpoint": "25", "override": REASON})
        events = api.get(path(deal, "history/")).json()["results"]
        assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
        assert events[0]["kind"] == "created"
        last = events[-1]
        assert (last["kind"], last["old"], last["new"]) == (
            "setpoint",
            {"setpoint": "first_meeting"},
            {"setpoint": "25"},
        )
        assert (last["by"], last["via"]) == (str(api.user.pk), "api")

    def test_people_are_named_by_ids_as_text(self, api: Api, deal: Opportunity) -> None:
        contact = ContactFactory(account=deal.account)
        edit_opportunity(opportunity_id=deal.pk, changes={"contact_id": contact.pk}, by=None, at=deal.created_at)
        events = api.get(path(deal, "history/")).json()["results"]
        assert events[-1]["new"] == {"contact": str(contact.pk), "main": True}

    def test_as_of_and_known_at_look_back(self, api: Api, deal: Opportunity) -> None:
        act(api, deal, "move/", {"setpoint": "25", "override": REASON})
        before = api.get(path(deal, "history/"), {"as_of": "2026-02-02"}).json()["results"]
        assert before
        assert {event["new"].get("setpoint", "first_meeting") for event in before} == {"first_meeting"}
        assert api.get(path(deal, "history/"), {"as_of": "2026-02-01"}).json()["results"] == []
        assert len(api.get(path(deal, "history/"), {"known_at": "2026-02-02"}).json()["results"]) == len(before)

    @pytest.mark.parametrize(
        "query", ["as_of=yesterday", "as_of=2026-02-30", "as_of=%00", "known_at=", "as_of=9999-12-31", "x=1"]
    )
    def test_a_wrong_moment_is_refused(self, api: Api, deal: Opportunity, query: str) -> None:
        assert_problem(api.get(f"/api/v1/{path(deal, 'history/')}?{query}"), 400)


def test_deals_whose_facts_fall_short_are_told_apart(api: Api, deal: Opportunity) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(evidenced_setpoint=None)
    listed = api.get("opportunities/", {"falls_short": "true"}).json()["results"]
    assert [(row["id"], row["evidenced_setpoint"]) for row in listed] == [(str(deal.pk), None)]
    Opportunity.objects.filter(pk=deal.pk).update(evidenced_setpoint=get_setpoint("90"))
    assert api.get("opportunities/", {"falls_short": "true"}).json()["results"] == []
    listed = api.get("opportunities/", {"evidenced_setpoint": "90", "falls_short": "false"}).json()["results"]
    assert [(row["id"], row["evidenced_setpoint"]) for row in listed] == [(str(deal.pk), "90")]


def test_setpoints_come_with_their_criteria(api: Api) -> None:
    every = api.get("setpoints/").json()["results"]
    codes = ["first_meeting", "25", "50", "90"]
    assert [(each["pipeline"], each["code"]) for each in every] == [
        (pipeline, code) for pipeline in ("new_business", "renewal", "expansion") for code in codes
    ]
    results = api.get("setpoints/", {"pipeline": "new_business"}).json()["results"]
    assert results == every[:4]
    assert results[1]["probability"] == "0.2500"
    assert sum(len(setpoint["criteria"]) for setpoint in results) == 17
    assert set(results[0]["criteria"][0]) == {"code", "text", "ask", "evidence", "gate", "check", "deal_types"}
    assert api.get("setpoints/", {"pipeline": "nowhere"}).json()["results"] == []


def test_a_manager_of_the_team_changes_the_deal(deal: Opportunity, team: Any) -> None:
    manager = Api(UserFactory(manages=team))
    assert manager.patch(path(deal), {"name": "New"}).status_code == 200
