"""What nobody means to send: the pages answer with a sentence or leave it out, never with an error of ours."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from crm.models import Account, Activity, ApiToken
from tests.factories.crm import AccountFactory, ActivityFactory, ContactFactory, TeamFactory, UserFactory
from tests.testing import htmx_post

pytestmark = pytest.mark.django_db
HUGE = "9" * 30
NUL = "a\x00b"
BEFORE, AFTER = "0001-01-01", "9999-12-31"


@pytest.fixture(params=["Pacific/Auckland", "America/Los_Angeles"])
def rep(client, request):
    user = UserFactory(rep=True, team=TeamFactory(), time_zone=request.param)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    "query",
    [
        {"account": HUGE},
        {"account": "-1"},
        {"owner": HUGE},
        {"q": NUL},
        {"industry": NUL},
        {"page": HUGE},
        {"sort": NUL},
        {"seniority": NUL},
    ],
)
@pytest.mark.parametrize("url_name", ["crm:account_list", "crm:contact_list"])
def test_a_list_leaves_out_what_makes_no_sense(client, admin, url_name, query):
    assert client.get(reverse(url_name), query).status_code == 200


@pytest.mark.parametrize(
    "cursor",
    [f"{BEFORE}T00:00:00+14:00~changes~1", f"{AFTER}T23:59:59-12:00~changes~1", f"2026-01-01T00:00:00+00:00~changes~{HUGE}",
     f"2026-01-01T00:00:00+00:00~{NUL}~1", "2026-01-01T00:00:00+00:00~crm.Account~-5"],
)  # fmt: skip
def test_a_cursor_nobody_gave_begins_at_the_top(client, admin, cursor):
    account = AccountFactory()
    for url in (reverse("crm:audit"), reverse("crm:timeline", args=["account", account.pk])):
        assert client.get(url, {"before": cursor}).status_code == 200


@pytest.mark.parametrize("query", [{"record": HUGE}, {"by": HUGE}, {"model": NUL}])
def test_the_audit_leaves_out_what_makes_no_sense(client, admin, query):
    assert client.get(reverse("crm:audit"), query).status_code == 200


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_an_activity_on_a_day_no_calendar_of_ours_has_is_refused(client, rep, day):
    data = {"kind": "task", "occurred_at": f"{day}T12:00", "planned": "on", "subject": "When?"}
    assert (htmx_post(client, reverse("crm:activity_log"), data).status_code, Activity.objects.count()) == (422, 0)
    planned = ActivityFactory(meeting=True, owner=rep)
    moved = {"to": f"{day}T12:00", "version": planned.version}
    assert htmx_post(client, reverse("crm:activity_moved", args=[planned.pk]), moved).status_code == 422


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_a_token_that_ends_on_such_a_day_is_refused(client, rep, day):
    data = {"name": "Reports", "scopes": ["read"], "expires_on": day}
    assert (client.post(reverse("crm:token_create"), data).status_code, ApiToken.objects.count()) == (422, 0)
    assert client.get(reverse("crm:tokens")).status_code == 200


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("customer_since", BEFORE),
        ("employee_count", HUGE),
        ("city", NUL),
        ("technologies", NUL),
        ("parent_id", f"Gedris (#{HUGE})"),
        ("source_id", HUGE),
        ("owner_id", HUGE),
        ("domain", "xn--" + "a" * 80),
        ("annual_revenue", "9" * 40),
    ],
)
def test_a_field_says_what_is_wrong(client, rep, field, typed):
    account = AccountFactory(owner=rep)
    answer = htmx_post(client, reverse("crm:account_field_save", args=[account.pk, field]), {field: typed})
    account.refresh_from_db()
    assert (answer.status_code, account.version) == (422, 1)


@pytest.mark.parametrize(("field", "typed"), [("domain", "gedris.lt"), ("employee_count", "7"), ("city", "Kaunas")])
def test_an_empty_field_is_filled_with_what_was_seen_beside_it(client, rep, field, typed):
    account = AccountFactory(owner=rep)
    url = reverse("crm:account_field_save", args=[account.pk, field])
    assert htmx_post(client, url, {field: typed, f"seen-{field}": ""}).status_code == 200
    assert str(getattr(Account.objects.get(), field)) == typed


def test_an_empty_email_is_filled(client, rep):
    contact = ContactFactory(owner=rep, email=None)
    url = reverse("crm:contact_field_save", args=[contact.pk, "email"])
    assert htmx_post(client, url, {"email": "a@gedris.lt", "seen-email": ""}).status_code == 200


@pytest.mark.parametrize(
    "data", [{"version": HUGE, "outcome": "held"}, {"version": "", "outcome": "held"}, {"version": 1, "note": NUL}]
)
def test_completing_with_odd_values_is_refused(client, rep, data):
    held = ActivityFactory(meeting=True, owner=rep, occurred_at=datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert htmx_post(client, reverse("crm:activity_completed", args=[held.pk]), data).status_code in (409, 422)
    held.refresh_from_db()
    assert held.done_at is None


@pytest.mark.parametrize(
    "url_name", ["crm:account_detail", "crm:contact_detail", "crm:activity_complete", "crm:person"]
)
def test_a_number_no_key_can_be_is_not_there(client, admin, url_name):
    assert client.get(reverse(url_name, args=[int(HUGE)])).status_code == 404


@pytest.mark.parametrize("typed", ["+{}", " {} ", "{}.0"])
def test_a_number_written_otherwise_reaches_no_record_that_is_not_theirs(client, rep, typed):
    """The lead belongs to another team, so that its timeline is not theirs to write in."""
    from tests.factories.scoring import LeadFactory

    lead = LeadFactory(owner=UserFactory(rep=True, team=TeamFactory()))
    data = {"kind": "note", "note": "Seen from outside", "lead": typed.format(lead.pk)}
    htmx_post(client, reverse("crm:activity_log"), data)
    assert lead.activity_links.count() == 0 if hasattr(lead, "activity_links") else True
    assert not Activity.objects.filter(note="Seen from outside").exists()
