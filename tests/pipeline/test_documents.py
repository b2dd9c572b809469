"""Documents made of templates: filled once, kept as they were, handed out as PDF and DOCX (LT-096)."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from docx import Document as Word

from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from pipeline.commands.documents import DocumentRefused, make_document
from pipeline.commands.proposals import write_proposal
from pipeline.commands.templates import TemplateRefused, add_template, retire_template, word_template
from pipeline.models import (
    Document,
    DocumentTemplate,
    Opportunity,
    OpportunityEvent,
    OpportunityLine,
    TemplateVersion,
)
from pipeline.policies.proposals import SolutionLine
from tests.factories.crm import ContactFactory, TeamFactory, UserFactory
from tests.factories.documents import (
    DocumentFactory,
    NegotiationPointFactory,
    OpportunityFileFactory,
    ProposalFactory,
    get_template,
)
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import PromiseFactory
from tests.testing import htmx_get, htmx_post, signed_in, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> {{ amount }} #read("/etc/passwd") $x$ \x07\u202e日'


@pytest.fixture
def rep() -> Any:
    return UserFactory(rep=True, team=TeamFactory(), name="Liis Kaur")


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(
        owner=rep, at="50", amount=48_000, account__name="Põhja Metall", account__city="Tartu", name="Line 2",
        required_results="Half the scrap", go_live_on=date(2026, 6, 1),
    )  # fmt: skip


@pytest.fixture
def manager() -> Any:
    return UserFactory(manages=TeamFactory())


def template(body: str, *, title: str = "For {{ customer }}", **more: Any) -> DocumentTemplate:
    given = {"kind": "proposal", "name": "Ours", "title": title, "body": body, "by": None, "at": AT, **more}
    return add_template(**given)


def make(deal: Opportunity, made_of: DocumentTemplate, **more: Any) -> Document:
    return make_document(**{"opportunity_id": deal.pk, "template_id": made_of.pk, "by": deal.owner, "at": AT, **more})


def said(document: Document) -> list[str]:
    return [block.get("text", block["kind"]) for block in document.content["blocks"]]


def codes(refused: Any) -> list[tuple[str, dict[str, str]]]:
    return [(refusal.code, dict(refusal.params)) for refusal in refused.value.refusals]


def words_of(docx: bytes) -> str:
    word = Word(io.BytesIO(docx))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def test_a_template_is_filled_from_the_deal_and_kept(deal):
    made_of = template("# Dear {{ customer }}\nfrom {{ customer_city }}\n\n- {{ amount }}\n{{ today }}")
    made = make(deal, made_of)
    assert made.content == {
        "title": "For Põhja Metall",
        "language": "en",
        "by": "Setpoint",
        "on": "Monday, 2 March 2026",
        "blocks": [
            {"kind": "heading", "text": "Dear Põhja Metall"},
            {"kind": "text", "text": "from Tartu"},
            {"kind": "item", "text": "€48,000.00"},
            {"kind": "text", "text": "Monday, 2 March 2026"},
        ],
    }
    assert make(deal, made_of) == made
    deal.account.city = "Narva"
    deal.account.save()
    again = make(deal, made_of)
    made.refresh_from_db()
    assert (again.number, said(again)[1], said(made)[1]) == (2, "from Narva", "from Tartu")
    events = OpportunityEvent.objects.filter(opportunity=deal, kind="document").order_by("seq")
    assert [event.new["number"] for event in events] == [1, 2]


def test_blocks_tell_of_the_proposal_the_negotiation_and_the_promises(deal):
    write_proposal(
        opportunity_id=deal.pk, package="custom", lines=[SolutionLine("Scrap", "Cameras")], by=deal.owner, at=AT
    )
    NegotiationPointFactory(opportunity=deal, state="agreed", answer="Five percent", settled_on=date(2026, 3, 1))
    NegotiationPointFactory(opportunity=deal, asked="Still open")
    PromiseFactory(opportunity=deal, text="A visit a month", due_on=date(2026, 4, 1))
    made = make(deal, template("{{ solutions }}\n{{ terms }}\n{{ promises }}\n{{ signatures }}\n{{ lines }}"))
    assert made.content["blocks"] == [
        {"kind": "solution", "lead": "Scrap", "text": "Cameras"},
        {"kind": "item", "text": "Five percent"},
        {"kind": "item", "text": "A visit a month, by Wednesday, 1 April 2026"},
        {"kind": "signatures", "parties": ["Põhja Metall", "Setpoint"], "label": "Date and signature"},
    ]


def test_a_line_says_how_often_it_is_billed_and_what_that_comes_to(deal):
    price = {"quantity": Decimal(2), "price": Money(Decimal(100), "EUR")}
    OpportunityLine.objects.create(opportunity=deal, description="Setup", **price)
    OpportunityLine.objects.create(
        opportunity=deal, description="Service", billing="monthly", months=36, discount=Decimal("0.1"), **price
    )
    [table] = make(deal, template("{{ lines }}")).content["blocks"]
    assert table["rows"] == [
        ["Setup", "Once", "2", "€100.00", "–", "€200.00"],
        ["Service", "Each month, 36 months", "2", "€100.00", "10.0%", "€6,480.00"],
    ]


def test_nothing_goes_out_with_a_hole_in_it(deal):
    deal.required_results = ""
    deal.save()
    with pytest.raises(DocumentRefused) as refused:
        make(deal, template("{{ required_results }} {{ contact }} {{ amount }}\n{{ solutions }}"))
    assert codes(refused) == [
        ("placeholder_empty", {"placeholder": "contact"}),
        ("placeholder_empty", {"placeholder": "required_results"}),
    ]
    answer = htmx_post(signed_in(deal.owner), f"/deals/{deal.pk}/documents/new/", {"template_id": get_template().pk})
    assert answer.status_code == 422
    assert "Not known yet: Result they need. The template asks for it." in text(answer)
    assert Document.objects.count() == 0


def test_what_people_typed_is_never_read_as_anything_else(deal):
    deal.account.name = HOSTILE
    deal.account.save()
    made = make(deal, template("Dear {{ customer }}, {{ amount }}\n{{ signatures }}"))
    clean = '<script>alert(1)</script> {{ amount }} #read("/etc/passwd") $x$ 日'
    assert said(made)[0] == f"Dear {clean}, €48,000.00"
    browser, address = signed_in(deal.owner), f"/deals/{deal.pk}/documents/{made.pk}/"
    pdf, docx = browser.get(f"{address}pdf/"), browser.get(f"{address}docx/")
    assert pdf.content.startswith(b"%PDF-")
    assert clean in words_of(docx.content)
    assert "<script>alert" not in text(browser.get(f"/deals/{deal.pk}/documents/"))


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ],
)
def test_it_is_handed_out_as_a_download(deal, form, media_type, begins):
    make(deal, get_template("contract"))
    made = make(deal, get_template())
    answer = signed_in(deal.owner).get(f"/deals/{deal.pk}/documents/{made.pk}/{form}/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename*=utf-8''Proposal%201%20P%C3%B5hja%20Metall.{form}"
    )
    assert answer.content.startswith(begins)


def test_a_docx_names_us_and_nobody_else(deal):
    made = make(deal, get_template("contract"))
    docx = signed_in(deal.owner).get(f"/deals/{deal.pk}/documents/{made.pk}/docx/").content
    told = Word(io.BytesIO(docx)).core_properties
    assert (told.author, told.title, told.language) == ("Setpoint", made.content["title"], "en")
    assert (told.created, told.comments) == (AT, "")
    assert b"python-docx" not in zipfile.ZipFile(io.BytesIO(docx)).read("docProps/core.xml")


def test_what_is_not_there_for_somebody_is_not_found(deal):
    made, other = DocumentFactory(opportunity=deal), OpportunityFactory(owner=deal.owner)
    browser, stranger = signed_in(deal.owner), signed_in(UserFactory(rep=True))
    assert browser.get(f"/deals/{deal.pk}/documents/{made.pk}/pdf/").status_code == 200
    assert browser.get(f"/deals/{deal.pk}/documents/{made.pk}/exe/").status_code == 404
    assert browser.get(f"/deals/{other.pk}/documents/{made.pk}/pdf/").status_code == 404
    assert stranger.get(f"/deals/{deal.pk}/documents/{made.pk}/pdf/").status_code == 404
    assert stranger.get(f"/deals/{deal.pk}/documents/").status_code == 404
    with pytest.raises(NotPermitted):
        make(deal, get_template(), by=UserFactory(rep=True))


def test_the_proposal_of_another_deal_fills_nothing(deal):
    with pytest.raises(DocumentRefused) as refused:
        make(deal, get_template(), proposal_id=ProposalFactory().pk)
    assert codes(refused) == [("not_of_this_deal", {"field": "proposal"})]


def test_a_retired_template_makes_nothing_and_what_it_made_stays(deal):
    made_of = get_template()
    made = make(deal, made_of)
    retire_template(template_id=made_of.pk, is_retired=True, by=None, at=AT)
    with pytest.raises(DocumentRefused):
        make(deal, made_of)
    browser = signed_in(deal.owner)
    assert browser.get(f"/deals/{deal.pk}/documents/{made.pk}/pdf/").status_code == 200
    answer = htmx_post(browser, f"/deals/{deal.pk}/documents/new/", {"template_id": made_of.pk})
    assert answer.status_code == 422


def test_documents_and_versions_are_never_changed(deal):
    made = make(deal, get_template())
    for rows in (Document.objects.filter(pk=made.pk), TemplateVersion.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(number=9)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_other_words_are_another_version(manager):
    made = template("One", by=manager)
    given = {"template_id": made.pk, "name": "Ours", "title": "For {{ customer }}", "by": manager, "at": AT}
    assert word_template(seen_number=1, body="One", **given).number == 1
    assert word_template(seen_number=1, body="Two", **given).number == 2
    with pytest.raises(StaleRecord):
        word_template(seen_number=1, body="Three", **given)
    versions = TemplateVersion.objects.filter(template=made).order_by("number")
    assert [(each.number, each.body) for each in versions] == [(1, "One\n"), (2, "Two\n")]
    with pytest.raises(TemplateRefused) as refused:
        template("One", name=" OURS ")
    assert codes(refused) == [("taken", {"field": "name"})]


def test_only_managers_and_administrators_word_templates(rep):
    made = template("One")
    for tried in (
        lambda: template("Two", name="Other", by=rep),
        lambda: word_template(template_id=made.pk, seen_number=1, name="A", title="A", body="A", by=rep, at=AT),
        lambda: retire_template(template_id=made.pk, is_retired=True, by=rep, at=AT),
    ):
        with pytest.raises(NotPermitted):
            tried()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ settings.SECRET_KEY }}", "{{ settings.SECRET_KEY }} is no placeholder. Choose one of the list."),
        ("{% load log %}{% get_admin_log 10 as x %}", "“{% load log %}{% get_admin_log 10 as x %}” looks like code."),
        ("{{7*7}}", "{{7*7}} is no placeholder."),
        ("x" * 50_001, "at most 50000 characters"),
        ("", "This field is required."),
    ],
    ids=["a setting", "a tag", "arithmetic", "too long", "empty"],
)
def test_code_is_refused_by_name_and_kept_in_the_form(manager, body, says):
    browser = signed_in(manager)
    sent = {"kind": "proposal", "name": "Mine", "title": "Offer", "body": body}
    answer = browser.post("/settings/documents/new/", sent)
    assert (answer.status_code, DocumentTemplate.objects.filter(name="Mine").count()) == (422, 0)
    assert says.replace("{%", "{%") in text(answer)
    assert "only for tests" not in text(answer)


def test_a_template_is_added_worded_and_retired_by_page(manager):
    browser = signed_in(manager)
    sent = {"kind": "contract", "name": "Mine", "title": "Offer", "body": "One\r\n\r\nTwo"}
    assert browser.post("/settings/documents/new/", sent).status_code == 302
    made = DocumentTemplate.objects.get(name="Mine")
    url = f"/settings/documents/{made.pk}/"
    assert "{{ customer }}" in text(browser.get(url))
    sent = {"name": "Mine", "title": "Offer", "body": "Three", "number": "1"}
    assert browser.post(url, sent).status_code == 302
    both = browser.post(url, sent | {"title": "Mine"})
    assert (both.status_code, 'name="number" value="2"' in text(both)) == (409, True)
    assert "Three" in text(both) and "One\n\nTwo" in text(both)
    shown = text(browser.get(url))
    assert "Version 2" in shown and "One\n\nTwo" in shown
    browser.post(f"{url}use/")
    assert "Not in use" in text(browser.get("/settings/documents/"))
    browser.post(f"{url}use/", {"back": "1"})
    assert "Not in use" not in text(browser.get("/settings/documents/"))


def test_the_panel_is_a_page_of_its_own_and_a_part_of_the_deals(deal, django_assert_num_queries):
    browser, url = signed_in(deal.owner), f"/deals/{deal.pk}/documents/"
    assert f'hx-get="{url}" hx-trigger="intersect once"' in text(browser.get(f"/deals/{deal.pk}/"))
    fragment = htmx_get(browser, url)
    assert text(fragment).strip().startswith('<section class="panel promised" id="documents"')
    assert "Nothing was offered, written or attached yet." in text(browser.get(url))


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_asks_as_often_however_much_there_is(deal, count, django_assert_num_queries):
    anna = ContactFactory(account=deal.account)
    ProposalFactory.create_batch(count, opportunity=deal, sent_on=date(2026, 2, 27))
    NegotiationPointFactory.create_batch(count, opportunity=deal, contact=anna)
    DocumentFactory.create_batch(count, opportunity=deal, by=deal.owner)
    OpportunityFileFactory.create_batch(count, opportunity=deal, by=deal.owner)
    browser = signed_in(deal.owner)
    htmx_get(browser, f"/deals/{deal.pk}/documents/")
    with django_assert_num_queries(11):
        shown = text(htmx_get(browser, f"/deals/{deal.pk}/documents/"))
    assert "after 0 meetings" in shown and "offer-" in shown


def test_the_list_of_templates_asks_as_often_however_many_there_are(manager, django_assert_num_queries):
    browser = signed_in(manager)
    browser.get("/settings/documents/")
    for more in (0, 3):
        for number in range(more):
            template("One", name=f"Template {number}")
        with django_assert_num_queries(5):
            browser.get("/settings/documents/")
