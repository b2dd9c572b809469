"""Feeds the demo company through the importer, and through the commands for what imports do not carry."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm.exchange.run import import_rows
from crm.models import User
from reports.management.demo import colleagues, company, words
from reports.management.demo.agreeing import agree
from reports.management.demo.answers import answer_leads, hand_over_today
from reports.management.demo.attention import attend
from reports.management.demo.business_cases import make_cases
from reports.management.demo.buying import ask_how_they_buy, recall_buying
from reports.management.demo.by_hand import do_by_hand, take_out
from reports.management.demo.campaigns import place_campaigns
from reports.management.demo.challenging import challenge_the_rules, keep_the_rules
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
from reports.management.demo.rules import begin_rules, marketer, publish_second_rules, second_rules_since, try_a_draft
from reports.management.demo.together import work_together
from reports.management.demo.web import come_by_the_website
from reports.management.demo.weeks import note_weeks, try_low_scores
from scoring.commands.scores import refresh_due_scores

Say = Callable[[str], None]
Files = Iterable[tuple[str, list[company.Row]]]  # kinds with their rows


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
    known = (_known(today, accounts, contacts), stories, _sales(sales))
    _load_records(dice, *known, by=by, say=say)
    attest(dice)
    set_decision_days(dice)
    ask_how_they_buy(dice)
    do_by_hand(dice, by_hand)
    _work_on_leads(dice, by=by)
    word_criteria(dice, by=by)
    know_customers(dice, by=by)
    judge_deals(dice, by=by)
    promise(dice, by=by)
    for tell in (write_papers, make_cases, attend, recall_buying, work_together, place_campaigns, agree):
        tell(dice)
    route(dice, by=by)
    come_by_the_website(dice, by=marketer())
    note_weeks(dice)
    try_a_draft(dice, by=marketer())


def _load_records(dice: Dice, known: Files, stories: list[LeadStory], sales: Files, *, by: User, say: Say) -> None:
    """Import everything; the rules change in between, so that leads cross by those of their time."""
    since = second_rules_since(dice)
    begin_rules(dice)
    _import(dice, known, by=by, say=say)
    _import(dice, _leads(stories, since, is_early=True), by=by, say=say)
    publish_second_rules(dice, by=marketer())
    challenge_the_rules(dice, by=marketer())
    _import(dice, _leads(stories, since, is_early=False), by=by, say=say)
    _import(dice, sales, by=by, say=say)


def _work_on_leads(dice: Dice, *, by: User) -> None:
    answer_leads(dice, by=by)
    try_low_scores(dice)
    hand_over_today(dice, by=by)
    refresh_due_scores(at=dice.now)
    keep_the_rules(dice, by=marketer())


def _load_people(dice: Dice) -> User:
    import_rows("users", [*company.users(), *colleagues.users()], by=None, at=dice.now)
    return User.objects.get(email=company.mail("piret"))


def _import(dice: Dice, files: Files, *, by: User, say: Say) -> None:
    for kind, of_kind in files:
        counts = import_rows(kind, of_kind, by=by, at=dice.now, gate="record", reason="History of the demo company")
        say(f"  {kind}: {counts.created}")


def _known(today: date, accounts: list[company.Row], contacts: list[company.Row]) -> Files:
    yield "accounts", accounts
    yield "contacts", contacts
    yield "products", company.products()
    yield "targets", company.targets(today)


def _leads(stories: list[LeadStory], since: datetime, *, is_early: bool) -> Files:
    """Give what happened before the second rules, or since: the crossings are those of the rules of their time."""
    rows = [story.row for story in stories]
    events = [event for story in stories for event in story.events]
    yield "leads", [row for row in rows if (_moment(row["created_at"]) < since) == is_early]
    yield "lead-events", [event for event in events if (_moment(event["occurred_at"]) < since) == is_early]


def _sales(sales: list[Deal]) -> Files:
    yield "opportunities", [deal.row for deal in sales]
    yield "opportunity-history", [entry for deal in sales for entry in deal.history]
    yield "activities", [activity for deal in sales for activity in deal.activities]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
