"""Two people at once with one deal's papers: numbers stay single, one sending wins, a file is attached once."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile

from crm.lib.errors import StaleRecord
from pipeline.commands.documents import make_document
from pipeline.commands.files import attach_file
from pipeline.commands.proposals import ProposalRefused, send_proposal, write_proposal
from pipeline.models import Document, OpportunityEvent, OpportunityFile, Proposal
from pipeline.models.opportunities import Opportunity
from tests.factories.documents import get_template
from tests.factories.pipeline import OpportunityFactory
from tests.pipeline.test_approval_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def paper_deal() -> Opportunity:
    return OpportunityFactory(amount=48_000, required_results="Half the scrap", go_live_on=date(2026, 6, 1))


def test_numbers_are_given_once_and_what_is_the_same_is_made_once() -> None:
    deal = paper_deal()
    sent = {"opportunity_id": deal.pk, "by": None, "at": AT}
    template = get_template()
    at_once(
        *(lambda: write_proposal(package="standard", lines=[], **sent) for _ in range(2)),
        *(lambda: attach_file(name="offer.pdf", content=ContentFile(b"%PDF-"), **sent) for _ in range(2)),
        *(lambda: make_document(template_id=template.pk, **sent) for _ in range(2)),
    )
    assert sorted(Proposal.objects.values_list("number", flat=True)) == [1, 2]
    assert OpportunityFile.objects.count() == 1
    assert len(Document.objects.values_list("number", flat=True)) in (1, 2)  # one proposal may come between
    seqs = list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_proposal_is_sent_by_one_of_two() -> None:
    deal = paper_deal()
    made = write_proposal(opportunity_id=deal.pk, package="standard", lines=[], by=None, at=AT)
    days = (date(2026, 2, 26), date(2026, 2, 27))
    answers = at_once(
        *(
            lambda day=day: send_proposal(proposal_id=made.pk, seen_version=1, sent_on=day, by=None, at=AT)
            for day in days
        )
    )
    refused = [answer for answer in answers if isinstance(answer, ProposalRefused | StaleRecord)]
    assert len(refused) == 1
    assert OpportunityEvent.objects.filter(opportunity=deal, kind="proposal").count() == 2
