"""One glossary: what a page names, its definition is one click away (RU-003, RU-051)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError

from pipeline.enums import CHECKS
from pipeline.labels.glossary import ANCHORS, HOW_MET, TERMS
from pipeline.views.lists import MEANINGS
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint, get_version
from tests.testing import htmx_get, signed_in, text

NAMED = re.compile(r"""glossary[^#\n]{0,40}?["']?#([a-z-]+)""")


def test_every_word_is_defined_once_and_every_check_says_what_meets_it() -> None:
    assert len(ANCHORS) == len(TERMS)
    assert set(CHECKS) <= set(HOW_MET)
    assert set(MEANINGS.values()) <= ANCHORS


def test_whatever_a_template_names_is_in_the_glossary() -> None:
    """Anchors of setpoints and criteria are made of their ids, all others are terms."""
    named = {
        anchor
        for template in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for anchor in NAMED.findall(template.read_text())
    }
    assert {"qualified", "evidenced", "weighted"} <= named
    assert named - ANCHORS <= {"setpoint-", "criterion-"}
    with pytest.raises(TemplateSyntaxError):
        Template('{% load deals %}{% means "gut-feeling" "Gut feeling" %}').render(Context())


@pytest.mark.django_db
def test_every_setpoint_criterion_and_term_of_a_deal_opens_its_definition() -> None:
    rep = UserFactory(rep=True)
    browser, deal = signed_in(rep), OpportunityFactory(owner=rep)
    glossary = text(browser.get("/glossary/"))
    place, sheet = f"/deals/{deal.pk}/", htmx_get(browser, f"/deals/{deal.pk}/move/?to={get_setpoint('50').pk}")
    board, table = (text(browser.get(f"/pipeline/?view=my{more}")) for more in ("", "&as=table"))
    for page, codes in ((text(browser.get(place)), ("interest_confirmed",)), (text(sheet), ("need_known",))):
        for code in codes:
            assert f'#criterion-{get_version(code).criterion_id}"' in page
    opened = set(re.findall(r"/glossary/#([a-z0-9-]+)", "".join((text(browser.get(place)), text(sheet), board, table))))
    assert {f"setpoint-{get_setpoint(code).pk}" for code in ("first_meeting", "25", "50", "90")} <= opened
    assert {"qualification", "progress", "evidenced", "qualified", "signal", "stakeholder"} <= opened
    assert [anchor for anchor in opened if f'id="{anchor}"' not in glossary] == []
