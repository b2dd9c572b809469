"""Stored scores, written where they differ (D-28)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter

from crm.lib.prepared import ask, ask_anew
from scoring.facts import ModelFacts, Score
from scoring.policies.grades import get_grade
from scoring.queries.scores import STORED

STORE = """
WITH fresh AS MATERIALIZED (
    SELECT * FROM unnest(%(lead_id)s::bigint[], %(score)s::float[], %(fit)s::float[], %(behaviour)s::float[],
                         %(engagement)s::float[], %(inactivity)s::float[], %(last_activity_at)s::timestamptz[],
                         %(next_change_at)s::timestamptz[], %(grade)s::text[])
    AS fresh(lead_id, score, fit, behaviour, engagement, inactivity, last_activity_at, next_change_at, grade) {limit}
), changed AS (
    UPDATE scoring_leadscore stored
    SET score = fresh.score, fit = fresh.fit, behaviour = fresh.behaviour, engagement = fresh.engagement,
        inactivity = fresh.inactivity, last_activity_at = fresh.last_activity_at,
        next_change_at = fresh.next_change_at, grade = fresh.grade, model_id = %(model)s, computed_at = %(at)s
    FROM fresh
    WHERE stored.lead_id = fresh.lead_id
      AND (stored.score, stored.fit, stored.behaviour, stored.engagement, stored.inactivity,
           stored.last_activity_at, stored.next_change_at, stored.grade, stored.model_id)
          IS DISTINCT FROM (fresh.score, fresh.fit, fresh.behaviour, fresh.engagement, fresh.inactivity,
                            fresh.last_activity_at, fresh.next_change_at, fresh.grade, %(model)s::bigint)
    RETURNING 1
), made AS (
    INSERT INTO scoring_leadscore (lead_id, score, fit, behaviour, engagement, inactivity, last_activity_at,
                                   next_change_at, grade, model_id, computed_at)
    SELECT fresh.*, %(model)s, %(at)s FROM fresh
    WHERE NOT EXISTS (SELECT 1 FROM scoring_leadscore stored WHERE stored.lead_id = fresh.lead_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM made)
"""
STORE_ONE, STORE_MANY = STORE.format(limit="LIMIT 1"), STORE.format(limit="")


def store_scores(scores: Mapping[int, Score], *, model: ModelFacts, at: datetime) -> int:
    """Store the scores of locked leads by their ids; return how many it was that differ from what was stored."""
    fresh = list(scores.values())
    # Written as arrays here: the driver takes five times as long over so many values.
    columns = {
        "lead_id": _array(scores),
        **{name: _array(map(attrgetter(name), fresh)) for name in STORED},
        "grade": _array(f'"{get_grade(score, model)}"' for score in fresh),
    }
    given = {**columns, "model": model.id, "at": at}
    # Planned once, it must say that it is one.
    [(changed,)] = ask(STORE_ONE, given) if len(fresh) == 1 else ask_anew(STORE_MANY, given)
    return int(changed)


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
