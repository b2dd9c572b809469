"""Renewal and expansion beside new business: deals are made, moved and closed there, and figures tell of each (P-1)."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from crm.lib.errors import CommandRefused
from crm.lib.values import Money
from crm.models import Reason, User
from pipeline.commands.derived import refresh_derived
from pipeline.commands.opportunities import (
    ReopenRefused,
    close_opportunity,
    create_opportunity,
    move_opportunity,
    reopen_opportunity,
)
from pipeline.commands.pipelines import (
    change_criterion,
    edit_setpoint,
    move_setpoint,
    retire_criterion,
    retire_pipeline,
    retire_setpoint,
)
from pipeline.enums import CHECKS, Evidence, Gate
from pipeline.models import Criterion, Opportunity, Pipeline
from pipeline.queries.evidence import get_evidence
from pipeline.queries.setpoints import get_criteria, get_path
from reports.queries.figures import compute
from tests.factories.crm import ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint, meet_criteria
from tests.testing import htmx_post, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(days=20)
PIPELINES = ("new_business", "renewal", "expansion")


def made(pipeline: str, *, owner: User, at: datetime = AT) -> Opportunity:
    contact = ContactFactory()
    return create_opportunity(
        account_id=contact.account_id, name=f"A {pipeline} deal", owner_id=owner.pk, pipeline_code=pipeline,
        contact_id=contact.pk, deal_type="renewal" if pipeline == "renewal" else "new_business",
        amount=Money(Decimal(1000), "EUR"), override="They call back with a date", by=owner, at=at,
    )  # fmt: skip


def test_every_pipeline_speaks_of_the_same_four_setpoints() -> None:
    assert list(Pipeline.objects.values_list("code", flat=True)) == list(PIPELINES)
    ways = [get_path(Pipeline.objects.get(code=code).pk) for code in PIPELINES]
    assert len({tuple((each.code, each.name, each.probability, each.rank) for each in way) for way in ways}) == 1
    assert all(each.guidance and each.meaning and each.key_fields for way in ways for each in way)


@pytest.mark.parametrize("code", PIPELINES)
def test_criteria_that_ship_are_met_by_checks_there_are_and_none_passes_unassessed(code: str) -> None:
    criteria = get_criteria(Pipeline.objects.get(code=code).pk)
    for each in criteria:
        told = CHECKS.get(each.check_code, Evidence.ATTESTED)  # type: ignore[call-overload]  # a StrEnum is its code
        assert (each.evidence, bool(each.check_code)) == (told, told != Evidence.ATTESTED)
        assert each.text and each.ask
    required = [(each.code, each.setpoint_name) for each in criteria if each.gate == Gate.REQUIRE]
    assert required == [("qualification_assessed", "50%")]


@pytest.mark.parametrize("code", PIPELINES)
def test_a_deal_of_each_is_made_moved_and_closed(client: Client, code: str) -> None:
    owner = UserFactory(rep=True)
    deal = made(code, owner=owner)
    meet_criteria(deal)
    refresh_derived([deal.pk], at=AT)
    for version, place in enumerate(("25", "50", "90"), start=deal.version):
        moved = move_opportunity(
            opportunity_id=deal.pk, to=get_setpoint(place, code).pk, seen_version=version, by=owner, at=AT
        )
        assert moved.event.detail["override"] == ""
    deal.refresh_from_db()
    assert (deal.setpoint, deal.evidenced_setpoint) == (get_setpoint("90", code),) * 2
    client.force_login(owner)
    board, table = (text(client.get(f"/pipeline/?view=my&pipeline={code}{more}")) for more in ("", "&as=table"))
    others = [each for each in PIPELINES if each != code]
    assert f"A {code} deal" in board and f"A {code} deal" in table
    for other in others:
        assert f"A {code} deal" not in text(client.get(f"/pipeline/?view=my&pipeline={other}"))
        assert f"pipeline={other}" in board
    assert text(client.get(f"/deals/{deal.pk}/"))
    reason = Reason.objects.filter(kind="won").first()
    close_opportunity(
        opportunity_id=deal.pk, seen_version=deal.version, outcome="won", closed_on=AT.date(),
        reason_code=reason.code if reason else "", note="They signed", by=owner, at=AT + timedelta(hours=1),
    )  # fmt: skip
    deal.refresh_from_db()
    assert (deal.outcome, deal.pipeline.code) == ("won", code)


def rows(at: datetime = LATER, **asked: Any) -> dict[str, tuple[Any, ...]]:
    """Return the pipeline by setpoint: what stands there, and what came, went and ended in the quarter."""
    told = ("entered", "left_forward", "left_back", "won")
    found = compute("pipeline-by-setpoint", user=None, at=LATER, as_of=at, **asked)
    return {row.filters["part"]: (row.figure.value, *(row.figure.detail[name] for name in told)) for row in found}


def test_figures_tell_of_the_pipelines_that_are_used_and_their_past_stays_when_setpoints_change() -> None:
    assert list(rows()) == ["first_meeting", "25", "50", "90"]
    owner, admin = UserFactory(rep=True), UserFactory(admin=True)
    deal = made("renewal", owner=owner)
    move_opportunity(
        opportunity_id=deal.pk, to=get_setpoint("50", "renewal").pk, seen_version=1, by=admin, at=AT + timedelta(days=1),
        override="They told us all on the phone",
    )  # fmt: skip
    assert list(rows()) == ["renewal:first_meeting", "renewal:25", "renewal:50", "renewal:90"]
    made("new_business", owner=owner)
    before = rows()
    assert [key for key in before if ":" not in key] == ["first_meeting", "25", "50", "90"]
    assert (before["first_meeting"][0], before["renewal:50"][:2]) == (1, (1, 1))
    stood = rows(AT + timedelta(hours=1))
    assert (stood["renewal:first_meeting"][0], stood["renewal:50"][0]) == (1, 0)
    renewal, fifty = Pipeline.objects.get(code="renewal"), get_setpoint("50", "renewal")
    assert rows(pipeline=renewal) == {key: told for key, told in before.items() if key.startswith("renewal")}
    given: dict[str, Any] = {"by": admin, "at": LATER}
    edit_setpoint(
        setpoint_id=fifty.pk, name="Their board meets", meaning="", probability=Decimal("0.6"), stall_limit_days=None,
        guidance="", key_fields=[], **given,
    )  # fmt: skip
    move_setpoint(setpoint_id=get_setpoint("25", "renewal").pk, up=True, **given)
    assert (rows(), rows(AT + timedelta(hours=1))) == (before, stood)
    retire_setpoint(setpoint_id=get_setpoint("first_meeting", "renewal").pk, **given)
    assert (rows(), rows(AT + timedelta(hours=1))) == (before, stood)
    assert sum(row[0] for row in rows(AT + timedelta(hours=1), pipeline=renewal).values()) == 1


def test_a_retired_pipeline_keeps_its_past_and_leaves_board_and_forms(client: Client) -> None:
    admin, owner = UserFactory(admin=True), UserFactory(rep=True)
    deal = made("renewal", owner=owner)
    close_opportunity(
        opportunity_id=deal.pk, seen_version=1, outcome="lost", closed_on=AT.date(), reason_code="price",
        competitor="Halla", note="They went elsewhere", by=owner, at=AT + timedelta(hours=1),
    )  # fmt: skip
    retire_pipeline(pipeline_id=deal.pipeline_id, by=admin, at=LATER)
    client.force_login(owner)
    assert "pipeline=renewal" not in text(client.get("/pipeline/?view=my"))
    assert client.get("/pipeline/?view=my&pipeline=renewal").status_code == 200
    assert "Renewal" not in text(client.get("/deals/new/")).split("<form", 1)[1].split('name="deal_type"')[0]
    assert rows()["renewal:first_meeting"] == (0, 1, 0, 0, 0)


def test_a_criterion_taken_away_while_deals_stand_on_it_loses_nothing_and_counts_again(client: Client) -> None:
    owner, admin = UserFactory(rep=True), UserFactory(admin=True)
    deal = made("expansion", owner=owner)
    meet_criteria(deal)
    refresh_derived([deal.pk], at=AT)
    move_opportunity(opportunity_id=deal.pk, to=get_setpoint("50", "expansion").pk, seen_version=1, by=owner, at=AT)
    said = deal.attestations.count()
    criterion = Criterion.objects.get(setpoint=get_setpoint("25", "expansion"), code="interest_confirmed")
    retire_criterion(criterion_id=criterion.pk, by=admin, at=LATER)
    refresh_derived(None, at=LATER)
    deal.refresh_from_db()
    assert (deal.setpoint, deal.evidenced_setpoint.code) == (get_setpoint("50", "expansion"), "90")
    assert deal.attestations.count() == said
    moved = deal.events.filter(kind="setpoint").last()
    assert "interest_confirmed" in [each["code"] for each in moved.detail["criteria"]]
    client.force_login(admin)
    place, criteria = f"/settings/pipelines/{deal.pipeline_id}/", get_criteria(deal.pipeline_id)
    assert "1 fact is asked for no more" in text(client.get(place))
    assert client.post(f"/settings/criteria/{criterion.pk}/put/", {"back": "1"}).status_code == 302
    assert "asked for no more" not in text(client.get(place))
    known = {each.code: each for each in get_criteria(deal.pipeline_id)}
    assert (len(known), known["interest_confirmed"].number) == (len(criteria) + 1, 2)
    assert get_evidence([deal], known.values())[deal.pk].keys() == {each.version_id for each in known.values()}


def closed(owner: User, at: str) -> Opportunity:
    deal = OpportunityFactory(owner=owner, at=at)
    close_opportunity(
        opportunity_id=deal.pk, seen_version=1, outcome="no_decision", reason_code="no_budget", by=owner, at=AT,
        revisit_on=LATER.date(),
    )  # fmt: skip
    return deal


def test_a_deal_that_goes_on_stands_below_a_setpoint_that_is_used_no_more() -> None:
    owner, admin = UserFactory(rep=True), UserFactory(admin=True)
    deal = closed(owner, "50")
    retire_setpoint(setpoint_id=get_setpoint("50").pk, by=admin, at=LATER)
    reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=owner, at=LATER)
    deal.refresh_from_db()
    assert (deal.outcome, deal.setpoint) == ("", get_setpoint("25"))
    assert [event.new for event in deal.events.filter(kind="setpoint")] == [{"setpoint": get_setpoint("25").pk}]


def test_nothing_goes_on_in_a_pipeline_that_is_used_no_more() -> None:
    owner, admin = UserFactory(rep=True), UserFactory(admin=True)
    deal = closed(owner, "25")
    retire_pipeline(pipeline_id=deal.pipeline_id, by=admin, at=LATER)
    with pytest.raises(ReopenRefused, match="pipeline_retired"):
        reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=owner, at=LATER)


def elsewhere(command: Any, *given: Any, **named: Any) -> str:
    """Run a command on a connection of its own; return what it was refused with, or that it was done."""
    try:
        command(*given, **named)
    except CommandRefused as refused:
        return refused.refusals[0].code
    finally:
        connection.close()
    return "done"


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_a_pipeline_is_not_retired_under_a_deal_that_is_being_made_there() -> None:
    owner, admin = UserFactory(rep=True), UserFactory(admin=True)
    renewal = Pipeline.objects.get(code="renewal")
    retires = {"pipeline_id": renewal.pk, "by": admin, "at": AT}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            deal = made("renewal", owner=owner)
            asked = pool.submit(elsewhere, retire_pipeline, **retires)
            with pytest.raises(FutureTimeout):
                asked.result(timeout=0.3)
        assert asked.result() == "pipeline_in_use"
        Opportunity.objects.filter(pk=deal.pk).update(archived_at=AT)
        with transaction.atomic():
            retire_pipeline(**retires)
            late = pool.submit(elsewhere, made, "renewal", owner=owner)
            with pytest.raises(FutureTimeout):
                late.result(timeout=0.3)
        assert late.result() == "unknown_pipeline"
    assert Opportunity.objects.filter(pipeline=renewal, archived_at=None).count() == 0


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_a_setpoint_is_not_retired_under_a_deal_on_its_way_there() -> None:
    owner, admin = UserFactory(rep=True), UserFactory(admin=True)
    deal, other = OpportunityFactory(owner=owner), OpportunityFactory(owner=owner)
    goes = {"seen_version": 1, "override": "They told us all on the phone", "by": admin, "at": AT}
    retires = {"by": admin, "at": AT}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            move_opportunity(opportunity_id=deal.pk, to=get_setpoint("25"), **goes)
            asked = pool.submit(elsewhere, retire_setpoint, setpoint_id=get_setpoint("25").pk, **retires)
            with pytest.raises(FutureTimeout):
                asked.result(timeout=0.3)
        assert asked.result() == "setpoint_in_use"
        with transaction.atomic():
            retire_setpoint(setpoint_id=get_setpoint("90").pk, **retires)
            moved = pool.submit(elsewhere, move_opportunity, opportunity_id=other.pk, to=get_setpoint("90").pk, **goes)
            with pytest.raises(FutureTimeout):
                moved.result(timeout=0.3)
        assert moved.result() == "setpoint_retired"


def test_what_is_typed_while_an_administrator_words_it_anew_is_kept_and_what_is_asked_no_more_is_said(
    client: Client,
) -> None:
    owner, admin = UserFactory(rep=True), UserFactory(admin=True)
    deal = OpportunityFactory(owner=owner)
    asked = {each.code: each for each in get_criteria(deal.pipeline_id)}
    interest, held = asked["interest_confirmed"], asked["first_meeting_held"]
    client.force_login(owner)
    change_criterion(
        criterion_id=interest.criterion_id, text="They want to hear more", ask="", gate="warn", deal_types=[], by=admin,
        at=timezone.now(),
    )  # fmt: skip
    stem, place = f"fact{interest.criterion_id}", f"/deals/{deal.pk}/facts"
    note = {f"{stem}_note": "Tell us more", f"{stem}_on": "2026-03-01"}
    assert htmx_post(client, f"{place}/{interest.criterion_id}/attest/", note).status_code == 200
    assert deal.attestations.get().criterion_version.text == "They want to hear more"
    retire_criterion(criterion_id=held.criterion_id, by=admin, at=timezone.now())
    gone = htmx_post(client, f"{place}/{held.criterion_id}/attest/", {"held_at": "2026-03-01T10:00"})
    assert (gone.status_code, "asked no more" in text(gone)) == (422, True)
    assert not deal.activity_links.exists()
    for nobody in (0, 999_999, Criterion.objects.exclude(setpoint__pipeline=deal.pipeline).latest("pk").pk):
        assert htmx_post(client, f"{place}/{nobody}/attest/", note).status_code == 404
