"""No path leads past an approval that is open or was refused to 90% or won, and none past 90% without it is closed (D-17)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.exchange.run import RowsRefused, import_rows
from crm.lib.errors import CommandRefused
from crm.lib.values import Money
from pipeline.commands.opportunities import close_opportunity, move_opportunity, reopen_opportunity, undo_move
from pipeline.models import Opportunity, OpportunityEvent
from tests.api.client import Api
from tests.exchange.importing import reasons
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint
from tests.factories.promises import ApprovalFactory
from tests.testing import signed_in, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WHY = "The board has said yes by phone"
Path = Callable[[Opportunity, Any], None]


def by_command(deal: Opportunity, by: Any) -> None:
    move_opportunity(
        opportunity_id=deal.pk, to=get_setpoint("90"), seen_version=deal.version, by=by, at=AT, override=WHY
    )


def by_page(deal: Opportunity, by: Any) -> None:
    signed_in(by).post(
        f"/deals/{deal.pk}/move/", {"to": get_setpoint("90").pk, "version": deal.version, "override": WHY}
    )


def by_api(deal: Opportunity, by: Any) -> None:
    Api(by).post(
        f"opportunities/{deal.pk}/move/", {"setpoint": "90", "override": WHY}, if_match=f'"{deal.pk}-{deal.version}"'
    )


def by_many(deal: Opportunity, by: Any) -> None:
    sent = {
        "what": "setpoint_id", "setpoint_id": get_setpoint("90").pk, "reason": WHY, "deals": f"{deal.pk}.{deal.version}.",
    }  # fmt: skip
    signed_in(by).post("/deals/change/", sent)


def by_import(deal: Opportunity, by: Any) -> None:
    import_rows("opportunities", [{"external_id": deal.external_id, "setpoint": "90"}], by=None, at=AT)


def by_undo(deal: Opportunity, by: Any) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(setpoint=get_setpoint("90"), highest_rank=3)
    move_opportunity(
        opportunity_id=deal.pk, to=get_setpoint("25"), seen_version=deal.version, by=by, at=AT, reason="Slip"
    )
    seq = OpportunityEvent.objects.filter(opportunity=deal).latest("seq").seq
    undo_move(opportunity_id=deal.pk, seq=seq, by=by, at=AT)


def by_reopening(deal: Opportunity, by: Any) -> None:
    _close(deal, by, "lost", competitor="Acme", note="They chose another")
    reopen_opportunity(
        opportunity_id=deal.pk,
        seen_version=deal.version + 1,
        by=by,
        at=AT,
        setpoint_id=get_setpoint("90").pk,
        override=WHY,
    )


def won_by_command(deal: Opportunity, by: Any) -> None:
    _close(deal, by, "won")


def won_by_page(deal: Opportunity, by: Any) -> None:
    sent = {"outcome": "won", "version": deal.version, "closed_on": timezone.localdate(), "amount": "900"}
    signed_in(by).post(f"/deals/{deal.pk}/close/?outcome=won", {**sent, "reason_code": "price", "override": WHY})


def won_by_api(deal: Opportunity, by: Any) -> None:
    body = {"outcome": "won", "reason": "price", "amount": {"amount": "900.00", "currency": "EUR"}}
    Api(by).post(f"opportunities/{deal.pk}/close/", body, if_match=f'"{deal.pk}-{deal.version}"')


def won_by_import(deal: Opportunity, by: Any) -> None:
    row = {
        "external_id": deal.external_id,
        "outcome": "won",
        "created_at": "2026-01-05",
        "closed_at": "2026-03-01",
        "amount": "900",
    }
    import_rows("opportunities", [row], by=None, at=AT)


def _close(deal: Opportunity, by: Any, outcome: str, **more: Any) -> None:
    close_opportunity(
        opportunity_id=deal.pk, outcome=outcome, seen_version=deal.version, by=by, at=AT, reason_code="price",
        amount=Money(Decimal(900), "EUR"), **more,
    )  # fmt: skip


PATHS: dict[str, Path] = {
    "move, command": by_command, "move, page": by_page, "move, API": by_api, "move, many": by_many,
    "move, import": by_import, "undone move back": by_undo, "reopening": by_reopening, "won, command": won_by_command,
    "won, page": won_by_page, "won, API": won_by_api, "won, import": won_by_import,
}  # fmt: skip


def stands(path: Path, **approval: Any) -> bool:
    """Return whether the path led a deal to 90% or to won, gone by an administrator, with a reason."""
    deal = OpportunityFactory(at="50", external_id="D1", account__external_id="A1", amount=900)
    if approval:
        ApprovalFactory(opportunity=deal, **approval)
    try:
        path(deal, UserFactory(admin=True))
    except RowsRefused as refused:
        if [reject.problem.code for reject in refused.report.rejects] != ["approval_needed"]:
            raise
    except CommandRefused as refused:
        codes = {each.code for each in refused.refusals}
        if codes - {"approval_open", "approval_refused"}:
            raise
    deal.refresh_from_db()
    return deal.outcome == "won" or (deal.outcome == "" and deal.setpoint == get_setpoint("90"))


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize(
    ("approval", "passes"),
    [
        pytest.param({}, True, id="nothing asked"),
        pytest.param({"asked": 15}, False, id="open"),
        pytest.param({"refused": True}, False, id="refused"),
        pytest.param({"approved": True}, True, id="approved"),
        pytest.param({"state": "withdrawn", "withdrawn_at": AT}, True, id="withdrawn"),
    ],
)
def test_paths(path: Path, approval: dict[str, Any], passes: bool) -> None:
    assert stands(path, **approval) is passes


def test_an_open_approval_lets_a_deal_go_as_far_as_50_and_back_and_be_lost() -> None:
    deal = OpportunityFactory(at="90")
    ApprovalFactory(opportunity=deal)
    admin = UserFactory(admin=True)
    for code, version in (("25", 1), ("50", 2)):
        move_opportunity(
            opportunity_id=deal.pk,
            to=get_setpoint(code),
            seen_version=version,
            by=admin,
            at=AT,
            override=WHY,
            reason="Slip",
        )
    deal.refresh_from_db()
    _close(deal, admin, "lost", competitor="Acme", note="They chose another")
    deal.refresh_from_db()
    assert (deal.outcome, deal.setpoint) == ("lost", get_setpoint("50"))


def test_the_sheet_says_who_has_not_answered() -> None:
    rep = UserFactory(rep=True)
    deal = OpportunityFactory(at="50", owner=rep)
    ApprovalFactory(opportunity=deal, approver__name="Ann Saar")
    shown = text(
        signed_in(rep).post(f"/deals/{deal.pk}/move/", {"to": get_setpoint("90").pk, "version": 1, "override": WHY})
    )
    assert "Discount: Ann Saar has not answered yet. Until then it stays below 90%." in shown


def test_a_refused_file_row_names_the_area() -> None:
    deal = OpportunityFactory(at="50", external_id="D1", account__external_id="A1")
    ApprovalFactory(opportunity=deal, asked_at=AT - timedelta(days=1))
    with pytest.raises(RowsRefused) as refused:
        import_rows("opportunities", [{"external_id": "D1", "setpoint": "90"}], by=None, at=AT)
    assert reasons(refused.value.report) == [(2, "setpoint", "approval_needed")]
    assert "discount" in str(refused.value.report.rejects[0])
