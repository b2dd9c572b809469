"""How addresses, numbers and titles are written down (C-3, C-4)."""

import pytest

from crm.enums import Seniority
from crm.lib.amounts import AmountUnclear, parse_amount
from crm.policies.contact_details import (
    NotUnderstood,
    normal_country,
    normal_domain,
    normal_email,
    normal_phone,
    normal_text,
)
from crm.policies.seniority import seniority_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Gedris.LT", "gedris.lt"),
        ("https://www.gedris.lt/about?x=1", "gedris.lt"),
        ("http://gedris.lt:8080", "gedris.lt"),
        (" gedris.lt. ", "gedris.lt"),
        ("WWW.shop.gedris.co.uk", "shop.gedris.co.uk"),
        ("väina.ee", "xn--vina-loa.ee"),
        ("", None),
        (None, None),
    ],
)
def test_domains_are_bare_hosts(typed, kept):
    assert normal_domain(typed) == kept


@pytest.mark.parametrize(
    "typed", ["gedris", "a b.lt", "[::1", "-x.lt", "x..lt", "a@b.lt/", "1.2.3.4", "x" * 260 + ".lt"]
)
def test_what_is_no_domain_is_refused(typed):
    with pytest.raises(NotUnderstood):
        normal_domain(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Rasa@Gedris.LT", "rasa@gedris.lt"),
        (" rasa.j+x@gedris.lt\n", "rasa.j+x@gedris.lt"),
        ("rasa@väina.ee", "rasa@xn--vina-loa.ee"),
        ("", None),
        (None, None),
    ],
)
def test_emails_are_lower_case(typed, kept):
    assert normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["rasa", "rasa@", "@gedris.lt", "a b@gedris.lt", "rasa@gedris", "a@b@c.lt", "<x>@gedris.lt"]
)
def test_what_is_no_email_is_refused(typed):
    with pytest.raises(NotUnderstood):
        normal_email(typed)


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("+370 612 34567", "", "+37061234567"),
        ("8 612 34567", "LT", "+37061234567"),
        ("0037061234567", "", "+37061234567"),
        ("(020) 7946 0018", "gb", "+442079460018"),
        ("", "LT", ""),
    ],
)
def test_phones_are_e164(typed, country, kept):
    assert normal_phone(typed, country=country) == kept


@pytest.mark.parametrize(("typed", "country"), [("8 612 34567", ""), ("12", "LT"), ("call me", "LT")])
def test_what_is_no_phone_is_refused(typed, country):
    with pytest.raises(NotUnderstood):
        normal_phone(typed, country=country)


@pytest.mark.parametrize(("typed", "kept"), [("lt", "LT"), ("UK", "GB"), ("", ""), (None, "")])
def test_countries_are_codes(typed, kept):
    assert normal_country(typed) == kept


@pytest.mark.parametrize("typed", ["XX", "LTU", "Lithuania", "1"])
def test_what_is_no_country_is_refused(typed):
    with pytest.raises(NotUnderstood):
        normal_country(typed)


def test_text_is_one_line_without_control_characters():
    assert normal_text("  Gedris\x00 \t Steel\r\n\u00a0UAB ") == "Gedris Steel UAB"
    assert normal_text("Vaina\u0308") == "Vainä"


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("CFO", Seniority.C_LEVEL),
        ("C.E.O.", Seniority.C_LEVEL),
        ("CIO", Seniority.C_LEVEL),
        ("CISO", Seniority.C_LEVEL),
        ("Chief Financial Officer", Seniority.C_LEVEL),
        ("Managing Director", Seniority.C_LEVEL),
        ("VP of Finance", Seniority.VP),
        ("SVP Operations", Seniority.VP),
        ("Vice President, Sales", Seniority.VP),
        ("Head of Finance", Seniority.DIRECTOR),
        ("IT Director", Seniority.DIRECTOR),
        ("Director of Procurement", Seniority.DIRECTOR),
        ("AP Manager", Seniority.MANAGER),
        ("Accounts Payable Manager", Seniority.MANAGER),
        ("AP Lead", Seniority.MANAGER),
        ("Financial Controller", Seniority.MANAGER),
        ("Owner", Seniority.OWNER),
        ("Founder & CEO", Seniority.OWNER),
        ("Co-Founder", Seniority.OWNER),
        ("President", Seniority.OWNER),
        ("Product Owner", Seniority.INDIVIDUAL),
        ("Executive Assistant to the CEO", Seniority.INDIVIDUAL),
        ("Account Manager", Seniority.INDIVIDUAL),
        ("Plumber", Seniority.INDIVIDUAL),
        ("", Seniority.UNKNOWN),
        ("  ", Seniority.UNKNOWN),
    ],
)
def test_seniority_is_read_from_the_title(title, level):
    assert seniority_of(title) == level


@pytest.mark.parametrize(
    ("typed", "mark", "amount"),
    [
        ("48k", ".", "48000"),
        ("48 000", ".", "48000"),
        ("48\u00a0000", ".", "48000"),
        ("48.000,00", ".", "48000"),
        ("48,000.00", ".", "48000"),
        ("48,000", ".", "48000"),
        ("48.000", ",", "48000"),
        ("1.33M", ".", "1330000"),
        ("1,234,567.89", ".", "1234567.89"),
        ("12,5", ".", "12.5"),
        ("\u22125", ".", "-5"),
        ("0.125", ".", "0.125"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, mark, amount):
    assert str(parse_amount(typed, decimal_mark=mark)) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("48.000", "ambiguous"),
        ("1,23,456", "unreadable"),
        ("1e400", "unreadable"),
        ("", "unreadable"),
        ("12 apples", "unreadable"),
        ("1" * 50, "unreadable"),
        ("1.2,3.4", "unreadable"),
    ],
)
def test_an_unclear_amount_is_refused(typed, code):
    with pytest.raises(AmountUnclear) as refused:
        parse_amount(typed)
    assert refused.value.code == code
