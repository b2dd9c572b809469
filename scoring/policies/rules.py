"""What the rules may say (S-3, S-6): every reason why a draft cannot be kept, each with its field."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from crm.lib.values import Refusal
from scoring.enums import DecayKind, ScorePart
from scoring.facts import Decay, GroupFacts, ModelFacts
from scoring.policies.drafts import RESERVED
from scoring.policies.grades import LIMITS
from scoring.policies.one_rule import of_rule

MOST_POINTS, HIGHEST, MOST_DAYS = 100, 1000, 365
MOST_RULES, MOST_GROUPS, LONGEST_NAME = 200, 50, 200
LONGEST_FADE, MOST_STEPS, WHOLE = 730, 12, 100
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def refusals(model: ModelFacts, *, known_types: Collection[str] | None = None) -> list[Refusal]:
    """Return why these rules cannot be saved; each names its field: `<code>-<field>` of rules, `group-<code>-<field>`.

    `known_types` are the types of events there are; without it none is asked for.
    """
    found = [*_settings(model), *_grades(model), *_together(model)]
    for group in model.groups:
        at = f"group-{group.code}"
        found += of_name(at, group.name) + of_limits(at, group.least, group.most)
        found += of_decay(at, group.decay, is_fit=group.part is ScorePart.FIT)
    groups = {group.code: group for group in model.groups}
    for rule in model.rules:
        found += of_name(rule.code, rule.name) + of_limits(rule.code, rule.least, rule.most)
        found += of_decay(rule.code, rule.decay, is_fit=rule.part is ScorePart.FIT)
        found += of_rule(rule, known_types=known_types)
        found += _of_group(rule.code, rule.group, rule.part, groups)
    return found


def of_name(code: str, name: str) -> list[Refusal]:
    """Return what is wrong with what a rule or group is called."""
    if not CODE.fullmatch(code):
        return [Refusal.of("not_a_code", field="code")]
    if not name.strip() or "\x00" in name:
        return [Refusal.of("part_name_needed", field=f"{code}-name")]
    return [Refusal.of("name_too_long", field=f"{code}-name", longest=LONGEST_NAME)] if len(name) > LONGEST_NAME else []


def of_limits(code: str, least: int | None, most: int | None) -> list[Refusal]:
    """Return what is wrong with the least and the most that something may bring."""
    found = [
        Refusal.of("limit_out_of_range", field=f"{code}-{name}", highest=HIGHEST)
        for name, limit in (("least", least), ("most", most))
        if limit is not None and not -HIGHEST <= limit <= HIGHEST
    ]
    if least is not None and most is not None and least > most:
        found.append(Refusal.of("least_above_most", field=f"{code}-least"))
    return found


def of_decay(code: str, decay: Decay | None, *, is_fit: bool) -> list[Refusal]:
    """Return what is wrong with how points fade; what somebody is does not fade at all."""
    if decay is None or decay.kind is DecayKind.NONE:
        return []
    if is_fit:
        return [Refusal.of("fit_never_fades", field=f"{code}-decay_kind")]
    found = []
    if decay.kind in (DecayKind.HALF_LIFE, DecayKind.WINDOW) and not 1 <= decay.days <= LONGEST_FADE:
        found.append(Refusal.of("days_out_of_range", field=f"{code}-decay_days", highest=LONGEST_FADE))
    if decay.kind is DecayKind.LINEAR and not 1 <= decay.percent <= WHOLE:
        found.append(Refusal.of("percent_out_of_range", field=f"{code}-decay_percent"))
    if decay.kind is DecayKind.STEP and not _are_steps(decay.steps):
        found.append(Refusal.of("bad_steps", field=f"{code}-decay_steps", highest=LONGEST_FADE))
    return found


def _are_steps(steps: tuple[tuple[int, int], ...]) -> bool:
    ages, left = [age for age, _ in steps], [percent for _, percent in steps]
    return (
        1 <= len(steps) <= MOST_STEPS
        and ages == sorted(set(ages))
        and left == sorted(left, reverse=True)
        and 0 <= ages[0] <= ages[-1] <= LONGEST_FADE
        and 0 <= left[-1] <= left[0] <= WHOLE
    )


def _settings(model: ModelFacts) -> list[Refusal]:
    found = []
    if not 1 <= model.threshold <= HIGHEST:
        found.append(Refusal.of("threshold_out_of_range", field="threshold", highest=HIGHEST))
        return found
    if not 0 <= model.rearm_margin < model.threshold:
        found.append(Refusal.of("margin_out_of_range", field="rearm_margin"))
    if not 0 <= model.inactivity_points <= MOST_POINTS:
        found.append(Refusal.of("points_out_of_range", field="inactivity_points", lowest=0, highest=MOST_POINTS))
    if not 1 <= model.inactivity_days <= MOST_DAYS:
        found.append(Refusal.of("days_out_of_range", field="inactivity_days", highest=MOST_DAYS))
    if not -HIGHEST <= model.floor < model.threshold:
        found.append(Refusal.of("floor_out_of_range", field="floor", lowest=-HIGHEST))
    if model.ceiling is not None and not model.threshold <= model.ceiling <= HIGHEST:
        found.append(Refusal.of("ceiling_out_of_range", field="ceiling", highest=HIGHEST))
    return found


def _grades(model: ModelFacts) -> list[Refusal]:
    found = []
    for name, other in (("fit_limits", model.interest_limits), ("interest_limits", model.fit_limits)):
        limits = getattr(model, name)
        if not limits and other:
            found.append(Refusal.of("limits_needed", field=name))
        elif limits and (len(limits) != LIMITS or list(limits) != sorted(set(limits))):
            found.append(Refusal.of("limits_not_rising", field=name))
        elif limits and not -HIGHEST <= limits[0] <= limits[-1] <= HIGHEST:
            found.append(Refusal.of("limit_out_of_range", field=name, highest=HIGHEST))
    return found


def _together(model: ModelFacts) -> list[Refusal]:
    found = []
    for parts, most, field in ((model.rules, MOST_RULES, "rules"), (model.groups, MOST_GROUPS, "groups")):
        if len(parts) > most:
            found.append(Refusal.of("too_many", field=field, most=most))
        found += [Refusal.of("reserved_code", field="code", given=part.code) for part in parts if part.code in RESERVED]
        found += [Refusal.of("twice", field=f"{code}-code", given=code) for code in _twice(part.code for part in parts)]
    return found


def _twice(codes: Iterable[str]) -> list[str]:
    return [code for code, times in Counter(codes).items() if times > 1]


def _of_group(code: str, group: str, part: ScorePart, groups: dict[str, GroupFacts]) -> list[Refusal]:
    if not group:
        return []
    if group not in groups:
        return [Refusal.of("unknown_group", field=f"{code}-group", group=group)]
    return [] if groups[group].part is part else [Refusal.of("other_part", field=f"{code}-part")]
