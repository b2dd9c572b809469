"""How we sell, on one page for who begins here (EE-090, RU-017)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from pipeline.commands.guides import create_guide
from pipeline.models import CriterionVersion
from tests.factories.crm import PersonaFactory
from tests.factories.pipeline import get_version
from tests.testing import signed_in, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "/onboarding/"
QUERIES = 9
pytestmark = pytest.mark.django_db


def test_a_new_rep_finds_the_way_the_words_the_buyers_and_what_to_say(rep, django_assert_num_queries):
    PersonaFactory(name="Finance", goals="Money back in two years")
    create_guide(values={"seniority": "c_level", "business_terms": "Payback in a year"}, by=None, at=AT)
    browser = signed_in(rep)
    browser.get(URL)
    with django_assert_num_queries(QUERIES):
        page = text(browser.get(URL))
    for words in ("First meeting", "90%", "Budget known", "How much is set aside", "Required", "in 20 characters or more",
                  "Never taken to be the main contact", "Money back in two years", "Payback in a year"):  # fmt: skip
        assert words in " ".join(page.replace("\n", " ").split()), words
    assert text(browser.get("/glossary/")).count(f'href="{URL}"') == 2


def test_it_takes_the_same_statements_however_much_there_is(rep, django_assert_num_queries):
    for level in ("manager", "director", "individual"):
        create_guide(values={"seniority": level, "persona_id": PersonaFactory().pk, "message": "x"}, by=None, at=AT)
    browser = signed_in(rep)
    browser.get(URL)
    with django_assert_num_queries(QUERIES):
        browser.get(URL)


def test_what_changed_lately_is_told_and_what_began_with_the_pipeline_is_not(rep):
    browser = signed_in(rep)
    assert "What changed in the last three months" not in text(browser.get(URL))
    now, old = timezone.now(), get_version("budget_known")
    CriterionVersion.objects.filter(pk=old.pk).update(valid_until=now - timedelta(days=5))
    CriterionVersion.objects.create(
        criterion=old.criterion, number=old.number + 1, text="Budget seen in writing", evidence=old.evidence,
        check_code=old.check_code, gate="warn", valid_from=now - timedelta(days=5),
    )  # fmt: skip
    page = text(browser.get(URL))
    assert ("What changed in the last three months" in page, page.count("Budget seen in writing")) == (True, 2)


@pytest.mark.parametrize("asked", ["renewal", "x" * 500, "%00", "1e400"])
def test_a_pipeline_nobody_has_shows_the_first(rep, asked):
    assert signed_in(rep).get(f"{URL}?pipeline={asked}").status_code == 200
