"""Scoring models as values (D-46)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from crm.lib.prepared import ask
from crm.models import User
from crm.queries.access import get_access
from scoring.enums import ModelState
from scoring.facts import ModelFacts
from scoring.models import LeadEventType, ScoringGroup, ScoringModel, ScoringRule
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.policies.model_facts import model_facts
from scoring.policies.zones import Zones

# Everything a replay needs besides what leads did, in one statement: it is asked for with every score.
RULEBOOK = """
SELECT model.id, to_json(model)::text,
    (SELECT json_agg(rule ORDER BY "order", id) FROM scoring_scoringrule rule WHERE rule.model_id = model.id)::text,
    (SELECT json_agg(of_it ORDER BY "order", id) FROM scoring_scoringgroup of_it WHERE of_it.model_id = model.id)::text,
    (SELECT json_agg(json_build_array(code, name, qualifies)) FROM scoring_leadeventtype)::text,
    (SELECT json_agg(json_build_array(valid_from, zone)) FROM crm_organisationtimezone)::text
FROM scoring_scoringmodel model WHERE {chosen}
"""
IN_FORCE = "model.state = 'published'"
NUMBERED = "model.number = %(number)s"
# The version in force then; before the first publication the first one (D-46).
AS_OF = """model.published_at IS NOT NULL
ORDER BY model.published_at <= %(as_of)s DESC,
    CASE WHEN model.published_at <= %(as_of)s THEN model.published_at END DESC, model.published_at, model.number"""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What scores are made by: the rules, the organisation's zones; and what types of events are called."""

    model: ModelFacts
    zones: Zones
    names: dict[str, str]


def get_rulebook(*, as_of: datetime | None = None, number: int | None = None) -> Rulebook:
    """Return the version of this number, drafts included, else the one in force at `as_of`, else the one in force now.

    :raises ScoringModel.DoesNotExist: there is no such version
    """
    chosen = NUMBERED if number is not None else AS_OF if as_of is not None else IN_FORCE
    found = read_rulebooks(f"{chosen} LIMIT 1", {"number": number, "as_of": as_of})
    if not found:
        raise ScoringModel.DoesNotExist
    return found[0]


def read_rulebooks(chosen: str, given: Mapping[str, Any]) -> list[Rulebook]:
    """Return the versions a condition in SQL about `model` chooses, in its order, in one query."""
    rows = ask(RULEBOOK.format(chosen=chosen), given)
    return [_read(*(text or "[]" for text in row[1:])) for row in rows]


@lru_cache(maxsize=32)
def _read(*texts: str) -> Rulebook:
    """Return what the rows say; what was worked out of the same ones before is used again."""
    facts, rules, groups, types, zones = map(json.loads, texts)
    silent = frozenset(code for code, _, qualifies in types if not qualifies)
    model = model_facts(facts, rules=rules, groups=groups, silent_types=silent)
    dated = [(date.fromisoformat(valid_from), ZoneInfo(zone)) for valid_from, zone in zones]
    return Rulebook(
        model=model,
        zones=Zones(dated) if dated else Zones.always(ZoneInfo("UTC")),
        names={code: name for code, name, _ in types},
    )


def to_facts(
    model: ScoringModel, *, rules: Iterable[ScoringRule] | None = None, groups: Iterable[ScoringGroup] | None = None
) -> ModelFacts:
    """Return a model as the policies take it; `rules` and `groups` stand for those that are stored."""
    silent = LeadEventType.objects.filter(qualifies=False).values_list("code", flat=True)
    return model_facts(
        vars(model),
        rules=[vars(rule) for rule in (model.rules.all() if rules is None else rules)],
        groups=[vars(group) for group in (model.groups.all() if groups is None else groups)],
        silent_types=frozenset(silent),
    )


def get_published_model() -> ScoringModel:
    """Return the model in force now."""
    return ScoringModel.objects.get(state=ModelState.PUBLISHED)


def get_draft() -> ScoringModel | None:
    """Return the draft somebody works on, if there is one."""
    return ScoringModel.objects.filter(state=ModelState.DRAFT).first()


def models_visible_to(user: User) -> QuerySet[ScoringModel]:
    """Return the versions open to the person: those leads were scored by, and to whoever may edit them the draft."""
    access = get_access(user)
    if not can_read_rules(access):
        return ScoringModel.objects.none()
    if can_edit_rules(access):
        return ScoringModel.objects.all()
    return ScoringModel.objects.exclude(state=ModelState.DRAFT)


def get_versions(limit: int = 20) -> list[ScoringModel]:
    """Return the versions with who made and published them, the newest first."""
    return list(ScoringModel.objects.select_related("published_by", "created_by").order_by("-number")[:limit])
