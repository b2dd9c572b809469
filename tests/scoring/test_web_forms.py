"""From a form on a website to a lead with an owner, thanked by mail, and what strangers try with it (S-13, LT-099)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from crm.models import Job, Source
from crm.settings.logs import shown
from crm.tasks import run_job
from scoring import tasks  # noqa: F401  # the jobs
from scoring.commands.erasure import erase_leads
from scoring.commands.events import record_event
from scoring.commands.forms import add_website
from scoring.commands.leads import edit_lead
from scoring.commands.submissions import ConfirmationEnded, confirm_submission
from scoring.models import FormSubmission, Handoff, Lead, LeadEvent, LeadScore, VisitorIdentity, WebForm
from scoring.views import public_forms
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.testing import signed_in, text

pytestmark = pytest.mark.django_db
ASKED = ["email", "first_name", "last_name", "company", "country", "phone", "message", "consent"]
ANNA = {"email": "Anna@Rapla-Bakery.example", "first_name": "Anna", "last_name": "Kask", "company": "Rapla Bakery"}


@pytest.fixture(autouse=True)
def no_limit(monkeypatch):
    monkeypatch.setattr(public_forms, "sendings", type(public_forms.sendings)())


def make_form(**given: object) -> WebForm:
    now = timezone.now()
    values = {
        "code": "demo-request", "name": "See it work", "asked": ASKED, "required": ["email", "last_name"],
        "thanks": "We call you.", "consent_text": "You may call me.", "mail_subject": "Welcome", "mail_text": "Good day.",
        "origins": ["https://www.brightwater.example"], "created_at": now, "recorded_at": now,
        "source": Source.objects.get_or_create(code="website", defaults={"name": "Website", "channel": "inbound"})[0],
    }  # fmt: skip
    return WebForm.objects.create(**(values | given))


def send(answers: dict[str, str], **given: str):
    return Client().post("/forms/demo-request/", answers | given)


def send_to(form: WebForm, answers: dict[str, str]):
    return Client().post(f"/forms/{form.code}/", answers)


def run_jobs() -> None:
    for job_id in Job.objects.filter(state="queued").values_list("pk", flat=True):
        run_job(job_id=job_id, at=timezone.now())


def link_in(message) -> str:
    return re.search(r"http://testserver(/forms/confirm/\S+)", message.body)[1]


def test_from_form_to_lead_to_rep_to_welcome_mail():
    make_form()
    rep = UserFactory(rep=True)
    assert send(ANNA, visitor="v" * 22).status_code == 200
    assert (Lead.objects.count(), LeadEvent.objects.count()) == (0, 0)  # nothing happens before the address is hers
    run_jobs()
    (asking,) = mail.outbox
    assert (asking.to, "Rapla" in asking.body) == (["anna@rapla-bakery.example"], False)
    link = link_in(asking)
    assert "Confirm" in text(Client().get(link)) and not Lead.objects.exists()  # a mail scanner follows links
    assert [Client().post(link).status_code for _ in range(2)] == [200, 200]
    lead = Lead.objects.get()
    assert (lead.email, lead.full_name, lead.company) == ("anna@rapla-bakery.example", "Anna Kask", "Rapla Bakery")
    assert (lead.owner, lead.source.code, lead.status) == (rep, "website", "new")
    event = LeadEvent.objects.get()
    assert (event.type, event.lead, event.properties["form"]) == ("form_submitted", lead, "demo-request")
    assert (LeadScore.objects.get().lead, VisitorIdentity.objects.get().lead) == (lead, lead)
    for _ in range(2):
        run_jobs()
        Job.objects.update(state="queued", attempts=0)
    assert [message.subject for message in mail.outbox].count("Welcome") == 1


def test_each_new_lead_is_the_next_reps_unless_the_form_has_an_owner():
    form = make_form(double_opt_in=False)
    reps = {UserFactory(rep=True).pk for _ in range(2)}
    for name in ("one", "two"):
        send(ANNA | {"email": f"{name}@rapla-bakery.example"})
    assert set(Lead.objects.values_list("owner", flat=True)) == reps
    form.owner_id = min(reps)
    form.save()
    send(ANNA | {"email": "three@rapla-bakery.example"})
    assert Lead.objects.get(email="three@rapla-bakery.example").owner_id == min(reps)


def test_who_has_the_least_to_answer_does_not_get_all_that_comes_by_forms():
    make_form(double_opt_in=False)
    busy, idle = (UserFactory(rep=True).pk for _ in range(2))
    theirs, yesterday = LeadFactory(owner_id=busy), timezone.now() - timedelta(days=1)
    for kind in ("demo_requested", "webinar_attended", "whitepaper_downloaded"):
        record_event(event=sent(theirs, kind, yesterday), by=None, at=yesterday)
    assert Handoff.objects.get().owner_id == busy
    for number in range(4):
        send(ANNA | {"email": f"{number}@rapla-bakery.example"})
    owners = Lead.objects.filter(submissions__isnull=False).order_by("pk").values_list("owner", flat=True)
    assert list(owners) == [idle, busy, idle, busy]


@pytest.mark.parametrize("double_opt_in", [True, False])
def test_somebody_elses_address_changes_nothing_of_theirs_and_tells_nothing(double_opt_in):
    make_form(double_opt_in=double_opt_in)
    lead = LeadFactory(email="known@rapla-bakery.example", phone="", company="Hers")
    mine = ANNA | {"phone": "+37255512345", "company": "Mine", "visitor": "v" * 22}
    known, unknown = (send(mine | {"email": f"{who}@rapla-bakery.example"}) for who in ("known", "unknown"))
    assert text(known) == text(unknown)
    before = (lead.phone, lead.company, lead.last_name, lead.version)
    lead.refresh_from_db()
    assert (lead.phone, lead.company, lead.last_name, lead.version) == before
    assert not VisitorIdentity.objects.filter(lead=lead).exists()
    told = list(LeadEvent.objects.filter(lead=lead).values_list("not_counted", flat=True))
    assert told == ([] if double_opt_in else ["pending"])
    assert not LeadScore.objects.filter(lead=lead).exclude(last_activity_at=None).exists()


def test_sent_in_somebodys_name_it_counts_once_they_say_it_was_them():
    make_form(double_opt_in=False)
    lead = LeadFactory(email="known@rapla-bakery.example", phone="")
    send(ANNA | {"email": lead.email, "phone": "+37255512345", "visitor": "v" * 22})
    run_jobs()
    (asking,) = mail.outbox
    page = signed_in(UserFactory(marketing=True)).get(f"/leads/{lead.pk}/")
    assert "nobody has confirmed" in text(page)
    for _ in range(2):
        assert Client().post(link_in(asking)).status_code == 200
    lead.refresh_from_db()
    event = LeadEvent.objects.get()
    assert (lead.phone, event.not_counted) == ("+37255512345", "")
    assert LeadScore.objects.get(lead=lead).last_activity_at == event.occurred_at
    assert VisitorIdentity.objects.get().lead == lead
    send(ANNA | {"email": lead.email, "visitor": "v" * 22})  # from their own browser nobody is asked again
    assert set(LeadEvent.objects.values_list("not_counted", flat=True)) == {""}


@pytest.mark.django_db(transaction=True)
def test_thanks_go_out_at_most_once_whatever_happens_meanwhile(monkeypatch):
    make_form(double_opt_in=False)
    send(ANNA)
    (job_id,) = Job.objects.filter(task="scoring.send_form_thanks").values_list("pk", flat=True)

    def fails_with(error: BaseException):
        def backend(*args, **kwargs):
            raise error

        monkeypatch.setattr(mail.get_connection().__class__, "send_messages", backend)

    fails_with(ConnectionRefusedError())
    assert not run_job(job_id=job_id, at=timezone.now())
    assert FormSubmission.objects.get().thanked_at is None  # nothing went, the next attempt may
    fails_with(KeyboardInterrupt())
    Job.objects.update(not_before=timezone.now() - timedelta(hours=1))
    with pytest.raises(KeyboardInterrupt):  # as if the worker died while the mail went
        run_job(job_id=job_id, at=timezone.now())
    monkeypatch.undo()
    Job.objects.update(state="queued", lease_until=None)
    assert run_job(job_id=job_id, at=timezone.now())
    assert mail.outbox == []


def test_a_subject_of_two_lines_is_no_header_and_no_reason_to_lose_the_mail():
    make_form(double_opt_in=False, mail_subject="Welcome\nBcc: all@example.com")
    send(ANNA)
    run_jobs()
    assert [message.subject for message in mail.outbox] == ["Welcome Bcc: all@example.com"]


def test_confirmed_it_fills_in_what_was_blank_and_leaves_what_was_known():
    make_form()
    lead = LeadFactory(email="known@rapla-bakery.example", phone="", company="Hers")
    send(ANNA | {"email": lead.email, "phone": "+37255512345", "company": "Mine"})
    confirm_submission(key=FormSubmission.objects.get().key, at=timezone.now())
    lead.refresh_from_db()
    assert (lead.phone, lead.company) == ("+37255512345", "Hers")


@pytest.mark.parametrize("double_opt_in", [True, False])
@pytest.mark.parametrize("has_it_now", [True, False])
def test_confirmed_after_the_address_went_to_another_lead_it_is_that_ones(double_opt_in, has_it_now):
    make_form(double_opt_in=double_opt_in)
    was = LeadFactory(email="known@rapla-bakery.example", phone="")
    send(ANNA | {"email": was.email, "phone": "+37255512345", "visitor": "v" * 22})
    edit_lead(lead_id=was.pk, changes={"email": "right@rapla-bakery.example"}, by=None, at=timezone.now())
    now = LeadFactory(email="known@rapla-bakery.example") if has_it_now else None
    confirm_submission(key=FormSubmission.objects.get().key, at=timezone.now())
    was.refresh_from_db()
    whose = now or Lead.objects.get(email="known@rapla-bakery.example")
    event, sent_in = LeadEvent.objects.get(), FormSubmission.objects.get()
    assert {event.lead, VisitorIdentity.objects.get().lead, sent_in.lead} == {whose}
    assert (was.phone, LeadScore.objects.get(lead=whose).last_activity_at) == ("", event.occurred_at)
    assert LeadScore.objects.get(lead=was).last_activity_at is None


def test_a_confirmation_ends():
    make_form()
    send(ANNA)
    with pytest.raises(ConfirmationEnded, match="confirmation_ended"):
        confirm_submission(key=FormSubmission.objects.get().key, at=timezone.now() + timedelta(days=8))
    assert Client().post("/forms/confirm/made.up/").status_code == 404
    assert shown("POST /forms/confirm/ab.cd-1/") == "POST /forms/confirm/-/"  # no reader of a log confirms for somebody


def test_script_and_links_are_inert_and_robots_are_kept_apart():
    make_form(double_opt_in=False, mail_text="Good day.")
    evil = "<script>alert(1)</script> http://evil.example"
    wrong = send(ANNA | {"first_name": evil, "email": evil})
    assert wrong.status_code == 422 and "<script>alert" not in text(wrong) and "&lt;script&gt;" in text(wrong)
    assert send(ANNA | {"first_name": evil}).status_code == 200
    run_jobs()
    assert mail.outbox[0].body == "Good day."  # what strangers type stands in no mail
    page = Client().get("/forms/demo-request/", {"visitor": '"><script>'})
    assert "<script>" not in text(page).replace("</script>", "")
    robot = send(ANNA | {"email": "robot@rapla-bakery.example", "website": "http://evil.example"})
    assert robot.status_code == 200
    assert [FormSubmission.objects.get(email__startswith="robot").state, Lead.objects.count()] == ["spam", 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""}, {"email": "nobody"}, {"last_name": " "}, {"first_name": "x" * 201}, {"message": "x" * 2001},
        {"company": "a\0b"}, {"country": "Estonia"}, {"country": "zz"}, {"phone": "call me"},
        {"email": "a@b.example\nBcc: c@d.example"}, {"email": "\ufffd@b.example"},
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_said_at_its_field_and_nothing_is_taken(wrong):
    make_form(double_opt_in=False)
    answer = send(ANNA | wrong)
    assert (answer.status_code, FormSubmission.objects.count(), Lead.objects.count()) == (422, 0, 0)
    assert f'aria-describedby="{next(iter(wrong))}-error"' in text(answer)
    assert "“”" not in text(answer)


def test_a_country_is_chosen_by_name():
    make_form(double_opt_in=False)
    page = text(Client().get("/forms/demo-request/"))
    assert '<option value="EE">Estonia</option>' in page
    assert 'value="AQ"' not in page  # what is offered is taken
    again = send(ANNA | {"country": "EE", "last_name": ""})
    assert '<option value="EE" selected>Estonia</option>' in text(again)


def test_the_same_press_twice_is_one_submission():
    make_form(double_opt_in=False)
    for _ in range(2):
        send(ANNA, key="0" * 32)
    assert (FormSubmission.objects.count(), LeadEvent.objects.count()) == (1, 1)


def test_gone_back_to_and_put_right_it_is_sent_anew():
    make_form(double_opt_in=False)
    for email in ("anan@rapla-bakery.example", ANNA["email"]):
        assert send(ANNA | {"email": email}, key="0" * 32).status_code == 200
    assert Lead.objects.filter(email="anna@rapla-bakery.example").exists()


def test_only_the_forms_own_sites_may_frame_it_and_no_other_page_can_be_framed():
    form = make_form()
    policy = Client().get("/forms/demo-request/").headers["Content-Security-Policy"]
    assert "frame-ancestors https://www.brightwater.example" in policy and "script" not in policy
    assert "frame-ancestors 'none'" in Client().get("/auth/login/").headers["Content-Security-Policy"]
    assert Client().put("/forms/demo-request/").headers["Allow"] == "GET, HEAD, POST"
    form.archived_at = timezone.now()
    form.save()
    assert Client().get("/forms/demo-request/").status_code == send(ANNA).status_code == 404


@override_settings(FORM_RATE=(3, 60))
def test_a_flood_from_one_address_is_answered_plainly():
    make_form(double_opt_in=False)
    answers = [send(ANNA | {"email": f"a{n}@rapla-bakery.example"}) for n in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 7
    assert "Nothing was taken this time" in text(answers[-1]) and int(answers[-1].headers["Retry-After"]) <= 60
    assert 'value="a9@rapla-bakery.example"' in answers[-1].content.decode()  # nobody types it twice
    assert FormSubmission.objects.count() == 3


def test_who_is_erased_leaves_nothing_they_sent_in():
    make_form(double_opt_in=False)
    send(ANNA, visitor="v" * 22)
    erase_leads(contact_ids=[], emails=["anna@rapla-bakery.example"])
    sent_in = FormSubmission.objects.get()
    assert (sent_in.email, sent_in.values, sent_in.visitor) == ("", {}, "")
    FormSubmission.objects.update(state="waiting")  # as if the link came back from a mailbox much later
    with pytest.raises(ConfirmationEnded, match="nothing_to_confirm"):
        confirm_submission(key=sent_in.key, at=timezone.now())


def test_nobodys_mailbox_is_filled_by_us():
    make_form()
    for _ in range(6):
        send(ANNA)
    run_jobs()
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_forms_and_what_came_by_them_cost_the_same_for_one_and_for_three(count, django_assert_num_queries):
    client, now = Client(), timezone.now()
    client.force_login(UserFactory(marketing=True))
    empty = client.get("/scoring/forms/")
    assert "There is no form yet." in text(empty) and "No site reports its visitors yet." in text(empty)
    for number in range(count):
        form = make_form(code=f"form-{number}", name=f"Form {number}", double_opt_in=False)
        add_website(name=f"Site {number}", origins=["https://a.example"], by=UserFactory(marketing=True), at=now)
    for number in range(count):
        send_to(form, ANNA | {"email": f"{number}@rapla-bakery.example"})
    client.get("/scoring/forms/")
    with django_assert_num_queries(6):
        listed = text(client.get("/scoring/forms/"))
    assert f"Form {count - 1}" in listed and f"Site {count - 1}" in listed
    with django_assert_num_queries(12):
        assert f"{count - 1}@rapla-bakery.example" in text(client.get(f"/scoring/forms/{form.pk}/"))
