"""The deals to find out about: who decides, or how it is decided, nobody told us (RU-041)."""

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pipeline.commands.qualification import assess_element
from pipeline.commands.roles import put_stakeholder, remove_stakeholder
from pipeline.models import Opportunity
from tests.factories.crm import AccountFactory, ContactFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


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


def test_a_setpoint_is_reviewed_each_row_says_what_is_known_and_a_step_finds_out_the_rest(
    client: Client, rep: Any, django_assert_num_queries: Any
) -> None:
    for name, met, told in (("Nothing", False, 0), ("No process", True, 1), ("Not met", False, 3)):
        make_deal(rep, name, met=met, told=told)
    OpportunityFactory(owner=rep, at="25", name="Elsewhere")
    client.force_login(rep)
    asked = {"as": "table", "unknown": "buying", "stands_at": "50", "sort": "name"}
    page = text(client.get("/pipeline/", asked))
    assert "Elsewhere" not in page and "Setpoint is" in page
    rows = [" ".join(row.split()) for row in re.findall(r'<small class="buying">(.*?)</small>', page, re.DOTALL)]
    said = [
        (re.sub("<[^>]*>", "", row).split(" · ")[:2], unquote_plus(re.findall(r"purpose=([^\"]*)", row)[0]))
        for row in rows
    ]
    assert said == [
        (["Decision maker: known", "Decision process: not known"], "Find out how they decide"),
        (["Decision maker: not known", "Decision process: known"], "Find out who decides, and meet them"),
        (["Decision maker: not known", "Decision process: not known"], "Find out who decides, and how"),
    ]
    sheet = text(client.get(unescape(re.findall(r'href="(/deals/\d+/step/\?purpose=[^"]*)"', page)[0])))
    assert 'value="Find out how they decide"' in sheet
    hostile = text(client.get(f"/deals/{Opportunity.objects.all()[0].pk}/step/", {"purpose": '"><script>' + "x" * 999}))
    assert "<script>x" not in hostile
    assert text(client.get("/pipeline/", asked | {"stands_at": "1e400"}))
    with CaptureQueriesContext(connection) as queries:
        client.get("/pipeline/", asked)
    make_deal(rep, "One more", met=False, told=0)
    with django_assert_num_queries(len(queries)):
        client.get("/pipeline/", asked)
