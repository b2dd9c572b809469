"""Models of every kind and histories to score by them, from a seed: rows as the columns are named."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.scoring.scheme_oracle import KNOWN, Happened

START = datetime(2026, 2, 1, tzinfo=UTC)  # the clocks change within
TYPES = ("pricing_page_viewed", "whitepaper_downloaded", "webinar_attended", "demo_requested", "email_opened")
SILENT = frozenset({"email_opened"})
NO_DECAY = {"decay_kind": "", "decay_days": 30, "decay_percent": 50, "decay_steps": []}


def random_model(chance: random.Random) -> dict[str, Any]:
    """Return settings, groups and rules that may fade, be limited, hold for a while or ask for anything."""
    groups = [
        {"id": number, "code": f"g{number}", "name": f"G{number}", "part": chance.choice(("fit", "behaviour"))}
        | _decay(chance)
        | _limits(chance)
        for number in range(chance.randint(0, 2))
    ]
    return {
        "id": 1, "number": 1, "threshold": chance.choice((15, 25, 50)), "rearm_margin": 10,
        "inactivity_points": chance.choice((0, 5, 10)), "inactivity_days": chance.choice((7, 30)),
        "inactivity_mode": chance.choice(("each", "once")), "floor": chance.choice((0, 0, 10, -20)),
        "ceiling": chance.choice((None, None, 60)), "fades_twice": False, "fit_limits": [],
        "interest_limits": [], "published_at": None,
        "rules": [_rule(chance, number, groups) for number in range(chance.randint(1, 6))], "groups": groups,
    }  # fmt: skip


def random_history(chance: random.Random, *, days: int = 120, most: int = 25) -> list[Happened]:
    """Return what a lead did, and what became known of it, in so many days."""
    happened = []
    for number in range(1, chance.randint(0, most) + 1):
        at = START + timedelta(minutes=chance.randrange(days * 1440))
        if chance.random() < 0.15:
            known = chance.choice(({}, {"lead.industry": "energy"}, {"lead.employee_count": chance.choice((10, 500))}))
            happened.append(Happened(at, f"={number}", KNOWN, number, "", known))
        else:
            properties = {"topic": chance.choice(("price", "news"))}
            url = chance.choice(("", "", "/a"))
            happened.append(Happened(at, f"k{number:03}", chance.choice(TYPES), number, url, properties))
    return happened


def _rule(chance: random.Random, number: int, groups: list[dict[str, Any]]) -> dict[str, Any]:
    counting = chance.choice(("each", "each", "each", "first", "while"))
    group = chance.choice([None, *groups])
    return {
        "code": f"r{number}", "name": f"R{number}", "part": chance.choice(("fit", "behaviour", "engagement")),
        "group_id": group and group["id"], "counting": counting, "event_types": chance.sample(TYPES, 2),
        "points": chance.choice((5, 10, 15, 25, -10)), "cap_count": chance.choice((0, 1, 3)),
        "cap_days": chance.choice((1, 7, 30)), "conditions": _conditions(chance, counting),
        "fast_track": counting != "while" and chance.random() < 0.1,
    } | _decay(chance) | _limits(chance)  # fmt: skip


def _conditions(chance: random.Random, counting: str) -> list[dict[str, Any]]:
    asked = [
        {"field": "lead.industry", "is": "is", "value": "energy"},
        {"field": "lead.employee_count", "is": "at_least", "value": 200},
        {"field": "lead.industry", "is": "unknown", "value": None},
        _lately(chance),
        _lately(chance),
    ]
    if counting == "while":
        return chance.sample(asked, chance.randint(1, 2))
    asked.append({"field": "property.topic", "is": "is", "value": "price"})
    return chance.sample(asked, 1) if chance.random() < 0.3 else []


def _lately(chance: random.Random) -> dict[str, Any]:
    types, times = chance.sample(TYPES, chance.randint(1, 2)), chance.choice((0, 1, 2, 2))
    where = {"where": {"field": "property.topic", "is": "is", "value": "price"}} if chance.random() < 0.5 else {}
    return {"events": types, "times": times, "days": chance.choice((0, 3, 14, 14)), **where}


def _decay(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(("", "none", "half_life", "linear", "window", "step"))
    steps = [[10, chance.choice((100, 80))], [40, 50]] if kind == "step" else []
    return NO_DECAY | {"decay_kind": kind, "decay_days": chance.choice((5, 30)), "decay_steps": steps}


def _limits(chance: random.Random) -> dict[str, Any]:
    return {"least": chance.choice((None, None, None, -15, 0)), "most": chance.choice((None, None, 20, 35))}
