"""Files and proposals in a browser: the panel comes as it is reached, what is taken away comes back, axe objects to nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.models import Opportunity, OpportunityFile, Proposal
from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import UserFactory
from tests.factories.documents import DocumentFactory, NegotiationPointFactory, ProposalFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)
PDF = {"name": "Plan of pipes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
PROGRAM = {"name": "offer.exe", "mimeType": "application/pdf", "buffer": b"MZ"}


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, at="50", amount=48_000)


def test_a_file_is_attached_taken_away_and_put_back(
    page: Any, sign_in: Callable[[Any], None], rep: Any, deal: Opportunity
) -> None:
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    page.locator("#documents").scroll_into_view_if_needed()
    page.click("#documents a:has-text('Attach a file')")
    page.set_input_files("#ask-sheet input[type=file]", files=[PROGRAM])
    page.click("#ask-sheet button[type=submit]")
    page.wait_for_selector("#ask-sheet .error")
    page.set_input_files("#ask-sheet input[type=file]", files=[PDF])
    page.click("#ask-sheet button[type=submit]")
    page.wait_for_selector("#documents :text('Plan of pipes.pdf')", state="attached")
    page.locator("#documents button[aria-label='Take Plan of pipes.pdf away']").click()
    page.wait_for_selector("#documents :text('Nothing was offered')", state="attached")
    page.locator(".toast :text('Undo')").last.click()
    page.wait_for_selector("#documents :text('Plan of pipes.pdf')", state="attached")
    assert OpportunityFile.objects.get().removed_at is None


def test_a_proposal_is_written_by_keys(page: Any, sign_in: Callable[[Any], None], rep: Any, deal: Opportunity) -> None:
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/documents/")
    page.focus("#documents a:has-text('Proposal')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] #ask-sheet")
    page.focus("[name='0-challenge']")
    page.keyboard.type("Scrap")
    page.keyboard.press("Tab")
    page.keyboard.type("Cameras")
    page.focus("#ask-sheet button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#documents .solutions :text('Cameras')")
    assert [line.challenge for line in Proposal.objects.get().lines.all()] == ["Scrap"]


def test_nothing_objectionable_in_either_theme_or_width(
    page: Any, sign_in: Callable[[Any], None], rep: Any, deal: Opportunity
) -> None:
    ProposalFactory(opportunity=deal)
    NegotiationPointFactory(opportunity=deal)
    DocumentFactory(opportunity=deal)
    sign_in(UserFactory(admin=True))
    places = (f"/deals/{deal.pk}/documents/", f"/deals/{deal.pk}/proposals/new/", f"/deals/{deal.pk}/files/")
    for path in (*places, "/settings/documents/", "/settings/documents/new/"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(path)
            assert violations(page) == [], (path, scheme)
        assert not scrolls_sideways(page, width=390), path
