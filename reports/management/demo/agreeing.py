"""What the demo company's marketing and sales agreed on, want to reach together and told each other of late."""

from datetime import timedelta
from decimal import Decimal

from crm.models import User
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import mail
from scoring.commands.agreements import agree_to_definition, propose_definition
from scoring.commands.together import add_comment, set_goal

MARKETING, MANAGER, REP = "sofia", "maarja", "kaur"
# By term: what holds, and who proposed it.
AGREED = (
    ("lead", "A plant that uses or cleans water and told us who to talk to.", MARKETING),
    ("accepted", "We looked at the plant, found no reason against it, and will call within the week.", MANAGER),
    ("qualified", "The plant manager or who holds the budget has agreed to a first meeting with a date.", MANAGER),
    ("sent_back", "Say what would have to change. “Not now” always comes with a month.", MARKETING),
)
EARLIER = ("qualified", "Somebody at the plant wants a meeting.", MARKETING)
WAITING = ("handed_over", "Over the threshold and from a country we deliver to. Nobody calls before that.", MARKETING)
GOALS = (("mql-to-sql", "0.3500"), ("sla", "0.9000"), ("lead-velocity", "0.0500"))
COMMENTS = (
    (9, MARKETING, "The leak webinar brought 14 names. Please tell which of them knew their water bill."),
    (8, REP, "Those from the leak webinar pick up the phone. The price list downloads mostly do not."),
    (3, MANAGER, "Two came back as duplicates of accounts we serve. Can the form ask for the plant’s town?"),
    (2, MARKETING, "It asks for the town from today on."),
)


def agree(dice: Dice) -> None:
    """Let both sides agree on words and goals, with one wording waiting, and talk about it."""
    at = dice.now - timedelta(days=60)
    people = {name: User.objects.get(email=mail(name)) for name in (MARKETING, MANAGER, REP)}
    other = {MARKETING: people[MANAGER], MANAGER: people[MARKETING]}
    for term, text, by in (EARLIER, *AGREED):
        proposed = propose_definition(term=term, text=text, by=people[by], at=at)
        agree_to_definition(definition_id=proposed.pk, by=other[by], at=at + timedelta(days=1))
        at += timedelta(days=2)
    for measure, share in GOALS:
        set_goal(measure=measure, share=Decimal(share), by=people[MARKETING], at=at)
    term, text, name = WAITING
    propose_definition(term=term, text=text, by=people[name], at=dice.now - timedelta(days=1))
    for days, name, text in COMMENTS:
        add_comment(text=text, by=people[name], at=dice.now - timedelta(days=days))
