"""Phases: sub-steps of one setpoint each, chosen as a template, shown and set on deals, never a second truth (LT-043, FI-002)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.lib.errors import NotPermitted
from crm.models import User
from pipeline.commands.opportunities import (
    EditRefused,
    close_opportunity,
    edit_opportunity,
    move_opportunity,
    undo_move,
)
from pipeline.commands.pipelines import (
    PipelineRefused,
    add_pipeline,
    add_stage,
    choose_stages,
    edit_stage,
    move_stage,
    retire_stage,
)
from pipeline.facts import SetpointFacts, StageFacts
from pipeline.labels.stages import TEMPLATES
from pipeline.models import Opportunity, Pipeline, Stage
from pipeline.policies.stages import place_stages, stage_refusals, standing_stage
from tests.api.client import Api
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint
from tests.testing import htmx_get, htmx_post, signed_in, text

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ONE, TWO, OTHER = StageFacts(1, "Qualification"), StageFacts(2, "Needs analysis"), StageFacts(9, "Proposal")


def setpoint(*stages: StageFacts) -> SetpointFacts:
    return SetpointFacts(5, 1, "25", "25%", "", 1, Decimal("0.25"), stages=stages)


@pytest.mark.parametrize(
    ("stages", "stored", "shown"),
    [
        pytest.param((), None, None, id="none-at-this-setpoint"),
        pytest.param((), 9, None, id="of-a-setpoint-it-left"),
        pytest.param((ONE, TWO), None, ONE, id="never-said"),
        pytest.param((ONE, TWO), 2, TWO, id="said"),
        pytest.param((ONE, TWO), 9, ONE, id="said-of-another-setpoint"),
    ],
)
def test_a_deal_is_in_a_stage_of_the_setpoint_it_stands_at(stages: Any, stored: int | None, shown: Any) -> None:
    assert standing_stage(setpoint(*stages), stored) == shown
    assert standing_stage(None, stored) is None


@pytest.mark.parametrize(
    ("stage_id", "is_open", "codes"),
    [(2, True, []), (None, True, []), (9, True, ["stage_elsewhere"]), (2, False, ["deal_closed"])],
)
def test_a_stage_of_another_setpoint_is_refused(stage_id: int | None, is_open: bool, codes: list[str]) -> None:
    assert [each.code for each in stage_refusals(setpoint(ONE, TWO), stage_id, is_open=is_open)] == codes


def test_templates_belong_to_the_setpoints_there_are() -> None:
    four = {1: Decimal("0.10"), 2: Decimal("0.25"), 3: Decimal("0.50"), 4: Decimal("0.90")}
    six, eight = TEMPLATES
    assert (len(six.phases), len(eight.phases)) == (6, 8)
    assert place_stages([weight for _, weight in six.stages], four) == [1, 2, 2, 3, 3, 4]
    assert [name for name, _ in eight.stages] == ["Customer meetings", "Proposal", "Closing"]
    assert place_stages([weight for _, weight in eight.stages], four) == [2, 3, 4]
    assert place_stages([Decimal("0.10"), Decimal("0.90")], {7: Decimal("0.3"), 8: Decimal("0.6")}) == [7, 8]


@pytest.fixture
def admin() -> User:
    made: User = UserFactory(admin=True)
    return made


@pytest.fixture
def six(admin: User) -> list[Stage]:
    made = choose_stages(pipeline_id=get_setpoint().pipeline_id, stages=TEMPLATES[0].stages, by=admin, at=AT)
    return list(Stage.objects.filter(pk__in=[each.pk for each in made]).order_by("order"))


def stages(code: str) -> list[str]:
    found = Stage.objects.filter(setpoint=get_setpoint(code), retired_at=None).order_by("order", "pk")
    return list(found.values_list("name", flat=True))


@pytest.mark.django_db
def test_a_template_is_chosen_once_and_then_ones_own(admin: User, six: list[Stage]) -> None:
    given: dict[str, Any] = {"by": admin, "at": AT}
    assert [stages(code) for code in ("first_meeting", "25", "50", "90")] == [
        ["Prospecting"], ["Qualification", "Needs analysis"], ["Proposal", "Negotiation"], ["Closing"],
    ]  # fmt: skip
    with pytest.raises(PipelineRefused):
        choose_stages(pipeline_id=get_setpoint().pipeline_id, stages=TEMPLATES[1].stages, **given)
    with pytest.raises(PipelineRefused):
        add_stage(setpoint_id=get_setpoint("50").pk, name="proposal", **given)
    made = add_stage(setpoint_id=get_setpoint("50").pk, name=" Reference visit ", **given)
    move_stage(stage_id=made.pk, up=True, **given)
    assert stages("50") == ["Proposal", "Reference visit", "Negotiation"]
    with pytest.raises(PipelineRefused):
        move_stage(stage_id=six[3].pk, up=True, **given)
    edit_stage(stage_id=six[4].pk, name="Terms", setpoint_id=get_setpoint("90").pk, **given)
    assert (stages("50"), stages("90")) == (["Proposal", "Reference visit"], ["Closing", "Terms"])
    with pytest.raises(PipelineRefused):
        edit_stage(stage_id=six[4].pk, name="Terms", setpoint_id=get_setpoint("90", "renewal").pk, **given)
    retire_stage(stage_id=six[0].pk, **given)
    assert stages("first_meeting") == []
    with pytest.raises(NotPermitted):
        retire_stage(stage_id=six[1].pk, by=UserFactory(rep=True), at=AT)
    copied = add_pipeline(name="Partners", like_id=get_setpoint().pipeline_id, **given)
    there = Stage.objects.filter(setpoint__pipeline=copied).order_by("setpoint__rank", "order")
    assert list(there.values_list("name", flat=True)) == [
        "Qualification", "Needs analysis", "Proposal", "Reference visit", "Closing", "Terms",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_deal_is_put_to_a_stage_and_a_move_begins_anew(admin: User, six: list[Stage]) -> None:
    deal = OpportunityFactory(at="25")
    given: dict[str, Any] = {"opportunity_id": deal.pk, "by": admin}
    edit_opportunity(**given, changes={"stage_id": six[2].pk}, seen={"stage_id": None}, at=AT)
    event = deal.events.get(kind="stage")
    assert (event.old, event.new) == (None, {"stage": six[2].pk})
    for wrong in (six[3].pk, 10**12):
        with pytest.raises(EditRefused):
            edit_opportunity(**given, changes={"stage_id": wrong}, at=AT)
    assert named(deal) == "Needs analysis"
    move = move_opportunity(
        **given, to=get_setpoint("50"), seen_version=2, override="They asked for the offer today", at=AT
    )
    assert named(deal) == "Proposal"
    undo_move(**given, seq=move.event.seq, at=AT + timedelta(minutes=1))
    assert named(deal) == "Needs analysis"
    retire_stage(stage_id=six[2].pk, by=admin, at=AT)
    assert named(deal) == "Qualification"
    close_opportunity(
        **given, seen_version=Opportunity.objects.get(pk=deal.pk).version, outcome="no_decision", closed_on=AT.date(),
        reason_code="no_budget", revisit_on=AT.date() + timedelta(days=90), note="Next year", at=AT + timedelta(hours=1),
    )  # fmt: skip
    with pytest.raises(EditRefused):
        edit_opportunity(**given, changes={"stage_id": six[1].pk}, at=AT + timedelta(hours=2))


def named(deal: Opportunity) -> str:
    """Return the phase the deal's page shows."""
    page = text(signed_in(User.objects.get(pk=deal.owner_id)).get(f"/deals/{deal.pk}/"))
    found = re.search(r'id="fact-stage".*?class="inline-value[^>]*>([^<]*)<', page, re.DOTALL)
    return found.group(1).strip() if found else ""


@pytest.mark.django_db
def test_nothing_is_shown_where_nobody_speaks_of_phases() -> None:
    deal = OpportunityFactory(at="25")
    assert named(deal) == ""
    assert "fact-stage" not in text(signed_in(deal.owner).get(f"/deals/{deal.pk}/"))


@pytest.mark.django_db
def test_the_field_offers_those_of_the_setpoint_and_says_who_was_first(six: list[Stage]) -> None:
    deal = OpportunityFactory(at="25")
    client, url = signed_in(deal.owner), f"/deals/{deal.pk}/fields/stage_id/"
    form = text(htmx_get(client, url))
    assert "Needs analysis" in form and "Proposal" not in form
    assert htmx_post(client, f"{url}save/", {"stage_id": six[2].pk, "seen-stage_id": ""}).status_code == 200
    late = htmx_post(client, f"{url}save/", {"stage_id": six[1].pk, "seen-stage_id": ""})
    assert late.status_code == 409
    for wrong in (six[3].pk, "1e400", "x", 10**30, "\x00"):
        assert htmx_post(client, f"{url}save/", {"stage_id": wrong}).status_code == 422
    assert named(deal) == "Needs analysis"
    assert "Phase" in text(client.get(f"/deals/{deal.pk}/")).split('id="changes"')[1]
    stranger = signed_in(UserFactory(rep=True))
    assert stranger.get(url).status_code == 404


@pytest.mark.django_db
def test_the_api_reads_and_sets_it(six: list[Stage]) -> None:
    deal = OpportunityFactory(at="25")
    api = Api(deal.owner)
    listed = {each["code"]: each["stages"] for each in api.get("setpoints/?pipeline=new_business").json()["results"]}
    assert [each["name"] for each in listed["50"]] == ["Proposal", "Negotiation"]
    place = f"opportunities/{deal.pk}/"
    assert api.get(place).json()["stage"] is None
    assert api.patch(place, {"stage": str(six[2].pk)}).json()["stage"] == str(six[2].pk)
    for wrong in (str(six[3].pk), "9" * 18, "1e400", 7, [], "\u0000"):
        refused = api.patch(place, {"stage": wrong})
        assert refused.status_code in (400, 422), wrong
    assert api.get(f"{place}history/").json()["results"][-1]["new"] == {"stage": str(six[2].pk)}
    Opportunity.objects.filter(pk=deal.pk).update(setpoint=get_setpoint("50"))
    assert api.get(place).json()["stage"] is None


@pytest.mark.django_db
def test_the_pages_of_an_administrator_do_it_all(admin: User) -> None:
    client, pipeline = signed_in(admin), Pipeline.objects.get(code="new_business")
    place = f"/settings/pipelines/{pipeline.pk}/"
    shown = text(client.get(place))
    assert "Six phases of a sale" in shown and "on the account, after the deal is won" in shown
    assert client.post(f"{place}stages/", {"template": "eight"}).status_code == 302
    assert [stages(code) for code in ("25", "50", "90")] == [["Customer meetings"], ["Proposal"], ["Closing"]]
    assert "Six phases of a sale" not in text(client.get(place))
    assert client.get(f"{place}stages/new/?at={get_setpoint('50').pk}").status_code == 200
    sent = {"name": "Trial <b>run</b>", "setpoint_id": get_setpoint("50").pk}
    assert client.post(f"{place}stages/new/", sent).status_code == 302
    assert "Trial &lt;b&gt;run&lt;/b&gt;" in text(client.get(place))
    for wrong in (
        {"name": ""},
        {"setpoint_id": "x"},
        {"setpoint_id": get_setpoint("50", "renewal").pk},
        {"name": "x" * 101},
    ):
        assert client.post(f"{place}stages/new/", sent | {"name": "Other"} | wrong).status_code == 422
    trial = Stage.objects.get(name__startswith="Trial")
    assert client.get(f"/settings/stages/{trial.pk}/").status_code == 200
    saved = client.post(f"/settings/stages/{trial.pk}/", {"name": "Trial run", "setpoint_id": get_setpoint("90").pk})
    assert (saved.status_code, stages("90")) == (302, ["Closing", "Trial run"])
    client.post(f"/settings/stages/{trial.pk}/put/", {"how": "up"})
    assert stages("90") == ["Trial run", "Closing"]
    client.post(f"/settings/stages/{trial.pk}/put/", {"how": "retire"})
    assert (stages("90"), client.get(f"/settings/stages/{trial.pk}/").status_code) == (["Closing"], 404)
    assert "Customer meetings" in text(client.get("/glossary/"))


@pytest.mark.django_db
def test_the_page_of_a_pipeline_takes_the_same_queries_for_any_number_of_phases(
    admin: User, django_assert_num_queries: Any
) -> None:
    client, place = signed_in(admin), f"/settings/pipelines/{get_setpoint().pipeline_id}/"
    client.get(place)
    with CaptureQueriesContext(connection) as before:
        client.get(place)
    choose_stages(pipeline_id=get_setpoint().pipeline_id, stages=TEMPLATES[0].stages, by=admin, at=AT)
    with django_assert_num_queries(len(before)):
        client.get(place)
