"""Proposals, negotiation and documents by API: the same commands as on the deal's page, with tags and strict bodies."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import User
from pipeline.models import Document, NegotiationPoint, Opportunity, Proposal
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import UserFactory
from tests.factories.documents import NegotiationPointFactory, ProposalFactory, get_template
from tests.factories.pipeline import OpportunityFactory
from tests.testing import Unread, signed_in

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 offer"
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


def test_a_document_is_given_as_pdf_and_docx(api: Api, deal: Opportunity) -> None:
    made = api.post(at(deal, "documents/"), {"template": str(get_template().pk)}).json()
    pdf = api.get(at(deal, f"documents/{made['id']}/pdf/"), accept="application/pdf")
    docx = api.get(at(deal, f"documents/{made['id']}/docx/"))
    assert (pdf.content[:5], docx.content[:2]) == (b"%PDF-", b"PK")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="Proposal 1 {deal.account.name}.pdf"'
    assert_problem(api.get(at(OpportunityFactory(owner=deal.owner), f"documents/{made['id']}/pdf/")), 404)


def upload(api: Api, deal: Opportunity, name: str, content: bytes, **headers: Any) -> Any:
    sent = {"file": SimpleUploadedFile(name, content), "note": "Signed"}
    return api.client.post(api.url(at(deal, "files/")), sent, headers=headers)


def test_a_file_is_attached_listed_handed_out_and_taken_away(api: Api, deal: Opportunity) -> None:
    made = upload(api, deal, "../../Offer.pdf", PDF)
    assert made.status_code == 201, made.content
    shown = made.json()
    assert upload(api, deal, "Offer.pdf", PDF).json()["id"] == shown["id"]
    assert (shown["name"], shown["media_type"], shown["size"], shown["note"]) == (
        "Offer.pdf", "application/pdf", len(PDF), "Signed",
    )  # fmt: skip
    assert api.get(at(deal, "files/")).json()["results"] == [shown] and "key" not in shown
    path = at(deal, f"files/{shown['id']}/")
    given = api.get(f"{path}content/", accept="application/pdf")
    assert b"".join(given.streaming_content) == PDF
    assert {name: given.headers[name] for name in ("Content-Disposition", "Content-Security-Policy")} == {
        "Content-Disposition": 'attachment; filename="Offer.pdf"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    reader, stranger = Api(UserFactory(marketing=True)), Api(UserFactory(rep=True))
    assert b"".join(reader.get(f"{path}content/").streaming_content) == PDF
    assert_problem(stranger.get(f"{path}content/"), 404)
    for person, status in ((reader, 403), (stranger, 404), (api, 204), (api, 204)):
        assert person.client.delete(api.url(path)).status_code == status
    assert_problem(api.get(f"{path}content/"), 404)
    assert api.get(at(deal, "files/")).json()["results"][0]["removed_at"] is not None


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("../../x.pHp", b"<?php", 422, "file_kind"), ("offer.pdf", b"<html>", 422, "file_not_that"),
        ("offer.pdf", b"", 400, "invalid"), ("big.pdf", PDF + b"0" * 2_000_000, 422, "file_too_large"),
    ],
)  # fmt: skip
def test_what_the_page_refuses_the_api_refuses(
    api: Api, deal: Opportunity, name: str, content: bytes, status: int, code: str
) -> None:
    before = checksum()
    assert_problem(upload(api, deal, name, content), status, code)
    assert checksum() == before


def test_odd_uploads_are_refused_and_a_gigabyte_is_not_read(api: Api, deal: Opportunity) -> None:
    before, address = checksum(), api.url(at(deal, "files/"))
    many = {f"f{n}": "" for n in range(2000)}
    for sent, status in (({}, 400), ({"file": "text"}, 400), ({"note": "\x00"}, 400), (many, 400)):
        assert_problem(api.client.post(address, sent), status)
    assert_problem(api.post(at(deal, "files/"), {"file": "x"}), 415)
    assert_problem(api.client.generic("POST", address, b"x", "multipart/form-data; boundary=x"), 400)
    huge = {"wsgi.input": Unread(), "CONTENT_LENGTH": "1000000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    assert_problem(api.client.generic("POST", address, **huge), 413, "too_large")
    assert checksum() == before


def test_an_upload_may_be_sent_again_with_its_key(api: Api, deal: Opportunity) -> None:
    key = {"Idempotency-Key": "one"}
    first, again = (upload(api, deal, "offer.pdf", PDF, **key) for _ in range(2))
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert_problem(upload(api, deal, "offer.pdf", PDF + b"2", **key), 422)


def test_no_room_is_told(api: Api, deal: Opportunity, settings: Any) -> None:
    settings.MEDIA_ROOT = "/proc/setpoint"  # where nobody writes
    assert_problem(upload(api, deal, "offer.pdf", PDF), 503, "files_away")


def test_templates_are_read_by_who_sells_and_worded_by_who_manages(api: Api, deal: Opportunity) -> None:
    manager = Api(UserFactory(manages=deal.owner.memberships.get().team))
    words = {"kind": "contract", "name": "Ours", "title": "For {{ customer }}", "body": "# Terms\n{{ terms }}\n"}
    assert_problem(api.post("document-templates/", words), 403)
    made = manager.post("document-templates/", words)
    assert {name: made.json()[name] for name in words} == words
    path = f"document-templates/{made.json()['id']}/"
    for body in ("{{ settings.SECRET_KEY }}", "{% load log %}", "{{ terms }} {{", "{{7*7}}", "{{ terms }} here"):
        assert manager.patch(path, {"body": body}).status_code == 422
    assert_problem(manager.patch(path, {"kind": "proposal"}), 400)
    other = manager.patch(path, {"body": "Other words"})
    assert (other.json()["version"], other.json()["body"], other.json()["title"]) == (
        2,
        "Other words\n",
        words["title"],
    )
    assert_problem(manager.patch(path, {"name": "Late"}, if_match=made["ETag"]), 412, "stale_record")
    gone = manager.post(f"{path}retire/", if_match=other["ETag"])
    assert gone.json()["retired_at"] is not None and api.get(path).json() == gone.json()
    assert_problem(api.post(at(deal, "documents/"), {"template": gone.json()["id"]}), 422, "template_retired")
    assert manager.post(f"{path}use/", if_match=gone["ETag"]).json()["retired_at"] is None
    assert_problem(signed_in(UserFactory(contributor=True)).get(api.url(path)), 404)


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
