"""A person is erased on request: nothing of them is left, and every figure is what it was (C-4, D-8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.utils import InternalError
from django.urls import reverse

from crm.commands.activities import ActivityRefused, log_activity
from crm.commands.contacts import edit_contact, match_contact
from crm.commands.erasure import ErasureRefused, erase_person
from crm.facts import Identity
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import (
    Activity,
    ActivityParticipant,
    Contact,
    Erasure,
    IdempotencyKey,
    ImportedRow,
    ImportRun,
    Job,
    User,
)
from crm.policies.erasure import find_pattern, names_person
from pipeline.models import BulkEdit, Document, MeetingRecord, Opportunity, OpportunityEvent, Stakeholder
from pipeline.queries.board import get_sums
from pipeline.queries.board_filter import BoardFilter
from reports.queries.catalogue import CATALOGUE
from reports.queries.figures import compute
from scoring.commands.conversion import ConversionRefused, convert_lead
from scoring.commands.events import record_event, record_events
from scoring.commands.leads import LeadRefused, create_lead, edit_lead
from scoring.commands.rules import edit_draft
from scoring.enums import Counting, Operator
from scoring.facts import Condition, EventCondition
from scoring.models import Lead, LeadEvent, LeadScore
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import ActivityFactory, ContactFactory, InsightFactory, UserFactory
from tests.factories.documents import DocumentFactory, NegotiationPointFactory, OpportunityFileFactory
from tests.factories.pipeline import AssessmentFactory, AttestationFactory, NextStepFactory, OpportunityActivityFactory
from tests.factories.scoring import sent
from tests.scoring.test_handoffs import NOW, hot_lead

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Zelda Quillfeather", "zelda.q@quills.example", "+37255512345"
LEFT = ["quillfeather", "zelda", "55512345", "quill master", "loud laugh"]
SAID = f"{NAME} has a loud laugh"
AT = NOW + timedelta(days=3)


@pytest.fixture
def admin() -> User:
    return UserFactory(admin=True)


@pytest.fixture
def contact(admin: User) -> Contact:
    """Somebody who came as a lead, became a contact with a deal, and is named wherever anybody writes."""
    about = {"first_name": "Zelda", "last_name": "Quillfeather", "phone": PHONE, "job_title": "Quill master"}
    lead = hot_lead(email=EMAIL, owner=UserFactory(rep=True), **about)
    came = {"properties": {"url": f"https://x.example/?who=Zelda+Quillfeather&mail={EMAIL}", "full_name": NAME}}
    record_events(
        events=[sent(lead, "page_viewed", NOW, key=f"mail-{EMAIL}-1", visitor="zelda-cookie", **came),
                sent(None, "page_viewed", NOW, key="cookie-1", visitor="zelda-cookie", **came)],
        by=None, at=NOW,
    )  # fmt: skip
    lead.handoffs.update(note=SAID)
    made = convert_lead(lead_id=lead.pk, by=None, at=NOW, deal_type="new_business", deal_name=f"Pilot of {NAME}",
                        first_meeting_at=NOW, override="They call back")  # fmt: skip
    contact, deal = Contact.objects.get(pk=made.contact_id), Opportunity.objects.get(pk=made.opportunity_id)
    edit_contact(contact_id=contact.pk, changes={"email": f"old.{EMAIL}"}, by=admin, at=NOW)
    edit_contact(contact_id=contact.pk, changes={"email": EMAIL, "department": "Quill masters"}, by=admin, at=NOW)
    _write_about(contact, deal, admin)
    return contact


def _write_about(contact: Contact, deal: Opportunity, admin: User) -> None:
    held = OpportunityActivityFactory(opportunity=deal, activity=ActivityFactory(held=True, contact=contact, note=SAID))
    Activity.objects.filter(pk=held.activity_id).update(subject=SAID, stated_reason=SAID)
    others = ActivityFactory(call=True, account=contact.account, note=f"Asked {NAME.upper()}\nand the cook")
    ActivityParticipant.objects.create(activity=others, contact=contact)
    MeetingRecord.objects.create(opportunity=deal, activity=held.activity, present_state=SAID, goals=SAID,
                                 created_at=NOW, recorded_at=NOW)  # fmt: skip
    for kind in (AssessmentFactory, AttestationFactory):
        kind(opportunity=deal, contact=contact, note=SAID)
    Stakeholder.objects.update_or_create(opportunity=deal, contact=contact, defaults={"note": SAID})
    NegotiationPointFactory(opportunity=deal, contact=contact, asked=SAID)
    NextStepFactory(opportunity=deal, agreed_with=contact, purpose=f"Call Quillfeather, Zelda at {EMAIL}")
    DocumentFactory(opportunity=deal, content={"title": f"For {NAME}", "blocks": [f'\n{NAME} "quoted"']})
    OpportunityFileFactory(opportunity=deal, name="Zelda Quillfeather.pdf")
    InsightFactory(account=contact.account, told_by=contact, text=SAID)
    BulkEdit.objects.create(kind="deal_type", reason=f"{NAME} asked", by=admin, at=NOW)
    user = {"user": admin, "created_at": NOW, "status": 201, "digest": "0"}
    IdempotencyKey.objects.create(key="one", body={"first_name": "Zelda", "last_name": "Quillfeather"}, **user)
    IdempotencyKey.objects.create(key=EMAIL, body={"id": 1, "phone": PHONE}, **user)
    run = ImportRun.objects.create(kind="contacts", file_name=f"{NAME}.csv", file_digest="0", started_at=NOW)
    ImportedRow.objects.create(kind="contacts", natural_id="zelda", digest="0", record_id=contact.pk, run=run)
    ImportedRow.objects.create(kind="activities", natural_id=f"1 {EMAIL}", digest="0", record_id=1, run=run)
    Job.objects.create(task="x", kwargs={"to": EMAIL}, key=EMAIL, not_before=NOW, error=f"no such box: {EMAIL}")
    LogEntry.objects.create(user=admin, content_type=ContentType.objects.get_for_model(Contact), object_repr=NAME,
                            object_id=str(contact.pk), action_flag=2)  # fmt: skip


def erase(contact: Contact, by: User, reason: str = "Asked by letter", **given: Any) -> Contact:
    return erase_person(contact_id=contact.pk, reason=reason, by=by, at=AT, **given)


def texts() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.columns
               JOIN pg_tables ON tablename = table_name AND schemaname = table_schema
               WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY')"""
        )
        return cursor.fetchall()


def where_found(words: list[str]) -> set[str]:
    """Search every text of every table."""
    found = set()
    with connection.cursor() as cursor:
        for table, column in texts():
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text ILIKE ANY(%s))',
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone() == (True,):
                found.add(f"{table}.{column}")
    return found


def sums(admin: User) -> Any:
    figures = [(name, row.filters, row.figure) for name in CATALOGUE for row in compute(name, user=None, at=AT)]
    given = BoardFilter(pipeline="new_business")
    board = get_sums(admin, given, today=AT.date(), closed_between=(NOW, AT))
    scores = list(LeadScore.objects.order_by("lead").values_list("lead", "score", "fit", "behaviour", "engagement"))
    events = list(LeadEvent.objects.order_by("pk").values_list("pk", "lead", "visitor", "type", "occurred_at"))
    return (
        figures,
        board,
        scores,
        events,
        list(OpportunityEvent.objects.order_by("pk").values_list("pk", "kind", "seq")),
    )


def test_nothing_is_left_and_every_figure_is_what_it_was(contact: Contact, admin: User) -> None:
    assert len(where_found(LEFT)) > 30
    before = sums(admin)
    erased = erase(contact, admin)
    assert where_found(LEFT) == set()
    assert sums(admin) == before
    assert (str(erased), erased.account_id, erased.seniority) == (
        "Erased person",
        contact.account_id,
        contact.seniority,
    )
    kept = Erasure.objects.get()
    assert (kept.contact, kept.reason, kept.by, kept.at) == (erased, "Asked by letter", admin, AT)
    assert set(Activity.objects.filter(note__contains="the cook").values_list("note", flat=True)) == {
        "Asked Erased person\nand the cook"
    }
    assert Document.objects.get().content == {"title": "For Erased person", "blocks": ['\nErased person "quoted"']}


def test_who_comes_back_is_somebody_new(contact: Contact, admin: User) -> None:
    erase(contact, admin)
    assert match_contact(EMAIL) is None
    was = set(Lead.objects.values_list("pk", flat=True))
    event = sent(None, "page_viewed", AT, key="back", email=EMAIL, visitor="zelda-cookie")
    record_event(event=event, by=None, at=AT)
    new = LeadEvent.objects.get(idempotency_key="back").lead_id
    assert new not in was
    again = ContactFactory(email=EMAIL)
    assert match_contact(EMAIL) == again


def test_what_is_kept_is_refused_to_change_before_and_after(contact: Contact, admin: User) -> None:
    audit = Contact.audit.rel.related_model.objects.filter(pgh_obj_id=contact.pk)
    for _ in range(2):
        for rows in (audit, OpportunityEvent.objects.all()):
            with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
                rows.update(**({"first_name": "x"} if rows is audit else {"via": "x"}))
        erase(contact, admin)
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        Erasure.objects.update(reason="x")


def test_a_second_time_changes_nothing(contact: Contact, admin: User) -> None:
    erase(contact, admin)
    before = checksum()
    erase(contact, admin, reason="Again")
    assert checksum() == before


def test_others_keep_what_is_theirs(contact: Contact, admin: User) -> None:
    shared = ContactFactory(first_name="Zelda", last_name="Quillfeather", phone=PHONE, email=f"other.{EMAIL}")
    note = ActivityFactory(note=f"Zelda Quillfeatherson, mary.{EMAIL}, {PHONE} and Quillfeather's hat")
    erase(contact, admin)
    shared.refresh_from_db(), note.refresh_from_db()
    assert (shared.full_name, shared.phone) == (NAME, PHONE)
    assert note.note == f"Zelda Quillfeatherson, mary.{EMAIL}, {PHONE} and Quillfeather's hat"


@pytest.mark.parametrize("reason", ["", " \x00", "x" * 301, "zelda wrote", f"Mail of {EMAIL.upper()}"], ids=len)
def test_the_reason_says_why_and_not_who(admin: User, reason: str) -> None:
    contact = ContactFactory(first_name="Zelda", last_name="Quillfeather", email=EMAIL)
    before = checksum()
    with pytest.raises(ErasureRefused):
        erase(contact, admin, reason)
    assert checksum() == before


def test_only_administrators_erase(admin: User) -> None:
    contact = ContactFactory()
    for person in (UserFactory(rep=True), UserFactory(marketing=True)):
        with pytest.raises(NotPermitted):
            erase(contact, person)
    with pytest.raises(StaleRecord):
        erase(contact, admin, seen_version=7)
    kept = ContactFactory()
    Contact.objects.filter(pk=contact.pk).update(merged_into=kept)
    with pytest.raises(ErasureRefused):
        erase(contact, admin)
    erase(kept, admin)
    assert Contact.objects.get(pk=contact.pk).first_name == ""


def test_the_page_tells_asks_and_shows_what_is_left(contact: Contact, admin: User, client: Any) -> None:
    client.force_login(admin)
    url, here = reverse("crm:contact_erase", args=[contact.pk]), reverse("crm:contact_detail", args=[contact.pk])
    assert url in client.get(here).content.decode()
    assert "Zelda Quillfeather.pdf" in client.get(url).content.decode()
    assert client.post(url, {"reason": "Zelda asked"}).status_code == 422
    assert client.post(url, {"reason": "Asked by letter"}).headers["Location"] == here
    assert client.post(url, {"reason": "Asked by letter"}).headers["Location"] == here
    shown = client.get(here).content.decode()
    assert "Erased person" in shown and NAME not in shown
    left = client.get(url).content.decode()
    assert "Asked by letter" in left and "Erased person.pdf" in left and 'name="reason"' not in left
    client.force_login(UserFactory(rep=True))
    assert client.get(url).status_code == 403
    assert url not in client.get(here).content.decode()


def test_the_api_erases_against_the_version_read(admin: User) -> None:
    contact, api = ContactFactory(), Api(admin, "read", "write")
    path = f"contacts/{contact.pk}/erase/"
    tag = api.get(f"contacts/{contact.pk}/")["ETag"]
    assert_problem(api.post(path, {"reason": "Asked"}), 428)
    assert_problem(api.post(path, {"reason": "Asked"}, if_match=f'"{contact.pk}-7"'), 412)
    for reason in ("", "\x00", None, 7, [], contact.last_name):
        assert api.post(path, {"reason": reason}, if_match=tag).status_code in (400, 422)
    erased = api.post(path, {"reason": "Asked"}, if_match=tag)
    assert (erased.status_code, erased.json()["last_name"], erased.json()["email"]) == (200, "Erased person", None)
    assert_problem(api.patch(f"contacts/{contact.pk}/", {"first_name": "x"}, if_match=erased["ETag"]), 422)
    assert_problem(Api(UserFactory(rep=True)).post(path, {"reason": "x"}, if_match=tag), 403)


def test_a_single_word_is_no_name_and_a_reason_may_hold_a_letter() -> None:
    assert find_pattern(Identity(frozenset({"May"}))) == ""
    assert not names_person("A letter came", Identity(frozenset({"A Stone"})))
    assert names_person("A stone came", Identity(frozenset({"A Stone"})))


def test_what_a_rule_asks_of_what_happened_stays(contact: Contact, admin: User) -> None:
    asked = EventCondition(frozenset({"webinar_attended"}), 1, 90, Condition("property.title", Operator.IS, "Cooling"))
    rule = {"name": "Heard of cooling", "points": 5, "counting": Counting.WHILE, "conditions": (asked,)}
    edit_draft(settings={}, rules={"cooling": rule}, by=admin, at=AT)
    told = {"properties": {"title": "Cooling", "full_name": NAME}}
    lead = Lead.objects.get(contact=contact)
    record_events(events=[sent(lead, "webinar_attended", AT, "heard", **told)], by=admin, at=AT)
    erase_person(contact_id=contact.pk, reason="Asked by letter", by=admin, at=AT)
    assert LeadEvent.objects.get(idempotency_key="heard").properties == {"title": "Cooling"}


def test_nothing_goes_on_with_who_was_erased(contact: Contact, admin: User) -> None:
    lead = Lead.objects.get(contact=contact)
    rest = hot_lead(contact=contact, email=f"second.{EMAIL}", owner=UserFactory(rep=True))
    erase_person(contact_id=contact.pk, reason="Asked by letter", by=admin, at=AT)
    before, now = checksum(), {"by": admin, "at": AT}
    called = {"kind": "call", "occurred_at": AT, "outcome": "conversation", "done": True}
    with pytest.raises(LeadRefused, match="erased"):
        edit_lead(lead_id=lead.pk, changes={"last_name": "Back"}, **now)
    with pytest.raises(ConversionRefused, match="erased"):
        convert_lead(lead_id=rest.pk, deal_type="new_business", first_meeting_at=AT, **now)
    for place in (
        {"context": {"lead": rest.pk}},
        {"contact_id": contact.pk},
        {"participant_contact_ids": [contact.pk]},
    ):
        with pytest.raises(ActivityRefused, match="erased"):
            log_activity(**called, owner_id=admin.pk, **place, **now)
    with pytest.raises(LeadRefused, match="unknown_value"):
        create_lead(contact_id=contact.pk, **now)
    answer = record_events(events=[sent(rest, "page_viewed", AT)], **now)[0]
    assert (answer.status, answer.refusals[0].code) == ("rejected", "unknown_lead")
    assert checksum() == before
    api = Api(admin)
    tag = api.get(f"leads/{lead.pk}/")["ETag"]
    assert_problem(api.patch(f"leads/{lead.pk}/", {"company": "Back"}, if_match=tag), 422, "erased")
    deal = lead.conversion.opportunity
    logged = api.post("activities/", {"kind": "note", "occurred_at": AT.isoformat(), "opportunity": str(deal.pk)})
    assert (logged.status_code, logged.json()["contact"]) == (201, None), logged.content
