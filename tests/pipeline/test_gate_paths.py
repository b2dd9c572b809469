"""One gate for every path (P-3, D-17): paths × gates × who gives a reason, in one table.

Every deal here has all facts but one, so that each answer is about that one. A move without it is refused and leaves no
trace, or it is recorded with the reason it was made for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.exchange.run import RowsRefused, import_rows
from crm.lib.errors import CommandRefused
from crm.models import User
from pipeline.commands.opportunities import close_opportunity, reopen_opportunity
from pipeline.models import BulkAnswer, Criterion, CriterionVersion, Opportunity, OpportunityEvent
from scoring.models import Lead
from tests.api.client import Api
from tests.factories.crm import AccountFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint, meet_criteria
from tests.factories.scoring import LeadFactory
from tests.testing import htmx_post

pytestmark = pytest.mark.django_db
REASON = "The board signs it on Friday"
MISSING = "references_checked"


@dataclass
class World:
    """Somebody who tries, and the reason they give."""

    by: User
    owner: User
    client: Client
    override: str

    def deal(self, at: str = "first_meeting", **given: Any) -> Opportunity:
        """Return a deal with every fact up to 25% but the one that is missing."""
        contact = ContactFactory()
        deal: Opportunity = OpportunityFactory(
            owner=self.owner, at=at, account=contact.account, contact=contact, **given
        )
        meet_criteria(deal, "25", but=MISSING)
        return deal


def require(gate: str) -> None:
    """Ask every deal for a fact that none has, from First meeting on."""
    criterion = Criterion.objects.create(setpoint=get_setpoint(), code=MISSING, order=9)
    CriterionVersion.objects.create(
        criterion=criterion, number=1, text="References checked", evidence="attested", gate=gate,
        valid_from=timezone.now() - timedelta(days=400),
    )  # fmt: skip


def answered(status: int) -> bool:
    """Return whether the path went through; a refusal is 422 and nothing else."""
    assert status in (200, 201, 302, 422), status
    return status != 422


def drag_or_keys(world: World) -> bool:
    deal = world.deal()
    sent = {"to": get_setpoint("25").pk, "version": 1, "override": world.override}
    board = {"HX-Request": "true", "HX-Current-URL": "http://testserver/pipeline/?view=my"}
    return answered(world.client.post(f"/deals/{deal.pk}/move/", sent, headers=board).status_code)


def menu(world: World) -> bool:
    sent = {"to": get_setpoint("25").pk, "version": 1, "override": world.override}
    return answered(htmx_post(world.client, f"/deals/{world.deal().pk}/move/", sent).status_code)


def form(world: World) -> bool:
    sent = {"to": get_setpoint("25").pk, "version": 1, "override": world.override}
    return answered(world.client.post(f"/deals/{world.deal().pk}/move/", sent).status_code)


def sheet(world: World) -> bool:
    sent = {"to": get_setpoint("25").pk, "version": 1, "sheet": "1", "override": world.override}
    return answered(htmx_post(world.client, f"/deals/{world.deal().pk}/move/", sent).status_code)


def api_move(world: World) -> bool:
    deal = world.deal()
    body = {"setpoint": "25", "override": world.override}
    return answered(Api(world.by).post(f"opportunities/{deal.pk}/move/", body, if_match=f'"{deal.pk}-1"').status_code)


def many(world: World) -> bool:
    sent = {
        "what": "setpoint_id", "setpoint_id": get_setpoint("25").pk, "reason": world.override,
        "deals": f"{world.deal().pk}.1.",
    }  # fmt: skip
    assert world.client.post("/deals/change/", sent).status_code == 302  # the page says what became of each deal
    return BulkAnswer.objects.get().outcome == ("overridden" if world.override else "changed")


def many_by_api(world: World) -> bool:
    body = {"deals": [{"id": str(world.deal().pk), "version": 1}], "setpoint": "25", "pipeline": "new_business"}
    answer = Api(world.by).post("bulk-edits/", {**body, "reason": world.override})
    return answer.json()["answers"][0]["outcome"] == ("overridden" if world.override else "changed")


def closed_deal(world: World, days: int) -> Opportunity:
    deal = world.deal()
    at = timezone.now() - timedelta(days=days)
    close_opportunity(
        opportunity_id=deal.pk, outcome="no_decision", seen_version=1, reason_code="no_budget",
        revisit_on=timezone.localdate() + timedelta(days=90), by=world.owner, at=at,
    )  # fmt: skip
    return deal


def reopen_further(world: World) -> bool:
    deal = closed_deal(world, 2)
    try:
        reopen_opportunity(
            opportunity_id=deal.pk, seen_version=2, setpoint_id=get_setpoint("25").pk, override=world.override,
            by=world.by, at=timezone.now(),
        )  # fmt: skip
    except CommandRefused:
        return False
    return True


def reopen_as_new(world: World) -> bool:
    deal = closed_deal(world, 60)
    meeting = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT10:00")
    sent = {"version": 2, "first_meeting_at": meeting, "override": world.override}
    return answered(world.client.post(f"/deals/{deal.pk}/reopen/", sent).status_code)


def creation_page(world: World) -> bool:
    account = AccountFactory(name="Halla Dairy")
    meeting = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT10:00")
    sent = {
        "account_id": account.name, "name": "Metering", "deal_type": "new_business", "owner_id": world.owner.pk,
        "first_meeting_at": meeting, "override": world.override,
    }  # fmt: skip
    return answered(world.client.post("/deals/create/", sent).status_code)


def creation_api(world: World) -> bool:
    body = {
        "account": str(AccountFactory().pk), "name": "Metering", "deal_type": "new_business", "owner": str(world.owner.pk),
        "first_meeting_at": (timezone.now() + timedelta(days=3)).isoformat(), "override": world.override,
    }  # fmt: skip
    return answered(Api(world.by).post("opportunities/", body).status_code)


def lead_of(world: World) -> Lead:
    lead: Lead = LeadFactory(owner=world.owner, company="Halla Dairy", status="accepted")
    return lead


def conversion_page(world: World) -> bool:
    meeting = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT10:00")
    sent = {
        "first_meeting_at": meeting, "deal_type": "new_business", "deal_name": "Metering", "override": world.override,
    }  # fmt: skip
    return answered(world.client.post(f"/leads/{lead_of(world).pk}/converted/", sent).status_code)


def conversion_api(world: World) -> bool:
    meeting = (timezone.now() + timedelta(days=3)).isoformat()
    body = {"first_meeting_at": meeting, "deal_type": "new_business", "override": world.override}
    lead = lead_of(world)
    return answered(Api(world.by).post(f"leads/{lead.pk}/convert/", body, if_match=f'"{lead.pk}-1"').status_code)


Path = Callable[[World], bool]
# Who may stand in for the fact with a reason, at each gate (D-17).
TABLE = [
    pytest.param("warn", "rep", "", False, id="warn, no reason"),
    pytest.param("warn", "rep", "Friday", False, id="warn, too short a reason"),
    pytest.param("warn", "rep", REASON, True, id="warn, a reason"),
    pytest.param("require", "rep", "", False, id="require, no reason"),
    pytest.param("require", "rep", REASON, False, id="require, a rep's reason"),
    pytest.param("require", "manager", "", False, id="require, a manager without reason"),
    pytest.param("require", "manager", REASON, True, id="require, a manager's reason"),
]
OVERRIDABLE = (
    drag_or_keys, menu, form, sheet, many, many_by_api, api_move, reopen_further, reopen_as_new, creation_page,
    creation_api, conversion_page, conversion_api,
)  # fmt: skip


def make_world(client: Client, role: str, override: str) -> World:
    team = TeamFactory()
    rep, manager = UserFactory(rep=True, team=team), UserFactory(manages=team)
    by = manager if role == "manager" else rep
    client.force_login(by)
    return World(by, rep, client, override)


def entered() -> list[str]:
    """Return why each deal that entered a setpoint since might, in spite of what it misses."""
    events = OpportunityEvent.objects.filter(kind="setpoint")
    return [
        event.detail["override"]
        for event in events.order_by("pk")
        if [each["code"] for each in event.detail["criteria"] if not each["met"]] == [MISSING]
    ]


@pytest.mark.parametrize(("gate", "role", "override", "passes"), TABLE)
@pytest.mark.parametrize("path", OVERRIDABLE, ids=lambda path: path.__name__)
def test_a_move_with_a_missing_fact_is_refused_or_recorded_as_overridden(
    client: Client, path: Path, gate: str, role: str, override: str, passes: bool
) -> None:
    require(gate)
    world = make_world(client, role, override)
    assert path(world) is passes
    assert entered() == ([override] if passes else [])
    if lead := Lead.objects.first():
        assert lead.status == ("converted" if passes else "accepted")


@pytest.mark.parametrize("gate", ["warn", "require"])
@pytest.mark.parametrize("known", [False, True], ids=["a new deal", "a known deal"])
def test_an_import_records_its_reason_or_leaves_the_deal_out(client: Client, gate: str, known: bool) -> None:
    world = make_world(client, "rep", "")
    meeting = timezone.now() - timedelta(days=5)
    row = {
        "external_id": "D1", "account": "A1", "name": "Metering", "owner": world.owner.email, "setpoint": "first_meeting",
        "deal_type": "new_business", "created_at": (meeting - timedelta(days=2)).date().isoformat(),
        "first_meeting_at": meeting.isoformat(),
    }  # fmt: skip
    AccountFactory(external_id="A1")
    if known:
        import_rows("opportunities", [row], by=None, at=timezone.now())
        row |= {"setpoint": "25", "next_step": "Call", "next_step_on": timezone.localdate().isoformat()}
        Criterion.objects.filter(code__in=["next_step_agreed", "interest_confirmed"]).update(retired_at=timezone.now())
    require(gate)
    before = OpportunityEvent.objects.count()
    with pytest.raises(RowsRefused):
        import_rows("opportunities", [row], by=None, at=timezone.now(), gate="reject")
    assert OpportunityEvent.objects.count() == before
    import_rows("opportunities", [row], by=None, at=timezone.now(), gate="record", reason="Pipeline of the old system")
    assert entered() == ["Pipeline of the old system"]


@pytest.mark.parametrize("gate", ["warn", "require"])
def test_the_fields_of_a_deal_are_no_way_around_the_gate(client: Client, gate: str) -> None:
    require(gate)
    world = make_world(client, "manager", REASON)
    deal = world.deal()
    for body in ({"setpoint": "90"}, {"setpoint": "90", "name": "Same"}, {"evidenced_setpoint": "90"}):
        Api(world.by).patch(f"opportunities/{deal.pk}/", body)
    world.client.post(f"/deals/{deal.pk}/fields/setpoint_id/save/", {"setpoint_id": get_setpoint("90").pk})
    deal.refresh_from_db()
    assert deal.setpoint == get_setpoint("first_meeting")
    assert entered() == []


def test_a_deal_that_has_the_fact_passes_every_path_without_a_word(client: Client) -> None:
    """The table proves nothing unless its paths work when nothing is missing."""
    world = make_world(client, "rep", "")
    for path in OVERRIDABLE:
        assert path(world), path.__name__
