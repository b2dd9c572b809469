"""How the demo company scores its leads: the rules it began with, those in force since, and a draft that was tried."""

from datetime import datetime, timedelta
from typing import Any

from crm.lib.bulk import analyse
from crm.models import User
from reports.management.demo import company, words
from reports.management.demo.clockwork import Dice
from scoring.commands.rules import edit_draft, publish_draft
from scoring.commands.scores import refresh_all_scores
from scoring.commands.simulations import ask_simulation, simulate_part
from scoring.enums import Counting, DecayKind, Operator, ScorePart, WaitingReason
from scoring.facts import Condition, Decay, EventCondition
from scoring.models import Crossing, Handoff, Lead, LeadEvent, LeadKnown, LeadStatusEvent, ScoringModel

BEGAN, SECOND, DRAFTED = timedelta(days=800), timedelta(days=150), timedelta(days=2)
SOCIAL = "social_engaged"
WHY = "Sales kept sending back people who cannot decide and firms too small for us: who they are counts now."
ONCE: dict[str, Any] = {"counting": Counting.FIRST}
HOLDS: dict[str, Any] = {"counting": Counting.WHILE, "part": ScorePart.FIT}
TOUCH: dict[str, Any] = {"part": ScorePart.ENGAGEMENT, "group": "touch", "cap_days": 30}
# What the first rules say of behaviour stays as it was; nothing below speaks of a lead of whom nothing is known.
GROUPS: dict[str, dict[str, Any]] = {
    "company": {"name": "The company", "part": ScorePart.FIT, "most": 15},
    "person": {"name": "The person", "part": ScorePart.FIT, "most": 10},
    "touch": {
        "name": "Newsletter and social media", "part": ScorePart.ENGAGEMENT, "most": 15,
        "decay": Decay(DecayKind.HALF_LIFE, days=30),
    },
}  # fmt: skip
RULES: dict[str, dict[str, Any]] = {
    "sector": {
        "name": "Makes food, paper or chemicals", "points": 8, "group": "company", **HOLDS,
        "conditions": (
            Condition("lead.industry", Operator.IN, ("Food and beverage", "Pulp and paper", "Chemicals")),
        ),
    },
    "size": {
        "name": "Has 100 to 1,200 people", "points": 7, "group": "company", **HOLDS,
        "conditions": (
            Condition("lead.employee_count", Operator.AT_LEAST, "100"),
            Condition("lead.employee_count", Operator.AT_MOST, "1200"),
        ),
    },
    "hospital": {
        "name": "Is a hospital", "points": -10, "group": "company", **HOLDS,
        "conditions": (Condition("lead.industry", Operator.IS, "Hospitals"),),
    },
    "decides": {
        "name": "Decides: director, head or on the board", "points": 10, "group": "person", **HOLDS,
        "conditions": (Condition("lead.seniority", Operator.IN, ("owner", "c_level", "vp", "director")),),
    },
    "manages": {
        "name": "Manages a plant or its upkeep", "points": 5, "group": "person", **HOLDS,
        "conditions": (Condition("lead.seniority", Operator.IS, "manager"),),
    },
    "newsletter": {
        "name": "Subscribes to the newsletter", "points": 5, "event_types": frozenset({"newsletter_subscribed"}),
        **TOUCH, **ONCE,
    },
    "clicks": {
        "name": "Follows a link in a newsletter", "points": 3, "event_types": frozenset({"email_clicked"}), **TOUCH,
        "cap_count": 5,
    },
    "social": {
        "name": "Comments on social media", "points": 4, "event_types": frozenset({SOCIAL}), **TOUCH, "cap_count": 3,
    },
}  # fmt: skip
LIMITS = {"fit_limits": (5, 12, 20), "interest_limits": (15, 30, 50), "fades_twice": True}
DRAFT_SETTINGS = {"threshold": 55}
DRAFT_RULES: dict[str, dict[str, Any]] = {
    "pricing_page": {"points": 12},
    "pricing_often": {
        "name": "Comes back to the prices within a week", "points": 15, "cap_count": 1, "cap_days": 30,
        "event_types": frozenset({"pricing_page_viewed"}), "decay": Decay(DecayKind.HALF_LIFE, days=14),
        "conditions": (EventCondition(frozenset({"pricing_page_viewed"}), times=2, days=7),),
    },
    "cooling": {
        "name": "Hears of cooling water twice in 90 days", "points": 8, "counting": Counting.WHILE,
        "part": ScorePart.ENGAGEMENT,
        "conditions": (
            EventCondition(
                frozenset({"webinar_attended"}), 2, 90, Condition("property.title", Operator.IS, words.WEBINARS[1])
            ),
        ),
    },
    "demo_form": {
        "name": "Sends the form that asks for a demo", "points": 25, "event_types": frozenset({"form_submitted"}),
        "conditions": (Condition("property.form", Operator.IS, "ask-for-a-demo"),), "fast_track": True,
    },
    "opens": {
        "name": "Opens a newsletter", "points": 1, "event_types": frozenset({"email_opened"}), **TOUCH, "cap_count": 5,
    },
    "private_mail": {
        "name": "Writes from a private address", "points": -15, **HOLDS,
        "conditions": (
            Condition("lead.email_domain", Operator.IN, ("gmail.com", "hotmail.com", "outlook.com", "yahoo.com")),
        ),
    },
}  # fmt: skip


def marketer() -> User:
    """Return who makes the rules."""
    return User.objects.get(email=company.mail("sofia"))


def begin_rules(dice: Dice) -> None:
    """Say since when the first rules were in force, which came with the installation."""
    began = dice.now - BEGAN
    ScoringModel.objects.filter(number=1).update(created_at=began, published_at=began)


def second_rules_since(dice: Dice) -> datetime:
    """Return when the second rules came into force."""
    return dice.moment((dice.now - SECOND).date())


def publish_second_rules(dice: Dice, *, by: User) -> None:
    """Let fit, newsletters and grades count from then on; whom that brings over the threshold waits for marketing."""
    at = second_rules_since(dice)
    draft = edit_draft(settings=LIMITS, rules=RULES, groups=GROUPS, by=by, at=at)
    publish_draft(reason=WHY, seen_version=draft.version, by=by, at=at)
    refresh_all_scores(at=at, waiting=WaitingReason.PUBLISHED)


def try_a_draft(dice: Dice, *, by: User) -> None:
    """Begin a draft of third rules and try it on the past, so that its effect can be looked at."""
    at = dice.now - DRAFTED
    analyse(Lead, LeadEvent, LeadKnown, LeadStatusEvent, Crossing, Handoff)
    draft = edit_draft(settings=DRAFT_SETTINGS, rules=DRAFT_RULES, by=by, at=at)
    tried = ask_simulation(model_id=draft.pk, by=by, at=dice.now, in_process=True)
    for part_id in list(tried.parts.order_by("first").values_list("pk", flat=True)):
        simulate_part(part_id=part_id, at=dice.now)
