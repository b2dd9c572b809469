"""Feeds the demo company through the importer, and through the commands for what imports do not carry."""

from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from crm.exchange.run import import_rows
from crm.models import User
from reports.management.demo import colleagues, company, words
from reports.management.demo.answers import answer_leads, hand_over_today
from reports.management.demo.attention import attend
from reports.management.demo.business_cases import make_cases
from reports.management.demo.buying import ask_how_they_buy, recall_buying
from reports.management.demo.by_hand import do_by_hand, take_out
from reports.management.demo.clockwork import Dice
from reports.management.demo.criteria import word_criteria
from reports.management.demo.deals import Deal, customers, deals, fill_today
from reports.management.demo.economics import judge_deals
from reports.management.demo.evidence import attest, set_decision_days
from reports.management.demo.leads import LeadStory, leads
from reports.management.demo.papers import write_papers
from reports.management.demo.playbook import know_customers
from reports.management.demo.promising import promise
from reports.management.demo.routing import route
from scoring.commands.scores import refresh_due_scores

Say = Callable[[str], None]


def load(*, seed: int, today: date, say: Say) -> None:
    """Fill the empty database up to 00:00 of `today`. The same seed on the same day gives the same company."""
    dice = Dice(seed=seed, today=today, zone=ZoneInfo(words.ZONE))
    firms, accounts, contacts = company.firms(dice)
    sales = deals(dice, firms)
    fill_today(dice, sales)
    customers(sales, accounts)
    stories = leads(dice, firms, sales)
    by_hand = take_out(dice, sales)
    by = _load_people(dice)
    for kind, rows in _rows(today, accounts, contacts, sales, stories):
        counts = import_rows(kind, rows, by=by, at=dice.now, gate="record", reason="History of the demo company")
        say(f"  {kind}: {counts.created}")
    attest(dice)
    set_decision_days(dice)
    ask_how_they_buy(dice)
    do_by_hand(dice, by_hand)
    answer_leads(dice, by=by)
    hand_over_today(dice, by=by)
    refresh_due_scores(at=dice.now)
    word_criteria(dice, by=by)
    know_customers(dice, by=by)
    judge_deals(dice, by=by)
    promise(dice, by=by)
    for tell in (write_papers, make_cases, attend, recall_buying):
        tell(dice)
    route(dice, by=by)


def _load_people(dice: Dice) -> User:
    import_rows("users", [*company.users(), *colleagues.users()], by=None, at=dice.now)
    return User.objects.get(email=company.mail("piret"))


def _rows(
    today: date, accounts: list[company.Row], contacts: list[company.Row], sales: list[Deal], stories: list[LeadStory]
) -> Iterable[tuple[str, list[company.Row]]]:
    yield "accounts", accounts
    yield "contacts", contacts
    yield "products", company.products()
    yield "targets", company.targets(today)
    yield "leads", [story.row for story in stories]
    yield "lead-events", [event for story in stories for event in story.events]
    yield "opportunities", [deal.row for deal in sales]
    yield "opportunity-history", [entry for deal in sales for entry in deal.history]
    yield "activities", [activity for deal in sales for activity in deal.activities]
