"""How addresses, numbers and names are written down, whoever typed them (C-3, C-4)."""

import re
import unicodedata
from urllib.parse import urlsplit

import phonenumbers

DOMAIN = re.compile(r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
LOCAL_PART = re.compile(r"^[^\s@\"(),:;<>\[\\\]]{1,64}$")


class NotUnderstood(ValueError):
    """The text is no domain, phone number or country; what was typed is its argument."""


def normal_text(text: str | None) -> str:
    """Return the text composed (NFC), on one line, without control characters or spaces around it."""
    composed = unicodedata.normalize("NFC", text or "")
    kept = "".join(" " if character in "\t\r\n\u00a0" else character for character in composed)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cs")).split())


def normal_lines(text: str | None) -> str:
    """Return the text composed, its lines kept, without control characters or blanks around it."""
    composed = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def normal_email(text: str | None) -> str | None:
    """Return the address in lower case, or None for none.

    :raises NotUnderstood: it is no address
    """
    typed = normal_text(text).lower()
    if not typed:
        return None
    local, _, host = typed.rpartition("@")
    if not LOCAL_PART.match(local) or len(typed) > 254:
        raise NotUnderstood(typed)
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotUnderstood(typed) from None
    if not DOMAIN.match(ascii_host):
        raise NotUnderstood(typed)
    return f"{local}@{ascii_host}"


def normal_domain(text: str | None) -> str | None:
    """Return the bare host in lower case ASCII: no scheme, `www.`, port or path; None for none.

    :raises NotUnderstood: what is left is no domain
    """
    typed = normal_text(text).lower()
    if not typed:
        return None
    try:
        host = urlsplit(typed if "//" in typed else f"//{typed}").hostname or ""
        host = host.removeprefix("www.").rstrip(".").encode("idna").decode("ascii")
    except ValueError:  # a broken IPv6 bracket, a label that is too long
        raise NotUnderstood(typed) from None
    if not DOMAIN.match(host) or "@" in typed:
        raise NotUnderstood(typed)
    return host


def normal_phone(text: str | None, *, country: str = "") -> str:
    """Return the number in E.164, empty for none; without `+` it is read as one of `country`.

    :raises NotUnderstood: it is no possible number there
    """
    typed = normal_text(text)
    if not typed:
        return ""
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    try:
        number = phonenumbers.parse(typed, country.upper() or None)
    except phonenumbers.NumberParseException:
        raise NotUnderstood(typed) from None
    if not phonenumbers.is_possible_number(number):
        raise NotUnderstood(typed)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_country(code: str) -> bool:
    """Return whether two capital letters are those of a country a phone could ring in."""
    return code in phonenumbers.SUPPORTED_REGIONS


def normal_country(text: str | None) -> str:
    """Return the ISO 3166 code in capitals, empty for none.

    :raises NotUnderstood: it is not two letters of a country a phone could ring in
    """
    typed = normal_text(text).upper()
    if typed == "UK":
        typed = "GB"
    if typed and not is_country(typed):
        raise NotUnderstood(typed)
    return typed
