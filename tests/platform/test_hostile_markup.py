"""What somebody typed into a record is text on every page, whatever it looks like; a form from elsewhere is refused."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from crm.models import Account, Activity, ApiToken, Contact, Organisation, Team, User
from pipeline.models import Attestation, NextStep, Opportunity
from reports.models import QbrAction
from scoring.models import Lead
from tests.crm.permission_rows import ROWS
from tests.crm.permission_world import make_world
from tests.crm.test_permission_matrix import address
from tests.testing import text

pytestmark = pytest.mark.django_db

SEEN = "canary-text"
REFUSED = {403, 405}  # a method some addresses of the API do not have needs no token
ATTACKS = [
    "</title></textarea></script><script>canary()</script>",
    "\"'><img src=x onerror=canary()><svg/onload=canary()>",
    "\"'><div hx-get=/canary hx-trigger=load hx-on:load=canary()>",
    "' autofocus onfocus=canary() hx-post=/canary data-canary='",
    "{{ canary }}{% include 'canary' %}&lt;script&gt;canary()&lt;/script&gt;",
]
PAGES = [
    ("owner", "reports:my_day"),
    ("owner", "pipeline:board"),
    ("owner", "pipeline:deal_detail"),
    ("owner", "pipeline:deal_move"),
    ("owner", "pipeline:deal_close"),
    ("owner", "pipeline:deal_step"),
    ("owner", "crm:account_list"),
    ("owner", "crm:account_detail"),
    ("owner", "crm:contact_list"),
    ("owner", "crm:contact_detail"),
    ("owner", "crm:activity_move"),
    ("owner", "crm:timeline"),
    ("owner", "scoring:lead_list"),
    ("owner", "scoring:lead_detail"),
    ("owner", "scoring:lead_convert"),
    ("owner", "pipeline:account_panel"),
    ("owner", "crm:tokens"),
    ("manager", "reports:my_day"),
    ("manager", "reports:figure_list"),
    ("manager", "reports:qbr_detail"),
    ("marketing", "scoring:lead_list"),
    ("admin", "crm:people"),
    ("admin", "crm:person"),
    ("admin", "crm:audit"),
    ("admin", "crm:organisation"),
]
TYPED = {
    User: ("name",),
    Organisation: ("name",),
    Account: ("name", "industry", "city"),
    Contact: ("first_name", "last_name", "job_title", "department"),
    Activity: ("subject", "note"),
    ApiToken: ("name",),
    Opportunity: ("name",),
    NextStep: ("purpose",),
    Attestation: ("note",),
    Lead: ("first_name", "last_name", "company", "job_title"),
    QbrAction: ("text",),
}


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, page):
        super().__init__()
        self.acting = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            acts = name.startswith(("on", "hx-", "data-canary")) or (value or "").strip().lower().startswith(
                "javascript:"
            )
            if acts and "canary" in f"{name}{value}":
                self.acting.append(f"<{tag} {name}={value}>")

    def handle_data(self, data):
        if self.cdata_elem == "script" and "canary()" in data:
            self.acting.append(f"<script>{data}")


@pytest.fixture(params=ATTACKS, ids=["script", "event", "htmx", "attribute", "template"])
def world(request):
    """A company in which every text somebody types is the attack."""
    world = make_world()
    for model, fields in TYPED.items():
        model.objects.update(**dict.fromkeys(fields, f"{SEEN} {request.param}"))
    Team.objects.filter(pk=world.team.pk).update(name=f"{SEEN} {request.param}")
    return world


def test_stored_markup_is_text_on_every_page(world):
    found, silent = {}, []
    for role, name in PAGES:
        client = Client()
        client.force_login(world.people[role])
        answer = client.get(address(world, name))
        assert answer.status_code == 200, (name, answer.status_code)
        if acting := Tags(text(answer)).acting:
            found[f"{name} as {role}"] = acting
        if SEEN not in text(answer):
            silent.append(name)
    assert (found, silent) == ({}, [])


def test_the_test_sees_what_it_looks_for():
    """Without this a parser that overlooks everything would pass."""
    for attack in ATTACKS[:4]:
        assert Tags(f"<p title='x'>{attack}</p><p title='{attack}'>").acting, attack


def test_a_write_without_the_token_of_our_own_form_is_refused_everywhere():
    world = make_world()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["admin"])
    writes = [row.partition(" ")[2] for row in ROWS if not row.startswith("GET ")]
    assert len(writes) > 60
    let_in = {name for name in writes if client.post(address(world, name)).status_code not in REFUSED}
    # Sent from other people's websites, by whoever visits them: they know no token.
    assert let_in == {"scoring:form_confirm", "scoring:visit", "scoring:web_form"}


@pytest.mark.parametrize("address", ["login", "logout", "password/change", "password/reset", "reauthenticate"])
def test_so_is_one_to_the_sign_in_pages(address):
    assert Client(enforce_csrf_checks=True).post(f"/auth/{address}/").status_code == 403
