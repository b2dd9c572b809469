"""People, accounts, contacts and activities: every field of the contract, references, and rows that come again."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.exchange.run import RowsRefused, import_rows
from crm.lib.values import Money
from crm.models import Account, Activity, Contact, CustomerPeriod, MeetingChange, RoleGrant, Team, User
from crm.queries.access import get_access
from pipeline.models import OpportunityActivity
from scoring.models import LeadActivity
from tests.exchange.importing import AT, counts, reasons, run, write_csv
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db

ACCOUNT = {
    "external_id": "A1", "name": "Viljandi Dairy", "domain": "https://www.Viljandi-Dairy.example/en",
    "registration_number": "1234", "industry": "food", "employee_count": "120", "annual_revenue": "12500000.5",
    "currency": "usd", "country": "ee", "city": "Viljandi", "growth_stage": "growth", "technologies": "SAP; Excel",
    "parent": "P1", "kind": "customer", "owner": "REP@example.com", "source": "Trade fair",
    "customer_since": "2024-02-29", "churned_on": "2025-06-30", "created_at": "2023-01-02",
}  # fmt: skip


def as_stored(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def test_every_field_of_an_account() -> None:
    rep, parent = UserFactory(rep=True, email="rep@example.com"), AccountFactory(external_id="P1")
    import_rows("accounts", [ACCOUNT], by=None, at=AT)
    account = Account.objects.get(external_id="A1")
    assert as_stored(
        account, "name", "domain", "registration_number", "industry", "employee_count", "annual_revenue", "country", "city",
        "growth_stage", "technologies", "parent", "kind", "owner", "customer_since", "churned_on", "created_at", "recorded_at",
    ) == {
        "name": "Viljandi Dairy", "domain": "viljandi-dairy.example", "registration_number": "1234", "industry": "food",
        "employee_count": 120, "annual_revenue": Money(Decimal("12500000.50"), "USD"), "country": "EE", "city": "Viljandi",
        "growth_stage": "growth", "technologies": ["SAP", "Excel"], "parent": parent, "kind": "customer", "owner": rep,
        "customer_since": date(2024, 2, 29), "churned_on": date(2025, 6, 30),
        "created_at": datetime(2023, 1, 2, tzinfo=UTC), "recorded_at": AT,
    }  # fmt: skip
    assert account.source and (account.source.code, account.source.name) == ("trade-fair", "Trade fair")
    assert list(CustomerPeriod.objects.values_list("from_on", "until_on")) == [(date(2024, 2, 29), date(2025, 6, 30))]


def test_an_equal_row_is_unchanged_whatever_people_did_since() -> None:
    import_rows("accounts", [{"external_id": "A1", "name": "Old", "city": "Tartu"}], by=None, at=AT)
    Account.objects.update(name="By hand", version=2)
    again = import_rows("accounts", [{"external_id": "A1", "name": "Old", "city": "Tartu"}], by=None, at=AT)
    assert counts(again) == {"read": 1, "unchanged": 1}
    assert Account.objects.values_list("name", "version").get() == ("By hand", 2)


def test_a_changed_row_updates_what_it_says_and_an_empty_cell_leaves_what_is_there() -> None:
    import_rows("accounts", [{"external_id": "A1", "name": "Old", "city": "Tartu"}], by=None, at=AT)
    again = import_rows("accounts", [{"external_id": "A1", "name": "New", "city": ""}], by=None, at=AT)
    assert counts(again) == {"read": 1, "updated": 1}
    assert Account.objects.values_list("name", "city", "version").get() == ("New", "Tartu", 2)


def test_a_changed_row_that_says_what_stands_already_changes_nothing() -> None:
    import_rows("accounts", [{"external_id": "A1", "name": "Old"}], by=None, at=AT)
    again = import_rows(
        "accounts",
        [{"external_id": "A1", "name": "Old", "city": ""}, {"external_id": "A2", "name": "B"}],
        by=None,
        at=AT,
    )
    assert counts(again) == {"read": 2, "created": 1, "unchanged": 1}
    assert Account.objects.get(external_id="A1").version == 1


@pytest.mark.parametrize(
    "row",
    [
        {"external_id": "X1", "name": "Other"},
        {"name": "Other", "domain": "dairy.example"},
        {"name": "VILJANDI dairy"},
        {"external_id": "NEW", "name": "Other", "domain": "dairy.example"},
    ],
    ids=["external_id", "domain", "name", "domain_behind_an_unknown_id"],
)
def test_accounts_are_recognised_by_external_id_then_domain_then_name(row: dict[str, str]) -> None:
    AccountFactory(external_id="X1", domain="dairy.example", name="Viljandi Dairy")
    import_rows("accounts", [row | {"city": "Viljandi"}], by=None, at=AT)
    assert Account.objects.values_list("city").get() == ("Viljandi",)


def test_two_accounts_of_one_name_cannot_be_told_apart(tmp_path: Path) -> None:
    AccountFactory.create_batch(2, name="Twins")
    report = run("accounts", write_csv(tmp_path / "a.csv", ["name", "city"], ["Twins", "Tartu"]))
    assert reasons(report) == [(2, "name", "ambiguous_reference")]


def test_a_domain_of_another_account_is_refused(tmp_path: Path) -> None:
    AccountFactory(external_id="A", domain="a.example")
    AccountFactory(external_id="B")
    path = write_csv(
        tmp_path / "a.csv",
        ["external_id", "name", "domain"],
        ["B", "B", "a.example"],
        ["C", "C", "c.example"],
        ["D", "D", "c.example"],
    )
    assert reasons(run("accounts", path, on_error="skip")) == [
        (2, "domain", "taken"),
        (4, "domain", "duplicate_in_file"),
    ]


def test_a_parent_may_come_later_in_the_file(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ["external_id", "name", "parent"],
        ["1", "Grandchild", "2"],
        ["2", "Child", "3"],
        ["3", "Parent", ""],
    )
    assert counts(run("accounts", path)) == {"read": 3, "created": 3}
    assert Account.objects.get(external_id="1").parent.parent.name == "Parent"  # type: ignore[union-attr]


CONTACT = {
    "external_id": "C1", "account": "A1", "first_name": "Kertu", "last_name": "Õun", "job_title": "Plant manager",
    "department": "Production", "seniority": "director", "email": "Kertu@Dairy.example", "phone": "5123 4567",
    "country": "EE", "consent": "yes", "owner": "rep@example.com", "created_at": "2025-05-05T08:00Z",
}  # fmt: skip


def test_every_field_of_a_contact() -> None:
    rep, account = UserFactory(rep=True, email="rep@example.com"), AccountFactory(external_id="A1")
    import_rows("contacts", [CONTACT], by=None, at=AT)
    contact = Contact.objects.get()
    assert as_stored(
        contact, "account", "first_name", "last_name", "job_title", "department", "seniority", "seniority_is_set", "email",
        "phone", "country", "consent", "lawful_basis", "owner", "created_at",
    ) == {
        "account": account, "first_name": "Kertu", "last_name": "Õun", "job_title": "Plant manager",
        "department": "Production", "seniority": "director", "seniority_is_set": True, "email": "kertu@dairy.example",
        "phone": "+37251234567", "country": "EE", "consent": True, "lawful_basis": "consent", "owner": rep,
        "created_at": datetime(2025, 5, 5, 8, tzinfo=UTC),
    }  # fmt: skip


def test_a_contact_without_name_shows_the_title_and_gets_its_level_from_it() -> None:
    import_rows("contacts", [{"external_id": "C1", "job_title": "VP Finance"}], by=None, at=AT)
    contact = Contact.objects.get()
    assert (str(contact), contact.seniority, contact.seniority_is_set) == ("VP Finance", "vp", False)


def test_contacts_are_recognised_by_external_id_then_e_mail() -> None:
    ContactFactory(external_id=None, email="a@example.com", last_name="Old")
    import_rows("contacts", [{"external_id": "C1", "email": "A@example.com", "last_name": "New"}], by=None, at=AT)
    assert Contact.objects.values_list("external_id", "last_name").get() == ("C1", "New")


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        (["", "", "Somebody", "", ""], ("", "no_identity")),
        (["C1", "no address", "", "", ""], ("email", "not_an_email")),
        (["C1", "", "", "call me", ""], ("phone", "not_a_phone")),
        (["C1", "", "", "", "Nowhere"], ("account", "unknown_reference")),
    ],
)
def test_a_contact_that_cannot_be(cells: list[str], where: tuple[str, str], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", ["external_id", "email", "last_name", "phone", "account"], cells)
    assert reasons(run("contacts", path)) == [(2, *where)]


ACTIVITY = {
    "external_id": "T1", "kind": "meeting", "subject": "First meeting", "occurred_at": "2026-02-01T10:00Z", "done": "true",
    "outcome": "held", "direction": "outbound", "by_customer": "no", "account": "A1", "contact": "C1", "lead": "L1",
    "opportunity": "D1", "owner": "rep@example.com",
}  # fmt: skip


def test_every_field_of_an_activity() -> None:
    rep, account = UserFactory(rep=True, email="rep@example.com"), AccountFactory(external_id="A1")
    contact = ContactFactory(external_id="C1", seniority="vp")
    lead, deal = LeadFactory(external_id="L1"), OpportunityFactory(external_id="D1")
    import_rows("activities", [ACTIVITY], by=None, at=AT)
    activity, moment = Activity.objects.get(), datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert as_stored(
        activity, "kind", "subject", "occurred_at", "done_at", "outcome", "direction", "by_customer", "is_customer_action",
        "is_conversation", "account", "contact", "contact_level", "owner", "created_at", "recorded_at",
    ) == {
        "kind": "meeting", "subject": "First meeting", "occurred_at": moment, "done_at": moment, "outcome": "held",
        "direction": "outbound", "by_customer": False, "is_customer_action": True, "is_conversation": True,
        "account": account, "contact": contact, "contact_level": "vp", "owner": rep, "created_at": moment,
        "recorded_at": moment,
    }  # fmt: skip
    assert LeadActivity.objects.values_list("lead", "activity").get() == (lead.pk, activity.pk)
    assert OpportunityActivity.objects.values_list("opportunity", "activity").get() == (deal.pk, activity.pk)
    assert MeetingChange.objects.values_list("event", "meeting_at").get() == ("held", moment)


def test_an_activity_takes_account_and_contact_from_its_deal() -> None:
    contact = ContactFactory()
    deal = OpportunityFactory(external_id="D1", contact=contact)
    import_rows(
        "activities",
        [{"external_id": "T", "kind": "call", "occurred_at": "2026-02-01", "opportunity": "D1"}],
        by=None,
        at=AT,
    )
    assert Activity.objects.values_list("account", "contact").get() == (deal.account_id, contact.pk)


def test_a_repeated_activity_import_links_once_and_an_outcome_makes_history() -> None:
    LeadFactory(external_id="L1")
    row = {"external_id": "T", "kind": "meeting", "occurred_at": "2026-02-01", "done": "false", "lead": "L1"}
    import_rows("activities", [row], by=None, at=AT)
    import_rows("activities", [row | {"done": "true", "outcome": "no_show"}], by=None, at=AT)
    assert LeadActivity.objects.count() == 1
    assert list(MeetingChange.objects.order_by("id").values_list("event", flat=True)) == ["scheduled", "no_show"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"kind": "fax"}, ("kind", "not_allowed")),
        ({"outcome": "great"}, ("outcome", "not_allowed")),
        ({"done": "false", "outcome": "held"}, ("outcome", "needs_done")),
        ({"occurred_at": "2027-01-01", "done": "true"}, ("occurred_at", "in_future")),
        ({"lead": "L9"}, ("lead", "unknown_reference")),
        ({"opportunity": "D9"}, ("opportunity", "unknown_reference")),
        ({"done": "perhaps"}, ("done", "not_a_boolean")),
        ({"external_id": ""}, ("external_id", "required")),
    ],
)
def test_an_activity_that_cannot_be(change: dict[str, str], where: tuple[str, str], tmp_path: Path) -> None:
    row = {
        "external_id": "T",
        "kind": "meeting",
        "occurred_at": "2026-02-01",
        "done": "",
        "outcome": "",
        "lead": "",
        "opportunity": "",
    }
    row |= change
    report = run("activities", write_csv(tmp_path / "t.csv", list(row), list(row.values())))
    assert reasons(report) == [(2, *where)]


def test_people_with_teams_and_managers_in_any_order() -> None:
    rows = [
        {"email": "rep@example.com", "name": "Rep", "roles": "rep", "team": "North", "manager": "boss@example.com"},
        {"email": "boss@example.com", "name": "Boss", "roles": "manager; rep", "team": "North", "manager": "head@example.com"},
        {"email": "head@example.com", "name": "Head", "roles": "manager", "team": "Sales", "time_zone": "Europe/Tallinn"},
    ]  # fmt: skip
    assert counts(import_rows("users", rows, by=None, at=AT)) == {"read": 3, "created": 3}
    head, boss, rep = (User.objects.get(name=name) for name in ("Head", "Boss", "Rep"))
    assert Team.objects.get(name="North").parent == Team.objects.get(name="Sales")
    assert rep.pk in get_access(head).managed_user_ids
    assert rep.pk in get_access(boss).managed_user_ids
    assert not rep.has_usable_password()
    assert head.time_zone == "Europe/Tallinn"
    assert counts(import_rows("users", rows, by=None, at=AT)) == {"read": 3, "unchanged": 3}


def test_true_in_the_manager_column_makes_the_person_manager_of_the_team() -> None:
    import_rows(
        "users", [{"email": "boss@example.com", "roles": "admin", "team": "North", "manager": "true"}], by=None, at=AT
    )
    assert set(RoleGrant.objects.values_list("role", "team__name")) == {("admin", None), ("manager", "North")}


def test_roles_follow_the_row() -> None:
    import_rows("users", [{"external_id": "1", "email": "a@example.com", "roles": "rep"}], by=None, at=AT)
    import_rows("users", [{"external_id": "1", "email": "b@example.com", "roles": "marketing"}], by=None, at=AT)
    assert User.objects.values_list("email", "version").get() == ("b@example.com", 2)
    assert list(RoleGrant.objects.filter(revoked_at=None).values_list("role", flat=True)) == ["marketing"]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"roles": "king"}, ("roles", "not_allowed")),
        ({"roles": "manager"}, ("roles", "needs_other")),
        ({"team": "North", "manager": "nobody@example.com"}, ("manager", "unknown_reference")),
        ({"time_zone": "Mars"}, ("time_zone", "not_a_zone")),
        ({"locale": "klingon!"}, ("locale", "not_a_locale")),
    ],
)
def test_a_person_that_cannot_be_leaves_nothing_behind(
    row: dict[str, str], where: tuple[str, str], tmp_path: Path
) -> None:
    row = {"email": "a@example.com"} | row
    report = run("users", write_csv(tmp_path / "u.csv", list(row), list(row.values())), on_error="skip")
    assert reasons(report) == [(2, *where)]
    assert (User.objects.count(), Team.objects.count()) == (0, 0)


def test_rows_made_in_this_process_are_refused_loudly() -> None:
    with pytest.raises(RowsRefused, match="no e-mail address"):
        import_rows("contacts", [{"email": "x"}], by=None, at=AT)


@pytest.mark.parametrize("kind", ["accounts", "contacts", "activities"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(kind: str) -> None:
    AccountFactory(external_id="A1")
    base = {
        "accounts": {"name": "N", "domain": "x{n}.example", "external_id": "{n}", "owner": "o@example.com"},
        "contacts": {"external_id": "{n}", "email": "p{n}@example.com", "account": "A1", "owner": "o@example.com"},
        "activities": {"external_id": "{n}", "kind": "meeting", "occurred_at": "2026-01-01", "account": "A1"},
    }[kind]
    UserFactory(email="o@example.com")
    used = []
    for start, size in ((0, 1), (100, 30)):
        rows = [{name: text.format(n=n) for name, text in base.items()} for n in range(start, start + size)]
        with CaptureQueriesContext(connection) as queries:
            import_rows(kind, rows, by=None, at=AT)
        used.append(len(queries))
    assert used[0] == used[1]
