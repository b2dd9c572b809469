"""Templates of proposals and contracts: plain lines with placeholders of a fixed list, never code (reliability.md 2).

A line is a heading (`# ` or `## `), an item (`- `) or a paragraph; lines under one another are one paragraph. What a
placeholder becomes is put in after the lines are read, in one pass: a customer named `# {{ amount }}` stays that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.lib.values import Refusal

TITLE_LENGTH, BODY_LENGTH, NAME_LENGTH = 200, 50_000, 100
FOUND = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
# Of other languages of templates, and halves of ours.
CODE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
LONGEST_SHOWN = 60
# What neither XML nor PDF can hold.
UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Placeholder(StrEnum):
    """What a template can be filled with. The list is fixed: nobody's text is ever run or looked up (reliability.md 2)."""

    CUSTOMER = "customer"
    CUSTOMER_CITY = "customer_city"
    CUSTOMER_COUNTRY = "customer_country"
    REGISTRATION_NUMBER = "registration_number"
    CONTACT = "contact"
    CONTACT_TITLE = "contact_title"
    CONTACT_EMAIL = "contact_email"
    DEAL = "deal"
    DEAL_NUMBER = "deal_number"
    AMOUNT = "amount"
    REQUIRED_RESULTS = "required_results"
    GO_LIVE = "go_live"
    DECISION_DATE = "decision_date"
    PACKAGE = "package"
    OUR_COMPANY = "our_company"
    SELLER = "seller"
    SELLER_EMAIL = "seller_email"
    TODAY = "today"
    VALID_UNTIL = "valid_until"
    SOLUTIONS = "solutions"
    LINES = "lines"
    PROMISES = "promises"
    TERMS = "terms"
    SIGNATURES = "signatures"


# These stand on a line of their own and become lists, tables or places to sign; empty ones leave nothing behind.
BLOCKS = frozenset(
    {Placeholder.SOLUTIONS, Placeholder.LINES, Placeholder.PROMISES, Placeholder.TERMS, Placeholder.SIGNATURES}
)


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a template as it was read: `kind` is heading, subheading, item, text or block."""

    kind: str
    text: str


def printable(text: str) -> str:
    """Return the text without characters that no document can hold, or that turn the direction of writing around."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def template_refusals(*, name: str, title: str, body: str) -> list[Refusal]:
    """Return why a template may not say this; each names the placeholder, or the piece of code, it is about."""
    limits = (("name", name, NAME_LENGTH), ("title", title, TITLE_LENGTH), ("body", body, BODY_LENGTH))
    refused = [Refusal.of("required", field=field) for field, text, _limit in limits if not text.strip()]
    refused += [Refusal.of("too_long", field=field, limit=limit) for field, text, limit in limits if len(text) > limit]
    if refused:
        return refused
    return [*_wrong(title, field="title"), *_wrong(body, field="body"), *_misplaced(title, body)]


def placeholders_in(*texts: str) -> list[Placeholder]:
    """Return the known placeholders of the texts, each once, in the order of the list."""
    found = {name.strip() for text in texts for name in FOUND.findall(text)}
    return [each for each in Placeholder if each in found]


def empty_refusals(texts: tuple[str, ...], values: Mapping[Placeholder, str]) -> list[Refusal]:
    """Return what the deal lacks that the texts would say: nothing goes to a customer with a hole in it."""
    asked = [each for each in placeholders_in(*texts) if each not in BLOCKS]
    return [Refusal.of("placeholder_empty", placeholder=each) for each in asked if not values.get(each, "").strip()]


def read_body(body: str) -> list[Line]:
    """Return the blocks of a body, in order; a block placeholder's text is its name."""
    read: list[Line] = []
    paragraph: list[str] = []
    for raw in [*body.split("\n"), ""]:
        line = _read_line(raw.strip())
        if line is not None and line.kind == "text":
            paragraph.append(line.text)
            continue
        if paragraph:
            read.append(Line("text", " ".join(paragraph)))
            paragraph = []
        if line is not None:
            read.append(line)
    return read


def fill(text: str, values: Mapping[Placeholder, str]) -> str:
    """Return the text with its placeholders filled in; what is filled in is not looked at again."""
    return FOUND.sub(lambda found: values.get(Placeholder(found[1].strip()), ""), text)


def _read_line(line: str) -> Line | None:
    if not line:
        return None
    block = FOUND.fullmatch(line)
    if block and block[1].strip() in BLOCKS:
        return Line("block", block[1].strip())
    for mark, kind in (("## ", "subheading"), ("# ", "heading"), ("- ", "item")):
        if line.startswith(mark):
            return Line(kind, line.removeprefix(mark).strip())
    return Line("text", line)


def _wrong(text: str, *, field: str) -> Iterator[Refusal]:
    """Yield the placeholders nobody knows, and whatever else looks like code."""
    for found in FOUND.finditer(text):
        if found[1].strip() not in set(Placeholder):
            yield Refusal.of("unknown_placeholder", field=field, name=_shown(found[0]))
    rest = FOUND.sub("", text)
    if code := CODE.search(rest):
        yield Refusal.of("no_code", field=field, name=_shown(rest[code.start() :].split("\n", maxsplit=1)[0]))


def _misplaced(title: str, body: str) -> Iterator[Refusal]:
    for each in placeholders_in(title):
        if each in BLOCKS:
            yield Refusal.of("placeholder_not_alone", field="title", name=f"{{{{ {each} }}}}")
    within = "\n".join(line.text for line in read_body(body) if line.kind != "block")
    for each in placeholders_in(within):
        if each in BLOCKS:
            yield Refusal.of("placeholder_not_alone", field="body", name=f"{{{{ {each} }}}}")


def _shown(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= LONGEST_SHOWN else f"{short[:LONGEST_SHOWN]}…"
