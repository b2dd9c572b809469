"""The rules of accounts, contacts, activities, people and edits, without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.enums import Role
from crm.lib.values import Money, Refusal
from crm.policies.activities import (
    completing_refusals,
    is_conversation,
    is_customer_action,
    logging_refusals,
)
from crm.policies.edits import conflicts
from crm.policies.money import money_refusal
from crm.policies.organisation import organisation_refusals
from crm.policies.people import grant_refusals, person_refusals, profile_refusals
from crm.policies.records import (
    clean_account,
    clean_contact,
    identity_refusals,
    period_refusals,
)

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("current", "seen", "wanted", "stale"),
    [
        ({"city": "Kaunas"}, {"city": "Kaunas"}, {"city": "Riga"}, {}),
        ({"city": "Vilnius"}, {"city": "Kaunas"}, {"city": "Riga"}, {"city": "Vilnius"}),
        ({"city": "Riga"}, {"city": "Kaunas"}, {"city": "Riga"}, {}),
        ({"city": "Vilnius"}, {}, {"city": "Riga"}, {}),
        ({"city": "Vilnius", "name": "A"}, {"name": "A", "city": "Vilnius"}, {"name": "B"}, {}),
    ],
    ids=["as seen", "changed meanwhile", "both meant the same", "not told what was seen", "another field"],
)
def test_an_edit_conflicts_only_where_its_field_changed(current, seen, wanted, stale):
    assert conflicts(current, seen=seen, wanted=wanted) == stale


@pytest.mark.parametrize(
    ("money", "code"),
    [
        (Money(Decimal("12.34"), "EUR"), None),
        (Money(Decimal("12.345"), "EUR"), "too_many_decimals"),
        (Money(Decimal("12.5"), "JPY"), "too_many_decimals"),
        (Money(Decimal("12"), "JPY"), None),
        (Money(Decimal("1"), "XXZ"), "unknown_currency"),
        (Money(Decimal("1e400"), "EUR"), "amount_too_large"),
        (Money(Decimal("NaN"), "EUR"), "amount_too_large"),
        (Money(Decimal("-1"), "EUR"), "amount_negative"),
    ],
)
def test_amounts_are_checked_against_their_currency(money, code):
    refusal = money_refusal(money)
    assert (refusal.code if refusal else None) == code


def test_an_account_is_stored_clean():
    typed = {
        "name": " Gedris  Steel",
        "domain": "HTTPS://Gedris.lt",
        "country": "lt",
        "technologies": ["SAP ", "", "SAP"],
    }
    stored = {"name": "Gedris Steel", "domain": "gedris.lt", "country": "LT", "technologies": ["SAP"]}
    assert clean_account(typed) == (stored, [])


def test_every_wrong_field_of_an_account_is_named():
    _, refusals = clean_account(
        {"name": " ", "domain": "no domain", "kind": "pal", "employee_count": -1, "city": "x" * 201}
    )
    assert {(r.code, dict(r.params)["field"]) for r in refusals} == {
        ("required", "name"),
        ("not_understood", "domain"),
        ("unknown_value", "kind"),
        ("out_of_range", "employee_count"),
        ("too_long", "city"),
    }


def test_a_contact_needs_something_that_tells_who_it_is():
    nobody = {"first_name": "", "last_name": "", "job_title": "", "email": None}
    assert identity_refusals(**nobody) == [Refusal.of("nameless", field="last_name")]
    assert identity_refusals(**{**nobody, "job_title": "CFO"}) == []


def test_a_contact_is_stored_clean():
    assert clean_contact({"email": "A@B.lt", "lawful_basis": ""}) == ({"email": "a@b.lt", "lawful_basis": "none"}, [])
    assert [r.code for r in clean_contact({"seniority": "boss"})[1]] == ["unknown_value"]


@pytest.mark.parametrize(
    ("since", "left", "code"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), None),
        (date(2026, 1, 1), date(2026, 1, 1), None),
        (None, date(2026, 1, 1), "churned_never_customer"),
        (date(2026, 2, 1), date(2026, 1, 1), "churned_before_customer"),
    ],
)
def test_a_customer_comes_before_they_leave(since, left, code):
    assert [r.code for r in period_refusals(since, left)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("kind", "direction", "by_customer", "outcome", "is_one"),
    [
        ("call", "outbound", False, "conversation", False),
        ("call", "outbound", True, "conversation", True),
        ("email", "inbound", False, "", True),
        ("meeting", "outbound", False, "held", True),
        ("demo", "", False, "held", True),
        ("meeting", "", False, "no_show", False),
        ("meeting", "", False, "", False),
        ("note", "", False, "", False),
    ],
)
def test_what_counts_as_a_customer_action(kind, direction, by_customer, outcome, is_one):
    assert is_customer_action(kind=kind, direction=direction, by_customer=by_customer, outcome=outcome) is is_one


@pytest.mark.parametrize(
    ("outcome", "talked"),
    [("conversation", True), ("held", True), ("no_answer", False), ("no_show", False), ("sent", None)],
)
def test_whether_we_talked(outcome, talked):
    assert is_conversation(kind="call", outcome=outcome) is talked


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"kind": "dance"}, ["unknown_value"]),
        ({"outcome": "held"}, ["outcome_of_other_kind"]),
        ({"outcome": "conversation", "done": False}, ["outcome_before_done"]),
        ({"direction": "sideways"}, ["unknown_value"]),
        ({"occurred_at": AT + timedelta(hours=1)}, ["done_in_future"]),
        ({"occurred_at": AT + timedelta(minutes=4)}, []),
        ({"occurred_at": AT + timedelta(days=9), "done": False}, []),
    ],
)
def test_what_cannot_be_logged(changes, codes):
    values = {"kind": "call", "outcome": "", "direction": "", "occurred_at": AT, "done": True, "at": AT, **changes}
    assert [r.code for r in logging_refusals(**values)] == codes


@pytest.mark.parametrize(
    ("kind", "outcome", "ahead", "codes"),
    [
        ("meeting", "held", False, []),
        ("meeting", "no_show", False, []),
        ("meeting", "", False, ["outcome_needed"]),
        ("meeting", "held", True, ["done_in_future"]),
        ("meeting", "moved", False, ["outcome_of_other_kind"]),
        ("task", "", True, []),
        ("call", "held", False, ["outcome_of_other_kind"]),
    ],
)
def test_what_cannot_be_completed(kind, outcome, ahead, codes):
    occurred_at = AT + timedelta(days=1 if ahead else -1)
    assert [r.code for r in completing_refusals(kind=kind, outcome=outcome, occurred_at=occurred_at, at=AT)] == codes


@pytest.mark.parametrize(
    ("role", "team_id", "codes"),
    [
        (Role.REP, None, []),
        (Role.MANAGER, 1, []),
        (Role.MANAGER, None, ["manager_needs_team"]),
        (Role.REP, 1, ["role_has_no_team"]),
        ("king", None, ["unknown_value"]),
    ],
)
def test_which_roles_can_be_granted(role, team_id, codes):
    assert [r.code for r in grant_refusals(role=role, team_id=team_id)] == codes


def test_an_invitation_names_what_is_wrong():
    codes = [r.code for r in person_refusals(email="no", name="", roles=["king"])]
    assert codes == ["not_understood", "required", "unknown_value"]
    assert person_refusals(email="a@b.lt", name="A", roles=["rep"]) == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"theme": "dark", "time_zone": "Europe/Vilnius", "locale": "en", "name": "A"}, []),
        ({"theme": "pink"}, ["unknown_value"]),
        ({"time_zone": "Mars/Base"}, ["unknown_value"]),
        ({"locale": "tlh"}, ["unknown_value"]),
        ({"is_active": True}, ["not_editable"]),
    ],
)
def test_which_profiles_can_be_kept(changes, codes):
    assert [r.code for r in profile_refusals(changes, languages=["en"])] == codes


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"name": "Hansa", "currency": "EUR", "fiscal_year_start_month": 4, "working_days": [1, 7]}, []),
        ({"name": ""}, ["required"]),
        ({"currency": "ZZZ"}, ["unknown_currency"]),
        ({"fiscal_year_start_month": 13}, ["out_of_range"]),
        ({"working_days": []}, ["required"]),
        ({"working_days": [8]}, ["required"]),
        ({"id": 2}, ["not_editable"]),
    ],
)
def test_which_organisations_can_be_kept(changes, codes):
    assert [r.code for r in organisation_refusals(changes, languages=["en"])] == codes
