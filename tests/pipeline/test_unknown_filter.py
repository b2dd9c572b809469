"""The deals to find out about: who decides, or how it is decided, nobody told us (RU-041)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from pipeline.commands.qualification import assess_element
from pipeline.commands.roles import put_stakeholder, remove_stakeholder
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def rep() -> Any:
    return UserFactory(rep=True)


def make_deal(rep: Any, name: str, *, met: bool, told: int, gone: bool = False) -> None:
    account = AccountFactory()
    main, decider = ContactFactory(account=account), ContactFactory(account=account)
    deal = OpportunityFactory(owner=rep, account=account, contact=main, at="50", name=name)
    sent = {"opportunity_id": deal.pk, "by": rep, "at": AT}
    changes = {"role": "decision_maker", "met_on": date(2026, 3, 1) if met else None}
    put_stakeholder(contact_id=decider.pk, changes=changes, **sent)
    if gone:
        remove_stakeholder(contact_id=decider.pk, **sent)
    assess_element(element="decision_process", level=told, said_on=date(2026, 3, 1), contact_id=main.pk, **sent)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("", {"All known", "Not met", "Gone", "Assumed", "Nothing"}, id="no filter"),
        pytest.param("decision_maker", {"Not met", "Gone", "Nothing"}, id="who decides"),
        pytest.param("decision_process", {"Assumed", "Nothing"}, id="how it is decided"),
        pytest.param("buying", {"Not met", "Gone", "Assumed", "Nothing"}, id="either"),
        pytest.param(
            "mood", {"All known", "Not met", "Gone", "Assumed", "Nothing"}, id="what is no choice is left out"
        ),
    ],
)
@pytest.mark.parametrize("table", [False, True], ids=["board", "table"])
def test_what_is_to_be_found_out_is_listed(client: Client, rep: Any, table: bool, asked: str, found: set[str]) -> None:
    make_deal(rep, "All known", met=True, told=2)
    make_deal(rep, "Not met", met=False, told=3)
    make_deal(rep, "Gone", met=True, told=2, gone=True)
    make_deal(rep, "Assumed", met=True, told=1)
    make_deal(rep, "Nothing", met=False, told=0)
    client.force_login(rep)
    page = client.get("/pipeline/", {"unknown": asked} | ({"as": "table"} if table else {}))
    shown = {name for name in ("All known", "Not met", "Gone", "Assumed", "Nothing") if f">{name}<" in text(page)}
    assert (page.status_code, shown) == (200, found)
    assert ("Not known" in text(page)) == (asked in ("decision_maker", "decision_process", "buying"))
