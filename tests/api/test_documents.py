"""Proposals, negotiation and documents by API: the same commands as on the deal's page, with tags and strict bodies."""

from typing import Any

import pytest

from crm.models import User
from pipeline.models import Document, NegotiationPoint, Opportunity, Proposal
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import UserFactory
from tests.factories.documents import NegotiationPointFactory, OpportunityFileFactory, ProposalFactory, get_template
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db
LINE = {"challenge": "Scrap", "solution": "Cameras"}


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep, amount=48_000, required_results="Half the scrap", go_live_on="2026-06-01")


def at(deal: Opportunity, path: str) -> str:
    return f"opportunities/{deal.pk}/{path}"


def test_a_proposal_is_written_changed_and_sent(api: Api, deal: Opportunity) -> None:
    made = api.post(at(deal, "proposals/"), {"package": "custom", "lines": [LINE]})
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["number"], shown["package"], shown["lines"], shown["amount"], shown["sent_on"]) == (
        1, "custom", [LINE], None, None,
    )  # fmt: skip
    path = at(deal, f"proposals/{shown['id']}/")
    amount = {"amount": "48000.00", "currency": "EUR"}
    changed = api.patch(path, {"amount": amount}, if_match=made["ETag"])
    assert (changed.json()["amount"], changed.json()["lines"]) == (amount, [LINE])
    assert_problem(api.patch(path, {"note": "Late"}, if_match=made["ETag"]), 412, "stale_record")
    sent = api.post(f"{path}send/", {"sent_on": "2026-03-02"}, if_match=changed["ETag"])
    assert (sent.status_code, sent.json()["sent_on"]) == (200, "2026-03-02")
    assert_problem(api.post(f"{path}send/", {"sent_on": "2026-03-02"}, if_match=sent["ETag"]), 422, "proposal_sent")
    assert [row["id"] for row in api.get(at(deal, "proposals/")).json()["results"]] == [shown["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"package": "gift"}, {"package": "custom", "amount": {"amount": "1e400", "currency": "EUR"}},
        {"package": "custom", "amount": {"amount": "-1", "currency": "EUR"}}, {"package": "custom", "sent_on": "2026-03-02"},
        {"package": "custom", "lines": [{"challenge": "Scrap"}]}, {"package": "custom", "lines": [LINE] * 21},
        {"package": "custom", "lines": "x"}, {"package": "custom", "note": "x" * 1001}, {"package": "custom", "note": "\x00"},
        {"package": "custom", "number": 7}, {"package": "custom", "version": 7}, {"package": "custom", "by": "1"},
    ],
)  # fmt: skip
def test_what_no_proposal_says_changes_nothing(api: Api, deal: Opportunity, body: dict[str, Any]) -> None:
    before = checksum()
    answer = api.post(at(deal, "proposals/"), body)
    assert answer.status_code == 400, answer.content
    assert (checksum(), Proposal.objects.count()) == (before, 0)


@pytest.mark.parametrize(("day", "status"), [("2199-12-31", 422), ("1899-12-31", 400), ("soon", 400), (None, 400)])
def test_days_at_their_edges(api: Api, deal: Opportunity, day: str | None, status: int) -> None:
    made = ProposalFactory(opportunity=deal, package="standard")
    path = at(deal, f"proposals/{made.pk}/")
    answer = api.post(f"{path}send/", {"sent_on": day}, if_match=api.get(path)["ETag"])
    assert answer.status_code == status
    assert Proposal.objects.get().sent_on is None


def test_a_wish_is_noted_and_settled(api: Api, deal: Opportunity) -> None:
    made = api.post(at(deal, "negotiation/"), {"topic": "price", "asked": "Less", "asked_on": "2026-03-02"})
    assert made.status_code == 201, made.content
    path = at(deal, f"negotiation/{made.json()['id']}/settle/")
    assert_problem(api.post(path, {"state": "agreed"}), 428, "if_match_missing")
    answer = {"state": "agreed", "answer": "Five percent", "settled_on": "2026-03-03"}
    settled = api.post(path, answer, if_match=made["ETag"])
    assert (settled.json()["state"], settled.json()["answer"]) == ("agreed", "Five percent")
    assert_problem(api.post(path, {"state": "declined"}, if_match=made["ETag"]), 412, "stale_record")
    assert_problem(api.post(path, {"state": "declined"}, if_match=settled["ETag"]), 422, "negotiation_settled")
    assert api.post(path, {"state": "open"}, if_match=settled["ETag"]).status_code == 400
    assert NegotiationPoint.objects.count() == 1


def test_a_document_is_made_of_a_template(api: Api, deal: Opportunity) -> None:
    made = api.post(at(deal, "documents/"), {"template": str(get_template().pk)})
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["kind"], shown["number"], shown["template"]) == ("proposal", 1, str(get_template().pk))
    assert shown["title"].startswith("Proposal for ")
    assert api.post(at(deal, "documents/"), {"template": str(get_template().pk)}).json()["id"] == shown["id"]
    refused = api.post(at(deal, "documents/"), {"template": str(get_template().pk), "proposal": "999999"})
    assert_problem(refused, 422, "not_of_this_deal")
    assert api.post(at(deal, "documents/"), {"template": "999999"}).status_code == 400
    assert Document.objects.count() == 1


def test_files_are_listed_without_where_they_lie(api: Api, deal: Opportunity) -> None:
    OpportunityFileFactory(opportunity=deal, name="offer.pdf")
    (shown,) = api.get(at(deal, "files/")).json()["results"]
    assert (shown["name"], shown["media_type"]) == ("offer.pdf", "application/pdf")
    assert "key" not in shown


def test_the_ids_of_another_deal_are_not_found(api: Api, deal: Opportunity, rep: User) -> None:
    other = OpportunityFactory(owner=rep)
    proposal, point = ProposalFactory(opportunity=other), NegotiationPointFactory(opportunity=other)
    hidden = OpportunityFactory(owner=UserFactory(rep=True))
    for path in (at(deal, f"proposals/{proposal.pk}/"), at(hidden, "proposals/"), at(hidden, "files/")):
        assert api.get(path).status_code == 404
    before = checksum()
    for path in (at(deal, f"negotiation/{point.pk}/settle/"), at(deal, f"proposals/{proposal.pk}/send/")):
        assert api.post(path, {"state": "agreed"}).status_code == 404
    assert api.post(at(hidden, "negotiation/"), {}).status_code == 404
    assert checksum() == before


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_often_however_many_there_are(
    api: Api, deal: Opportunity, count: int, django_assert_num_queries: Any
) -> None:
    ProposalFactory.create_batch(count, opportunity=deal)
    api.get(at(deal, "proposals/"))
    with django_assert_num_queries(5):
        assert len(api.get(at(deal, "proposals/")).json()["results"]) == count
