"""A template filled from a deal: the content that is kept, and that PDF and DOCX are made of."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from crm.lib.values import Money
from crm.queries.organisation import get_local_date, get_organisation
from pipeline.enums import Billing, Package
from pipeline.figures.margin import LineFacts
from pipeline.models import Opportunity, OpportunityLine, TemplateVersion
from pipeline.policies.templates import Placeholder, fill, printable, read_body
from pipeline.queries.documents import FillFacts

VALID_DAYS = 30
Content = dict[str, Any]


def build_values(deal: Opportunity, facts: FillFacts, *, at: datetime) -> dict[Placeholder, str]:
    """Return what each placeholder of one line becomes, in the organisation's language; empty where nobody knows it."""
    ours, account, contact = get_organisation(), deal.account, deal.contact
    with translation.override(ours.language), formats.bound(locale=ours.language, now=at):
        today = get_local_date(at)
        amount = (facts.proposal and facts.proposal.amount) or deal.amount
        values = {
            Placeholder.CUSTOMER: account.name,
            Placeholder.CUSTOMER_CITY: account.city,
            Placeholder.CUSTOMER_COUNTRY: formats.locale().territories.get(account.country, account.country),
            Placeholder.REGISTRATION_NUMBER: account.registration_number,
            Placeholder.CONTACT: str(contact) if contact else "",
            Placeholder.CONTACT_TITLE: contact.job_title if contact else "",
            Placeholder.CONTACT_EMAIL: (contact.email or "") if contact else "",
            Placeholder.DEAL: deal.name,
            Placeholder.DEAL_NUMBER: str(deal.pk),
            Placeholder.AMOUNT: _money(amount),
            Placeholder.REQUIRED_RESULTS: deal.required_results,
            Placeholder.GO_LIVE: _day(deal.go_live_on),
            Placeholder.DECISION_DATE: _day(deal.decision_on),
            Placeholder.PACKAGE: _package(facts.proposal.package) if facts.proposal else "",
            Placeholder.OUR_COMPANY: ours.name,
            Placeholder.SELLER: deal.owner.name,
            Placeholder.SELLER_EMAIL: deal.owner.email,
            Placeholder.TODAY: _day(today),
            Placeholder.VALID_UNTIL: _day(today + timedelta(days=VALID_DAYS)),
        }
        return {name: " ".join(printable(text).split()) for name, text in values.items()}


def build_content(
    version: TemplateVersion, values: Mapping[Placeholder, str], facts: FillFacts, *, at: datetime
) -> Content:
    """Return what a document says for good: its title and its blocks, in the organisation's language."""
    ours = get_organisation()
    with translation.override(ours.language), formats.bound(locale=ours.language, now=at):
        blocks: list[Content] = []
        for line in read_body(version.body):
            if line.kind == "block":
                blocks += _block(Placeholder(line.text), values, facts)
            else:
                blocks.append({"kind": line.kind, "text": fill(line.text, values)})
        return {
            "title": fill(version.title, values),
            "language": ours.language,
            "by": printable(ours.name),
            "on": _day(get_local_date(at)),
            "blocks": blocks,
        }


def _block(name: Placeholder, values: Mapping[Placeholder, str], facts: FillFacts) -> list[Content]:
    if name == Placeholder.SOLUTIONS:
        return [
            {"kind": "solution", "text": printable(line.solution), "lead": printable(line.challenge)}
            for line in facts.solutions
        ]
    if name == Placeholder.TERMS:
        return _items(point.answer or point.asked for point in facts.points)
    if name == Placeholder.PROMISES:
        return _items(
            _("%(text)s, by %(day)s") % {"text": each.text, "day": _day(each.due_on)} if each.due_on else each.text
            for each in facts.promises
        )
    if name == Placeholder.LINES:
        return _table(facts.lines)
    parties = [values[Placeholder.CUSTOMER], values[Placeholder.OUR_COMPANY]]
    return [{"kind": "signatures", "parties": parties, "label": _("Date and signature")}]


def _items(texts: Any) -> list[Content]:
    return [{"kind": "item", "text": printable(text)} for text in texts]


def _table(lines: list[OpportunityLine]) -> list[Content]:
    if not lines:
        return []
    rows = [
        [
            printable(str(line.product or line.description)),
            _billed(line),
            formats.number(line.quantity, max(0, -int(line.quantity.normalize().as_tuple().exponent))),
            _money(line.price),
            formats.percent(line.discount, 1) if line.discount else "–",
            _money(_net(line)),
        ]
        for line in lines
    ]
    head = [_("Product"), _("Billed"), _("Quantity"), _("Price"), _("Discount"), _("Net")]
    return [{"kind": "table", "head": head, "rows": rows}]


def _billed(line: OpportunityLine) -> str:
    if line.billing == Billing.ONE_OFF:
        return _("Once")
    often, months = _("Each month") if line.billing == Billing.MONTHLY else _("Each year"), line.months or 0
    return ngettext("%(often)s, %(n)s month", "%(often)s, %(n)s months", months) % {"often": often, "n": months}


def _net(line: OpportunityLine) -> Money | None:
    """Return what the customer pays for it over its term (B15)."""
    if line.price is None:
        return None
    facts = LineFacts(line.quantity, line.price.amount, None, line.discount, Billing(line.billing), line.months)
    return Money(facts.net(), line.price.currency).rounded()


def _money(money: Money | None) -> str:
    return formats.money(money.amount, money.currency, cents=True) if money else ""


def _day(day: date | None) -> str:
    return formats.full_day(day) if day else ""


def _package(package: str) -> str:
    if package == Package.STANDARD:
        return _("This is one of our standard packages.")
    return _("This was put together for you.")
