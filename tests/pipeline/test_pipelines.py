"""Pipelines, setpoints and criteria in an administrator's hands: nothing that was is told otherwise (P-1, P-2, D-34)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm.lib.errors import NotPermitted
from crm.models import Job, User
from pipeline.commands.derived import refresh_derived
from pipeline.commands.opportunities import MoveRefused, create_opportunity, move_opportunity
from pipeline.commands.pipelines import (
    PipelineRefused,
    add_criterion,
    add_pipeline,
    add_setpoint,
    change_criterion,
    edit_setpoint,
    move_setpoint,
    restore_setpoint,
    retire_criterion,
    retire_pipeline,
    retire_setpoint,
)
from pipeline.models import Attestation, Criterion, CriterionVersion, Opportunity, Pipeline, Setpoint
from pipeline.queries.pipelines import compare_criteria
from pipeline.queries.setpoints import get_criteria, get_path
from pipeline.queries.state import STATE_COLUMNS, fetch, opportunity_state
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import NO_MEETING_YET, OpportunityFactory, get_setpoint, meet_criteria
from tests.testing import htmx_post, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)


@pytest.fixture
def admin() -> User:
    made: User = UserFactory(admin=True)
    return made


def new_business() -> Pipeline:
    return Pipeline.objects.get(code="new_business")


def codes() -> list[tuple[str, int]]:
    return list(
        Setpoint.objects.filter(pipeline=new_business(), retired_at=None).order_by("rank").values_list("code", "rank")
    )


def moved_deal(*way: str) -> Opportunity:
    """Return a deal with a history: it moved along the way, a day each."""
    owner, contact = UserFactory(rep=True), ContactFactory()
    deal = create_opportunity(
        account_id=contact.account_id, name="Cooling", owner_id=owner.pk, **NO_MEETING_YET, by=None, at=AT
    )
    for day, code in enumerate(way, start=1):
        move_opportunity(
            opportunity_id=deal.pk, to=get_setpoint(code), seen_version=day, by=None, at=AT + timedelta(days=day)
        )
    deal.refresh_from_db()
    return deal


def past() -> Any:
    """Return the state of every deal as it was; ranks are places, which may change."""
    asked = {"as_of": AT + timedelta(days=10), "known_at": LATER + timedelta(days=10)}
    state = fetch(opportunity_state(**asked), tuple(name for name in STATE_COLUMNS if name != "rank"))
    return sorted(state, key=lambda deal: deal["opportunity_id"])


def test_history_is_the_same_before_and_after_setpoints_are_added_ordered_renamed_and_retired(admin: User) -> None:
    deals = [moved_deal("25", "50"), moved_deal("90"), moved_deal("25")]
    before = past()
    given: dict[str, Any] = {"by": admin, "at": LATER}
    new = add_setpoint(
        pipeline_id=deals[0].pipeline_id, name="Proposal", meaning="Offer sent", probability=Decimal("0.35"),
        after_id=get_setpoint("25").pk, **given,
    )  # fmt: skip
    assert codes() == [("first_meeting", 0), ("25", 1), ("proposal", 2), ("50", 3), ("90", 4)]
    assert past() == before
    assert [Opportunity.objects.get(pk=deal.pk).highest_rank for deal in deals] == [3, 4, 1]
    move_setpoint(setpoint_id=new.pk, up=True, **given)
    assert [code for code, _ in codes()] == ["first_meeting", "25", "50", "proposal", "90"]
    assert list(Setpoint.objects.filter(pipeline=new_business()).order_by("rank").values_list("probability", flat=True)) == [
        Decimal("0.10"), Decimal("0.25"), Decimal("0.35"), Decimal("0.50"), Decimal("0.90"),
    ]  # fmt: skip
    assert past() == before
    assert [Opportunity.objects.get(pk=deal.pk).highest_rank for deal in deals] == [2, 4, 1]
    retire_setpoint(setpoint_id=new.pk, **given)
    edit_setpoint(
        setpoint_id=get_setpoint("50").pk, name="Decision near", meaning="They decide soon", probability=Decimal("0.4"),
        stall_limit_days=21, guidance="Ask who signs.", key_fields=["decision_on"], **given,
    )  # fmt: skip
    assert past() == before
    assert get_setpoint("50").name == "Decision near"
    restore_setpoint(setpoint_id=new.pk, **given)
    assert ("proposal", 3) in codes()
    assert past() == before


def test_a_setpoint_with_deals_on_it_says_so_and_stays(admin: User) -> None:
    deal = moved_deal("25")
    with pytest.raises(PipelineRefused) as refused:
        retire_setpoint(setpoint_id=get_setpoint("25").pk, by=admin, at=LATER)
    assert dict(refused.value.refusals[0].params) == {"setpoint": "25%", "count": "1"}
    with pytest.raises(PipelineRefused):
        retire_pipeline(pipeline_id=deal.pipeline_id, by=admin, at=LATER)
    assert (len(codes()), new_business().retired_at) == (4, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "text_needed"),
        ({"name": "x" * 101}, "too_long"),
        ({"probability": Decimal("0.25")}, "weight_out_of_order"),
        ({"probability": Decimal("0.95")}, "weight_out_of_order"),
        ({"probability": Decimal("-1")}, "weight_out_of_order"),
        ({"key_fields": ["password"]}, "key_fields_wrong"),
        ({"key_fields": ["amount"] * 2 + ["category", "approach", "go_live_on", "decision_on", "deal_type"]}, "key_fields_wrong"),
        ({"guidance": "x" * 1001}, "too_long"),
    ],
)  # fmt: skip
def test_a_setpoint_that_would_break_the_order_is_refused(admin: User, change: dict[str, Any], code: str) -> None:
    values: dict[str, Any] = {
        "name": "50%", "meaning": "", "probability": Decimal("0.5"), "stall_limit_days": None, "guidance": "", "key_fields": [],
    }  # fmt: skip
    with pytest.raises(PipelineRefused) as refused:
        edit_setpoint(setpoint_id=get_setpoint("50").pk, **(values | change), by=admin, at=LATER)
    assert refused.value.refusals[0].code == code
    assert Job.objects.filter(task="pipeline.refresh_after_change").count() == 0


def test_only_administrators_change_pipelines(admin: User) -> None:
    rep = UserFactory(rep=True)
    with pytest.raises(NotPermitted):
        add_pipeline(name="Partners", like_id=new_business().pk, by=rep, at=AT)
    made = add_pipeline(name="Partners", like_id=new_business().pk, by=admin, at=AT)
    assert (made.code, [each.code for each in get_path(made.pk)]) == ("partners", ["first_meeting", "25", "50", "90"])
    assert len(get_criteria(made.pk)) == len(get_criteria(new_business().pk))
    with pytest.raises(PipelineRefused):
        add_pipeline(name="partners", like_id=made.pk, by=admin, at=AT)


def test_a_criterion_is_added_worded_anew_and_retired_and_nothing_is_lost(admin: User) -> None:
    contact = ContactFactory()
    deal = OpportunityFactory(account=contact.account, contact=contact)
    meet_criteria(deal)
    refresh_derived([deal.pk], at=AT)
    given: dict[str, Any] = {"by": admin, "at": LATER}
    version = add_criterion(setpoint_id=get_setpoint("25").pk, text="References checked", gate="require", **given)
    refresh_derived(None, at=LATER)
    deal.refresh_from_db()
    assert deal.evidenced_setpoint == get_setpoint("first_meeting")
    with pytest.raises(MoveRefused) as refused:
        move_opportunity(opportunity_id=deal.pk, to=get_setpoint("25"), seen_version=1, by=deal.owner, at=LATER)
    assert [each.code for each in refused.value.unmet] == ["references_checked"]
    Attestation.objects.create(
        opportunity=deal, criterion_version=version, said_on=LATER.date(), note="Two sites", by=deal.owner, at=LATER
    )
    second = change_criterion(
        criterion_id=version.criterion_id, text="Two references checked", ask="Whom did we call?", gate="warn",
        deal_types=["renewal"], by=admin, at=LATER + timedelta(days=1),
    )  # fmt: skip
    assert (second.number, second.deal_types, second.evidence) == (2, ["renewal"], "attested")
    refresh_derived(None, at=LATER)
    deal.refresh_from_db()
    assert deal.evidenced_setpoint == get_setpoint("90")
    retire_criterion(criterion_id=version.criterion_id, by=admin, at=LATER + timedelta(days=2))
    assert "references_checked" not in [each.code for each in get_criteria(deal.pipeline_id)]
    assert list(CriterionVersion.objects.filter(criterion=version.criterion).values_list("text", flat=True)) == [
        "References checked", "Two references checked",
    ]  # fmt: skip
    assert Attestation.objects.get(criterion_version=version).note == "Two sites"
    moments = (LATER, LATER + timedelta(days=1), LATER + timedelta(days=2))
    changes = [
        {row.criterion.code: row.change for row in compare_criteria(deal.pipeline_id, before=one, after=other)}
        for one, other in ((AT, moments[0]), (moments[0], moments[1]), (moments[1], moments[2]))
    ]
    assert [found["references_checked"] for found in changes] == ["added", "changed", "retired"]
    assert changes[0]["interest_confirmed"] == ""


def test_a_check_is_one_of_the_list_and_asked_once(admin: User) -> None:
    given: dict[str, Any] = {"setpoint_id": get_setpoint("25").pk, "text": "Known", "by": admin, "at": LATER}
    for check in ("password", "need_known"):
        with pytest.raises(PipelineRefused):
            add_criterion(**given, check_code=check)
    version = add_criterion(**given, check_code="champion_named")
    assert (version.evidence, version.criterion.code) == ("record", "champion_named")


def test_the_guide_stands_on_the_deal_and_every_word_is_one_click_away(client: Client, admin: User) -> None:
    fifty = get_setpoint("50")
    edit_setpoint(
        setpoint_id=fifty.pk, name="50%", meaning="Decision soon", probability=Decimal("0.5"), stall_limit_days=30,
        guidance="Ask <b>who</b> signs.", key_fields=["amount", "decision_on"], by=admin, at=LATER,
    )  # fmt: skip
    deal = OpportunityFactory(owner=UserFactory(rep=True), at="50", amount=1000)
    client.force_login(deal.owner)
    page = text(client.get(f"/deals/{deal.pk}/"))
    assert "Ask &lt;b&gt;who&lt;/b&gt; signs." in page
    assert "Decision date:" in page and "missing" in page
    assert f"/glossary/#setpoint-{get_setpoint('90').pk}" in page
    glossary = text(client.get("/glossary/"))
    assert [f'id="{name}"' in glossary for name in (f"setpoint-{fifty.pk}", "evidenced", "next-step")] == [True] * 3
    assert "Verbal agreement by a named person" in glossary


def test_the_pages_do_it_all(client: Client, admin: User) -> None:
    client.force_login(admin)
    place = f"/settings/pipelines/{new_business().pk}/"
    assert "New business" in text(client.get("/settings/pipelines/"))
    assert "Verbal agreement" in text(client.get(place))
    fifty = get_setpoint("50")
    assert 'value="50"' in text(client.get(f"/settings/setpoints/{fifty.pk}/"))
    sent = {
        "name": "50%",
        "meaning": "Decision soon",
        "probability": "55",
        "guidance": "Ask who signs.",
        "key_fields": "amount",
    }
    assert client.post(f"/settings/setpoints/{fifty.pk}/save/", sent).status_code == 302
    wrong = client.post(f"/settings/setpoints/{fifty.pk}/save/", sent | {"probability": "95"})
    assert (wrong.status_code, "Ask who signs." in text(wrong)) == (422, True)
    fifty.refresh_from_db()
    assert (fifty.probability, fifty.guidance, fifty.key_fields) == (Decimal("0.55"), "Ask who signs.", ["amount"])
    added = {"name": "Proposal", "meaning": "", "probability": "70", "after_id": fifty.pk}
    assert client.post(f"{place}setpoints/add/", added).status_code == 302
    assert [code for code, _ in codes()] == ["first_meeting", "25", "50", "proposal", "90"]
    proposal = get_setpoint("proposal")
    fact = {"text": "Offer <b>sent</b>", "check_code": "", "gate": "require", "deal_types": ["renewal"]}
    assert client.post(f"/settings/setpoints/{proposal.pk}/criteria/add/", fact).status_code == 302
    shown = text(client.get(place))
    assert "Offer &lt;b&gt;sent&lt;/b&gt;" in shown
    criterion = Criterion.objects.get(setpoint=proposal)
    assert "Version 1" in text(client.get(f"/settings/criteria/{criterion.pk}/"))
    assert client.post(f"/settings/criteria/{criterion.pk}/save/", fact | {"text": "Offer sent"}).status_code == 302
    assert "Worded anew" in text(client.get(f"{place}versions/"))
    assert client.post(f"/settings/criteria/{criterion.pk}/put/").status_code == 302
    assert client.get(f"/settings/criteria/{criterion.pk}/").status_code == 404
    Pipeline.objects.exclude(pk=new_business().pk).update(retired_at=LATER)
    refused = htmx_post(client, f"/settings/pipelines/{new_business().pk}/put/")
    assert "This is the last pipeline" in text(refused)
    client.post(f"/settings/setpoints/{proposal.pk}/put/", {"how": "up"})
    assert [code for code, _ in codes()] == ["first_meeting", "25", "50", "90", "proposal"]
    client.post(f"/settings/setpoints/{proposal.pk}/put/", {"how": "retire"})
    assert "Use it again" in text(client.get(place))
    client.post("/settings/pipelines/add/", {"name": "Partners", "like_id": new_business().pk})
    assert Pipeline.objects.get(code="partners").setpoints.count() == 4


def test_a_deal_is_made_in_another_pipeline_and_stands_on_its_board(client: Client, admin: User) -> None:
    made = add_pipeline(name="Partners", like_id=new_business().pk, by=admin, at=AT)
    first = Setpoint.objects.get(pipeline=made, code="first_meeting")
    retire_setpoint(setpoint_id=first.pk, by=admin, at=AT)
    rep, account = UserFactory(rep=True), AccountFactory(name="Halla Dairy")
    client.force_login(rep)
    assert '<option value="partners">Partners</option>' in text(client.get("/deals/new/"))
    assert "Partners" in text(client.get("/pipeline/filters/"))
    sent = {
        "account_id": account.name, "name": "Service", "deal_type": "renewal", "owner_id": rep.pk,
        "pipeline_code": "partners", "override": "Runs since 2021, terms to be agreed",
    }  # fmt: skip
    assert client.post("/deals/create/", sent).status_code == 302
    deal = Opportunity.objects.get()
    assert (deal.pipeline, deal.setpoint.code) == (made, "25")
    board = text(client.get("/pipeline/?view=my&pipeline=partners"))
    assert "Service" in board and "Pipeline: <b>Partners</b>" in board
    assert "Service" not in text(client.get("/pipeline/?view=my"))
    assert client.post("/deals/create/", sent | {"pipeline_code": "nowhere"}).status_code == 422
