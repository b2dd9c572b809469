"""A second, plain reading of math.md B23 for rules of every kind: day by day, from rows, sharing nothing with the product.

Nothing is kept but what counted on which day; every sum is made anew. A model is a dict of settings with `rules` and
`groups`, rows named as the columns are.
"""

from collections import namedtuple
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

Happened = namedtuple("Happened", "at key type number url details")
Crossed = namedtuple("Crossed", "key before after fast_track")
KNOWN = "="
PARTS = ("fit", "behaviour", "engagement")


class PlainWalk:
    """The state of one lead as the days go by."""

    def __init__(self, model, silent):
        self.model, self.silent = model, silent
        self.counted, self.seen, self.pages = [], [], {}
        self.lost, self.last, self.known, self.steps = 0.0, None, {}, []

    def run(self, happened, *, as_of: datetime, zone: ZoneInfo):
        """Walk every single day; return score, the three parts and what silence and limits made of them."""
        past = sorted((each for each in happened if each.at <= as_of), key=lambda each: (each.at, each.key))
        today = as_of.astimezone(zone).date()
        day = past[0].at.astimezone(zone).date() if past else today
        while day <= today:
            self._tick(day)
            for each in past:
                if each.at.astimezone(zone).date() == day:
                    self._happen(each, day)
            day += timedelta(days=1)
        parts = self._parts(today)
        return self._score(today), parts

    def _tick(self, day):
        period = self.model["inactivity_days"]
        quiet = (day - self.last).days if self.last else 0
        if quiet and quiet % period == 0 and (self.model["inactivity_mode"] == "each" or quiet == period):
            stands = self._base(day) - self.lost - self.model["floor"]
            self.lost += max(0, min(self.model["inactivity_points"], stands))

    def _happen(self, each, day):
        before, fast_track = self._score(day), False
        if each.type == KNOWN:
            self.known = each.details
        else:
            if each.type not in self.silent:
                self.lost = min(self.lost, self._base(day) - self.model["floor"])
                self.last = day
            if not self._is_repeat(each):
                self.seen.append((each.type, day, each.details or {}))
                fast_track = self._count(each, day)
        if each.number:
            self.steps.append(Crossed(each.key, before, self._score(day), fast_track))

    def _is_repeat(self, each):
        asked = [asked.get("events", ()) for rule in self.model["rules"] for asked in rule["conditions"]]
        about = [rule["event_types"] for rule in self._of_events()] + asked
        if not each.url or not any(each.type in types for types in about):
            return False
        before = self.pages.get((each.type, each.url))
        if before is not None and each.at - before <= timedelta(minutes=30):
            return True
        self.pages[each.type, each.url] = each.at
        return False

    def _of_events(self):
        return [rule for rule in self.model["rules"] if rule["counting"] != "while"]

    def _count(self, each, day):
        fast_track = False
        for rule in self._of_events():
            if each.type not in rule["event_types"] or not self._holds(rule, day, each.details or {}):
                continue
            fast_track = fast_track or rule["fast_track"]
            mine = [on for code, on in self.counted if code == rule["code"]]
            lately = [on for on in mine if (day - on).days < rule["cap_days"]]
            is_full = bool(mine) if rule["counting"] == "first" else 0 < rule["cap_count"] <= len(lately)
            if not is_full:
                self.counted.append((rule["code"], day))
        return fast_track

    def _holds(self, rule, day, properties):
        for asked in rule["conditions"]:
            if "events" in asked:
                times = sum(1 for each in self.seen if self._is_meant(asked, each, day))
                if times < asked["times"] or (asked["times"] == 0 and times):
                    return False
            elif not self._is_so(asked, properties):
                return False
        return True

    def _is_meant(self, asked, seen, day):
        kind, on, properties = seen
        if kind not in asked["events"] or (asked["days"] and (day - on).days >= asked["days"]):
            return False
        return "where" not in asked or self._is_so(asked["where"], properties)

    def _is_so(self, asked, properties):
        name = asked["field"]
        value = properties.get(name[9:]) if name.startswith("property.") else self.known.get(name)
        if asked["is"] == "at_least":
            return value is not None and value >= asked["value"]
        return value == asked["value"] if asked["is"] == "is" else value is None

    def _parts(self, day):
        sums = dict.fromkeys(PARTS, 0.0)
        for group in [*self.model["groups"], None]:
            rules = [rule for rule in self.model["rules"] if rule["group_id"] == (group and group["id"])]
            brought = [(rule, self._brought(rule, group, day)) for rule in rules]
            if group is None:
                for rule, points in brought:
                    sums[rule["part"]] += points
            else:
                sums[group["part"]] += between(sum(points for _, points in brought), group)
        return sums

    def _brought(self, rule, group, day):
        if rule["counting"] == "while":
            points = rule["points"] if self._holds(rule, day, {}) else 0
        else:
            fading = rule if rule["decay_kind"] else group
            is_fit = (group or rule)["part"] == "fit"
            ages = [(day - on).days for code, on in self.counted if code == rule["code"]]
            points = sum(left(rule["points"], None if is_fit else fading, age) for age in ages)
        return between(points, rule)

    def _base(self, day):
        return sum(self._parts(day).values())

    def _score(self, day):
        score = max(self._base(day) - self.lost, self.model["floor"])
        return round(score if self.model["ceiling"] is None else min(score, self.model["ceiling"]), 4)


def between(points, limits):
    """Return points within the limits of a row."""
    if limits["most"] is not None:
        points = min(points, limits["most"])
    return points if limits["least"] is None else max(points, limits["least"])


def left(points, fading, age):
    """Return what is left of points at an age in local days; less than a thousandth is nothing."""
    kind = fading["decay_kind"] if fading else ""
    share = 1.0
    if kind == "half_life":
        share = 0.5 ** (age / fading["decay_days"])
    elif kind == "linear":
        share = max(0.0, 1 - fading["decay_percent"] / 100 * (age // 30))
    elif kind == "window":
        share = 1.0 if age < fading["decay_days"] else 0.0
    elif kind == "step":
        share = next((percent / 100 for upto, percent in fading["decay_steps"] if age <= upto), 0.0)
    return points * share if abs(points * share) >= 0.001 else 0.0


def plain_crossings(steps, model, *, is_held):
    """Return the keys that cross, when nobody answers: `is_held` where each is handed over at once."""
    armed, is_open, found = True, False, []
    for step in steps:
        if step.before <= model["threshold"] - model["rearm_margin"] and not is_open:
            armed = True
        if step.fast_track or step.before < model["threshold"] <= step.after:
            if armed or is_open or step.fast_track:
                found.append(step.key)
                is_open = is_open or is_held
            armed = False
    return found
