"""What the rules may say, and how one version differs from another (S-3, S-6)."""

from dataclasses import dataclass

from crm.lib.values import Refusal
from scoring.facts import ModelFacts, RuleFacts

MOST_POINTS, HIGHEST_THRESHOLD, MOST_DAYS, MOST_TIMES = 100, 1000, 365, 100
SETTINGS = ("threshold", "rearm_margin", "inactivity_points", "inactivity_days")
RULE_FIELDS = ("points", "cap_count", "cap_days")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a setting of the model (`rule` empty) or of one of its rules."""

    field: str
    old: int
    new: int
    rule: str = ""
    name: str = ""


def refusals(model: ModelFacts) -> list[Refusal]:
    """Return why these rules cannot be saved; each names its field, rules' ones as `<rule>-<field>`."""
    found = []
    if not 1 <= model.threshold <= HIGHEST_THRESHOLD:
        found.append(Refusal.of("threshold_out_of_range", field="threshold", highest=HIGHEST_THRESHOLD))
    if not 0 <= model.rearm_margin < max(model.threshold, 1):
        found.append(Refusal.of("margin_out_of_range", field="rearm_margin"))
    if not 0 <= model.inactivity_points <= MOST_POINTS:
        found.append(_points("inactivity_points", lowest=0))
    if not 1 <= model.inactivity_days <= MOST_DAYS:
        found.append(Refusal.of("days_out_of_range", field="inactivity_days", highest=MOST_DAYS))
    return found + [refusal for rule in model.rules for refusal in _of_rule(rule)]


def changes(old: ModelFacts, new: ModelFacts) -> list[Change]:
    """Return what `new` says differently, settings first, then rules in order."""
    found = [
        Change(field, getattr(old, field), getattr(new, field))
        for field in SETTINGS
        if getattr(old, field) != getattr(new, field)
    ]
    before = {rule.code: rule for rule in old.rules}
    for rule in new.rules:
        if was := before.get(rule.code):
            found += [
                Change(field, getattr(was, field), getattr(rule, field), rule.code, rule.name)
                for field in RULE_FIELDS
                if getattr(was, field) != getattr(rule, field)
            ]
    return found


def _of_rule(rule: RuleFacts) -> list[Refusal]:
    found = []
    if not -MOST_POINTS <= rule.points <= MOST_POINTS:
        found.append(_points(f"{rule.code}-points", lowest=-MOST_POINTS))
    if not 0 <= rule.cap_count <= MOST_TIMES:
        found.append(Refusal.of("cap_out_of_range", field=f"{rule.code}-cap_count", highest=MOST_TIMES))
    if not 1 <= rule.cap_days <= MOST_DAYS:
        found.append(Refusal.of("days_out_of_range", field=f"{rule.code}-cap_days", highest=MOST_DAYS))
    return found


def _points(field: str, *, lowest: int) -> Refusal:
    return Refusal.of("points_out_of_range", field=field, lowest=lowest, highest=MOST_POINTS)
