"""What comes to the demo company from its website: forms, who filled them in, and whom a robot came as."""

from datetime import datetime, timedelta
from typing import Any

from crm.models import Job, Source, User
from reports.management.demo import company, words
from reports.management.demo.clockwork import Dice
from scoring.commands.form_mails import SEND_CONFIRMATION
from scoring.commands.forms import add_form, add_website, edit_form, put_form
from scoring.commands.submissions import submit_form
from scoring.commands.visits import record_visit
from scoring.models import Lead, WebForm, Website

HOME = "https://www.brightwater.example"
MADE = timedelta(days=300)
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/148.0"
CRAWLER = "Mozilla/5.0 (compatible; SiteCheckBot/2.1)"
CONSENT = "Brightwater may write to me about measuring water. I can end that at any time."
FORMS: tuple[dict[str, Any], ...] = (
    {
        "code": "ask-for-a-demo", "name": "See it measure", "source": "web-search",
        "asked": ["email", "first_name", "last_name", "company", "job_title", "phone", "country", "message", "consent"],
        "required": ["email", "last_name", "company", "consent"], "consent_text": CONSENT,
        "intro": "Half an hour, on your own numbers. We call within four working hours.",
        "thanks": "We call you within four working hours.",
        "mail_subject": "Your demo of Brightwater",
        "mail_text": "Good day,\n\nthank you for asking. One of us calls you within four working hours.\n\nBrightwater",
    },
    {
        "code": "newsletter", "name": "Ten points to measure, once a month", "source": "white-paper",
        "asked": ["email", "first_name", "company", "consent"], "required": ["email", "consent"],
        "consent_text": CONSENT, "intro": "", "thanks": "The next one comes on the first Tuesday of the month.",
        "mail_subject": "Your first ten points", "mail_text": "Good day,\n\nhere are the ten points.\n\nBrightwater",
    },
    {
        "code": "stand-2025", "name": "Meet us at the water fair", "source": "conference",
        "asked": ["email", "last_name", "company"], "required": ["email"], "consent_text": "", "intro": "",
        "thanks": "See you at stand 14.", "mail_subject": "", "mail_text": "",
    },
)  # fmt: skip
MESSAGES = (
    "We lose water somewhere between the intake and line 2 and do not know where.",
    "Can it report to the authority by itself?",
    "We have 40 meters of another make. Can they stay?",
    "",
)
PAGES = ("/pricing", "/water/cooling", "/customers/dairy", "/guides/leaks")
SENT, WAITING, ROBOTS = 14, 3, 2


def come_by_the_website(dice: Dice, *, by: User) -> None:
    """Make the forms and the site, and let people send forms in, up to today."""
    made_at = dice.now - MADE
    sources = dict(Source.objects.values_list("code", "pk"))
    site = add_website(name="www.brightwater.example", origins=[HOME], by=by, at=made_at)
    forms = []
    for each in FORMS:
        values = each | {"source_id": sources[each["source"]], "origins": [HOME], "campaign_id": None, "owner_id": None}
        # Mails belong to what happens now: those of the past were sent.
        plain = {name: value for name, value in values.items() if name != "source"}
        plain |= {"mail_subject": "", "mail_text": "", "double_opt_in": False}
        forms.append(add_form(**plain, by=by, at=made_at))
    for number in range(SENT + ROBOTS):
        _send_in(dice, forms[number % 3 // 2], site, number, days=1 + 2 * number)
    _send_in_somebodys_name(dice, forms[0])
    for form, each in zip(forms, FORMS, strict=True):
        mail = {name: each[name] for name in ("mail_subject", "mail_text")}
        edit_form(form_id=form.pk, changes=mail | {"double_opt_in": True}, by=by, at=made_at)
    for days in range(1, WAITING + 1):
        _send_in(dice, WebForm.objects.get(pk=forms[0].pk), site, SENT + ROBOTS + days, days=days)
    Job.objects.filter(task=SEND_CONFIRMATION).delete()  # these mails of the past were sent as well
    put_form(form_id=forms[-1].pk, is_open=False, by=by, at=dice.now - timedelta(days=60))
    record_visit(
        key=site.key, visitor=_visitor(99), id=f"{99:032x}", url=f"{HOME}/pricing", origin=HOME, user_agent=CRAWLER,
        at=dice.now - timedelta(hours=9),
    )  # fmt: skip


def _send_in(dice: Dice, form: WebForm, site: Website, number: int, *, days: int) -> None:
    """Let somebody look around on two days, and so many days ago send the form in; some of them are robots."""
    at = dice.moment((dice.now - timedelta(days=days)).date())
    for visit, page in enumerate(dice.random.sample(PAGES, 2)):
        _look(site, number, visit, page, at=at - timedelta(days=2 * (1 - visit), minutes=7))
    country = dice.pick(list(words.COUNTRIES))
    _, _, first, last, stems, _ = words.COUNTRIES[country]
    given, family, stem = dice.pick(first), dice.pick(last), dice.pick(stems)
    firm = f"{stem} {dice.pick(('Foods', 'Paper', 'Dairy', 'Chemicals'))}"
    answers = {
        "email": f"{company.slug(given)}.{company.slug(family)}@{company.slug(firm)}.example", "first_name": given,
        "last_name": family, "company": firm, "job_title": dice.pick(words.TITLES), "country": country,
        "phone": "", "message": dice.pick(MESSAGES), "consent": "yes",
    }  # fmt: skip
    submit_form(
        form=form, answers={name: value for name, value in answers.items() if name in form.asked},
        visitor=_visitor(number), key=f"{number:032x}", is_robot=SENT <= number < SENT + ROBOTS, base_url=HOME, at=at,
    )  # fmt: skip


def _send_in_somebodys_name(dice: Dice, form: WebForm) -> None:
    """Let somebody type the address of a lead that sales has: it does not count until the lead says it was them."""
    lead = Lead.objects.filter(handoffs__answered_at=None, handoffs__isnull=False, email__gt="").order_by("pk")[0]
    answers = {"email": lead.email or "", "last_name": lead.last_name or "Tamm", "company": lead.company or "Tamm"}
    submit_form(
        form=form, answers={**answers, "message": MESSAGES[1], "consent": "yes"}, visitor=_visitor(90), key=f"{90:032x}",
        is_robot=False, base_url=HOME, at=dice.moment((dice.now - timedelta(days=1)).date()),
    )  # fmt: skip


def _look(site: Website, number: int, visit: int, page: str, *, at: datetime) -> None:
    record_visit(
        key=site.key, visitor=_visitor(number), id=f"{number:016x}{visit:016x}", url=f"{HOME}{page}", origin=HOME,
        user_agent=BROWSER, at=at,
    )  # fmt: skip


def _visitor(number: int) -> str:
    return f"demovisitor{number:011d}"
